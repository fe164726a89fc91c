import { VM_FAMILIES } from './vm-families.ts';

export interface VmSize {
  readonly family: string;
  readonly cores: number;
}

/** Sizes of cloud services, which have names of their own. */
export const CLOUD_SERVICE_SIZES: Readonly<Record<string, number>> = {
  small: 1,
  medium: 2,
  large: 4,
  extralarge: 8,
};

const SIZES: ReadonlyMap<string, VmSize> = new Map([
  ...Object.entries(VM_FAMILIES).flatMap(([family, sizes]) =>
    Object.entries(sizes).map(([name, cores]): [string, VmSize] => [`standard_${name}`, { family, cores }]),
  ),
  ...Object.entries(CLOUD_SERVICE_SIZES).map(([name, cores]): [string, VmSize] => [
    name,
    { family: 'standardA0_A7Family', cores },
  ]),
]);

/**
 * What is known of a size, however its letters are cased. A size newer than the table is taken by its name,
 * whose first number has been the number of cores since the third version of the series.
 */
export function findVmSize(name: string): VmSize | undefined {
  const folded = name.toLowerCase();
  const known = SIZES.get(folded);
  if (known !== undefined) return known;
  const match = /^standard_([a-z]+)(\d{1,3})([a-z0-9-]*?)((?:_[a-z0-9]+)*)$/.exec(folded);
  if (match === null) return undefined;
  return {
    family: `standard${match[1]?.toUpperCase()}${match[4]?.split('_').at(-1) ?? ''}Family`,
    cores: Number(match[2]),
  };
}

/** Cores of a size; one, when nothing is known of it. */
export function coresOf(name: string): number {
  return Math.max(1, findVmSize(name)?.cores ?? 1);
}

/** The service's limit of task slots on a node of a size. */
export function maxTaskSlots(name: string): number {
  return Math.min(4 * coresOf(name), 256);
}
