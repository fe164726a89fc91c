import type { JobRecord, TaskRecord } from '../model/entities.ts';
import { isJobManager } from '../model/job-tasks.ts';
import {
  beginTask,
  completeTask,
  createTask,
  giveBackTask,
  reactivateTask,
  requeueTask,
  retryTask,
  runTask,
  type TaskDefinition,
  type TaskOutcome,
} from '../model/task.ts';
import { Dependencies } from './dependencies.ts';
import { shownDirectory } from './windows-pools.ts';
import type { World } from './world.ts';

/** The one place where tasks change: it keeps the store, the dependencies and the listeners in step. */
export class TaskLedger {
  readonly #world: World;
  readonly #dependencies: Dependencies;

  constructor(world: World) {
    this.#world = world;
    this.#dependencies = new Dependencies(world);
  }

  add(job: JobRecord, definition: TaskDefinition): TaskRecord {
    const unmet = this.#dependencies.register(job.number, definition);
    const record = inQueue(job, createTask(definition, job.job, unmet, this.#world.clock.now()));
    this.#world.tasks.insert(job.number, record);
    return record;
  }

  get(job: JobRecord, taskId: string): TaskRecord | undefined {
    return this.#world.tasks.get(job.number, taskId);
  }

  begin(job: JobRecord, record: TaskRecord, nodeId: string, state: 'preparing' | 'running'): TaskRecord {
    const poolId = job.job.executionInfo.poolId;
    const { relative } = this.#world.directoriesOf(nodeId).task(job.job.id, record.task.id);
    const node = {
      affinityId: `TVM:${nodeId}`,
      poolId,
      nodeId,
      taskRootDirectory: poolId === undefined ? relative : shownDirectory(this.#world, poolId, relative),
    };
    return this.#replace(job, record, beginTask(record, node, state, this.#world.clock.now()));
  }

  /** The task that waited for its node to be prepared runs now. */
  run(job: JobRecord, record: TaskRecord): TaskRecord {
    return this.#replace(job, record, runTask(record, this.#world.clock.now()));
  }

  /** The node could not be prepared: the task goes back to its place in the queue. */
  giveBack(job: JobRecord, record: TaskRecord): TaskRecord {
    return this.#replace(job, record, giveBackTask(record, this.#world.clock.now()));
  }

  retry(job: JobRecord, record: TaskRecord): TaskRecord {
    return this.#replace(job, record, retryTask(record, this.#world.clock.now()));
  }

  complete(job: JobRecord, record: TaskRecord, outcome: TaskOutcome): TaskRecord {
    const done = this.#replace(job, record, completeTask(record, outcome, this.#world.clock.now()));
    this.#dependencies.settle(job, done.task);
    this.#world.events.emit('taskCompleted', { jobId: job.job.id, task: done.task });
    return done;
  }

  requeue(job: JobRecord, record: TaskRecord): TaskRecord {
    return this.#replace(job, record, inQueue(job, requeueTask(record, this.#world.clock.now())));
  }

  reactivate(job: JobRecord, record: TaskRecord): TaskRecord {
    return this.#replace(job, record, inQueue(job, reactivateTask(record, this.#world.clock.now())));
  }

  /** Puts a task whose definition the client changed. */
  replace(job: JobRecord, before: TaskRecord, after: TaskRecord): TaskRecord {
    return this.#replace(job, before, after);
  }

  remove(job: JobRecord, record: TaskRecord): void {
    this.#dependencies.unregister(job.number, record.task);
    this.#world.tasks.remove(job.number, record);
    this.#world.events.emit('taskRemoved', { jobNumber: job.number, task: record.task });
  }

  #replace(job: JobRecord, before: TaskRecord, after: TaskRecord): TaskRecord {
    this.#world.tasks.update(job.number, before, after);
    return after;
  }
}

/** A job's manager stands before all its other tasks. */
function inQueue({ job }: JobRecord, record: TaskRecord): TaskRecord {
  return isJobManager(job, record.task.id) ? { ...record, order: 0 } : record;
}
