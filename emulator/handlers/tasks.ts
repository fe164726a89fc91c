import { maxTaskSlots } from '../data/vm-sizes.ts';
import type { Engine } from '../engine/engine.ts';
import { BatchFault, invalidProperty } from '../errors.ts';
import { pageReply } from '../http/paging.ts';
import {
  changedReply,
  createdReply,
  entityReply,
  faultBody,
  type Reply,
  versionHeaders,
} from '../http/reply.ts';
import type { BatchRequest } from '../http/request.ts';
import type { JobRecord, Task } from '../model/entities.ts';
import { takesTasks } from '../model/job.ts';
import { preparationId, releaseId } from '../model/job-tasks.ts';
import { type TaskDefinition, taskConstraints, touched } from '../model/task.ts';
import type { OutputFile, ResourceFile } from '../model/task-files.ts';
import { validateId } from '../schema/index.ts';
import { listQuery, selection } from './query.ts';
import {
  bodyOf,
  checkId,
  demand,
  findJob,
  findTask,
  type Handler,
  NOT_MODIFIED,
  unchanged,
} from './service.ts';
import { withTaskStatistics } from './statistics.ts';
import { checkIdentity, checkOutputFiles, checkResourceFiles } from './task-files.ts';
import { taskPage } from './task-page.ts';
import { subtaskView, taskUrl, taskView } from './views.ts';

export const addTask: Handler = (engine, request) => {
  const job = findJob(engine.world, request);
  demandOpen(job);
  const { task } = addOne(engine, job, bodyOf<TaskDefinition>(request));
  wake(engine, job);
  return createdReply(request, taskUrl(request, job.job.id, task.id), task);
};

/** How many tasks one request may add. */
const MOST_TASKS = 100;

export const addTaskCollection: Handler = (engine, request) => {
  const job = findJob(engine.world, request);
  demandOpen(job);
  const { value } = bodyOf<{ value: readonly TaskDefinition[] }>(request);
  if (value.length > MOST_TASKS) {
    throw invalidProperty('value', undefined, `The collection cannot have more than ${MOST_TASKS} tasks`);
  }
  const results = value.map((definition) => addResult(engine, request, job, definition));
  wake(engine, job);
  return pageReply(request, 'taskaddresult', results, undefined);
};

function addResult(
  engine: Engine,
  request: BatchRequest,
  job: JobRecord,
  definition: TaskDefinition,
): object {
  const location = taskUrl(request, job.job.id, definition.id);
  try {
    const { task } = addOne(engine, job, definition);
    const { eTag, lastModified } = task;
    return { status: 'Success', taskId: task.id, eTag, lastModified, location };
  } catch (fault) {
    if (!(fault instanceof BatchFault)) throw fault;
    return {
      status: 'ClientError',
      taskId: definition.id,
      'error@odata.navigationLinkUrl': `${location}/error`,
      error: faultBody(fault, request.requestId, engine.world.clock.now()),
    };
  }
}

function addOne(engine: Engine, job: JobRecord, definition: TaskDefinition) {
  checkDefinition(engine, job, definition);
  if (engine.ledger.get(job, definition.id) !== undefined) throw new BatchFault('TaskExists');
  return engine.ledger.add(job, definition);
}

function wake(engine: Engine, job: JobRecord): void {
  const { poolId } = job.job.executionInfo;
  if (poolId !== undefined) engine.world.events.emit('workPossible', { poolId });
}

export const listTasks: Handler = (engine, request) => {
  const { world } = engine;
  const job = findJob(world, request);
  const query = listQuery(request, 'tasks');
  const page = taskPage(world.tasks, job.number, query);
  const value = page.tasks.map((task) => query.select(view(engine, request, job.job.id, task)));
  return pageReply(request, 'tasks', value, page.next);
};

function view(engine: Engine, request: BatchRequest, jobId: string, task: Task): object {
  return withTaskStatistics(engine, request, jobId, task, taskView(request, jobId, task));
}

export const getTask: Handler = (engine, request) => {
  const { job, record } = findTask(engine.world, request);
  if (unchanged(request, record.task)) return NOT_MODIFIED;
  const reply = entityReply(
    request,
    'tasks',
    selection(request)(view(engine, request, job.job.id, record.task)),
  );
  return { ...reply, headers: versionHeaders(record.task) };
};

export const updateTask: Handler = (engine, request) => {
  const { job, record } = findTask(engine.world, request);
  demand(request, record.task);
  if (record.task.state === 'completed') throw new BatchFault('TaskCompleted');
  const { constraints } = bodyOf<{ constraints?: Partial<Task['constraints']> }>(request);
  const task: Task = {
    ...record.task,
    constraints: taskConstraints(constraints, job.job),
    ...touched(engine.world.clock.now()),
  };
  engine.ledger.replace(job, record, { ...record, task });
  return changedReply(request, task);
};

export const deleteTask: Handler = (engine, request): Reply => {
  const { job, record } = findTask(engine.world, request);
  demand(request, record.task);
  engine.tasks.remove(job, record);
  wake(engine, job);
  return { status: request.route.success };
};

export const terminateTask: Handler = (engine, request) => {
  const { job, record } = findTask(engine.world, request);
  demand(request, record.task);
  if (record.task.state === 'completed') throw new BatchFault('TaskCompleted');
  const version = touched(engine.world.clock.now());
  const ended = engine.tasks.end(job, { ...record, task: { ...record.task, ...version } });
  return changedReply(request, ended.task);
};

export const reactivateTask: Handler = (engine, request) => {
  const { job, record } = findTask(engine.world, request);
  demand(request, record.task);
  if (record.task.state !== 'completed') throw new BatchFault('TaskNotCompleted');
  if (record.task.executionInfo.result === 'success') throw new BatchFault('TaskSucceeded');
  demandOpen(job);
  const active = engine.ledger.reactivate(job, record);
  wake(engine, job);
  return changedReply(request, active.task);
};

/** Lists the instances of a multi-instance task but the first, which is the task itself. */
export const listSubtasks: Handler = ({ world }, request) => {
  const { record } = findTask(world, request);
  // What an earlier run left says nothing of a task that waits to be run again.
  const subtasks = record.task.state === 'active' ? [] : (record.subtasks ?? []);
  const select = selection(request);
  const value = subtasks.map((subtask) => select(subtaskView(request, subtask)));
  return pageReply(request, 'subtaskinfo', value, undefined);
};

function demandOpen({ job }: JobRecord): void {
  if (takesTasks(job)) return;
  if (job.state === 'completed') throw new BatchFault('JobCompleted');
  throw new BatchFault(job.state === 'deleting' ? 'JobBeingDeleted' : 'JobBeingTerminated');
}

/** Longest list of dependencies, in characters of all ids together. */
const LONGEST_DEPENDENCIES = 64_000;

function checkDefinition(engine: Engine, { job }: JobRecord, definition: TaskDefinition): void {
  const { dependsOn, requiredSlots } = definition;
  checkId(definition.id);
  const { jobPreparationTask: preparation, jobReleaseTask: release } = job;
  if (preparation !== undefined && isSameId(definition.id, preparationId(preparation))) {
    throw new BatchFault('TaskIdSameAsJobPreparationTask');
  }
  if (release !== undefined && isSameId(definition.id, releaseId(release))) {
    throw new BatchFault('TaskIdSameAsJobReleaseTask');
  }
  if (dependsOn !== undefined && !job.usesTaskDependencies) {
    throw new BatchFault('TaskDependenciesNotSpecifiedOnJob');
  }
  const length = dependsOn?.taskIds?.reduce((sum, id) => sum + id.length, 0) ?? 0;
  if (length > LONGEST_DEPENDENCIES) throw new BatchFault('TaskDependencyListTooLong');
  for (const id of dependsOn?.taskIds ?? []) {
    if (!validateId(id)) throw invalidProperty('taskIds', id, 'The value cannot be the id of a task');
  }
  const { poolId } = job.executionInfo;
  const pool = poolId === undefined ? undefined : engine.world.pools.get(poolId)?.pool;
  const limit = pool === undefined ? 256 : maxTaskSlots(pool.vmSize);
  if (requiredSlots !== undefined && (requiredSlots < 1 || requiredSlots > limit)) {
    throw invalidProperty('requiredSlots', String(requiredSlots), `The value must be between 1 and ${limit}`);
  }
  if (definition.multiInstanceSettings !== undefined && (requiredSlots ?? 1) !== 1) {
    throw invalidProperty(
      'requiredSlots',
      String(requiredSlots),
      'The value must be 1 for multi-instance tasks',
    );
  }
  checkExitConditions(job.onTaskFailure, definition);
  checkSupported(definition);
}

function isSameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

interface CommonFiles {
  readonly numberOfInstances?: number;
  readonly commonResourceFiles?: readonly ResourceFile[];
}

function checkMultiInstance(settings: CommonFiles | undefined): void {
  const { numberOfInstances = 1, commonResourceFiles = [] } = settings ?? {};
  if (numberOfInstances < 1) {
    throw invalidProperty('numberOfInstances', String(numberOfInstances), 'The value must be at least 1');
  }
  checkResourceFiles(commonResourceFiles);
}

interface PlannedTask {
  readonly multiInstanceSettings?: CommonFiles;
  readonly resourceFiles?: readonly ResourceFile[];
  readonly outputFiles?: readonly OutputFile[];
}

/** Refuses members that the service or the emulator cannot follow, be it a job's own task or any other. */
export function checkSupported(definition: object): void {
  const { multiInstanceSettings, resourceFiles, outputFiles }: PlannedTask = definition;
  checkIdentity(definition);
  checkMultiInstance(multiInstanceSettings);
  checkResourceFiles(resourceFiles);
  checkOutputFiles(outputFiles);
}

function checkExitConditions(onTaskFailure: string, { exitConditions }: TaskDefinition): void {
  if (exitConditions === undefined || onTaskFailure !== 'noaction') return;
  const options = [
    ...(exitConditions.exitCodes ?? []).map((each) => each.exitOptions),
    ...(exitConditions.exitCodeRanges ?? []).map((each) => each.exitOptions),
    exitConditions.default,
    exitConditions.preProcessingError,
    exitConditions.fileUploadError,
  ];
  if (options.every((each) => each?.jobAction === undefined)) return;
  throw invalidProperty(
    'exitConditions',
    undefined,
    'A jobAction cannot be specified when the onTaskFailure of the job is noaction',
  );
}
