import { isDeepStrictEqual } from 'node:util';
import { parseDuration } from '../duration.ts';
import { BatchFault, invalidProperty } from '../errors.ts';
import { withAutoPoolDefaults } from '../model/auto-pool.ts';
import type { Job } from '../model/entities.ts';
import { type JobDefinition, takesTasks } from '../model/job.ts';
import type {
  AutoPoolSpecification,
  JobManagerTask,
  JobPreparationTask,
  JobReleaseTask,
  PoolInformation,
} from '../model/job-parts.ts';
import { LONGEST_RELEASE, preparationId, releaseId } from '../model/job-tasks.ts';
import type { PoolDefinition } from '../model/pool.ts';
import { validateId } from '../schema/index.ts';
import { checkPoolDefinition } from './pools.ts';
import { checkId, notYet } from './service.ts';
import { checkSupported } from './tasks.ts';

const LOWEST_PRIORITY = -1000;
const HIGHEST_PRIORITY = 1000;
const LONGEST_PREFIX = 20;

/**
 * Refuses a job's definition, or that of a schedule's jobs, which the service or the emulator cannot follow.
 * What is wrong with the pool that is to be made for it shows later, in the job itself.
 */
export function checkJobDefinition(
  definition: Omit<JobDefinition, 'id'>,
  maker: 'client' | 'schedule',
): void {
  checkNumbers(definition);
  checkPoolInfo(definition.poolInfo, maker);
  checkJobTasks(definition);
}

/** Refuses changes to a job that its state or its earlier settings do not allow. */
export function checkJobChanges(job: Job, changes: Partial<JobDefinition>): void {
  checkNumbers(changes);
  if (!takesTasks(job)) {
    throw new BatchFault(job.state === 'completed' ? 'JobCompleted' : 'JobBeingTerminated');
  }
  if (job.onAllTasksComplete === 'terminatejob' && changes.onAllTasksComplete === 'noaction') {
    throw invalidProperty(
      'onAllTasksComplete',
      'noaction',
      'The value cannot be changed back to noaction once it is terminatejob',
    );
  }
  if (changes.poolInfo !== undefined) checkPoolChange(job, changes.poolInfo);
}

function checkNumbers({ priority, maxParallelTasks, constraints }: Partial<JobDefinition>): void {
  if (priority !== undefined && (priority < LOWEST_PRIORITY || priority > HIGHEST_PRIORITY)) {
    throw invalidProperty(
      'priority',
      String(priority),
      `The value must be between ${LOWEST_PRIORITY} and ${HIGHEST_PRIORITY}`,
    );
  }
  if (maxParallelTasks !== undefined && maxParallelTasks !== -1 && maxParallelTasks < 1) {
    throw invalidProperty(
      'maxParallelTasks',
      String(maxParallelTasks),
      'The value must be -1 or greater than 0',
    );
  }
  checkRetries(constraints?.maxTaskRetryCount);
}

function checkRetries(count: number | undefined): void {
  if (count === undefined || count >= -1) return;
  throw invalidProperty('maxTaskRetryCount', String(count), 'The value must be -1 or greater');
}

function checkPoolInfo(
  { poolId, autoPoolSpecification }: PoolInformation,
  maker: 'client' | 'schedule',
): void {
  if ((autoPoolSpecification === undefined) === (poolId === undefined)) {
    throw invalidProperty(
      'poolInfo',
      undefined,
      'Exactly one of poolId and autoPoolSpecification must be specified',
    );
  }
  if (poolId !== undefined && !validateId(poolId)) {
    throw invalidProperty('poolId', poolId, 'The value is no id that a pool can have');
  }
  if (autoPoolSpecification !== undefined) checkAutoPool(autoPoolSpecification, maker);
}

function checkAutoPool(specification: AutoPoolSpecification, maker: 'client' | 'schedule'): void {
  const { autoPoolIdPrefix: prefix, poolLifetimeOption, pool } = specification;
  if (pool === undefined) throw new BatchFault('MissingRequiredProperty', { PropertyName: 'pool' });
  if (prefix !== undefined && prefix !== '' && (prefix.length > LONGEST_PREFIX || !validateId(prefix))) {
    throw invalidProperty(
      'autoPoolIdPrefix',
      prefix,
      `The value must have at most ${LONGEST_PREFIX} letters, digits, hyphens and underscores`,
    );
  }
  if (poolLifetimeOption === 'jobschedule' && maker === 'client') {
    throw invalidProperty(
      'poolLifetimeOption',
      poolLifetimeOption,
      'A pool with the lifetime of a job schedule can be specified only for the jobs of a schedule',
    );
  }
  refuseUnsupportedPool({ ...pool, id: 'autopool' } as PoolDefinition);
}

/** What the emulator cannot do it says at once; what the service would refuse it says when it makes the pool. */
function refuseUnsupportedPool(definition: PoolDefinition): void {
  try {
    checkPoolDefinition(definition);
  } catch (refusal) {
    if (!(refusal instanceof BatchFault) || refusal.code === 'NotImplemented') throw refusal;
  }
}

function checkJobTasks({
  jobManagerTask: manager,
  jobPreparationTask: preparation,
  jobReleaseTask: release,
}: Partial<JobDefinition>): void {
  if (manager !== undefined) checkManager(manager);
  if (preparation !== undefined) checkPreparation(preparation);
  if (release !== undefined) checkRelease(release, preparation);
  const ids = [
    manager?.id,
    preparation === undefined ? undefined : preparationId(preparation),
    release === undefined ? undefined : releaseId(release),
  ].flatMap((id) => id?.toLowerCase() ?? []);
  if (new Set(ids).size < ids.length) {
    throw invalidProperty('id', undefined, 'The tasks of a job must have different ids');
  }
}

function checkManager(manager: JobManagerTask): void {
  checkId(manager.id);
  checkRetries(manager.constraints?.maxTaskRetryCount);
  checkSupported(manager);
}

function checkPreparation(preparation: JobPreparationTask): void {
  checkId(preparationId(preparation));
  checkRetries(preparation.constraints?.maxTaskRetryCount);
  refuseContainers('job preparation tasks', preparation);
  checkSupported(preparation);
}

function refuseContainers(what: string, task: { readonly containerSettings?: unknown }): void {
  if (task.containerSettings !== undefined) throw notYet(`${what} in containers`);
}

function checkRelease(release: JobReleaseTask, preparation: JobPreparationTask | undefined): void {
  if (preparation === undefined) {
    throw invalidProperty(
      'jobReleaseTask',
      undefined,
      'A job release task cannot be specified without a job preparation task',
    );
  }
  checkId(releaseId(release));
  refuseContainers('job release tasks', release);
  checkSupported(release);
  const { maxWallClockTime: limit } = release;
  const milliseconds = limit === undefined ? undefined : parseDuration(limit);
  if (milliseconds !== undefined && milliseconds > (parseDuration(LONGEST_RELEASE) ?? 0)) {
    throw invalidProperty('maxWallClockTime', limit, 'The value must be at most 15 minutes');
  }
}

function checkPoolChange({ poolInfo, state }: Job, given: PoolInformation): void {
  const current = poolInfo.autoPoolSpecification;
  const wanted = withAutoPoolDefaults(given).autoPoolSpecification;
  if (current !== undefined || wanted !== undefined) {
    checkAutoPoolChange(current, wanted);
    return;
  }
  if (given.poolId?.toLowerCase() === poolInfo.poolId?.toLowerCase() || state === 'disabled') return;
  throw new BatchFault('OperationInvalidForCurrentState', {
    Reason: 'The pool of a job can be changed only while the job is disabled',
  });
}

function checkAutoPoolChange(
  current: AutoPoolSpecification | undefined,
  wanted: AutoPoolSpecification | undefined,
): void {
  const { keepAlive: kept, ...before } = current ?? {};
  const { keepAlive: keeps, ...after } = { ...current, ...wanted };
  const same = current !== undefined && wanted !== undefined && isDeepStrictEqual(before, after);
  if (same && (kept === keeps || current.poolLifetimeOption === 'job')) return;
  throw invalidProperty(
    'poolInfo',
    undefined,
    'Only keepAlive of an auto pool can be changed, and only if its lifetime is that of the job',
  );
}
