import type { BatchPort } from '../../api/port.ts';
import { ServiceError } from '../../lib/errors.ts';
import { equals } from '../../lib/odata.ts';
import { nodesByState, type PoolNodeCounts } from '../../resources/node-count.ts';
import type { NodeStates, Place, WhyJob, WhyPool } from '../../resources/why.ts';
import type { JobFacts } from '../../resources/why-job.ts';
import type { PoolFacts } from '../../resources/why-pool.ts';
import type { Dependency, TaskFacts, WhyTask } from '../../resources/why-task.ts';
import { sameWord } from '../../resources/wire.ts';

/** Tasks that a task depends on which are looked at, one request each. */
const DEPENDENCIES = 20;
const AT_A_TIME = 4;

/** Asks for all that {@link explainJob} goes by. */
export async function jobFacts(port: BatchPort, id: string, signal: AbortSignal): Promise<JobFacts> {
  const job = (await port.get('jobs', {}, id, signal)) as WhyJob;
  const [{ tasks }, place, manager] = await Promise.all([
    port.taskCounts(id, signal),
    placeOf(port, job, signal),
    managerOf(port, job, signal),
  ]);
  return { job, place, tasks, manager };
}

/** Asks for all that {@link explainPool} goes by. */
export async function poolFacts(port: BatchPort, id: string, signal: AbortSignal): Promise<PoolFacts> {
  const [pool, nodes] = await Promise.all([
    port.get('pools', {}, id, signal) as Promise<WhyPool>,
    nodeStates(port, id, signal),
  ]);
  return { pool, nodes };
}

async function managerOf(port: BatchPort, job: WhyJob, signal: AbortSignal): Promise<WhyTask | undefined> {
  const id = job.jobManagerTask?.id;
  if (id === undefined) return undefined;
  return existing(() => port.get('tasks', { job: job.id }, id, signal) as Promise<WhyTask>);
}

/** Asks for all that {@link explainTask} goes by; of a task that does not wait, nothing more than itself. */
export async function taskFacts(
  port: BatchPort,
  jobId: string,
  id: string,
  signal: AbortSignal,
): Promise<TaskFacts> {
  const [task, job] = (await Promise.all([
    port.get('tasks', { job: jobId }, id, signal),
    port.get('jobs', {}, jobId, signal),
  ])) as [WhyTask, WhyJob];
  if (!sameWord(task.state, 'active')) {
    const place = { poolId: undefined, pool: undefined, nodes: {}, rivals: [], failedPreparations: 0 };
    return { task, job, place, dependencies: [], unseenDependencies: 0, freeSlots: [], running: 0 };
  }
  const ids = [...dependencyIds(task)];
  const [place, { tasks }, dependencies] = await Promise.all([
    placeOf(port, job, signal),
    port.taskCounts(jobId, signal),
    dependenciesOf(port, jobId, ids.slice(0, DEPENDENCIES), signal),
  ]);
  const freeSlots = await slotsOf(port, place.pool, signal);
  const unseenDependencies = Math.max(0, dependencyCount(task) - DEPENDENCIES);
  return { task, job, place, dependencies, unseenDependencies, freeSlots, running: tasks.running };
}

/** The ids in the order in which the task names them, one more than are looked at. */
function* dependencyIds({ dependsOn }: WhyTask): Generator<string> {
  let left = DEPENDENCIES + 1;
  for (const id of dependsOn?.taskIds ?? []) {
    if (left-- > 0) yield id;
  }
  for (const { start = 0, end = -1 } of dependsOn?.taskIdRanges ?? []) {
    for (let id = start; id <= end && left-- > 0; id += 1) yield String(id);
  }
}

function dependencyCount({ dependsOn }: WhyTask): number {
  const ranges = dependsOn?.taskIdRanges ?? [];
  const inRanges = ranges.reduce((sum, { start = 0, end = -1 }) => sum + Math.max(0, end - start + 1), 0);
  return (dependsOn?.taskIds?.length ?? 0) + inRanges;
}

/** A few at a time: they are the least of what is asked for here. */
async function dependenciesOf(
  port: BatchPort,
  job: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Dependency[]> {
  const found: Dependency[] = [];
  for (let start = 0; start < ids.length; start += AT_A_TIME) {
    const some = ids.slice(start, start + AT_A_TIME);
    found.push(...(await Promise.all(some.map((id) => dependencyOf(port, job, id, signal)))));
  }
  return found;
}

async function dependencyOf(
  port: BatchPort,
  job: string,
  id: string,
  signal: AbortSignal,
): Promise<Dependency> {
  const task = await existing(() => port.get('tasks', { job }, id, signal) as Promise<WhyTask>);
  return { id, state: task?.state, result: task?.executionInfo?.result };
}

async function placeOf(port: BatchPort, job: WhyJob, signal: AbortSignal): Promise<Place> {
  const poolId = job.executionInfo?.poolId ?? job.poolInfo?.poolId;
  if (poolId === undefined) {
    return { poolId, pool: undefined, nodes: {}, rivals: [], failedPreparations: 0 };
  }
  const [pool, nodes, rivals, failedPreparations] = await Promise.all([
    existing(() => port.get('pools', {}, poolId, signal) as Promise<WhyPool>),
    nodeStates(port, poolId, signal),
    rivalsOf(port, job, poolId, signal),
    failedPreparationsOf(port, job, signal),
  ]);
  return { poolId, pool, nodes, rivals, failedPreparations };
}

async function nodeStates(port: BatchPort, poolId: string, signal: AbortSignal): Promise<NodeStates> {
  const query = { filter: equals('poolId', poolId), pageSize: 1 };
  const counts = (await port.listPage('nodecounts', {}, query, signal)).rows[0] as PoolNodeCounts | undefined;
  return counts === undefined ? {} : nodesByState(counts);
}

async function rivalsOf(
  port: BatchPort,
  job: WhyJob,
  poolId: string,
  signal: AbortSignal,
): Promise<string[]> {
  const filter = `state eq 'active' and ${equals('executionInfo/poolId', poolId)}`;
  const { rows } = await port.listPage('jobs', {}, { filter, select: ['id', 'priority'] }, signal);
  return (rows as readonly WhyJob[])
    .filter(({ id, priority = 0 }) => id !== job.id && priority > (job.priority ?? 0))
    .map(({ id }) => id);
}

async function failedPreparationsOf(port: BatchPort, job: WhyJob, signal: AbortSignal): Promise<number> {
  if (job.jobPreparationTask === undefined) return 0;
  const { rows } = await port.listPage('preparations', { job: job.id }, {}, signal);
  return rows.filter((row) => {
    const { jobPreparationTaskExecutionInfo: run } = row as {
      jobPreparationTaskExecutionInfo?: { result?: string };
    };
    return sameWord(run?.result, 'failure');
  }).length;
}

/** Free slots of the nodes that take tasks, as far as one page of nodes tells. */
async function slotsOf(port: BatchPort, pool: WhyPool | undefined, signal: AbortSignal): Promise<number[]> {
  if (pool === undefined) return [];
  const select = ['id', 'state', 'schedulingState', 'runningTaskSlotsCount'];
  const { rows } = await port.listPage('nodes', { pool: pool.id }, { select }, signal);
  return (rows as readonly { state?: string; schedulingState?: string; runningTaskSlotsCount?: number }[])
    .filter(({ state, schedulingState }) => {
      const works = sameWord(state, 'idle') || sameWord(state, 'running');
      return works && !sameWord(schedulingState, 'disabled');
    })
    .map(({ runningTaskSlotsCount = 0 }) => (pool.taskSlotsPerNode ?? 1) - runningTaskSlotsCount);
}

/** Undefined where the service knows no such thing. */
async function existing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) return undefined;
    throw error;
  }
}
