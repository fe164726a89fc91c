import type { BatchPort } from '../api/port.ts';
import { isMissing } from '../lib/errors.ts';
import { equals } from '../lib/odata.ts';
import { counted, countText } from '../lib/units.ts';
import type { Job } from '../resources/job.ts';
import { nodesIn, type PoolNodeCounts, uselessNodes } from '../resources/node-count.ts';
import type { Pool } from '../resources/pool.ts';
import type { Task } from '../resources/task.ts';
import type { Scope } from '../resources/types.ts';
import { sameWord } from '../resources/wire.ts';

/** What can be waited for. */
export interface Awaited {
  readonly resource: 'jobs' | 'pools' | 'tasks';
  readonly scope: Scope;
  readonly id: string;
  /** Of a pool: that its nodes are there, or that they have nothing more to do. */
  readonly until: 'done' | 'ready' | 'idle';
}

/** How far something is that is waited for. */
export interface Sighting {
  /** In words, with its name. */
  readonly text: string;
  /** There is nothing more to wait for. */
  readonly isOver: boolean;
  /** It went badly, or part of it did. */
  readonly isBad: boolean;
  /** Tasks that failed, nodes that are of no use. */
  readonly troubles: number;
}

/** Looks how far it is: two requests for a job or a pool, one for a task. What does not exist any more is over. */
export async function sight(port: BatchPort, awaited: Awaited, signal: AbortSignal): Promise<Sighting> {
  const { resource, id } = awaited;
  try {
    if (resource === 'jobs') return await sightJob(port, id, signal);
    if (resource === 'pools') return await sightPool(port, awaited, signal);
    return await sightTask(port, awaited, signal);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return { text: `${nameOf(awaited)} does not exist`, isOver: true, isBad: true, troubles: 0 };
  }
}

/** `job render`. */
export function nameOf({ resource, scope, id }: Awaited): string {
  return resource === 'tasks' ? `task ${scope.job}/${id}` : `${kindOf(resource)} ${id}`;
}

/** One of them. */
export function kindOf(resource: Awaited['resource']): 'job' | 'pool' | 'task' {
  return ({ jobs: 'job', pools: 'pool', tasks: 'task' } as const)[resource];
}

async function sightJob(port: BatchPort, id: string, signal: AbortSignal): Promise<Sighting> {
  const [job, counts] = await Promise.all([
    port.get('jobs', {}, id, signal) as Promise<Job>,
    port.taskCounts(id, signal),
  ]);
  const { active, running, completed, failed } = counts.tasks;
  const all = active + running + completed;
  const hasEnded = sameWord(job.state, 'completed');
  const isOver = hasEnded || (all > 0 && active + running === 0);
  const reason =
    job.executionInfo?.schedulingError?.code ?? (hasEnded ? job.executionInfo?.terminateReason : undefined);
  const parts = [
    standingOf(all, completed, isOver && active + running === 0),
    ...(failed > 0 ? [`${countText(failed)} failed`] : []),
    ...(reason === undefined ? [] : [reason]),
  ];
  const isBad = failed > 0 || active + running > 0 || job.executionInfo?.schedulingError !== undefined;
  return { text: `job ${id}: ${parts.join(', ')}`, isOver, isBad: isOver && isBad, troubles: failed };
}

const COMING = ['creating', 'starting', 'waitingForStartTask', 'rebooting', 'reimaging'];

function standingOf(all: number, completed: number, isAll: boolean): string {
  if (all === 0) return 'no tasks';
  return isAll
    ? `all ${counted(all, 'task')} completed`
    : `${countText(completed)} of ${counted(all, 'task')} completed`;
}

async function sightPool(port: BatchPort, { id, until }: Awaited, signal: AbortSignal): Promise<Sighting> {
  const query = { filter: equals('poolId', id), pageSize: 1 };
  const [pool, page] = await Promise.all([
    port.get('pools', {}, id, signal) as Promise<Pool>,
    port.listPage('nodecounts', {}, query, signal),
  ]);
  const counts = (page.rows[0] ?? { poolId: id }) as PoolNodeCounts;
  const count = (state: string): number => nodesIn(counts, state) ?? 0;
  const useless = uselessNodes(counts);
  const coming = COMING.reduce((sum, state) => sum + count(state), 0);
  const running = count('running');
  const isSteady = sameWord(pool.allocationState, 'steady');
  const errors = (pool.resizeErrors ?? []).flatMap(({ code }) => code ?? []);
  const parts = [
    counted(count('total'), 'node'),
    ...(isSteady ? [] : [`${pool.allocationState}`]),
    ...(coming > 0 ? [`${countText(coming)} starting`] : []),
    ...(running > 0 ? [`${countText(running)} running`] : []),
    ...(useless > 0 ? [`${countText(useless)} of no use`] : []),
    ...errors,
  ];
  const isReady = isSteady && coming === 0;
  const isOver = until === 'idle' ? isReady && running === 0 : isReady;
  const isBad = useless > 0 || errors.length > 0;
  return {
    text: `pool ${id}: ${parts.join(', ')}`,
    isOver,
    isBad: isOver && isBad,
    troubles: useless + errors.length,
  };
}

async function sightTask(port: BatchPort, { scope, id }: Awaited, signal: AbortSignal): Promise<Sighting> {
  const task = (await port.get('tasks', scope, id, signal)) as Task;
  const { exitCode, result, failureInfo } = task.executionInfo ?? {};
  const isOver = sameWord(task.state, 'completed');
  const isBad = isOver && sameWord(result, 'failure');
  const parts = [
    String(task.state),
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
    ...(failureInfo?.code === undefined ? [] : [failureInfo.code]),
  ];
  return { text: `task ${scope.job}/${id}: ${parts.join(', ')}`, isOver, isBad, troubles: isBad ? 1 : 0 };
}
