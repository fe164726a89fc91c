/** Sizes of the first series, whose numbers count sizes instead of cores. */
const FIRST_A = [1, 1, 2, 4, 8, 2, 4, 8, 8, 16, 8, 16];
const FIRST_D: Readonly<Record<number, number>> = {
  1: 1,
  2: 2,
  3: 4,
  4: 8,
  5: 16,
  11: 2,
  12: 4,
  13: 8,
  14: 16,
  15: 20,
};
const FIRST_G = [0, 2, 4, 8, 16, 32];

/**
 * Cores of a VM size, by its name: `standard_d4s_v3` has 4, `standard_e32-8s_v3` 8. The Batch service itself does not tell.
 * Undefined for a name that is none of a VM size.
 * @see https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
 */
export function coresOfSize(name: string | undefined): number | undefined {
  const match =
    /^(?:standard|basic)_([a-z]+)(\d+)(?:-(\d+))?([a-z]*)(?:_(?!v\d)[a-z]+\d*)?(?:_v(\d+))?/i.exec(
      name ?? '',
    );
  if (match === null) return undefined;
  const [, letters = '', digits = '', constrained, , version] = match;
  const number = Number(digits);
  if (constrained !== undefined) return Number(constrained);
  const family = letters.toLowerCase();
  if (family === 'a' && version === undefined) return FIRST_A[number];
  if (family === 'g' || family === 'gs') return FIRST_G[number];
  const isFirstD = (family === 'd' || family === 'ds') && (version === undefined || version === '2');
  return isFirstD ? FIRST_D[number] : number;
}
