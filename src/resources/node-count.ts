import { type Column, defineResource } from './types.ts';

/** How many nodes of one kind are in each state. */
export type StateCount = Readonly<Record<string, number | undefined>>;

/** @see https://learn.microsoft.com/rest/api/batchservice/account/list-pool-node-counts#poolnodecounts */
export interface PoolNodeCounts {
  readonly poolId: string;
  readonly dedicated?: StateCount;
  readonly lowPriority?: StateCount;
}

const SHOWN = [
  'idle',
  'running',
  'starting',
  'waitingForStartTask',
  'startTaskFailed',
  'unusable',
  'offline',
];
/** Titles of states whose names are far wider than any count. */
const SHORT_TITLES: Readonly<Record<string, string>> = {
  waitingForStartTask: 'WAITING',
  startTaskFailed: 'START-FAILED',
};
const WIDE = ['creating', 'leavingPool', 'preempted', 'rebooting', 'reimaging', 'unknown'];

export const nodeCounts = defineResource<PoolNodeCounts>({
  name: 'nodecounts',
  singular: 'nodecount',
  aliases: ['nodecount', 'nc'],
  scopes: [[]],
  help: 'Nodes of every pool, counted by state',
  idOf: (counts) => counts.poolId,
  selectable: false,
  deltas: false,
  columns: [
    {
      id: 'pool',
      title: 'POOL',
      kind: 'text',
      select: [],
      sortKey: 'N',
      maxWidth: 64,
      value: (row) => row.poolId,
    },
    {
      id: 'total',
      title: 'TOTAL',
      kind: 'number',
      select: [],
      sortKey: 'T',
      value: (row) => nodesIn(row, 'total'),
    },
    ...SHOWN.map((state) => stateColumn(state, false)),
    ...WIDE.map((state) => stateColumn(state, true)),
  ],
  alsoSelect: [],
  stateFilters: [],
  tone: (row) => (uselessNodes(row) > 0 ? 'bad' : 'plain'),
  faulty: (row) => uselessNodes(row) > 0,
  drill: (row) => ({ resource: 'nodes', scope: { pool: row.poolId } }),
  actions: [],
});

/** Dedicated and Spot nodes together that are in the given state (`total` for all). */
export function nodesIn(row: PoolNodeCounts, state: string): number | undefined {
  const parts = [row.dedicated?.[state], row.lowPriority?.[state]].filter((count) => count !== undefined);
  return parts.length === 0 ? undefined : parts.reduce((sum, count) => sum + count, 0);
}

/** Nodes by state, dedicated and Spot ones together. */
export function nodesByState({ dedicated = {}, lowPriority = {} }: PoolNodeCounts): Record<string, number> {
  const states: Record<string, number> = {};
  for (const [state, number = 0] of [...Object.entries(dedicated), ...Object.entries(lowPriority)])
    if (state !== 'total') states[state] = (states[state] ?? 0) + number;
  return states;
}

/** Nodes that take no tasks because something failed. */
export function uselessNodes(row: PoolNodeCounts): number {
  return (nodesIn(row, 'unusable') ?? 0) + (nodesIn(row, 'startTaskFailed') ?? 0);
}

function stateColumn(state: string, wide: boolean): Column<PoolNodeCounts> {
  const title = SHORT_TITLES[state] ?? state.replace(/[A-Z]/g, (letter) => `-${letter}`).toUpperCase();
  return { id: state, title, kind: 'number', select: [], wide, value: (row) => nodesIn(row, state) };
}
