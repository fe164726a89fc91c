import type { Engine } from '../engine/engine.ts';
import type { DisableTasks } from '../engine/job-control.ts';
import { BatchFault } from '../errors.ts';
import { changedReply, createdReply, entityReply, type Reply, versionHeaders } from '../http/reply.ts';
import type { BatchRequest } from '../http/request.ts';
import type { Job, JobRecord } from '../model/entities.ts';
import { type JobDefinition, jobConstraints } from '../model/job.ts';
import { checkJobChanges, checkJobDefinition } from './job-definition.ts';
import { listReply, selection } from './query.ts';
import {
  bodyOf,
  checkId,
  findJob,
  findJobToChange,
  findSchedule,
  type Handler,
  NOT_MODIFIED,
  unchanged,
} from './service.ts';
import { withJobStatistics } from './statistics.ts';
import { jobNodeView, jobUrl, jobView } from './views.ts';

export const addJob: Handler = (engine, request) => {
  const definition = bodyOf<JobDefinition>(request);
  checkId(definition.id);
  checkJobDefinition(definition, 'client');
  const { job } = engine.jobs.add(definition);
  // The service answers an add with this address whatever the job's id.
  return createdReply(request, jobUrl(request, 'job-1'), job);
};

export const listJobs: Handler = (engine, request) =>
  jobList(engine, request, 'jobs', engine.world.jobs.all());

export const listJobsOfSchedule: Handler = (engine, request) => {
  const { schedule } = findSchedule(engine.world, request);
  const records = engine.world.jobs.all().filter(({ scheduleId }) => scheduleId === schedule.id);
  return jobList(engine, request, 'scheduleJobs', records);
};

function jobList(
  engine: Engine,
  request: BatchRequest,
  list: 'jobs' | 'scheduleJobs',
  records: readonly JobRecord[],
): Reply {
  return listReply(request, {
    metadata: 'jobs',
    list,
    // Jobs that are over come after all others.
    items: [...records.filter(({ job }) => !isOver(job)), ...records.filter(({ job }) => isOver(job))],
    keyOf: ({ job }) => `${isOver(job) ? 1 : 0}${job.id}`,
    view: (record) => view(engine, request, record),
  });
}

function view(engine: Engine, request: BatchRequest, record: JobRecord): object {
  return withJobStatistics(engine, request, record, jobView(request, record.job));
}

function isOver(job: Job): boolean {
  return job.state === 'completed';
}

export const getJob: Handler = (engine, request) => {
  const record = findJob(engine.world, request);
  const { job } = record;
  if (unchanged(request, job)) return NOT_MODIFIED;
  const reply = entityReply(request, 'jobs', selection(request)(view(engine, request, record)));
  return { ...reply, headers: versionHeaders(job) };
};

/** Each member given replaces the job's; members not given stay. */
export const patchJob: Handler = (engine, request) => {
  const record = findJobToChange(engine.world, request);
  const { constraints, ...rest } = bodyOf<Partial<JobDefinition>>(request);
  checkJobChanges(record.job, rest);
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
  checkJobChanges(record.job, members);
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

export const listPreparationAndReleaseStatus: Handler = ({ world }, request: BatchRequest) => {
  const { job, number } = findJob(world, request);
  if (job.jobPreparationTask === undefined)
    throw new BatchFault('JobPreparationTaskOrReleaseTaskNotSpecified');
  return listReply(request, {
    metadata: 'jobpreparationandreleasetaskstatuslist',
    list: 'jobPreparationAndReleaseStatus',
    items: world.jobNodes.ofJob(number),
    keyOf: ({ nodeId }) => nodeId,
    view: (record) => jobNodeView(request, job, record, world),
  });
};

function poolChange(changes: Partial<JobDefinition>, job: Job): Partial<Job> {
  const { poolId, autoPoolSpecification: autoPool } = changes.poolInfo ?? {};
  const { autoPoolSpecification: current } = job.poolInfo;
  if (autoPool !== undefined && current !== undefined) {
    const autoPoolSpecification = { ...current, keepAlive: autoPool.keepAlive ?? false };
    return { ...changes, poolInfo: { autoPoolSpecification } } as Partial<Job>;
  }
  if (poolId === undefined) return changes as Partial<Job>;
  return { ...changes, executionInfo: { ...job.executionInfo, poolId } } as Partial<Job>;
}
