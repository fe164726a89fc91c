import { countText } from '../lib/units.ts';
import { defineResource, type Tone } from './types.ts';

/** One thing of which an account may have only so much. */
export interface Quota {
  readonly name: string;
  readonly kind: 'cores' | 'family' | 'count';
  /** Undefined where the service does not limit it. */
  readonly quota?: number | undefined;
  /** Undefined where it cannot be told: of an account that is not in use. */
  readonly used?: number | undefined;
  /** Of cores: the pools that have them; undefined where that cannot be told. */
  readonly usedBy?:
    | readonly {
        readonly pool: string;
        readonly vmSize: string;
        readonly nodes: number;
        /** Undefined of a size that nobody knows. */
        readonly cores?: number | undefined;
      }[]
    | undefined;
  /** Of a family: its sizes; undefined where they are not known. */
  readonly sizes?: readonly { readonly name: string; readonly cores: number }[] | undefined;
}

/** Shares of a quota from which on it is worth a look, and a worry. */
const NEAR = 0.75;
const EXHAUSTED = 0.9;

function leftOf({ quota, used }: Quota): number | undefined {
  return quota === undefined || used === undefined ? undefined : Math.max(0, quota - used);
}

function percentOf(row: Quota): number | undefined {
  const share = shareOf(row);
  return share === undefined ? undefined : Math.round(share * 100);
}

function shareOf({ quota, used }: Quota): number | undefined {
  if (quota === undefined || used === undefined) return undefined;
  if (quota > 0) return used / quota;
  return used > 0 ? 1 : undefined;
}

function toneOf(row: Quota): Tone {
  const share = shareOf(row) ?? 0;
  if (share >= EXHAUSTED) return 'bad';
  if (share >= NEAR) return 'waiting';
  if (row.quota === 0) return 'dim';
  return (row.used ?? 0) > 0 ? 'good' : 'plain';
}

const KINDS: Readonly<Record<Quota['kind'], string>> = {
  cores: 'total',
  family: 'VM family',
  count: 'number',
};

/** What a quota is of, how much of it is left, who uses it, and what else the family has. */
function described(row: Quota): object {
  const { name, kind, quota, used, usedBy, sizes } = row;
  return {
    quotaOf: name,
    kind: KINDS[kind],
    used,
    quota: quota ?? 'not limited',
    left: leftOf(row),
    'used%': percentOf(row),
    ...(usedBy && {
      usedByPools: usedBy.map((share) => {
        const nodes = `${countText(share.nodes)} ${share.nodes === 1 ? 'node' : 'nodes'} of ${share.vmSize}`;
        const cores = share.cores === undefined ? 'a size whose cores are not known' : coresText(share.cores);
        return `${share.pool}: ${nodes}, ${cores}`;
      }),
    }),
    ...(sizes && { sizes: sizes.map((size) => `${size.name}: ${coresText(size.cores)}`) }),
  };
}

function coresText(cores: number): string {
  return `${countText(cores)} ${cores === 1 ? 'core' : 'cores'}`;
}

/** What an account may have, and how much of it is left. */
export const quotas = defineResource<Quota>({
  name: 'quotas',
  singular: 'quota',
  aliases: ['quota', 'limits'],
  scopes: [[], ['account']],
  help: 'What an account may have: cores of each VM family, pools, jobs',
  idOf: ({ name }) => name,
  selectable: false,
  unfiltered: true,
  deltas: false,
  refreshEvery: 15,
  columns: [
    { id: 'name', title: 'QUOTA OF', kind: 'text', select: [], sortKey: 'N', value: ({ name }) => name },
    { id: 'kind', title: 'KIND', kind: 'text', select: [], sortKey: 'K', value: ({ kind }) => KINDS[kind] },
    { id: 'used', title: 'USED', kind: 'number', select: [], sortKey: 'U', value: ({ used }) => used },
    { id: 'quota', title: 'QUOTA', kind: 'number', select: [], sortKey: 'Q', value: ({ quota }) => quota },
    {
      id: 'left',
      title: 'LEFT',
      kind: 'number',
      select: [],
      sortKey: 'L',
      value: leftOf,
    },
    {
      id: 'share',
      title: 'USED%',
      kind: 'number',
      select: [],
      sortKey: 'P',
      value: percentOf,
    },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'in use', test: ({ used = 0 }) => used > 0 },
    { label: 'nearly used up', test: (row) => (shareOf(row) ?? 0) >= NEAR },
    { label: 'VM families', test: ({ kind }) => kind === 'family' },
    { label: 'may be used', test: ({ quota }) => quota !== 0 },
  ],
  described,
  tone: toneOf,
  faulty: (row) => (shareOf(row) ?? 0) >= NEAR,
  actions: [],
});
