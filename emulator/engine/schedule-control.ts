import type { Instant } from '../clock.ts';
import { BatchFault } from '../errors.ts';
import type { JobRecord } from '../model/entities.ts';
import {
  caughtUp,
  completeSchedule,
  createJobSchedule,
  endOf,
  type JobSchedule,
  type JobScheduleDefinition,
  type JobScheduleRecord,
  missedJob,
  moveSchedule,
  ranJob,
  startDeadline,
  withNextDue,
} from '../model/job-schedule.ts';
import { touched } from '../model/task.ts';
import type { AutoPools, Placement } from './auto-pools.ts';
import type { JobControl } from './job-control.ts';
import type { World } from './world.ts';

/** Makes the jobs of job schedules when their times come. */
export class ScheduleControl {
  readonly #world: World;
  readonly #jobs: JobControl;
  readonly #autoPools: AutoPools;
  readonly #timers = new Map<string, () => void>();

  constructor(world: World, jobs: JobControl, autoPools: AutoPools) {
    this.#world = world;
    this.#jobs = jobs;
    this.#autoPools = autoPools;
    world.events.on('jobChanged', ({ job, scheduleId }) => {
      if (scheduleId === undefined || (job.state !== 'completed' && job.state !== 'deleting')) return;
      // The job is in the middle of changing; its schedule looks after it.
      world.after(0, () => this.#look(scheduleId));
    });
    world.events.on('jobRemoved', ({ scheduleId }) => {
      if (scheduleId !== undefined) this.#look(scheduleId);
    });
  }

  /** Takes up again where the emulator left off. */
  resume(): void {
    for (const { schedule } of this.#world.schedules.all()) this.#look(schedule.id);
  }

  add(definition: JobScheduleDefinition): JobScheduleRecord {
    const { schedules, clock } = this.#world;
    if (schedules.get(definition.id) !== undefined) throw new BatchFault('JobScheduleExists');
    if (this.#world.jobs.get(definition.id) !== undefined) throw new BatchFault('JobWithSameIdExists');
    this.#jobs.demandRoom();
    const record = schedules.put(createJobSchedule(definition, clock.now()));
    this.#look(record.schedule.id);
    return this.#world.schedules.get(record.schedule.id) ?? record;
  }

  /** Replaces members of the schedule; jobs that exist stay as they are. */
  change(record: JobScheduleRecord, members: Partial<JobSchedule>): JobScheduleRecord {
    const schedule = { ...record.schedule, ...members, ...touched(this.#world.clock.now()) };
    const changed = this.#world.schedules.put(withNextDue({ ...record, schedule }));
    this.#look(schedule.id);
    return this.#world.schedules.get(schedule.id) ?? changed;
  }

  disable(record: JobScheduleRecord): JobScheduleRecord {
    return this.#moveByUser(record, 'disabled');
  }

  enable(record: JobScheduleRecord): JobScheduleRecord {
    const enabled = this.#moveByUser(record, 'active');
    this.#look(record.schedule.id);
    return this.#world.schedules.get(record.schedule.id) ?? enabled;
  }

  /** Ends the schedule and its job. */
  terminate(record: JobScheduleRecord): JobScheduleRecord {
    const terminating = this.#moveByUser(record, 'terminating');
    for (const job of this.#openJobs(record.schedule.id)) this.#jobs.terminate(job, 'TerminateWorkitem');
    this.#world.afterDelay('terminateJob', () => this.#look(record.schedule.id));
    return terminating;
  }

  /** Removes the schedule with all its jobs. */
  delete(record: JobScheduleRecord): void {
    const now = this.#world.clock.now();
    this.#world.schedules.put({ ...record, schedule: moveSchedule(record.schedule, 'deleting', now) });
    for (const job of this.#jobsOf(record.schedule.id)) {
      if (job.job.state !== 'deleting') this.#jobs.delete(job);
    }
    this.#world.afterDelay('terminateJob', () => this.#look(record.schedule.id));
  }

  #moveByUser(record: JobScheduleRecord, state: JobSchedule['state']): JobScheduleRecord {
    const now = this.#world.clock.now();
    const schedule = { ...moveSchedule(record.schedule, state, now), ...touched(now) };
    return this.#world.schedules.put({ ...record, schedule });
  }

  /** Does what is to be done for the schedule now, and comes back when there will be more. */
  #look(scheduleId: string): void {
    const record = this.#world.schedules.get(scheduleId);
    if (record === undefined || this.#world.closed) return;
    const { state } = record.schedule;
    if (state === 'active') this.#run(record);
    else if (state === 'deleting' && this.#jobsOf(scheduleId).length === 0) {
      this.#world.schedules.remove(scheduleId);
      this.#expirePool(record);
    } else if (state === 'terminating' && this.#openJobs(scheduleId).length === 0) this.#complete(record);
  }

  #run(record: JobScheduleRecord): void {
    const now = this.#world.clock.now();
    const isDue = record.nextDue !== undefined && record.nextDue <= now;
    const current = isDue ? caughtUp(record, now) : record;
    if (current !== record) this.#world.schedules.put(current);
    if (current.nextDue === undefined) this.#runOut(current, now);
    else if (isDue) this.#runDue(current, now);
    else this.#wakeAt(current.schedule.id, current.nextDue);
  }

  /** Does what the occurrence that is due asks for. */
  #runDue(record: JobScheduleRecord, now: Instant): void {
    const { id } = record.schedule;
    const deadline = startDeadline(record);
    if (deadline !== undefined && deadline < now) this.#world.schedules.put(missedJob(record));
    else if (this.#openJobs(id).length === 0) this.#makeJob(record);
    else {
      // The job's end brings us back; the deadline must, in case it comes first.
      this.#wakeAt(id, deadline);
      return;
    }
    this.#look(id);
  }

  /** No job is due any more: the schedule ends with its last job, and not before its time. */
  #runOut(record: JobScheduleRecord, now: Instant): void {
    const { schedule } = record;
    const end = endOf(schedule);
    const isOver = end === undefined || schedule.schedule?.recurrenceInterval === undefined || end <= now;
    if (isOver && this.#openJobs(schedule.id).length === 0) this.#complete(record);
    else this.#wakeAt(schedule.id, end);
  }

  #makeJob(record: JobScheduleRecord): void {
    const { schedule, runs } = record;
    const id = `${schedule.id}:job-${runs + 1}`;
    const placement = this.#sharedPool(record);
    const autoPoolId = placement?.poolId ?? record.autoPoolId;
    this.#world.schedules.put({ ...ranJob(record, id), autoPoolId });
    this.#jobs.make({ ...schedule.jobSpecification, id }, { scheduleId: schedule.id, placement });
  }

  /** The pool of all the schedule's jobs, if they are to share one; it is made when there is none. */
  #sharedPool({ schedule, autoPoolId }: JobScheduleRecord): Placement | undefined {
    const { autoPoolSpecification: autoPool } = schedule.jobSpecification.poolInfo;
    if (autoPool?.poolLifetimeOption !== 'jobschedule') return undefined;
    if (autoPoolId !== undefined && this.#autoPools.isUsable(autoPoolId)) return { poolId: autoPoolId };
    return this.#autoPools.create(autoPool);
  }

  #expirePool({ schedule, autoPoolId }: JobScheduleRecord): void {
    const { autoPoolSpecification: autoPool } = schedule.jobSpecification.poolInfo;
    this.#autoPools.expire(autoPoolId, autoPool?.keepAlive);
  }

  #complete(record: JobScheduleRecord): void {
    const schedule = completeSchedule(record.schedule, this.#world.clock.now());
    this.#world.schedules.put({ ...record, schedule, nextDue: undefined });
    this.#expirePool(record);
  }

  #wakeAt(scheduleId: string, instant: number | undefined): void {
    this.#timers.get(scheduleId)?.();
    if (instant === undefined) return;
    // A moment later than due, so that the clock has surely passed it.
    const delay = Math.max(0, instant - this.#world.clock.now()) / 1000 + 1;
    this.#timers.set(
      scheduleId,
      this.#world.after(delay, () => this.#look(scheduleId)),
    );
  }

  #jobsOf(scheduleId: string): JobRecord[] {
    const folded = scheduleId.toLowerCase();
    return this.#world.jobs.all().filter((each) => each.scheduleId?.toLowerCase() === folded);
  }

  #openJobs(scheduleId: string): JobRecord[] {
    return this.#jobsOf(scheduleId).filter(
      ({ job }) => job.state !== 'completed' && job.state !== 'deleting',
    );
  }
}
