import { type Instant, toETag, toTimestamp } from '../clock.ts';
import type { AllocationState, DeallocationOption, Pool, PoolRecord, StartTask } from './entities.ts';
import type { ResizeError } from './failures.ts';
import { machineDefaults } from './machine-defaults.ts';
import { withoutSecrets } from './secrets.ts';

/** What a client may say of a pool, as far as the emulator looks at it; other members ride along. */
export interface PoolDefinition extends Partial<Omit<Pool, 'id' | 'vmSize'>>, Pick<Pool, 'id' | 'vmSize'> {
  readonly metadata?: unknown;
  readonly cloudServiceConfiguration?: { readonly osFamily: string; readonly osVersion?: string };
}

const DEFAULT_RESIZE_TIMEOUT = 'PT15M';

/** A new pool, with the defaults that the service shows; it starts out resizing, even to no nodes at all. */
export function createPool(definition: PoolDefinition, now: Instant): PoolRecord {
  const time = toTimestamp(now);
  const { startTask, taskSchedulingPolicy, ...given } = withoutSecrets(definition);
  const rest = { ...given, ...machineDefaults(given) } as typeof given;
  const pool: Pool = {
    enableInterNodeCommunication: false,
    taskSlotsPerNode: 1,
    ...rest,
    eTag: toETag(now),
    lastModified: time,
    creationTime: time,
    state: 'active',
    stateTransitionTime: time,
    allocationState: 'resizing',
    allocationStateTransitionTime: time,
    vmSize: definition.vmSize.toLowerCase(),
    resizeTimeout: definition.resizeTimeout ?? DEFAULT_RESIZE_TIMEOUT,
    enableAutoScale: scalesItself(definition),
    ...(scalesItself(definition)
      ? { autoScaleEvaluationInterval: definition.autoScaleEvaluationInterval ?? 'PT15M' }
      : {}),
    currentDedicatedNodes: 0,
    currentLowPriorityNodes: 0,
    targetDedicatedNodes: definition.targetDedicatedNodes ?? 0,
    targetLowPriorityNodes: definition.targetLowPriorityNodes ?? 0,
    startTask: startTask === undefined ? undefined : withStartTaskDefaults(startTask),
    taskSchedulingPolicy: taskSchedulingPolicy ?? { nodeFillType: 'Spread' },
    ...imageDefaults(rest),
    ...cloudServiceDefaults(rest),
  } as Pool;
  return { pool, deallocation: 'requeue' };
}

/**
 * Whether the pool is to follow a formula. The Azure CLI gives the formula alone, without saying that it is to be
 * followed; that is taken for what it must mean.
 */
export function scalesItself({ enableAutoScale, autoScaleFormula }: PoolDefinition): boolean {
  return enableAutoScale ?? autoScaleFormula !== undefined;
}

/** Without a version, the nodes of a cloud service get the latest one of their family. */
export function cloudServiceDefaults({
  cloudServiceConfiguration,
}: Pick<PoolDefinition, 'cloudServiceConfiguration'>): Pick<PoolDefinition, 'cloudServiceConfiguration'> {
  if (cloudServiceConfiguration === undefined) return {};
  return {
    cloudServiceConfiguration: {
      ...cloudServiceConfiguration,
      osVersion: cloudServiceConfiguration.osVersion ?? '*',
    },
  };
}

function imageDefaults(definition: PoolDefinition): Partial<Pool> {
  const machine = definition.virtualMachineConfiguration;
  if (machine === undefined) return {};
  const { imageReference } = machine;
  const version = imageReference.virtualMachineImageId === undefined ? { version: 'latest' } : {};
  return {
    virtualMachineConfiguration: {
      ...machine,
      imageReference: { ...imageReference, ...version, ...present(imageReference) },
    },
  };
}

function present<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member != null && member !== ''),
  ) as Partial<T>;
}

/** A start task as the service shows it. */
export function withStartTaskDefaults(startTask: StartTask): StartTask {
  const { commandLine, ...rest } = startTask;
  const shown = {
    commandLine,
    userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } },
    maxTaskRetryCount: 0,
    waitForSuccess: true,
    ...rest,
  };
  return shown;
}

/** The pool in another allocation state. */
export function moveAllocation(pool: Pool, allocationState: AllocationState, now: Instant): Pool {
  return { ...pool, allocationState, allocationStateTransitionTime: toTimestamp(now) };
}

/** What a resize is to come to. */
export interface ResizeTargets {
  readonly dedicated: number;
  readonly lowPriority: number;
  readonly deallocation: DeallocationOption;
  readonly removing?: readonly string[];
  /** How long the resize may take; 15 minutes when nothing is said. */
  readonly timeout?: string | undefined;
  /** Whether autoscaling resizes the pool rather than a client; the version then stays. */
  readonly byService?: boolean;
}

/** The pool on its way to new targets. */
export function beginResize(record: PoolRecord, targets: ResizeTargets, now: Instant): PoolRecord {
  const pool: Pool = {
    ...moveAllocation(record.pool, 'resizing', now),
    targetDedicatedNodes: targets.dedicated,
    targetLowPriorityNodes: targets.lowPriority,
    resizeErrors: undefined,
    ...(targets.byService
      ? {}
      : {
          resizeTimeout: targets.timeout ?? DEFAULT_RESIZE_TIMEOUT,
          eTag: toETag(now),
          lastModified: toTimestamp(now),
        }),
  };
  return { pool, deallocation: targets.deallocation, removing: targets.removing };
}

/** The resize is over, with what it could not do. */
export function endResize(record: PoolRecord, errors: readonly ResizeError[], now: Instant): PoolRecord {
  const pool = moveAllocation(record.pool, 'steady', now);
  return {
    pool: { ...pool, resizeErrors: errors.length === 0 ? undefined : errors },
    deallocation: record.deallocation,
  };
}

/** The pool on its way out: no nodes wanted any more. */
export function beginDelete(record: PoolRecord, now: Instant): PoolRecord {
  const pool = moveAllocation(record.pool, 'resizing', now);
  return {
    pool: {
      ...pool,
      state: 'deleting',
      stateTransitionTime: toTimestamp(now),
      targetDedicatedNodes: 0,
      targetLowPriorityNodes: 0,
    },
    deallocation: 'requeue',
  };
}

const UNFINISHED = {
  ResizeStopped: 'due to a stop resize operation',
  AllocationTimedout: 'as the resize timeout was reached',
} as const;

/** What an unfinished resize leaves behind: each count that it did not reach becomes an error. */
export function unfinishedErrors(pool: Pool, code: keyof typeof UNFINISHED): ResizeError[] {
  const missed = [
    ...(pool.currentDedicatedNodes === pool.targetDedicatedNodes ? [] : ['dedicated']),
    ...(pool.currentLowPriorityNodes === pool.targetLowPriorityNodes ? [] : ['low priority']),
  ];
  return missed.map((kind) => ({
    code,
    message: `Desired number of ${kind} nodes could not be allocated ${UNFINISHED[code]}`,
  }));
}
