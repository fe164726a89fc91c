import type { Instant } from '../clock.ts';
import type { Database, Table } from './database.ts';

/** What has become of tasks that are over. Times are in microseconds, of all tasks together. */
export interface TaskTotals {
  readonly succeeded: number;
  readonly failed: number;
  readonly retries: number;
  readonly wallClock: number;
  readonly wait: number;
}

/** Cores times microseconds, of the nodes that are gone. */
export interface CoreTime {
  readonly dedicated: number;
  readonly lowPriority: number;
}

/** What a pool used in one interval by nodes that are gone. */
export interface Usage {
  readonly poolId: string;
  readonly vmSize: string;
  readonly coreTime: number;
}

const NO_TASKS: TaskTotals = { succeeded: 0, failed: 0, retries: 0, wallClock: 0, wait: 0 };
const NO_CORES: CoreTime = { dedicated: 0, lowPriority: 0 };

/** Key of what counts for the whole account and its whole life. */
const ACCOUNT = '';

/**
 * What was used and done, kept as sums. Sums of tasks change with every task; they are written once a commit, however
 * many tasks ended in it.
 */
export class StatisticsStore {
  readonly #tasks: Table<TaskTotals>;
  readonly #cores: Table<CoreTime>;
  readonly #usage: Table<Usage>;
  readonly #account: Table<Instant>;
  readonly #totals = new Map<string, TaskTotals>();
  readonly #changed = new Set<string>();

  constructor(database: Database) {
    this.#tasks = database.table('tasktotals');
    this.#cores = database.table('coretimes');
    this.#usage = database.table('poolusage');
    this.#account = database.table('account');
    database.beforeCommit(() => this.#flush());
  }

  /** When the account came to be: the first time that this was asked. */
  since(now: Instant): Instant {
    const known = this.#account.get('since');
    if (known === undefined) this.#account.put('since', now);
    return known ?? now;
  }

  /** Sums of a job's tasks that are over; of all jobs that there ever were without a job. */
  tasks(jobNumber?: number): TaskTotals {
    const key = keyOf(jobNumber);
    return this.#totals.get(key) ?? this.#tasks.get(key) ?? NO_TASKS;
  }

  addTask(jobNumber: number, ended: TaskTotals): void {
    for (const number of [jobNumber, undefined]) {
      const sum = this.tasks(number);
      this.#totals.set(keyOf(number), {
        succeeded: sum.succeeded + ended.succeeded,
        failed: sum.failed + ended.failed,
        retries: sum.retries + ended.retries,
        wallClock: sum.wallClock + ended.wallClock,
        wait: sum.wait + ended.wait,
      });
      this.#changed.add(keyOf(number));
    }
  }

  forgetJob(jobNumber: number): void {
    const key = keyOf(jobNumber);
    this.#totals.delete(key);
    this.#changed.delete(key);
    this.#tasks.remove(key);
  }

  /** Core time of a pool's nodes that are gone; of all pools that there ever were without a pool. */
  cores(poolId = ACCOUNT): CoreTime {
    return this.#cores.get(poolId.toLowerCase()) ?? NO_CORES;
  }

  addCores(poolId: string, gone: CoreTime): void {
    for (const key of [poolId.toLowerCase(), ACCOUNT]) {
      const sum = this.cores(key);
      this.#cores.put(key, {
        dedicated: sum.dedicated + gone.dedicated,
        lowPriority: sum.lowPriority + gone.lowPriority,
      });
    }
  }

  /** Begins to count a pool's core time anew. */
  forgetPool(poolId: string): void {
    this.#cores.remove(poolId.toLowerCase());
  }

  addUsage(interval: Instant, usage: Usage): void {
    const key = [interval, usage.poolId.toLowerCase(), usage.vmSize];
    const { coreTime } = this.#usage.get(key) ?? { coreTime: 0 };
    this.#usage.put(key, { ...usage, coreTime: coreTime + usage.coreTime });
  }

  /** Drops what was used in the intervals that begin before `oldest`. */
  forgetUsage(oldest: Instant): void {
    for (const key of [...this.#usage.keys({ end: [oldest] })]) this.#usage.remove(key);
  }

  /** What was used in the intervals that begin from `from` to before `to`, in their order. */
  usage(from: Instant, to: Instant): { interval: Instant; usage: Usage }[] {
    const entries = [...this.#usage.range({ start: [from], end: [to] })];
    return entries.map(({ key, value }) => ({ interval: (key as [number, string])[0], usage: value }));
  }

  #flush(): void {
    for (const key of this.#changed) {
      const totals = this.#totals.get(key);
      if (totals !== undefined) this.#tasks.put(key, totals);
    }
    this.#changed.clear();
  }
}

function keyOf(jobNumber: number | undefined): string {
  return jobNumber === undefined ? 'account' : String(jobNumber);
}
