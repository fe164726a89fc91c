import type { BatchPort } from '../../api/port.ts';
import { isMissing } from '../../lib/errors.ts';
import type { Job } from '../../resources/job.ts';
import type { ProgressFacts } from '../../resources/progress.ts';
import { time } from '../../resources/wire.ts';
import { CompletedRuns, runsPage } from './completed-runs.ts';

/** Looks between two at the pool, which changes hardly ever in what is told of it here. */
const POOL_EVERY = 30;

/**
 * Reads how the tasks of a job ran. The first look asks for the job, its counts, its pool, a page of running tasks, and the
 * completed ones as {@link CompletedRuns} does. Later looks ask for the job, its counts, the running tasks and one page of
 * what completed since.
 */
export class JobRuns {
  readonly #port: BatchPort;
  readonly #job: string;
  readonly #completed: CompletedRuns;
  #looks = 0;
  #pool: ProgressFacts['pool'];

  constructor(port: BatchPort, job: string) {
    this.#port = port;
    this.#job = job;
    this.#completed = new CompletedRuns(port, job);
  }

  /** Looks once more. Rejects with an AzbError when the service could not be asked. */
  async look(signal: AbortSignal): Promise<ProgressFacts> {
    const port = this.#port;
    const [job, counts] = await Promise.all([
      port.get('jobs', {}, this.#job, signal) as Promise<Job>,
      port.taskCounts(this.#job, signal),
    ]);
    const { completed, isSample, knownFrom } = await this.#completed.look(counts.tasks.completed, signal);
    const running = await runsPage(port, this.#job, { filter: "state eq 'running'" }, signal);
    if (this.#looks % POOL_EVERY === 0) this.#pool = await this.#poolOf(job, signal);
    this.#looks += 1;
    const { executionInfo, state = 'unknown' } = job;
    return {
      job: this.#job,
      state,
      began: beganAt(job),
      ended: time(executionInfo?.endTime)?.getTime(),
      counts: counts.tasks,
      completed,
      running: running.runs,
      isSample,
      knownFrom,
      pool: this.#pool,
      now: running.serverTime,
    };
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

/** When a job began to run, or else was made, in milliseconds by the service's clock. */
export function beganAt({
  executionInfo,
  creationTime,
}: Pick<Job, 'executionInfo' | 'creationTime'>): number | undefined {
  return time(executionInfo?.startTime ?? creationTime)?.getTime();
}
