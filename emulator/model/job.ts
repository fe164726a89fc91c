import { type Instant, toETag, toTimestamp } from '../clock.ts';
import { UNLIMITED_DURATION } from '../duration.ts';
import { withAutoPoolDefaults } from './auto-pool.ts';
import type { Job, JobExecution, JobState } from './entities.ts';
import { withJobTaskDefaults } from './job-tasks.ts';

/** What a client may say of a job, as far as the emulator looks at it; other members ride along. */
export interface JobDefinition
  extends Partial<Omit<Job, 'id' | 'poolInfo' | 'constraints'>>,
    Pick<Job, 'id' | 'poolInfo'> {
  readonly constraints?: Partial<Job['constraints']> | undefined;
}

/**
 * A new job, with the defaults that the service shows. It is created first and activated a moment later.
 * `placement` is the pool made for it, when it is not to run on one that exists.
 */
export function createJob(
  definition: JobDefinition,
  created: Instant,
  now: Instant,
  placement: Pick<JobExecution, 'poolId' | 'schedulingError'> = { poolId: definition.poolInfo.poolId },
): Job {
  const time = toTimestamp(now);
  const { constraints, ...rest } = definition;
  return {
    priority: 0,
    maxParallelTasks: -1,
    usesTaskDependencies: false,
    allowTaskPreemption: false,
    onAllTasksComplete: 'noaction',
    onTaskFailure: 'noaction',
    ...rest,
    ...withJobTaskDefaults(definition),
    poolInfo: withAutoPoolDefaults(definition.poolInfo),
    eTag: toETag(now),
    lastModified: time,
    creationTime: toTimestamp(created),
    state: 'active',
    stateTransitionTime: time,
    constraints: jobConstraints(constraints),
    executionInfo: { startTime: time, ...placement },
  };
}

/** The constraints with what the service fills in. */
export function jobConstraints(given: Partial<Job['constraints']> | undefined): Job['constraints'] {
  return {
    maxWallClockTime: given?.maxWallClockTime ?? UNLIMITED_DURATION,
    maxTaskRetryCount: given?.maxTaskRetryCount ?? 0,
  };
}

/** States that a job only passes through; `previousState` never shows them. */
const PASSING: readonly JobState[] = ['disabling', 'enabling', 'terminating', 'deleting'];

/** The job in another state. `previousState` is the last state in which it stayed. */
export function moveJob(job: Job, state: JobState, now: Instant): Job {
  const stayed = PASSING.includes(job.state)
    ? { previousState: job.previousState, previousStateTransitionTime: job.previousStateTransitionTime }
    : { previousState: job.state, previousStateTransitionTime: job.stateTransitionTime };
  return { ...job, state, stateTransitionTime: toTimestamp(now), ...stayed };
}

/** The job on its way out. `reason` shows as terminateReason. */
export function terminateJob(job: Job, reason: string, now: Instant): Job {
  const moved = moveJob(job, 'terminating', now);
  return { ...moved, executionInfo: { ...job.executionInfo, terminateReason: reason } };
}

/** The job at its end. */
export function completeJob(job: Job, now: Instant): Job {
  const moved = moveJob(job, 'completed', now);
  const { startTime, ...info } = job.executionInfo;
  return { ...moved, executionInfo: { startTime, endTime: toTimestamp(now), ...info } };
}

/** Whether tasks may be added to the job and run. */
export function takesTasks(job: Job): boolean {
  return job.state !== 'terminating' && job.state !== 'completed' && job.state !== 'deleting';
}
