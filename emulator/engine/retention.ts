import type { Instant } from '../clock.ts';
import type { Task } from '../model/entities.ts';
import { filesGoAt } from '../model/retention.ts';
import type { Table } from '../store/database.ts';
import { removeTaskDirectories } from './task-directories.ts';
import type { World } from './world.ts';

type Entry = readonly [due: Instant, jobNumber: number, taskId: string];

/** Most tasks dealt with between two looks at other business. */
const BATCH = 100;

/**
 * Removes the files of completed tasks from their nodes once their retention time is over. One timer serves all tasks:
 * who is next stands in a table in order of time, and is looked at anew when its time has come.
 */
export class Retention {
  readonly #world: World;
  /** The value is the job's id. */
  readonly #due: Table<string>;
  #next: { readonly due: Instant; readonly cancel: () => void } | undefined;

  constructor(world: World) {
    this.#world = world;
    this.#due = world.database.table('filesdue');
    world.events.on('taskCompleted', ({ jobId, task }) => this.#note(jobId, task));
    world.events.on('taskRemoved', ({ jobNumber, task }) => this.#forget(jobNumber, task));
  }

  /** Takes up again what was noted before. */
  resume(): void {
    const [first] = this.#due.keys({ limit: 1 });
    if (first !== undefined) this.#arm((first as Entry)[0]);
  }

  /** When the data of some task that ran on the node expires; undefined when there is none left. */
  nextOn(nodeId: string): Instant | undefined {
    for (const key of this.#due.keys({ start: [this.#world.clock.now()] })) {
      const [due, jobNumber, taskId] = key as Entry;
      const record = this.#world.tasks.get(jobNumber, taskId);
      if (record === undefined || filesGoAt(record.task) !== due) continue;
      const places = [record.task, ...(record.subtasks ?? [])];
      if (places.some(({ nodeInfo }) => nodeInfo?.nodeId === nodeId)) return due;
    }
    return undefined;
  }

  #note(jobId: string, task: Task): void {
    const due = filesGoAt(task);
    const job = this.#world.jobs.get(jobId);
    if (due === undefined || job === undefined) return;
    this.#due.put([due, job.number, task.id], jobId);
    this.#arm(due);
  }

  /** Whoever removes a task removes its files. */
  #forget(jobNumber: number, task: Task): void {
    const due = filesGoAt(task);
    if (due !== undefined) this.#due.remove([due, jobNumber, task.id]);
  }

  #arm(due: Instant): void {
    if (this.#next !== undefined && this.#next.due <= due) return;
    this.#next?.cancel();
    const wait = Math.max(0, (due - this.#world.clock.now()) / 1000);
    const cancel = this.#world.after(wait, () => {
      this.#next = undefined;
      this.#collect();
      this.resume();
    });
    this.#next = { due, cancel };
  }

  #collect(): void {
    const end = [this.#world.clock.now() + 1];
    for (const { key, value } of [...this.#due.range({ end, limit: BATCH })]) {
      this.#due.remove(key);
      this.#removeFiles(key as Entry, value);
    }
  }

  /** Nothing happens to a task that has been run again, or removed, since its time was noted. */
  #removeFiles([due, jobNumber, taskId]: Entry, jobId: string): void {
    if (this.#world.jobs.get(jobId)?.number !== jobNumber) return;
    const record = this.#world.tasks.get(jobNumber, taskId);
    if (record === undefined || filesGoAt(record.task) !== due) return;
    this.#world.guard(() => removeTaskDirectories(this.#world, jobId, record));
  }
}
