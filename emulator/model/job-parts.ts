import type { EnvironmentSetting } from '../runner/index.ts';
import type { OutputFile, ResourceFile } from './task-files.ts';

/** Members of jobs and of the specifications of schedules' jobs that are small worlds of their own. */

interface PartConstraints {
  readonly maxWallClockTime?: string | undefined;
  readonly retentionTime?: string | undefined;
  readonly maxTaskRetryCount?: number | undefined;
}

/** A task that comes with its job, and with whose end the job may end. */
export interface JobManagerTask {
  readonly id: string;
  readonly displayName?: string | undefined;
  readonly commandLine: string;
  readonly resourceFiles?: readonly ResourceFile[] | undefined;
  readonly outputFiles?: readonly OutputFile[] | undefined;
  readonly environmentSettings?: readonly EnvironmentSetting[] | undefined;
  readonly constraints?: PartConstraints | undefined;
  readonly requiredSlots?: number | undefined;
  readonly killJobOnCompletion?: boolean | undefined;
  readonly runExclusive?: boolean | undefined;
  readonly allowLowPriorityNode?: boolean | undefined;
}

/** Runs on a node before the first task of the job does. */
export interface JobPreparationTask {
  readonly id?: string | undefined;
  readonly commandLine: string;
  readonly containerSettings?: { readonly imageName: string } | undefined;
  readonly resourceFiles?: readonly ResourceFile[] | undefined;
  readonly environmentSettings?: readonly EnvironmentSetting[] | undefined;
  readonly constraints?: PartConstraints | undefined;
  readonly waitForSuccess?: boolean | undefined;
  readonly rerunOnNodeRebootAfterSuccess?: boolean | undefined;
}

/** Runs at the job's end on the nodes that were prepared for it. */
export interface JobReleaseTask {
  readonly id?: string | undefined;
  readonly commandLine: string;
  readonly containerSettings?: { readonly imageName: string } | undefined;
  readonly resourceFiles?: readonly ResourceFile[] | undefined;
  readonly environmentSettings?: readonly EnvironmentSetting[] | undefined;
  readonly maxWallClockTime?: string | undefined;
  readonly retentionTime?: string | undefined;
}

export type PoolLifetime = 'job' | 'jobschedule';

/** A pool that is made for a job, or for all jobs of a schedule, and goes with it. */
export interface AutoPoolSpecification {
  readonly autoPoolIdPrefix?: string | undefined;
  readonly poolLifetimeOption: PoolLifetime;
  readonly keepAlive?: boolean | undefined;
  /** The definition of the pool, without an id. */
  readonly pool?: Readonly<Record<string, unknown>> | undefined;
}

/** Where a job's tasks run: on a pool that exists, or on one made for it. */
export interface PoolInformation {
  readonly poolId?: string | undefined;
  readonly autoPoolSpecification?: AutoPoolSpecification | undefined;
}

/** Why a job could not be given its pool. */
export interface JobSchedulingError {
  readonly category: 'UserError' | 'ServerError';
  readonly code: string;
  readonly message: string;
  readonly details?: readonly { readonly name?: string; readonly value?: string }[] | undefined;
}
