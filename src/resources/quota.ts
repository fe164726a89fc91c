import { defineResource, type Tone } from './types.ts';

/** One thing of which an account may have only so much. */
export interface Quota {
  readonly name: string;
  readonly kind: 'cores' | 'family' | 'count';
  /** Undefined where the service does not limit it. */
  readonly quota?: number | undefined;
  /** Undefined where it cannot be told: of an account that is not in use. */
  readonly used?: number | undefined;
}

/** Shares of a quota from which on it is worth a look, and a worry. */
const NEAR = 0.75;
const EXHAUSTED = 0.9;

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

/** What an account may have, and how much of it is left. */
export const quotas = defineResource<Quota>({
  name: 'quotas',
  singular: 'quota',
  aliases: ['quota', 'limits'],
  scopes: [[], ['account']],
  help: 'What an account may have: cores of each VM family, pools, jobs',
  idOf: ({ name }) => name,
  selectable: false,
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
      value: ({ quota, used }) =>
        quota === undefined || used === undefined ? undefined : Math.max(0, quota - used),
    },
    {
      id: 'share',
      title: 'USED%',
      kind: 'number',
      select: [],
      sortKey: 'P',
      value: (row) => {
        const share = shareOf(row);
        return share === undefined ? undefined : Math.round(share * 100);
      },
    },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'in use', test: ({ used = 0 }) => used > 0 },
    { label: 'nearly used up', test: (row) => (shareOf(row) ?? 0) >= NEAR },
    { label: 'VM families', test: ({ kind }) => kind === 'family' },
    { label: 'may be used', test: ({ quota }) => quota !== 0 },
  ],
  tone: toneOf,
  faulty: (row) => (shareOf(row) ?? 0) >= NEAR,
  actions: [],
});
