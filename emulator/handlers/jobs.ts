import type { DisableTasks } from '../engine/job-control.ts';
import { BatchFault, invalidProperty } from '../errors.ts';
import { changedReply, createdReply, entityReply, type Reply, versionHeaders } from '../http/reply.ts';
import type { BatchRequest } from '../http/request.ts';
import type { Job } from '../model/entities.ts';
import { type JobDefinition, jobConstraints, takesTasks } from '../model/job.ts';
import { listReply, selection } from './query.ts';
import {
  bodyOf,
  findJob,
  findJobToChange,
  findSchedule,
  type Handler,
  NOT_MODIFIED,
  notYet,
  unchanged,
} from './service.ts';
import { jobUrl, jobView } from './views.ts';

const LOWEST_PRIORITY = -1000;
const HIGHEST_PRIORITY = 1000;

export const addJob: Handler = (engine, request) => {
  const definition = bodyOf<JobDefinition>(request);
  checkJobDefinition(definition);
  const { job } = engine.jobs.add(definition);
  // The service answers an add with this address whatever the job's id.
  return createdReply(request, jobUrl(request, 'job-1'), job);
};

export const listJobs: Handler = ({ world }, request) =>
  jobList(
    request,
    'jobs',
    world.jobs.all().map(({ job }) => job),
  );

export const listJobsOfSchedule: Handler = ({ world }, request) => {
  const { schedule } = findSchedule(world, request);
  const records = world.jobs.all().filter(({ scheduleId }) => scheduleId === schedule.id);
  return jobList(
    request,
    'scheduleJobs',
    records.map(({ job }) => job),
  );
};

function jobList(request: BatchRequest, list: 'jobs' | 'scheduleJobs', jobs: readonly Job[]): Reply {
  return listReply(request, {
    metadata: 'jobs',
    list,
    // Jobs that are over come after all others.
    items: [...jobs.filter((job) => !isOver(job)), ...jobs.filter(isOver)],
    keyOf: (job) => `${isOver(job) ? 1 : 0}${job.id}`,
    view: (job) => jobView(request, job),
  });
}

function isOver(job: Job): boolean {
  return job.state === 'completed';
}

export const getJob: Handler = ({ world }, request) => {
  const { job } = findJob(world, request);
  if (unchanged(request, job)) return NOT_MODIFIED;
  const reply = entityReply(request, 'jobs', selection(request)(jobView(request, job)));
  return { ...reply, headers: versionHeaders(job) };
};

/** Each member given replaces the job's; members not given stay. */
export const patchJob: Handler = (engine, request) => {
  const record = findJobToChange(engine.world, request);
  const { constraints, ...rest } = bodyOf<Partial<JobDefinition>>(request);
  checkChanges(record.job, rest);
  const limits = constraints === undefined ? {} : { constraints: jobConstraints(constraints) };
  return changedReply(
    request,
    engine.jobs.change(record, { ...poolChange(rest, record.job), ...limits }).job,
  );
};

/** What is not given is reset to its default. */
export const updateJob: Handler = (engine, request) => {
  const record = findJobToChange(engine.world, request);
  const { constraints, ...rest } = bodyOf<Partial<JobDefinition>>(request);
  const members = { priority: 0, maxParallelTasks: -1, onAllTasksComplete: 'noaction' as const, ...rest };
  checkChanges(record.job, members);
  const changed = engine.jobs.change(record, {
    metadata: undefined,
    ...poolChange(members, record.job),
    constraints: jobConstraints(constraints),
  } as Partial<Job>);
  return changedReply(request, changed.job);
};

interface DisableBody {
  readonly disableTasks: DisableTasks;
}

export const disableJob: Handler = (engine, request) => {
  const record = findJobToChange(engine.world, request);
  if (record.job.state === 'completed') throw new BatchFault('JobCompleted');
  if (record.job.state === 'terminating') throw new BatchFault('JobBeingTerminated');
  return changedReply(request, engine.jobs.disable(record, bodyOf<DisableBody>(request).disableTasks).job);
};

export const enableJob: Handler = (engine, request) => {
  const record = findJobToChange(engine.world, request);
  if (record.job.state === 'completed') throw new BatchFault('JobCompleted');
  if (record.job.state === 'terminating') throw new BatchFault('JobBeingTerminated');
  return changedReply(request, engine.jobs.enable(record).job);
};

interface TerminateBody {
  readonly terminateReason?: string;
}

export const terminateJob: Handler = (engine, request) => {
  const record = findJobToChange(engine.world, request);
  if (record.job.state === 'completed') throw new BatchFault('JobCompleted');
  if (record.job.state === 'terminating') throw new BatchFault('JobBeingTerminated');
  const { terminateReason } = bodyOf<TerminateBody>(request);
  return changedReply(request, engine.jobs.terminate(record, terminateReason ?? 'UserTerminate').job);
};

export const deleteJob: Handler = (engine, request) => {
  engine.jobs.delete(findJobToChange(engine.world, request));
  return { status: request.route.success };
};

export const getTaskCounts: Handler = ({ world }, request) => {
  const { number } = findJob(world, request);
  const { tasks, slots } = world.tasks.counts(number);
  return entityReply(request, 'taskcountsresult', { taskCounts: tasks, taskSlotCounts: slots });
};

/** Preparation and release tasks are not run yet, so no job has any to report. */
export const listPreparationAndReleaseStatus: Handler = ({ world }, request: BatchRequest) => {
  findJob(world, request);
  throw new BatchFault('JobPreparationTaskOrReleaseTaskNotSpecified');
};

/** Refuses a job's definition, or that of a schedule's jobs, which the service or the emulator cannot follow. */
export function checkJobDefinition(definition: Omit<JobDefinition, 'id'>): void {
  const given = definition as Record<string, unknown>;
  const { autoPoolSpecification, poolId } = definition.poolInfo as {
    autoPoolSpecification?: object;
    poolId?: string;
  };
  if ((autoPoolSpecification === undefined) === (poolId === undefined)) {
    throw invalidProperty(
      'poolInfo',
      undefined,
      'Exactly one of poolId and autoPoolSpecification must be specified',
    );
  }
  if (autoPoolSpecification !== undefined) throw notYet('auto pools');
  if (given.jobManagerTask !== undefined) throw notYet('job manager tasks');
  if (given.jobPreparationTask !== undefined || given.jobReleaseTask !== undefined) {
    throw notYet('job preparation and release tasks');
  }
  checkPriority(definition.priority);
}

function checkPriority(priority: number | undefined): void {
  if (priority === undefined || (priority >= LOWEST_PRIORITY && priority <= HIGHEST_PRIORITY)) return;
  throw invalidProperty(
    'priority',
    String(priority),
    `The value must be between ${LOWEST_PRIORITY} and ${HIGHEST_PRIORITY}`,
  );
}

function checkChanges(job: Job, changes: Partial<JobDefinition>): void {
  checkPriority(changes.priority);
  if (!takesTasks(job))
    throw new BatchFault(job.state === 'completed' ? 'JobCompleted' : 'JobBeingTerminated');
  if (job.onAllTasksComplete === 'terminatejob' && changes.onAllTasksComplete === 'noaction') {
    throw invalidProperty(
      'onAllTasksComplete',
      'noaction',
      'The value cannot be changed back to noaction once it is terminatejob',
    );
  }
  const poolId = changes.poolInfo?.poolId;
  if (poolId === undefined || poolId.toLowerCase() === job.poolInfo.poolId?.toLowerCase()) return;
  if (job.state === 'disabled') return;
  throw new BatchFault('OperationInvalidForCurrentState', {
    Reason: 'The pool of a job can be changed only while the job is disabled',
  });
}

function poolChange(changes: Partial<JobDefinition>, job: Job): Partial<Job> {
  const poolId = changes.poolInfo?.poolId;
  if (poolId === undefined) return changes as Partial<Job>;
  return { ...changes, executionInfo: { ...job.executionInfo, poolId } } as Partial<Job>;
}
