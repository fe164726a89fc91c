import type { TaskRecord } from '../model/entities.ts';
import type { Database, Table } from './database.ts';

/** Tasks of a job by state, and the slots they need. `ready` is the part of `active` that waits for no other. */
export interface TaskCounts {
  readonly tasks: StateCounts;
  readonly slots: StateCounts;
  readonly ready: number;
}

export interface StateCounts {
  readonly active: number;
  readonly running: number;
  readonly completed: number;
  readonly succeeded: number;
  readonly failed: number;
}

type MutableCounts = { -readonly [K in keyof StateCounts]: number };
interface MutableTaskCounts {
  tasks: MutableCounts;
  slots: MutableCounts;
  ready: number;
}

const none = (): MutableCounts => ({ active: 0, running: 0, completed: 0, succeeded: 0, failed: 0 });

/** Counters of every job's tasks, kept with each change so that nobody ever counts a job's tasks. */
export class TaskCounters {
  readonly #table: Table<MutableTaskCounts>;
  readonly #counts = new Map<number, MutableTaskCounts>();
  readonly #changed = new Set<number>();

  constructor(database: Database) {
    this.#table = database.table<MutableTaskCounts>('taskcounts');
    for (const { key, value } of this.#table.range({})) this.#counts.set(key as number, value);
    database.beforeCommit(() => this.#flush());
  }

  of(jobNumber: number): TaskCounts {
    return this.#counts.get(jobNumber) ?? { tasks: none(), slots: none(), ready: 0 };
  }

  /** Counts a task in (`by` 1) or out (`by` -1). */
  count(jobNumber: number, record: TaskRecord, by: 1 | -1): void {
    let counts = this.#counts.get(jobNumber);
    if (counts === undefined) {
      counts = { tasks: none(), slots: none(), ready: 0 };
      this.#counts.set(jobNumber, counts);
    }
    const { state, requiredSlots, executionInfo } = record.task;
    // The service counts a task that is preparing as running.
    const kind = state === 'preparing' ? 'running' : state;
    add(counts, kind, by, requiredSlots);
    if (state === 'completed')
      add(counts, executionInfo.result === 'success' ? 'succeeded' : 'failed', by, requiredSlots);
    if (state === 'active' && record.unmet === 0) counts.ready += by;
    this.#changed.add(jobNumber);
  }

  forget(jobNumber: number): void {
    this.#counts.delete(jobNumber);
    this.#changed.add(jobNumber);
  }

  #flush(): void {
    for (const jobNumber of this.#changed) {
      const counts = this.#counts.get(jobNumber);
      if (counts === undefined) this.#table.remove(jobNumber);
      else this.#table.put(jobNumber, counts);
    }
    this.#changed.clear();
  }
}

function add(counts: MutableTaskCounts, kind: keyof StateCounts, by: number, slots: number): void {
  counts.tasks[kind] += by;
  counts.slots[kind] += by * slots;
}
