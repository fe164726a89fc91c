import { fromTimestamp } from '../clock.ts';
import type { TaskRecord, TaskState } from '../model/entities.ts';
import { type Database, KEY_END, type Table } from './database.ts';
import { TaskCounters, type TaskCounts } from './task-counts.ts';

/**
 * The tasks of all jobs, on disk, with the indexes that keep every question about a job of a million tasks a
 * short range read: by id, by state and id, by time of the last transition, and the queue of those ready.
 * A job is known here by its number.
 */
export class TaskStore {
  readonly #tasks: Table<TaskRecord>;
  /** Folded id to id, for the few ids that are not all lower case. */
  readonly #spellings: Table<string>;
  readonly #states: Table<1>;
  readonly #transitions: Table<1>;
  readonly #queue: Table<string>;
  readonly #counters: TaskCounters;

  constructor(database: Database) {
    this.#tasks = database.table('tasks');
    this.#spellings = database.table('taskspellings');
    this.#states = database.table('taskstates');
    this.#transitions = database.table('tasktransitions');
    this.#queue = database.table('taskqueue');
    this.#counters = new TaskCounters(database);
  }

  /** The task with this id, however its letters are cased. */
  get(job: number, id: string): TaskRecord | undefined {
    // The store refuses to look for a key longer than it can hold.
    if (id.length > LONGEST_ID) return undefined;
    const exact = this.#tasks.get([job, id]);
    if (exact !== undefined) return exact;
    const folded = id.toLowerCase();
    if (folded !== id) {
      const lower = this.#tasks.get([job, folded]);
      if (lower !== undefined) return lower;
    }
    const spelling = this.#spellings.get([job, folded]);
    return spelling === undefined ? undefined : this.#tasks.get([job, spelling]);
  }

  insert(job: number, record: TaskRecord): void {
    const { id } = record.task;
    this.#tasks.put([job, id], record);
    const folded = id.toLowerCase();
    if (folded !== id) this.#spellings.put([job, folded], id);
    this.#index(job, record);
    this.#counters.count(job, record, 1);
  }

  /** Replaces a task; `before` is what is stored of it now. */
  update(job: number, before: TaskRecord, after: TaskRecord): void {
    this.#tasks.put([job, after.task.id], after);
    this.#counters.count(job, before, -1);
    this.#counters.count(job, after, 1);
    const moved =
      before.task.stateTransitionTime !== after.task.stateTransitionTime ||
      before.order !== after.order ||
      stateCode(before) !== stateCode(after);
    if (!moved) return;
    this.#unindex(job, before);
    this.#index(job, after);
  }

  remove(job: number, record: TaskRecord): void {
    const { id } = record.task;
    this.#tasks.remove([job, id]);
    const folded = id.toLowerCase();
    if (folded !== id) this.#spellings.remove([job, folded]);
    this.#unindex(job, record);
    this.#counters.count(job, record, -1);
  }

  counts(job: number): TaskCounts {
    return this.#counters.of(job);
  }

  /** Drops what is kept of a job whose tasks are all removed. */
  forgetJob(job: number): void {
    this.#counters.forget(job);
  }

  /** Tasks in order of id, after `after`, up to `limit`. */
  list(job: number, after: string | undefined, limit: number): TaskRecord[] {
    const start: [number, string] = [job, after ?? ''];
    const range = { start, exclusiveStart: after !== undefined, end: [job, KEY_END], limit };
    return [...this.#tasks.range(range)].map(({ value }) => value);
  }

  /** Tasks in order of id that are in one of the states, after `after`, up to `limit`. */
  listByState(
    job: number,
    states: readonly TaskState[],
    after: string | undefined,
    limit: number,
  ): TaskRecord[] {
    const ids = states
      .flatMap((state) => STATE_CODES[state])
      .flatMap((code) => this.#idsByCode(job, code, after, limit))
      .sort()
      .slice(0, limit);
    return this.#fetch(job, ids);
  }

  /**
   * Ids of tasks whose state changed at `since` or later, unordered; undefined when there are more than
   * `limit`, since then a walk through the tasks by id is the shorter way.
   */
  changedSince(job: number, since: number, limit: number): string[] | undefined {
    const range = { start: [job, since], end: [job, Number.MAX_SAFE_INTEGER], limit: limit + 1 };
    const ids = [...this.#transitions.keys(range)].map((key) => String((key as [number, number, string])[2]));
    return ids.length > limit ? undefined : ids;
  }

  /** Tasks that could start now, in the order of the queue. */
  ready(job: number, limit: number): TaskRecord[] {
    const range = { start: [job, 0], end: [job, Number.MAX_SAFE_INTEGER], limit };
    return this.#fetch(
      job,
      [...this.#queue.range(range)].map(({ value }) => value),
    );
  }

  #fetch(job: number, ids: readonly string[]): TaskRecord[] {
    return ids.flatMap((id) => this.#tasks.get([job, id]) ?? []);
  }

  #idsByCode(job: number, code: number, after: string | undefined, limit: number): string[] {
    const start = [job, code, after ?? ''];
    const range = { start, exclusiveStart: after !== undefined, end: [job, code, KEY_END], limit };
    return [...this.#states.keys(range)].map((key) => String((key as [number, number, string])[2]));
  }

  #index(job: number, record: TaskRecord): void {
    const { id, stateTransitionTime } = record.task;
    const code = stateCode(record);
    this.#states.put([job, code, id], 1);
    this.#transitions.put([job, fromTimestamp(stateTransitionTime), id], 1);
    if (code === READY) this.#queue.put([job, record.order], id);
  }

  #unindex(job: number, record: TaskRecord): void {
    const { id, stateTransitionTime } = record.task;
    const code = stateCode(record);
    this.#states.remove([job, code, id]);
    this.#transitions.remove([job, fromTimestamp(stateTransitionTime), id]);
    if (code === READY) this.#queue.remove([job, record.order]);
  }
}

const LONGEST_ID = 64;

const READY = 0;
const BLOCKED = 1;

/** What a state is in the index; active tasks that wait for others are told from those that could start. */
const STATE_CODES: Readonly<Record<TaskState, readonly number[]>> = {
  active: [READY, BLOCKED],
  preparing: [2],
  running: [3],
  completed: [4],
};

function stateCode(record: TaskRecord): number {
  const { state } = record.task;
  if (state === 'active') return record.unmet === 0 ? READY : BLOCKED;
  return STATE_CODES[state][0] ?? BLOCKED;
}
