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

/** A task of a job as a client may give it: the service adds whoever it runs as. */
type Given<T> = T & {
  readonly displayName?: string | undefined;
  readonly userIdentity?: object | undefined;
};

/** A job manager is tried again as often as any task of the job, unless it says otherwise. */
function shownManager(task: Given<JobManagerTask>, jobRetries: number | undefined): JobManagerTask {
  const { id, displayName, commandLine, ...given } = task;
  const { constraints, requiredSlots, userIdentity, runExclusive, ...more } = given;
  const { allowLowPriorityNode, killJobOnCompletion, ...rest } = more;
  return {
    id,
    ...named(displayName),
    commandLine,
    ...rest,
    constraints: shownConstraints({ maxTaskRetryCount: jobRetries, ...constraints }),
    requiredSlots: requiredSlots ?? 1,
    userIdentity: userIdentity ?? PLAIN_USER,
    runExclusive: runExclusive ?? true,
    allowLowPriorityNode: allowLowPriorityNode ?? true,
    killJobOnCompletion: killJobOnCompletion ?? true,
  } as JobManagerTask;
}

function shownPreparation(task: Given<JobPreparationTask>): JobPreparationTask {
  const { id, commandLine, constraints, userIdentity, ...given } = task;
  const { waitForSuccess, rerunOnNodeRebootAfterSuccess, ...rest } = given;
  return {
    id: id ?? PREPARATION_ID,
    commandLine,
    ...rest,
    constraints: shownConstraints(constraints),
    userIdentity: userIdentity ?? PLAIN_USER,
    waitForSuccess: waitForSuccess ?? true,
    rerunOnNodeRebootAfterSuccess: rerunOnNodeRebootAfterSuccess ?? true,
  } as JobPreparationTask;
}

function shownRelease(task: Given<JobReleaseTask>): JobReleaseTask {
  const { id, commandLine, maxWallClockTime, retentionTime, userIdentity, ...rest } = task;
  return {
    id: id ?? RELEASE_ID,
    commandLine,
    ...rest,
    maxWallClockTime: maxWallClockTime ?? LONGEST_RELEASE,
    retentionTime: retentionTime ?? RETENTION,
    userIdentity: userIdentity ?? PLAIN_USER,
  } as JobReleaseTask;
}

function named(displayName: string | undefined): { readonly displayName?: string } {
  return displayName === undefined ? {} : { displayName };
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

/** The id of the preparation task, which has one even if nobody gave it one. */
export function preparationId(task: JobPreparationTask): string {
  return task.id ?? PREPARATION_ID;
}

/** The id of the release task, which has one even if nobody gave it one. */
export function releaseId(task: JobReleaseTask): string {
  return task.id ?? RELEASE_ID;
}
