import { type Instant, toETag, toTimestamp } from '../clock.ts';
import { UNLIMITED_DURATION } from '../duration.ts';
import type { Job, Task, TaskExecution, TaskRecord, TaskState } from './entities.ts';
import type { FailureInformation } from './failures.ts';
import { isUploadFailure } from './file-failures.ts';
import { withoutSecrets } from './secrets.ts';
import type { ExitOptions, TaskNode } from './task-parts.ts';

/** What a client may say of a task, as far as the emulator looks at it; other members ride along. */
export interface TaskDefinition
  extends Pick<
    Task,
    | 'id'
    | 'commandLine'
    | 'containerSettings'
    | 'environmentSettings'
    | 'affinityInfo'
    | 'exitConditions'
    | 'dependsOn'
    | 'applicationPackageReferences'
    | 'resourceFiles'
    | 'outputFiles'
    | 'multiInstanceSettings'
  > {
  readonly constraints?: Partial<Task['constraints']> | undefined;
  readonly requiredSlots?: number | undefined;
}

/** How an attempt to run a task ended. */
export type TaskOutcome =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'notStarted'; readonly failure: FailureInformation }
  | { readonly kind: 'ended'; readonly failure: FailureInformation; readonly exitCode?: number }
  | { readonly kind: 'notUploaded'; readonly failure: FailureInformation; readonly exitCode: number };

const DEFAULT_RETENTION = 'P7D';

/** A new task of `job`, with the defaults that the service shows. */
export function createTask(definition: TaskDefinition, job: Job, unmet: number, now: Instant): TaskRecord {
  const time = toTimestamp(now);
  const { constraints, ...rest } = definition;
  const task: Task = {
    userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } },
    ...rest,
    ...containerMember(rest.containerSettings),
    eTag: toETag(now),
    creationTime: time,
    lastModified: time,
    state: 'active',
    stateTransitionTime: time,
    constraints: taskConstraints(constraints, job),
    requiredSlots: definition.requiredSlots ?? 1,
    executionInfo: { retryCount: 0, requeueCount: 0 },
  } as Task;
  return { task, order: now, unmet };
}

/** What opens a registry of images is not kept. */
function containerMember(settings: Task['containerSettings']): Pick<Task, 'containerSettings'> {
  return settings === undefined ? {} : { containerSettings: withoutSecrets(settings) };
}

/** A task's limits; what is not given comes from the job or is unlimited. */
export function taskConstraints(
  given: Partial<Task['constraints']> | undefined,
  job: Job,
): Task['constraints'] {
  return {
    maxWallClockTime: given?.maxWallClockTime ?? UNLIMITED_DURATION,
    retentionTime: given?.retentionTime ?? DEFAULT_RETENTION,
    maxTaskRetryCount: given?.maxTaskRetryCount ?? job.constraints.maxTaskRetryCount,
  };
}

/** The task begins on a node; `state` is preparing while there is something to fetch or to wait for. */
export function beginTask(
  record: TaskRecord,
  node: TaskNode,
  state: 'preparing' | 'running',
  now: Instant,
): TaskRecord {
  const execution = record.task.executionInfo;
  const executionInfo: TaskExecution = {
    ...(state === 'running' ? { startTime: toTimestamp(now) } : {}),
    retryCount: execution.retryCount,
    ...(execution.lastRetryTime === undefined ? {} : { lastRetryTime: execution.lastRetryTime }),
    requeueCount: execution.requeueCount,
    ...(execution.lastRequeueTime === undefined ? {} : { lastRequeueTime: execution.lastRequeueTime }),
  };
  return {
    ...record,
    task: { ...record.task, ...moveTo(record.task, state, now), executionInfo, nodeInfo: node },
  };
}

/** The task that waited on its node starts. */
export function runTask(record: TaskRecord, now: Instant): TaskRecord {
  const { task } = record;
  const executionInfo = { startTime: toTimestamp(now), ...task.executionInfo };
  return { ...record, task: { ...task, ...moveTo(task, 'running', now), executionInfo } };
}

/** The task could not start on its node, which is no fault of its own: it waits for another. */
export function giveBackTask(record: TaskRecord, now: Instant): TaskRecord {
  const { nodeInfo: _left, ...task } = record.task;
  return { ...record, task: { ...task, ...moveTo(record.task, 'active', now) } };
}

/** The task's process is about to start again after a failure. The state stays what it is. */
export function retryTask(record: TaskRecord, now: Instant): TaskRecord {
  const execution = record.task.executionInfo;
  return {
    ...record,
    task: {
      ...record.task,
      executionInfo: {
        ...execution,
        startTime: toTimestamp(now),
        retryCount: execution.retryCount + 1,
        lastRetryTime: toTimestamp(now),
      },
    },
  };
}

/** Whether an attempt that ended so is to be repeated. A limit of -1 means without end. */
export function mayRetry(task: Task, outcome: TaskOutcome): boolean {
  if (outcome.kind !== 'exited' || outcome.exitCode === 0) return false;
  const limit = task.constraints.maxTaskRetryCount;
  return limit < 0 || task.executionInfo.retryCount < limit;
}

/** The task is over. */
export function completeTask(record: TaskRecord, outcome: TaskOutcome, now: Instant): TaskRecord {
  const { task } = record;
  const { startTime, retryCount, lastRetryTime, requeueCount, lastRequeueTime } = task.executionInfo;
  const failure = outcome.kind === 'exited' ? exitFailure(outcome.exitCode) : outcome.failure;
  const executionInfo: TaskExecution = {
    ...(startTime === undefined ? {} : { startTime }),
    endTime: toTimestamp(now),
    ...(outcome.kind !== 'notStarted' && outcome.exitCode !== undefined
      ? { exitCode: outcome.exitCode }
      : {}),
    ...(failure === undefined ? {} : { failureInfo: failure }),
    result: failure === undefined ? 'success' : 'failure',
    retryCount,
    ...(lastRetryTime === undefined ? {} : { lastRetryTime }),
    requeueCount,
    ...(lastRequeueTime === undefined ? {} : { lastRequeueTime }),
  };
  const nodeInfo = task.nodeInfo ?? {};
  return { ...record, task: { ...task, ...moveTo(task, 'completed', now), executionInfo, nodeInfo } };
}

/** The node was lost or the job disabled: back to the queue. */
export function requeueTask(record: TaskRecord, now: Instant): TaskRecord {
  const { task } = record;
  const { nodeInfo: _left, ...rest } = task;
  const { retryCount, lastRetryTime, requeueCount } = task.executionInfo;
  return {
    ...record,
    order: now,
    task: {
      ...rest,
      ...moveTo(task, 'active', now),
      executionInfo: {
        retryCount,
        ...(lastRetryTime === undefined ? {} : { lastRetryTime }),
        requeueCount: requeueCount + 1,
        lastRequeueTime: toTimestamp(now),
      },
    },
  };
}

/** The client asks for a failed task to be run again. A user's change: the version changes. */
export function reactivateTask(record: TaskRecord, now: Instant): TaskRecord {
  const { nodeInfo: _left, ...rest } = record.task;
  return {
    ...record,
    order: now,
    task: {
      ...rest,
      ...moveTo(record.task, 'active', now),
      ...touched(now),
      executionInfo: { retryCount: 0, requeueCount: 0 },
    },
  };
}

/** The failure that stands in a task which the client, or its job, ended. */
export const ENDED_BY_USER: FailureInformation = {
  category: 'UserError',
  code: 'TaskEnded',
  message: 'Task Was Ended by User Request',
};

export const ENDED_BY_WALL_CLOCK: FailureInformation = {
  category: 'UserError',
  code: 'TaskEnded',
  message: 'The task exceeded its maximum wall-clock time',
};

/** What becomes of a task that is to run in a container, since nodes of the emulator have none. */
export const NO_CONTAINERS: FailureInformation = {
  category: 'UserError',
  code: 'ContainerMiscError',
  message: 'There was an error encountered while attempting to run the task in a container',
  details: [{ name: 'Message', value: 'The azb emulator does not run containers yet' }],
};

/** The exit code that the service gives to a task that exceeded its time (Windows' "control-C exit"). */
export const WALL_CLOCK_EXIT_CODE = -1073741510;

/** What an exit code says of success; undefined when it is one. */
export function exitFailure(exitCode: number): FailureInformation | undefined {
  if (exitCode === 0) return undefined;
  return {
    category: 'UserError',
    code: 'FailureExitCode',
    message: 'The task exited with an exit code representing a failure',
    details: [
      { name: 'Message', value: 'The task process exited with an unexpected exit code' },
      { name: 'AdditionalErrorCode', value: 'FailureExitCode' },
    ],
  };
}

/**
 * What is to happen to dependents and to the job now that the task is completed. The most specific exit
 * condition counts: the exit code, a range of exit codes, the kind of failure, the default.
 * @see https://learn.microsoft.com/rest/api/batchservice/task/add#exitconditions
 */
export function exitActions(task: Task): Required<{ [K in keyof ExitOptions]: NonNullable<ExitOptions[K]> }> {
  const { result } = task.executionInfo;
  const chosen = chooseExitOptions(task);
  return {
    jobAction: chosen?.jobAction ?? (result === 'success' ? 'none' : 'terminate'),
    dependencyAction: chosen?.dependencyAction ?? (result === 'success' ? 'satisfy' : 'block'),
  };
}

function chooseExitOptions(task: Task): ExitOptions | undefined {
  const conditions = task.exitConditions;
  const { exitCode, failureInfo } = task.executionInfo;
  if (conditions === undefined) return undefined;
  if (exitCode === undefined && failureInfo !== undefined && failureInfo.code !== 'TaskEnded') {
    return conditions.preProcessingError ?? conditions.default;
  }
  if (exitCode !== undefined) {
    const exact = conditions.exitCodes?.find((each) => each.code === exitCode);
    if (exact !== undefined) return exact.exitOptions;
    const range = conditions.exitCodeRanges?.find((each) => each.start <= exitCode && exitCode <= each.end);
    if (range !== undefined) return range.exitOptions;
    if (isUploadFailure(failureInfo)) return conditions.fileUploadError ?? conditions.default;
    if (exitCode === 0) return undefined;
  }
  return conditions.default;
}

function moveTo(task: Task, state: TaskState, now: Instant) {
  return {
    state,
    stateTransitionTime: toTimestamp(now),
    previousState: task.state,
    previousStateTransitionTime: task.stateTransitionTime,
  };
}

/** The version that a user's change leaves. */
export function touched(now: Instant): { eTag: string; lastModified: string } {
  return { eTag: toETag(now), lastModified: toTimestamp(now) };
}
