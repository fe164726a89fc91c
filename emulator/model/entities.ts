import type { PackageReference } from '../packages/application-catalog.ts';
import type { EnvironmentSetting } from '../runner/index.ts';
import type { FailureInformation, NameValue, ResizeError } from './failures.ts';
import type {
  JobManagerTask,
  JobPreparationTask,
  JobReleaseTask,
  JobSchedulingError,
  PoolInformation,
} from './job-parts.ts';
import type {
  AutoScaleRun,
  CertificateReference,
  ImageReference,
  InboundNatPool,
  InstalledPackage,
} from './pool-parts.ts';
import type { OutputFile, ResourceFile } from './task-files.ts';
import type { ExitConditions, MultiInstanceSettings, TaskDependencies, TaskNode } from './task-parts.ts';

/**
 * The service's resources as they are stored: in wire form, without the members that depend on the address by
 * which a client came (`url` and the like), which the views add. Members that the emulator only hands back
 * are not named here; they ride along in the objects.
 */
export interface Entity {
  readonly id: string;
  readonly eTag: string;
  readonly lastModified: string;
  readonly creationTime: string;
}

export interface StartTask {
  readonly commandLine: string;
  readonly resourceFiles?: readonly ResourceFile[] | undefined;
  readonly environmentSettings?: readonly EnvironmentSetting[] | undefined;
  readonly maxTaskRetryCount?: number | undefined;
  readonly waitForSuccess?: boolean | undefined;
}

export type AllocationState = 'steady' | 'resizing' | 'stopping';
/** Ways to leave a node that wait for its tasks. */
export type PatientOption = 'taskcompletion' | 'retaineddata';
export type DeallocationOption = 'requeue' | 'terminate' | PatientOption;

export interface Pool extends Entity {
  readonly state: 'active' | 'deleting';
  readonly stateTransitionTime: string;
  readonly allocationState: AllocationState;
  readonly allocationStateTransitionTime: string;
  readonly vmSize: string;
  readonly virtualMachineConfiguration?: {
    readonly imageReference: ImageReference;
    readonly nodeAgentSKUId: string;
  };
  readonly resizeTimeout: string;
  readonly resizeErrors?: readonly ResizeError[] | undefined;
  readonly currentDedicatedNodes: number;
  readonly currentLowPriorityNodes: number;
  readonly targetDedicatedNodes: number;
  readonly targetLowPriorityNodes: number;
  readonly enableAutoScale: boolean;
  readonly autoScaleFormula?: string | undefined;
  readonly autoScaleEvaluationInterval?: string | undefined;
  readonly autoScaleRun?: AutoScaleRun | undefined;
  readonly enableInterNodeCommunication: boolean;
  readonly startTask?: StartTask | undefined;
  readonly taskSlotsPerNode: number;
  readonly taskSchedulingPolicy: { readonly nodeFillType: string };
  readonly applicationPackageReferences?: readonly PackageReference[] | undefined;
  readonly certificateReferences?: readonly CertificateReference[] | undefined;
  readonly networkConfiguration?:
    | {
        readonly endpointConfiguration?:
          | { readonly inboundNATPools?: readonly InboundNatPool[] | undefined }
          | undefined;
      }
    | undefined;
}

/** A pool with what the service keeps to itself. */
export interface PoolRecord {
  readonly pool: Pool;
  /** What becomes of the tasks on nodes that the running resize or deletion takes away. */
  readonly deallocation: DeallocationOption;
  /** Nodes that the client asked to remove by id. */
  readonly removing?: readonly string[] | undefined;
}

export type NodeState =
  | 'creating'
  | 'starting'
  | 'waitingforstarttask'
  | 'starttaskfailed'
  | 'idle'
  | 'running'
  | 'offline'
  | 'rebooting'
  | 'reimaging'
  | 'leavingpool'
  | 'unusable'
  | 'unknown'
  | 'preempted';

export interface StartTaskInformation {
  readonly state: 'running' | 'completed';
  readonly startTime: string;
  readonly endTime?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly failureInfo?: FailureInformation | undefined;
  readonly retryCount: number;
  readonly lastRetryTime?: string | undefined;
  readonly result?: 'success' | 'failure' | undefined;
}

/** A task that ran, or runs, on a node; the view adds its url. */
export interface RecentTask {
  readonly jobId: string;
  readonly taskId: string;
  readonly subtaskId?: number | undefined;
  readonly taskState: TaskState;
  readonly executionInfo: TaskExecution;
}

export interface ComputeNode {
  readonly id: string;
  readonly state: NodeState;
  readonly schedulingState: 'enabled' | 'disabled';
  readonly stateTransitionTime: string;
  readonly lastBootTime?: string | undefined;
  readonly allocationTime: string;
  readonly ipAddress: string;
  readonly affinityId: string;
  readonly vmSize: string;
  readonly totalTasksRun: number;
  readonly totalTasksSucceeded: number;
  readonly runningTasksCount: number;
  readonly runningTaskSlotsCount: number;
  readonly recentTasks?: readonly RecentTask[] | undefined;
  readonly startTask?: StartTask | undefined;
  readonly startTaskInfo?: StartTaskInformation | undefined;
  /** What the pool said when the node booted. */
  readonly certificateReferences?: readonly CertificateReference[] | undefined;
  readonly errors?: readonly NodeError[] | undefined;
  readonly isDedicated: boolean;
}

/** Something that keeps a node from being of use. */
export interface NodeError {
  readonly code: string;
  readonly message: string;
  readonly errorDetails?: readonly NameValue[] | undefined;
}

export interface NodeUser {
  readonly name: string;
  readonly isAdmin: boolean;
  readonly expiryTime: string;
}

/** A node with its pool and its number in it, from which its addresses follow. */
export interface NodeRecord {
  readonly poolId: string;
  readonly index: number;
  readonly node: ComputeNode;
  /** The users that clients added, those that have expired among them. */
  readonly users?: readonly NodeUser[] | undefined;
  /** The pool's packages, as they were unpacked when the node booted. */
  readonly packages?: readonly InstalledPackage[] | undefined;
  /** Where the node goes once its tasks have ended and, if asked for, their data has expired; no task starts meanwhile. */
  readonly awaits?: { readonly state: NodeState; readonly how: PatientOption } | undefined;
}

export interface Certificate {
  /** In lower case. */
  readonly thumbprint: string;
  readonly thumbprintAlgorithm: string;
  readonly state: 'active' | 'deleting' | 'deletefailed';
  readonly stateTransitionTime: string;
  readonly previousState?: Certificate['state'] | undefined;
  readonly previousStateTransitionTime?: string | undefined;
  readonly publicData?: string | undefined;
  readonly deleteCertificateError?: ResizeError | undefined;
}

export type JobState =
  | 'active'
  | 'disabling'
  | 'disabled'
  | 'enabling'
  | 'terminating'
  | 'completed'
  | 'deleting';

export interface JobExecution {
  readonly startTime: string;
  readonly endTime?: string | undefined;
  readonly poolId?: string | undefined;
  readonly schedulingError?: JobSchedulingError | undefined;
  readonly terminateReason?: string | undefined;
}

export interface Job extends Entity {
  readonly state: JobState;
  readonly stateTransitionTime: string;
  readonly previousState?: JobState | undefined;
  readonly previousStateTransitionTime?: string | undefined;
  readonly priority: number;
  readonly maxParallelTasks: number;
  readonly usesTaskDependencies: boolean;
  readonly allowTaskPreemption: boolean;
  readonly constraints: { readonly maxWallClockTime: string; readonly maxTaskRetryCount: number };
  readonly jobManagerTask?: JobManagerTask | undefined;
  readonly jobPreparationTask?: JobPreparationTask | undefined;
  readonly jobReleaseTask?: JobReleaseTask | undefined;
  readonly commonEnvironmentSettings?: readonly EnvironmentSetting[] | undefined;
  readonly poolInfo: PoolInformation;
  readonly executionInfo: JobExecution;
  readonly onAllTasksComplete: 'noaction' | 'terminatejob';
  readonly onTaskFailure: 'noaction' | 'performexitoptionsjobaction';
}

/** A job with the number under which its tasks are stored. Numbers are never used twice, ids may be. */
export interface JobRecord {
  readonly number: number;
  readonly job: Job;
  /** The schedule that made the job, if one did. */
  readonly scheduleId?: string | undefined;
}

export type TaskState = 'active' | 'preparing' | 'running' | 'completed';

export interface TaskExecution {
  readonly startTime?: string | undefined;
  readonly endTime?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly failureInfo?: FailureInformation | undefined;
  readonly retryCount: number;
  readonly lastRetryTime?: string | undefined;
  readonly requeueCount: number;
  readonly lastRequeueTime?: string | undefined;
  readonly result?: 'success' | 'failure' | undefined;
}

export interface Task extends Entity {
  readonly state: TaskState;
  readonly stateTransitionTime: string;
  readonly previousState?: TaskState | undefined;
  readonly previousStateTransitionTime?: string | undefined;
  readonly commandLine: string;
  readonly containerSettings?: { readonly imageName: string } | undefined;
  readonly environmentSettings?: readonly EnvironmentSetting[] | undefined;
  readonly affinityInfo?: { readonly affinityId: string } | undefined;
  readonly exitConditions?: ExitConditions | undefined;
  readonly authenticationTokenSettings?: { readonly access?: readonly string[] } | undefined;
  readonly dependsOn?: TaskDependencies | undefined;
  readonly applicationPackageReferences?: readonly PackageReference[] | undefined;
  readonly resourceFiles?: readonly ResourceFile[] | undefined;
  readonly outputFiles?: readonly OutputFile[] | undefined;
  readonly multiInstanceSettings?: MultiInstanceSettings | undefined;
  readonly constraints: {
    readonly maxWallClockTime: string;
    readonly retentionTime: string;
    readonly maxTaskRetryCount: number;
  };
  readonly requiredSlots: number;
  readonly executionInfo: TaskExecution;
  readonly nodeInfo?: TaskNode | undefined;
}

/** One of the instances of a multi-instance task, beside the first, which is the task itself. */
export interface Subtask {
  /** From 1 on. */
  readonly id: number;
  /** The view adds the urls. */
  readonly nodeInfo: TaskNode;
  readonly startTime?: string | undefined;
  readonly endTime?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly failureInfo?: FailureInformation | undefined;
  readonly state: 'preparing' | 'running' | 'completed';
  readonly stateTransitionTime: string;
  readonly previousState?: Subtask['state'] | undefined;
  readonly previousStateTransitionTime?: string | undefined;
  readonly result?: 'success' | 'failure' | undefined;
}

/** A task with what the service keeps to itself. */
export interface TaskRecord {
  readonly task: Task;
  /** Place in the queue: tasks start in the order in which they became active. */
  readonly order: number;
  /** Dependencies not satisfied yet; the task is not scheduled until it is zero. */
  readonly unmet: number;
  /** The other instances of a multi-instance task. */
  readonly subtasks?: readonly Subtask[] | undefined;
}
