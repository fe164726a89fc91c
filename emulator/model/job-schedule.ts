import { fromTimestamp, type Instant, toETag, toTimestamp } from '../clock.ts';
import { parseDuration } from '../duration.ts';
import { withAutoPoolDefaults } from './auto-pool.ts';
import type { Entity } from './entities.ts';
import { type JobDefinition, jobConstraints } from './job.ts';
import { withJobTaskDefaults } from './job-tasks.ts';

export type JobScheduleState = 'active' | 'disabled' | 'terminating' | 'completed' | 'deleting';

/** When jobs are made. Without an interval there is one job. */
export interface Schedule {
  readonly doNotRunUntil?: string | undefined;
  readonly doNotRunAfter?: string | undefined;
  /** How long after its time an occurrence may still start. */
  readonly startWindow?: string | undefined;
  readonly recurrenceInterval?: string | undefined;
}

export type JobSpecification = Omit<JobDefinition, 'id'>;

export interface JobSchedule extends Entity {
  readonly state: JobScheduleState;
  readonly stateTransitionTime: string;
  readonly previousState?: JobScheduleState | undefined;
  readonly previousStateTransitionTime?: string | undefined;
  readonly schedule?: Schedule | undefined;
  readonly jobSpecification: JobSpecification;
  readonly executionInfo: {
    readonly nextRunTime?: string | undefined;
    /** The view adds its url. */
    readonly recentJob?: { readonly id: string } | undefined;
    readonly endTime?: string | undefined;
  };
}

/** A schedule with what the service keeps to itself. */
export interface JobScheduleRecord {
  readonly schedule: JobSchedule;
  /** Jobs made so far. */
  readonly runs: number;
  /** The pool that all jobs share, if they have one made for them. */
  readonly autoPoolId?: string | undefined;
  /** When the latest job was due. */
  readonly lastDue?: number | undefined;
  /** When the next job is due; undefined when there will be none. */
  readonly nextDue?: number | undefined;
}

export interface JobScheduleDefinition {
  readonly id: string;
  readonly schedule: Schedule;
  readonly jobSpecification: JobSpecification;
}

/** A new schedule, with its first job due when its recurrence says. */
export function createJobSchedule(definition: JobScheduleDefinition, now: Instant): JobScheduleRecord {
  const time = toTimestamp(now);
  const schedule: JobSchedule = {
    ...definition,
    eTag: toETag(now),
    lastModified: time,
    creationTime: time,
    state: 'active',
    stateTransitionTime: time,
    schedule: shownSchedule(definition.schedule),
    jobSpecification: withDefaults(definition.jobSpecification),
    executionInfo: {},
  };
  return withNextDue({ schedule, runs: 0 });
}

/** The service does not show a schedule that says nothing. */
export function shownSchedule(schedule: Schedule): Schedule | undefined {
  return Object.keys(schedule).length === 0 ? undefined : schedule;
}

/** The specification with what the service fills in. */
export function withDefaults(specification: JobSpecification): JobSpecification {
  return {
    priority: 0,
    maxParallelTasks: -1,
    allowTaskPreemption: false,
    usesTaskDependencies: false,
    onAllTasksComplete: 'noaction',
    onTaskFailure: 'noaction',
    ...specification,
    ...withJobTaskDefaults(specification),
    poolInfo: withAutoPoolDefaults(specification.poolInfo),
    constraints: jobConstraints(specification.constraints),
  };
}

/** Works out when the next job is due, from the schedule and the latest job. */
export function withNextDue(record: JobScheduleRecord): JobScheduleRecord {
  return setNextDue(record, nextDue(record));
}

function nextDue({ schedule, lastDue }: JobScheduleRecord): Instant | undefined {
  const { doNotRunUntil, doNotRunAfter, recurrenceInterval } = schedule.schedule ?? {};
  const interval = recurrenceInterval === undefined ? undefined : parseDuration(recurrenceInterval);
  const first = Math.max(
    fromTimestamp(schedule.creationTime),
    doNotRunUntil === undefined ? 0 : fromTimestamp(doNotRunUntil),
  );
  if (lastDue !== undefined && interval === undefined) return undefined;
  const due = lastDue === undefined ? first : Math.max(first, lastDue + (interval ?? 0) * 1000);
  if (doNotRunAfter !== undefined && due >= fromTimestamp(doNotRunAfter)) return undefined;
  return due;
}

function setNextDue(record: JobScheduleRecord, due: Instant | undefined): JobScheduleRecord {
  const { nextRunTime: _previous, ...info } = record.schedule.executionInfo;
  const executionInfo = due === undefined ? info : { nextRunTime: toTimestamp(due), ...info };
  return { ...record, nextDue: due, schedule: { ...record.schedule, executionInfo } };
}

/** A job was made for the occurrence that is due. */
export function ranJob(record: JobScheduleRecord, jobId: string): JobScheduleRecord {
  const { schedule } = record;
  const executionInfo = { ...schedule.executionInfo, recentJob: { id: jobId } };
  return missedJob({ ...record, schedule: { ...schedule, executionInfo }, runs: record.runs + 1 });
}

/** The occurrence that is due is lost, or done with. */
export function missedJob(record: JobScheduleRecord): JobScheduleRecord {
  return withNextDue({ ...record, lastDue: record.nextDue });
}

/**
 * The record with the occurrence that could start now: one that is due is not carried over into the interval
 * of the one after it, and none starts once the schedule has ended.
 */
export function caughtUp(record: JobScheduleRecord, now: Instant): JobScheduleRecord {
  const end = endOf(record.schedule);
  if (end !== undefined && end <= now) return setNextDue(record, undefined);
  let current = record;
  for (;;) {
    const following = missedJob(current);
    if (following.nextDue === undefined || following.nextDue > now) return current;
    current = following;
  }
}

/** The time from which on the schedule makes no jobs. */
export function endOf({ schedule }: JobSchedule): Instant | undefined {
  const end = schedule?.doNotRunAfter;
  return end === undefined ? undefined : fromTimestamp(end);
}

/** Until when the occurrence that is due may start; undefined when it may wait for ever. */
export function startDeadline({ schedule, nextDue: due }: JobScheduleRecord): Instant | undefined {
  const window = schedule.schedule?.startWindow;
  const length = window === undefined ? undefined : parseDuration(window);
  return due === undefined || length === undefined ? undefined : due + length * 1000;
}

/** The schedule in another state, with the one before as its previous state. */
export function moveSchedule(schedule: JobSchedule, state: JobScheduleState, now: Instant): JobSchedule {
  if (schedule.state === state) return schedule;
  return {
    ...schedule,
    state,
    stateTransitionTime: toTimestamp(now),
    previousState: schedule.state === 'terminating' ? schedule.previousState : schedule.state,
    previousStateTransitionTime:
      schedule.state === 'terminating' ? schedule.previousStateTransitionTime : schedule.stateTransitionTime,
  };
}

/** The schedule at its end: no job will be due any more. */
export function completeSchedule(schedule: JobSchedule, now: Instant): JobSchedule {
  const moved = moveSchedule(schedule, 'completed', now);
  const { nextRunTime: _none, ...info } = moved.executionInfo;
  return { ...moved, executionInfo: { ...info, endTime: toTimestamp(now) } };
}
