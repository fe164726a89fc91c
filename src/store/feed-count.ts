/** How many rows the service counts for a list, without listing them. */
import type { BatchPort } from '../api/port.ts';
import { equals } from '../lib/odata.ts';
import type { PoolNodeCounts, StateCount } from '../resources/node-count.ts';
import type { Entity, Resource, Scope } from '../resources/types.ts';

/** What a count is asked for: a list, and the filter that the service applies to it. */
export interface Counted {
  readonly resource: Resource<Entity>;
  readonly scope: Scope;
  readonly pushedFilter: string | undefined;
}

/** Asks with one small request; undefined where the service does not count. */
export async function countRows(
  port: BatchPort,
  { resource, scope, pushedFilter }: Counted,
  signal: AbortSignal,
): Promise<number | undefined> {
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
): Promise<number | undefined> {
  const { tasks } = await port.taskCounts(job, signal);
  if (pushedFilter === undefined) return tasks.active + tasks.running + tasks.completed;
  const label = resource.stateFilters.find(({ odata }) => odata === pushedFilter)?.label ?? '';
  return label in tasks ? tasks[label as keyof typeof tasks] : undefined;
}

async function countNodes(port: BatchPort, pool: string, signal: AbortSignal): Promise<number | undefined> {
  const query = { filter: equals('poolId', pool), pageSize: 1 };
  const counts = (await port.listPage('nodecounts', {}, query, signal)).rows[0] as PoolNodeCounts | undefined;
  return counts === undefined ? undefined : totalOf(counts.dedicated) + totalOf(counts.lowPriority);
}

function totalOf(counts: StateCount | undefined): number {
  return counts?.total ?? 0;
}
