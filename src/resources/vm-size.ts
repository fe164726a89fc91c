import { countText } from '../lib/units.ts';
import type { Quota } from './quota.ts';
import { defineResource } from './types.ts';

/** A size that the virtual machines of a pool can have. */
export interface VmSize {
  readonly name: string;
  /** As the service writes it. */
  readonly family: string;
  readonly vCPUs: number;
  /** Gigabytes; undefined where the service does not tell. */
  readonly memory?: number | undefined;
  readonly gpus?: number | undefined;
  /** Whether there are Spot nodes of it; undefined where the service does not tell. */
  readonly isSpotCapable?: boolean | undefined;
  /** Dedicated cores that the account may have of the family; undefined where that is not limited, or not known. */
  readonly quota?: number | undefined;
}

/** What is not told is left out. */
function described({ name, vCPUs, memory, gpus, isSpotCapable, family, quota }: VmSize): object {
  const told = {
    size: name,
    cores: vCPUs === 0 ? undefined : vCPUs,
    memory: memory === undefined ? undefined : `${memory} GB`,
    graphicsProcessors: gpus,
    spotNodes: isSpotCapable,
    family,
    quotaOfFamily: quota === undefined ? undefined : `${countText(quota)} cores`,
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}

/** @see https://learn.microsoft.com/rest/api/batchmanagement/location/list-supported-virtual-machine-skus */
export const vmSizes = defineResource<VmSize>({
  name: 'vmsizes',
  singular: 'vmsize',
  aliases: ['sizes', 'skus', 'vmsku', 'vmskus'],
  scopes: [[], ['account']],
  help: 'Sizes that the nodes of a pool can have where the account is, and the quota of their families',
  idOf: ({ name }) => name,
  selectable: false,
  unfiltered: true,
  deltas: false,
  refreshEvery: 300,
  columns: [
    { id: 'name', title: 'SIZE', kind: 'text', select: [], sortKey: 'N', value: ({ name }) => name },
    {
      id: 'vCPUs',
      title: 'VCPUS',
      kind: 'number',
      select: [],
      sortKey: 'C',
      value: ({ vCPUs }) => (vCPUs === 0 ? undefined : vCPUs),
    },
    { id: 'memory', title: 'GB', kind: 'number', select: [], sortKey: 'M', value: ({ memory }) => memory },
    { id: 'gpus', title: 'GPUS', kind: 'number', select: [], sortKey: 'U', value: ({ gpus }) => gpus },
    {
      id: 'spot',
      title: 'SPOT',
      kind: 'flag',
      select: [],
      value: ({ isSpotCapable }) => isSpotCapable,
    },
    { id: 'family', title: 'FAMILY', kind: 'text', select: [], sortKey: 'F', value: ({ family }) => family },
    {
      id: 'quota',
      title: 'QUOTA',
      kind: 'number',
      select: [],
      sortKey: 'Q',
      value: ({ quota }) => quota,
    },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'may be used', test: ({ quota }) => quota !== 0 },
    { label: 'with GPUs', test: ({ gpus = 0 }) => gpus > 0 },
  ],
  tone: ({ quota }) => (quota === 0 ? 'dim' : 'plain'),
  faulty: () => false,
  described,
  drill: ({ family }, { account }) => ({
    resource: 'quotas',
    scope: account === undefined ? {} : { account },
    filter: `name=${family}`,
  }),
  actions: [],
});

/** How large a size is, and whether there is quota for it, by the quotas that are known: `2 vCPUs, quota left for 48 nodes`. */
export function aboutSize({ vCPUs, family, quota }: VmSize, known: readonly Quota[]): string {
  const size = vCPUs === 0 ? '' : `${vCPUs} ${vCPUs === 1 ? 'vCPU' : 'vCPUs'}`;
  const ofFamily = known.find(({ name }) => name.toLowerCase() === family.toLowerCase());
  const most = ofFamily?.quota ?? quota;
  if (most === 0) return joined(size, 'no quota');
  const left = coresLeft(
    ofFamily,
    known.find(({ name }) => name === 'dedicated cores'),
  );
  if (left !== undefined && vCPUs > 0) {
    const nodes = Math.floor(left / vCPUs);
    if (nodes === 0) return joined(size, 'no quota left');
    return joined(size, `quota left for ${countText(nodes)} ${nodes === 1 ? 'node' : 'nodes'}`);
  }
  return joined(size, most === undefined ? '' : `quota of ${countText(most)} cores`);
}

/** The fewest cores that are left of some quotas; undefined where one of them cannot be told. */
function coresLeft(...quotas: readonly (Quota | undefined)[]): number | undefined {
  const lefts = quotas.map((row) => {
    if (row === undefined || row.used === undefined) return undefined;
    return Math.max(0, (row.quota ?? Number.POSITIVE_INFINITY) - row.used);
  });
  const least = lefts.reduce((least, left) =>
    least === undefined || left === undefined ? undefined : Math.min(least, left),
  );
  return least === Number.POSITIVE_INFINITY ? undefined : least;
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}
