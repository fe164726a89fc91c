import type { BatchPort, ListQuery, Page } from '../../src/api/port.ts';
import { node, pool } from './samples.ts';
import { page } from './scripted-port.ts';

const PAGE = 1000;
export const SLOTS = 4;

/** A pool of many nodes, most of which run tasks. Changes of a node, by its number from 0, can be put into it. */
export interface BigPool {
  readonly size: number;
  readonly changes: Map<number, object>;
  readonly port: Partial<BatchPort>;
}

/** As long as the service makes them; their order is that of the numbers. */
export function bigNodeId(number: number): string {
  return `tvmps_${String(number).padStart(8, '0').repeat(8)}_d`;
}

/** A few of the states that are seldom, on every so many-th node. */
const SELDOM: readonly (readonly [every: number, changes: object])[] = [
  [97, { state: 'starttaskfailed', startTaskInfo: { failureInfo: { code: 'FailureExitCode' } } }],
  [61, { state: 'preempted', isDedicated: false }],
  [53, { state: 'unusable', errors: [{ code: 'DiskFull', message: 'There is no room' }] }],
  [31, { state: 'starting' }],
  [29, { state: 'starting', isDedicated: false }],
  [23, { state: 'running', schedulingState: 'disabled', runningTasksCount: 1, runningTaskSlotsCount: 1 }],
];

/** Answers as the service does: pages of 1,000 in the order of ids, or what changed. */
export function bigPool(size: number): BigPool {
  const changes = new Map<number, object>();
  const ids = Array.from({ length: size }, (_, number) => bigNodeId(number));
  return {
    size,
    changes,
    port: {
      listPage: async (resource, _scope, query) => {
        if (resource === 'pools') return page([pool('big', { taskSlotsPerNode: SLOTS })]);
        return resource === 'nodes' ? nodesOf(ids, changes, query) : page([]);
      },
    },
  };
}

function nodesOf(
  ids: readonly string[],
  changes: BigPool['changes'],
  { filter = '', next }: ListQuery,
): Page {
  const isDelta = / ge DateTime/.test(filter);
  const numbers = isDelta ? [...changes.keys()] : [...ids.keys()];
  const from = Number(next ?? 0);
  const rows = numbers.slice(from, from + PAGE).map((number) => row(ids[number] ?? '', number, changes));
  return page(rows, from + PAGE < numbers.length ? String(from + PAGE) : undefined);
}

function row(id: string, number: number, changes: BigPool['changes']): object {
  const used = number % (SLOTS + 1);
  const tasks = { runningTasksCount: used, runningTaskSlotsCount: used };
  const seldom = SELDOM.find(([every]) => number % every === every - 1)?.[1];
  return {
    ...node(0),
    id,
    state: used === 0 ? 'idle' : 'running',
    isDedicated: number % 7 < 5,
    ...(seldom === undefined ? tasks : {}),
    ...seldom,
    ...changes.get(number),
  };
}
