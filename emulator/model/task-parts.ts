import type { ResourceFile } from './task-files.ts';

/** Where a task ran; empty for a task that ended without ever having run. The view adds the urls. */
export interface TaskNode {
  readonly affinityId?: string | undefined;
  readonly poolId?: string | undefined;
  readonly nodeId?: string | undefined;
  readonly taskRootDirectory?: string | undefined;
}

export interface ExitOptions {
  readonly jobAction?: 'none' | 'disable' | 'terminate' | undefined;
  readonly dependencyAction?: 'satisfy' | 'block' | undefined;
}

export interface ExitConditions {
  readonly exitCodes?: readonly { readonly code: number; readonly exitOptions: ExitOptions }[] | undefined;
  readonly exitCodeRanges?:
    | readonly { readonly start: number; readonly end: number; readonly exitOptions: ExitOptions }[]
    | undefined;
  readonly preProcessingError?: ExitOptions | undefined;
  readonly fileUploadError?: ExitOptions | undefined;
  readonly default?: ExitOptions | undefined;
}

export interface MultiInstanceSettings {
  /** One when absent. */
  readonly numberOfInstances?: number | undefined;
  readonly coordinationCommandLine: string;
  readonly commonResourceFiles?: readonly ResourceFile[] | undefined;
}

export interface TaskDependencies {
  readonly taskIds?: readonly string[] | undefined;
  readonly taskIdRanges?: readonly { readonly start: number; readonly end: number }[] | undefined;
}
