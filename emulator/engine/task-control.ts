import type { JobRecord, TaskRecord } from '../model/entities.ts';
import { ENDED_BY_USER } from '../model/task.ts';
import type { TaskExecutor } from './executor.ts';
import { removeTaskDirectories } from './task-directories.ts';
import type { TaskLedger } from './task-ledger.ts';
import type { World } from './world.ts';

/** Ends tasks and takes them back, whatever they are doing. The state changes at once, the processes die after. */
export class TaskControl {
  readonly #world: World;
  readonly #ledger: TaskLedger;
  readonly #executor: TaskExecutor;

  constructor(world: World, ledger: TaskLedger, executor: TaskExecutor) {
    this.#world = world;
    this.#ledger = ledger;
    this.#executor = executor;
  }

  /** Ends a task that is not completed yet. */
  end(job: JobRecord, record: TaskRecord): TaskRecord {
    const ended = this.#ledger.complete(job, record, { kind: 'ended', failure: ENDED_BY_USER });
    this.#letGo(job, record);
    return ended;
  }

  /** Sends a running task back to its queue. */
  requeue(job: JobRecord, record: TaskRecord): TaskRecord {
    const queued = this.#ledger.requeue(job, record);
    this.#letGo(job, record);
    return queued;
  }

  /** Removes a task and, once its processes are gone, its directory on the node. */
  remove(job: JobRecord, record: TaskRecord): void {
    this.#ledger.remove(job, record);
    this.#world.guard(() =>
      this.#executor.abandon(job.number, record.task.id, async () => {
        if (!this.#world.closed) await removeTaskDirectories(this.#world, job.job.id, record);
      }),
    );
  }

  /** Ends or requeues all that runs on a node. */
  clearNode(nodeId: string, how: 'requeue' | 'terminate'): void {
    for (const run of this.#executor.runsOn(nodeId)) {
      const job = this.#world.jobs.get(run.jobId);
      if (job?.number !== run.jobNumber) continue;
      const record = this.#ledger.get(job, run.taskId);
      if (record === undefined || record.task.state === 'completed') continue;
      if (how === 'requeue') this.requeue(job, record);
      else this.end(job, record);
    }
  }

  /** The tasks of a job that are on nodes now. */
  running(job: JobRecord): TaskRecord[] {
    return this.#world.tasks.listByState(
      job.number,
      ['preparing', 'running'],
      undefined,
      this.#world.tasks.counts(job.number).tasks.running,
    );
  }

  #letGo(job: JobRecord, record: TaskRecord): void {
    this.#world.guard(() => this.#executor.abandon(job.number, record.task.id));
  }
}
