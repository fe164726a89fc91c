/** How many rows the service counts for a list, without listing them. */
import type { BatchPort } from '../../api/port.ts';
import { equals } from '../../lib/odata.ts';
import { nodesByState, nodesIn, type PoolNodeCounts } from '../../resources/node-count.ts';
import type { Entity, Resource, Scope } from '../../resources/types.ts';

/** What a count is asked for: a list, and the filter that the service applies to it. */
export interface Counted {
  readonly resource: Resource<Entity>;
  readonly scope: Scope;
  readonly pushedFilter: string | undefined;
}

/** What the service counts of a list. */
export interface RowCount {
  /** Rows that the filter lets through; undefined where the service does not count those. */
  readonly total: number | undefined;
  /** The rows of the whole list by state, whatever the filter. */
  readonly states: Readonly<Record<string, number>>;
}

/** Asks with one small request; undefined where the service does not count. */
export async function countRows(
  port: BatchPort,
  { resource, scope, pushedFilter }: Counted,
  signal: AbortSignal,
): Promise<RowCount | undefined> {
  switch (resource.counted) {
    case 'taskcounts':
      return scope.job === undefined
        ? undefined
        : countTasks(port, resource, scope.job, pushedFilter, signal);
    case 'nodecounts':
      return scope.pool === undefined || pushedFilter !== undefined
        ? undefined
        : countNodes(port, scope.pool, signal);
    default:
      return undefined;
  }
}

async function countTasks(
  port: BatchPort,
  resource: Resource<Entity>,
  job: string,
  pushedFilter: string | undefined,
  signal: AbortSignal,
): Promise<RowCount> {
  const { tasks } = await port.taskCounts(job, signal);
  const { active, running, completed, succeeded, failed } = tasks;
  const states = { active, running, succeeded, failed };
  if (pushedFilter === undefined) return { total: active + running + completed, states };
  const label = resource.stateFilters.find(({ odata }) => odata === pushedFilter)?.label ?? '';
  return { total: label in tasks ? tasks[label as keyof typeof tasks] : undefined, states };
}

async function countNodes(port: BatchPort, pool: string, signal: AbortSignal): Promise<RowCount | undefined> {
  const query = { filter: equals('poolId', pool), pageSize: 1 };
  const counts = (await port.listPage('nodecounts', {}, query, signal)).rows[0] as PoolNodeCounts | undefined;
  if (counts === undefined) return undefined;
  return { total: nodesIn(counts, 'total') ?? 0, states: nodesByState(counts) };
}
