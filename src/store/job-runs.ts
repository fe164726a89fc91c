import type { BatchPort, StateCounts } from '../api/port.ts';
import { isMissing } from '../lib/errors.ts';
import { allOf, compare } from '../lib/odata.ts';
import type { Job } from '../resources/job.ts';
import type { ProgressFacts, Run } from '../resources/progress.ts';
import type { Task } from '../resources/task.ts';
import { sameWord, time } from '../resources/wire.ts';

/** Completed tasks up to which all are read, in pages of 1,000. */
const ALL_UP_TO = 5000;
/** Of a larger job: pages of a sample, in the order of ids, and pages of what completed lately. */
const SAMPLE_PAGES = 3;
const RECENT_PAGES = 2;
/** Times, the longest first, of which two pages may hold all that completed. */
const RECENT = [600_000, 60_000];
/** Completed tasks that are held at most. */
const MOST_HELD = 20_000;
/** Clocks of the service's machines differ a little. */
const OVERLAP = 10_000;
/** Looks between two at the pool, which changes hardly ever in what is told of it here. */
const POOL_EVERY = 30;
const SELECT = ['id', 'creationTime', 'requiredSlots', 'executionInfo', 'nodeInfo'];
const COMPLETED = "state eq 'completed'";

/**
 * Reads how the tasks of a job ran. The first look asks for the job, its counts, its pool, a page of running tasks, and at
 * most seven pages of completed ones: all where there are no more, otherwise a sample and what completed lately. Later
 * looks ask for the job, its counts, the running tasks and one page of what completed since.
 */
export class JobRuns {
  readonly #port: BatchPort;
  readonly #job: string;
  readonly #completed = new Map<string, Run>();
  #looks = 0;
  #isSample = false;
  #knownFrom: number | undefined;
  #syncedTo: number | undefined;
  #pool: ProgressFacts['pool'];

  constructor(port: BatchPort, job: string) {
    this.#port = port;
    this.#job = job;
  }

  /** Looks once more. Rejects with an AzbError when the service could not be asked. */
  async look(signal: AbortSignal): Promise<ProgressFacts> {
    const port = this.#port;
    const [job, counts] = await Promise.all([
      port.get('jobs', {}, this.#job, signal) as Promise<Job>,
      port.taskCounts(this.#job, signal),
    ]);
    if (this.#syncedTo === undefined) await this.#begin(counts.tasks, signal);
    else await this.#goOn(this.#syncedTo, signal);
    const running = await this.#page("state eq 'running'", undefined, signal);
    if (this.#looks % POOL_EVERY === 0) this.#pool = await this.#poolOf(job, signal);
    this.#looks += 1;
    const { executionInfo, creationTime, state = 'unknown' } = job;
    return {
      job: this.#job,
      state,
      began: time(executionInfo?.startTime ?? creationTime)?.getTime(),
      ended: time(executionInfo?.endTime)?.getTime(),
      counts: counts.tasks,
      completed: [...this.#completed.values()],
      running: running.tasks.flatMap((task) => runOf(task) ?? []),
      isSample: this.#isSample,
      knownFrom: this.#knownFrom,
      pool: this.#pool,
      now: running.serverTime,
    };
  }

  async #begin({ completed }: StateCounts, signal: AbortSignal): Promise<void> {
    this.#isSample = completed > ALL_UP_TO;
    const pages = this.#isSample ? SAMPLE_PAGES : ALL_UP_TO / 1000 + 1;
    const { serverTime, isMore } = await this.#read(COMPLETED, pages, signal);
    // More have completed than were counted.
    this.#isSample ||= isMore;
    if (this.#isSample) await this.#readRecent(serverTime, signal);
    this.#syncedTo = serverTime;
  }

  async #readRecent(now: number, signal: AbortSignal): Promise<void> {
    for (const window of RECENT) {
      const since = compare('executionInfo/endTime', 'ge', new Date(now - window));
      const { isMore } = await this.#read(`${COMPLETED} and ${since}`, RECENT_PAGES, signal);
      if (isMore) continue;
      this.#knownFrom = now - window;
      return;
    }
  }

  async #goOn(syncedTo: number, signal: AbortSignal): Promise<void> {
    const since = compare('stateTransitionTime', 'ge', new Date(syncedTo - OVERLAP));
    const { serverTime, isMore } = await this.#read(allOf([COMPLETED, since]) ?? COMPLETED, 1, signal);
    this.#syncedTo = serverTime;
    if (!isMore) return;
    this.#isSample = true;
    this.#knownFrom = serverTime;
  }

  async #read(
    filter: string,
    pages: number,
    signal: AbortSignal,
  ): Promise<{ readonly serverTime: number; readonly isMore: boolean }> {
    let page = await this.#page(filter, undefined, signal);
    const { serverTime } = page;
    this.#keep(page.tasks);
    for (let read = 1; read < pages && page.next !== undefined; read += 1) {
      page = await this.#page(filter, page.next, signal);
      this.#keep(page.tasks);
    }
    return { serverTime, isMore: page.next !== undefined };
  }

  async #page(filter: string, next: string | undefined, signal: AbortSignal) {
    const query = next === undefined ? { filter, select: SELECT } : { next };
    const page = await this.#port.listPage('tasks', { job: this.#job }, query, signal);
    return { tasks: page.rows as readonly Task[], serverTime: page.serverTime, next: page.next };
  }

  #keep(tasks: readonly Task[]): void {
    for (const task of tasks) {
      const run = runOf(task);
      if (run !== undefined) this.#completed.set(run.task, run);
    }
    for (const [id, { end = 0 }] of this.#completed) {
      if (this.#completed.size <= MOST_HELD) return;
      this.#completed.delete(id);
      this.#isSample = true;
      this.#knownFrom = Math.max(this.#knownFrom ?? 0, end);
    }
  }

  async #poolOf(job: Job, signal: AbortSignal): Promise<ProgressFacts['pool']> {
    const id = job.executionInfo?.poolId ?? job.poolInfo?.poolId;
    if (id === undefined) return undefined;
    try {
      return (await this.#port.get('pools', {}, id, signal)) as ProgressFacts['pool'];
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

/** A run of a task; undefined of one that never began. */
function runOf({
  id,
  creationTime,
  requiredSlots = 1,
  executionInfo: info,
  nodeInfo,
}: Task): Run | undefined {
  const start = time(info?.startTime)?.getTime();
  if (start === undefined) return undefined;
  return {
    task: id,
    node: nodeInfo?.nodeId,
    slots: requiredSlots,
    created: time(creationTime)?.getTime(),
    start,
    end: time(info?.endTime)?.getTime(),
    failed: sameWord(info?.result, 'failure'),
  };
}
