import { parseDuration } from '../duration.ts';
import type { JobRecord } from '../model/entities.ts';
import { takesTasks } from '../model/job.ts';
import type { World } from './world.ts';

/** A limit beyond ten years is no limit. */
const FOREVER_MS = 10 * 366 * 24 * 3600 * 1000;

/** Watches the wall-clock limits of jobs, which count from their creation. */
export class JobTimeLimits {
  readonly #world: World;
  readonly #expired: (record: JobRecord) => void;
  readonly #timers = new Map<number, () => void>();

  /** `expired` is called with a job that still takes tasks when its time is up. */
  constructor(world: World, expired: (record: JobRecord) => void) {
    this.#world = world;
    this.#expired = expired;
  }

  /** Watches the limit that the job has now, instead of the one that it had before. */
  watch(record: JobRecord): void {
    this.forget(record.number);
    const limit = parseDuration(record.job.constraints.maxWallClockTime);
    if (limit === undefined || !takesTasks(record.job) || limit >= FOREVER_MS) return;
    const left = Date.parse(record.job.creationTime) + limit - this.#world.clock.now() / 1000;
    const cancel = this.#world.after(Math.max(0, left), () => {
      const current = this.#world.jobs.get(record.job.id);
      if (current?.number === record.number && takesTasks(current.job)) this.#expired(current);
    });
    this.#timers.set(record.number, cancel);
  }

  /** Whatever the job's limit was, it matters no more. */
  forget(jobNumber: number): void {
    this.#timers.get(jobNumber)?.();
    this.#timers.delete(jobNumber);
  }
}
