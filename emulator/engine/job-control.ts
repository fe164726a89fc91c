import { BatchFault } from '../errors.ts';
import type { Job, JobRecord, Task } from '../model/entities.ts';
import {
  completeJob,
  createJob,
  type JobDefinition,
  moveJob,
  takesTasks,
  terminateJob,
} from '../model/job.ts';
import { endsWithManager, isJobManager, managerDefinition } from '../model/job-tasks.ts';
import { exitActions, touched } from '../model/task.ts';
import type { AutoPools, Placement } from './auto-pools.ts';
import type { JobRelease } from './job-release.ts';
import { JobTimeLimits } from './job-time-limits.ts';
import type { TaskControl } from './task-control.ts';
import type { TaskLedger } from './task-ledger.ts';
import type { World } from './world.ts';

export type DisableTasks = 'requeue' | 'terminate' | 'wait';

/** How many tasks of a deleted job are removed between two looks at other business. */
const REMOVE_BATCH = 2_000;

/** The parts of the engine that jobs make use of. */
export interface JobControlParts {
  readonly tasks: TaskControl;
  readonly ledger: TaskLedger;
  readonly autoPools: AutoPools;
  readonly release: JobRelease;
}

/** Where a job comes from that no client made. */
export interface JobOrigin {
  readonly scheduleId?: string;
  /** The pool that the jobs of the schedule share. */
  readonly placement?: Placement | undefined;
}

/** Takes jobs through their lives. */
export class JobControl {
  readonly #world: World;
  readonly #parts: JobControlParts;
  readonly #tasks: TaskControl;
  readonly #timeLimits: JobTimeLimits;
  #lastNumber = 0;

  constructor(world: World, parts: JobControlParts) {
    this.#world = world;
    this.#parts = parts;
    this.#tasks = parts.tasks;
    this.#timeLimits = new JobTimeLimits(world, (record) => this.terminate(record, 'MaxWallClockTimeExpiry'));
    world.events.on('taskCompleted', ({ jobId, task }) => this.#taskCompleted(jobId, task));
    world.events.on('taskLeftNode', ({ jobId }) => this.#taskLeft(jobId));
  }

  /** Takes up again where the emulator left off. */
  resume(): void {
    for (const record of this.#world.jobs.all()) {
      this.#lastNumber = Math.max(this.#lastNumber, record.number);
      const { state } = record.job;
      if (state === 'disabling') this.#scheduleDisabled(record.job.id);
      else if (state === 'terminating') this.#scheduleCompleted(record.job.id);
      else if (state === 'deleting') this.#removeTasks(record);
      else if (takesTasks(record.job)) {
        this.#timeLimits.watch(record);
        this.#watchIdle(record);
      }
    }
  }

  add(definition: JobDefinition): JobRecord {
    const namesake = this.#world.jobs.get(definition.id)?.job;
    if (namesake !== undefined) {
      throw new BatchFault(namesake.state === 'deleting' ? 'JobBeingDeleted' : 'JobExists');
    }
    if (this.#world.schedules.get(definition.id) !== undefined) {
      throw new BatchFault('JobScheduleWithSameIdExists');
    }
    this.demandRoom();
    return this.make(definition);
  }

  /** Refuses when the account has as many jobs and schedules that are not over as it may have. */
  demandRoom(): void {
    const jobs = this.#world.jobs.all().filter(({ job }) => job.state !== 'completed').length;
    const schedules = this.#world.schedules
      .all()
      .filter(({ schedule }) => schedule.state !== 'completed').length;
    if (jobs + schedules >= this.#world.options.quotas.activeJobsAndSchedules) {
      throw new BatchFault('ActiveJobAndScheduleQuotaReached');
    }
  }

  /** Makes a job that nothing stands against, for a schedule or for a client. */
  make(definition: JobDefinition, { scheduleId, placement }: JobOrigin = {}): JobRecord {
    const created = this.#world.clock.now();
    // Numbers follow the clock, so that one is never used again after a job is gone.
    this.#lastNumber = Math.max(this.#lastNumber + 1, created);
    const number = this.#lastNumber;
    const { autoPoolSpecification: autoPool } = definition.poolInfo;
    const place = placement ?? (autoPool === undefined ? undefined : this.#parts.autoPools.create(autoPool));
    const job = createJob(definition, created, this.#world.clock.now(), place);
    if (place?.schedulingError !== undefined) {
      return this.#put({ number, job: completeJob(job, this.#world.clock.now()), scheduleId });
    }
    const record = this.#put({ number, job, scheduleId });
    this.#addManager(record);
    this.#timeLimits.watch(record);
    this.#watchIdle(record);
    return record;
  }

  #addManager(record: JobRecord): void {
    const { jobManagerTask } = record.job;
    if (jobManagerTask === undefined) return;
    this.#parts.ledger.add(record, managerDefinition(jobManagerTask));
    this.#wake(record.job);
  }

  /** Replaces members of the job. A user's change: the version changes. */
  change(record: JobRecord, members: Partial<Job>): JobRecord {
    const job = { ...record.job, ...members, ...touched(this.#world.clock.now()) };
    const changed = this.#put({ ...record, job });
    this.#timeLimits.watch(changed);
    this.#wake(changed.job);
    this.#watchIdle(changed);
    return changed;
  }

  disable(record: JobRecord, how: DisableTasks): JobRecord {
    const now = this.#world.clock.now();
    // A job that is disabled already, or on its way there, stays where it is.
    const isOnItsWay = record.job.state === 'disabled' || record.job.state === 'disabling';
    const moved = isOnItsWay ? record.job : moveJob(record.job, 'disabling', now);
    const disabling = this.#put({ ...record, job: { ...moved, ...touched(now) } });
    for (const task of how === 'wait' ? [] : this.#tasks.running(record)) {
      if (how === 'requeue') this.#tasks.requeue(disabling, task);
      else this.#tasks.end(disabling, task);
    }
    if (moved.state === 'disabling') this.#scheduleDisabled(record.job.id);
    return this.#world.jobs.get(record.job.id) ?? disabling;
  }

  enable(record: JobRecord): JobRecord {
    const now = this.#world.clock.now();
    const moved = record.job.state === 'active' ? record.job : moveJob(record.job, 'active', now);
    const enabled = this.#put({ ...record, job: { ...moved, ...touched(now) } });
    this.#wake(enabled.job);
    this.#watchIdle(enabled);
    return enabled;
  }

  /** Ends the job. `reason` shows as its terminateReason. */
  terminate(record: JobRecord, reason: string): JobRecord {
    const now = this.#world.clock.now();
    const terminating = this.#put({
      ...record,
      job: { ...terminateJob(record.job, reason, now), ...touched(now) },
    });
    this.#timeLimits.forget(record.number);
    for (const task of this.#tasks.running(record)) this.#tasks.end(terminating, task);
    this.#scheduleCompleted(record.job.id);
    return terminating;
  }

  /** Removes the job with its tasks. It shows as deleting until they are gone. */
  delete(record: JobRecord): void {
    this.#timeLimits.forget(record.number);
    this.#removeTasks(
      this.#put({ ...record, job: moveJob(record.job, 'deleting', this.#world.clock.now()) }),
    );
  }

  #removeTasks(record: JobRecord): void {
    for (const task of this.#tasks.running(record)) this.#tasks.remove(record, task);
    const removeSome = () => {
      const batch = this.#world.tasks.list(record.number, undefined, REMOVE_BATCH);
      for (const task of batch) this.#tasks.remove(record, task);
      if (batch.length === REMOVE_BATCH) {
        this.#world.after(0, removeSome);
        return;
      }
      this.#world.tasks.forgetJob(record.number);
      this.#world.jobNodes.removeJob(record.number);
      this.#world.jobs.remove(record.job.id);
      this.#removeDirectories(record.job);
      this.#expirePool(record.job);
      const { job, number, scheduleId } = record;
      this.#world.events.emit('jobRemoved', { jobId: job.id, jobNumber: number, scheduleId });
    };
    this.#world.afterDelay('terminateJob', async () => {
      await this.#parts.release.perform(record);
      if (!this.#world.closed) removeSome();
    });
  }

  /** The pool made for this job alone goes with it. */
  #expirePool({ poolInfo, executionInfo }: Job): void {
    const { autoPoolSpecification: autoPool } = poolInfo;
    if (autoPool?.poolLifetimeOption === 'job') {
      this.#parts.autoPools.expire(executionInfo.poolId, autoPool.keepAlive);
    }
  }

  /** Files of a deleted job go from its nodes at once, whatever their retention time. */
  #removeDirectories(job: Job): void {
    const { poolId } = job.executionInfo;
    if (poolId === undefined) return;
    for (const { node } of this.#world.nodes.inPool(poolId)) {
      this.#world.guard(() => this.#world.directoriesOf(node.id).removeJob(job.id));
    }
  }

  #scheduleDisabled(jobId: string): void {
    this.#world.afterDelay('disableJob', () => this.#tryDisabled(jobId));
  }

  #tryDisabled(jobId: string): void {
    const record = this.#world.jobs.get(jobId);
    if (record?.job.state !== 'disabling' || this.#world.tasks.counts(record.number).tasks.running > 0)
      return;
    this.#put({ ...record, job: moveJob(record.job, 'disabled', this.#world.clock.now()) });
  }

  #scheduleCompleted(jobId: string): void {
    this.#world.afterDelay('terminateJob', async () => {
      const terminating = this.#world.jobs.get(jobId);
      if (terminating?.job.state !== 'terminating') return;
      await this.#parts.release.perform(terminating);
      const record = this.#world.jobs.get(jobId);
      if (this.#world.closed || record?.number !== terminating.number) return;
      if (record.job.state !== 'terminating') return;
      this.#put({ ...record, job: completeJob(record.job, this.#world.clock.now()) });
      this.#expirePool(record.job);
    });
  }

  #taskLeft(jobId: string): void {
    if (this.#world.jobs.get(jobId)?.job.state === 'disabling') this.#tryDisabled(jobId);
  }

  #taskCompleted(jobId: string, task: Task): void {
    const record = this.#world.jobs.get(jobId);
    if (record === undefined || !takesTasks(record.job)) return;
    if (isJobManager(record.job, task.id) && endsWithManager(record.job)) {
      this.terminate(record, 'JMComplete');
      return;
    }
    // Tasks that are ended because their job is being disabled have not failed.
    if (record.job.onTaskFailure === 'performexitoptionsjobaction' && record.job.state !== 'disabling') {
      const { jobAction } = exitActions(task);
      if (jobAction === 'terminate') {
        this.terminate(record, 'TaskFailed');
        return;
      }
      if (jobAction === 'disable' && record.job.state === 'active') {
        this.disable(record, 'requeue');
        return;
      }
    }
    this.#checkAllComplete(record);
  }

  /** The service notices only after a while that a job is to end though no task of it has just ended. */
  #watchIdle({ job, number }: JobRecord): void {
    if (job.onAllTasksComplete !== 'terminatejob') return;
    this.#world.afterDelay('noticeIdleJob', () => {
      const current = this.#world.jobs.get(job.id);
      if (current?.number === number) this.#checkAllComplete(current);
    });
  }

  /** A job that is to end with its tasks ends when none is left to run, even if it never had one. */
  #checkAllComplete(record: JobRecord): void {
    if (record.job.onAllTasksComplete !== 'terminatejob' || record.job.state !== 'active') return;
    const { active, running } = this.#world.tasks.counts(record.number).tasks;
    if (active + running > 0) return;
    this.terminate(record, 'AllTasksComplete');
  }

  #wake(job: Job): void {
    const { poolId } = job.executionInfo;
    if (poolId !== undefined) this.#world.events.emit('workPossible', { poolId });
  }

  #put(record: JobRecord): JobRecord {
    this.#world.jobs.put(record);
    this.#world.events.emit('jobChanged', { job: record.job, scheduleId: record.scheduleId });
    return record;
  }
}
