import { UNLIMITED_DURATION } from '../duration.ts';
import type { Job } from './entities.ts';
import type { JobManagerTask, JobPreparationTask, JobReleaseTask } from './job-parts.ts';
import type { TaskDefinition } from './task.ts';

const PREPARATION_ID = 'jobpreparation';
const RELEASE_ID = 'jobrelease';
const RETENTION = 'P7D';

/** The longest that a release task may take, and what it may take when nothing is said. */
export const LONGEST_RELEASE = 'PT15M';

const PLAIN_USER = { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } };

/** A job's parts as a client may give them. */
export interface JobTasks {
  readonly constraints?: Partial<Job['constraints']> | undefined;
  readonly jobManagerTask?: JobManagerTask | undefined;
  readonly jobPreparationTask?: JobPreparationTask | undefined;
  readonly jobReleaseTask?: JobReleaseTask | undefined;
}

/** The tasks that belong to a job itself, with the defaults that the service shows. */
export function withJobTaskDefaults({
  constraints,
  jobManagerTask,
  jobPreparationTask,
  jobReleaseTask,
}: JobTasks): Omit<JobTasks, 'constraints'> {
  const retries = constraints?.maxTaskRetryCount;
  return {
    ...(jobManagerTask === undefined ? {} : { jobManagerTask: shownManager(jobManagerTask, retries) }),
    ...(jobPreparationTask === undefined ? {} : { jobPreparationTask: shownPreparation(jobPreparationTask) }),
    ...(jobReleaseTask === undefined ? {} : { jobReleaseTask: shownRelease(jobReleaseTask) }),
  };
}

/** A job manager is tried again as often as any task of the job, unless it says otherwise. */
function shownManager(task: JobManagerTask, jobRetries: number | undefined): JobManagerTask {
  return {
    requiredSlots: 1,
    killJobOnCompletion: true,
    userIdentity: PLAIN_USER,
    runExclusive: true,
    allowLowPriorityNode: true,
    ...task,
    constraints: shownConstraints({ maxTaskRetryCount: jobRetries, ...task.constraints }),
  } as JobManagerTask;
}

function shownPreparation(task: JobPreparationTask): JobPreparationTask {
  return {
    id: PREPARATION_ID,
    userIdentity: PLAIN_USER,
    waitForSuccess: true,
    rerunOnNodeRebootAfterSuccess: true,
    ...task,
    constraints: shownConstraints(task.constraints),
  } as JobPreparationTask;
}

function shownRelease(task: JobReleaseTask): JobReleaseTask {
  return {
    id: RELEASE_ID,
    userIdentity: PLAIN_USER,
    maxWallClockTime: LONGEST_RELEASE,
    retentionTime: RETENTION,
    ...task,
  } as JobReleaseTask;
}

function shownConstraints(given: JobManagerTask['constraints']): JobManagerTask['constraints'] {
  return {
    maxWallClockTime: given?.maxWallClockTime ?? UNLIMITED_DURATION,
    retentionTime: given?.retentionTime ?? RETENTION,
    maxTaskRetryCount: given?.maxTaskRetryCount ?? 0,
  };
}

/** The job manager as the task that it becomes in the job. */
export function managerDefinition(manager: JobManagerTask): TaskDefinition {
  const {
    killJobOnCompletion: _kills,
    runExclusive: _alone,
    allowLowPriorityNode: _anywhere,
    ...definition
  } = manager;
  return definition as TaskDefinition;
}

/** Whether the task is the job's manager. */
export function isJobManager({ jobManagerTask }: Job, taskId: string): boolean {
  return jobManagerTask?.id.toLowerCase() === taskId.toLowerCase();
}

/** Whether the job's end comes with its manager's. */
export function endsWithManager(job: Job): boolean {
  return job.jobManagerTask?.killJobOnCompletion !== false;
}

export function preparationId(task: JobPreparationTask): string {
  return task.id ?? PREPARATION_ID;
}

export function releaseId(task: JobReleaseTask): string {
  return task.id ?? RELEASE_ID;
}
