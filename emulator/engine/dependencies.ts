import type { JobRecord, Task, TaskRecord } from '../model/entities.ts';
import { exitActions, type TaskDefinition } from '../model/task.ts';
import { KEY_END, type Table } from '../store/database.ts';
import type { World } from './world.ts';

/**
 * Which tasks wait for which. Every task that waits carries the number of dependencies still unmet; a task
 * that completes and satisfies its dependents takes one off each, once: a task that is run again, or another with
 * its id, has nothing more to give. The cost of a completion is the number of its dependents.
 */
export class Dependencies {
  readonly #world: World;
  /** [job, folded id of the task waited for, id of the task that waits] */
  readonly #byId: Table<1>;
  /** [job, first number, last number, id of the task that waits] */
  readonly #byRange: Table<1>;
  /** [job, number]: ids of ranges that were satisfied once and so for all. */
  readonly #met: Table<1>;

  constructor(world: World) {
    this.#world = world;
    this.#byId = world.database.table('dependents');
    this.#byRange = world.database.table('rangedependents');
    this.#met = world.database.table('metnumbers');
    world.events.on('jobRemoved', ({ jobNumber }) => this.#forget(jobNumber));
  }

  /** Notes what a new task waits for, and counts what of it is not satisfied yet. */
  register(job: number, definition: TaskDefinition): number {
    const { dependsOn } = definition;
    if (dependsOn === undefined) return 0;
    let unmet = 0;
    for (const id of new Set(dependsOn.taskIds?.map((each) => each.toLowerCase()))) {
      if (this.#satisfied(job, id)) continue;
      this.#byId.put([job, id, definition.id], 1);
      unmet += 1;
    }
    for (const { start, end } of distinct(dependsOn.taskIdRanges ?? [])) {
      this.#byRange.put([job, start, end, definition.id], 1);
      unmet += Math.max(0, end - start + 1) - this.#satisfiedBetween(job, start, end);
    }
    return unmet;
  }

  /** Releases what waited for a completed task, if its end satisfies dependents. */
  settle(job: JobRecord, task: Task): void {
    if (!job.job.usesTaskDependencies || !satisfies(task)) return;
    const waiting = [
      ...this.#waitingForId(job.number, task.id),
      ...this.#waitingForRange(job.number, task.id),
    ];
    let released = false;
    for (const id of waiting) {
      const record = this.#world.tasks.get(job.number, id);
      if (record === undefined || record.unmet === 0) continue;
      const after: TaskRecord = { ...record, unmet: record.unmet - 1, order: this.#world.clock.now() };
      this.#world.tasks.update(job.number, record, after);
      released ||= after.unmet === 0;
    }
    const poolId = job.job.executionInfo.poolId;
    if (released && poolId !== undefined) this.#world.events.emit('workPossible', { poolId });
  }

  /** Forgets what a task that is removed waited for. */
  unregister(job: number, task: Task): void {
    for (const id of task.dependsOn?.taskIds ?? []) this.#byId.remove([job, id.toLowerCase(), task.id]);
    for (const { start, end } of task.dependsOn?.taskIdRanges ?? []) {
      this.#byRange.remove([job, start, end, task.id]);
    }
  }

  #satisfied(job: number, id: string): boolean {
    const task = this.#world.tasks.get(job, id)?.task;
    return task !== undefined && task.state === 'completed' && satisfies(task);
  }

  #satisfiedBetween(job: number, start: number, end: number): number {
    let satisfied = 0;
    for (const _key of this.#met.keys({ start: [job, start], end: [job, end + 1] })) satisfied += 1;
    return satisfied;
  }

  /** Each of these dependencies is met once and for all: its note is dropped. */
  #waitingForId(job: number, taskId: string): string[] {
    const id = taskId.toLowerCase();
    const keys = [...this.#byId.keys({ start: [job, id], end: [job, id, KEY_END] })];
    for (const key of keys) this.#byId.remove(key);
    return keys.map((key) => String((key as [number, string, string])[2]));
  }

  #waitingForRange(job: number, taskId: string): string[] {
    if (!/^\d{1,10}$/.test(taskId)) return [];
    const number = Number(taskId);
    if (this.#met.has([job, number])) return [];
    this.#met.put([job, number], 1);
    const keys = [...this.#byRange.keys({ start: [job], end: [job, number, KEY_END] })];
    return keys
      .map((key) => key as [number, number, number, string])
      .filter(([, start, end]) => start <= number && number <= end)
      .map(([, , , waiting]) => waiting);
  }

  /** Drops what a job that is gone leaves behind, some at a time. */
  #forget(job: number): void {
    const keys = [...this.#met.keys({ start: [job], end: [job, KEY_END], limit: FORGET_BATCH })];
    for (const key of keys) this.#met.remove(key);
    if (keys.length === FORGET_BATCH) this.#world.after(0, () => this.#forget(job));
  }
}

const FORGET_BATCH = 2_000;

/** A range that is given twice is met once. */
function distinct<T extends { readonly start: number; readonly end: number }>(ranges: readonly T[]): T[] {
  return [...new Map(ranges.map((range) => [`${range.start} ${range.end}`, range])).values()];
}

/** Whether a completed task's end lets those start that depend on it. */
function satisfies(task: Task): boolean {
  return exitActions(task).dependencyAction === 'satisfy';
}
