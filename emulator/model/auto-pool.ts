import { randomUUID } from 'node:crypto';
import type { ErrorCode, ErrorValue } from '../errors.ts';
import type { JobSchedulingError, PoolInformation } from './job-parts.ts';
import { machineDefaults } from './machine-defaults.ts';
import { cloudServiceDefaults, withStartTaskDefaults } from './pool.ts';
import { withoutSecrets } from './secrets.ts';

/** What is not said of an auto pool, as the service shows it. */
export function withAutoPoolDefaults(info: PoolInformation): PoolInformation {
  const { autoPoolSpecification: specification } = info;
  if (specification === undefined) return info;
  const { autoPoolIdPrefix, poolLifetimeOption, keepAlive = false, pool } = specification;
  return {
    ...info,
    autoPoolSpecification: {
      ...(autoPoolIdPrefix === undefined ? {} : { autoPoolIdPrefix }),
      poolLifetimeOption,
      keepAlive,
      ...(pool === undefined ? {} : { pool: shownPool(pool) }),
    },
  };
}

function shownPool(pool: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { vmSize, startTask, displayName } = pool;
  const scales = pool.enableAutoScale === true;
  return {
    ...(displayName === undefined ? {} : { displayName }),
    // First in the order in which the service shows the members.
    vmSize,
    taskSlotsPerNode: 1,
    taskSchedulingPolicy: { nodeFillType: 'Spread' },
    resizeTimeout: 'PT15M',
    ...(scales ? {} : { targetDedicatedNodes: 0, targetLowPriorityNodes: 0 }),
    enableAutoScale: false,
    enableInterNodeCommunication: false,
    ...withoutSecrets(pool),
    ...machineDefaults(withoutSecrets(pool)),
    ...cloudServiceDefaults(pool),
    ...(typeof vmSize === 'string' ? { vmSize: vmSize.toLowerCase() } : {}),
    ...(isStartTask(startTask) ? { startTask: withStartTaskDefaults(withoutSecrets(startTask)) } : {}),
  };
}

function isStartTask(value: unknown): value is Parameters<typeof withStartTaskDefaults>[0] {
  return typeof value === 'object' && value !== null && 'commandLine' in value;
}

/** An id that no other pool has: the prefix and a GUID in capitals. */
export function autoPoolId(prefix: string | undefined): string {
  const unique = randomUUID().toUpperCase();
  return prefix === undefined || prefix === '' ? unique : `${prefix}_${unique}`;
}

/** Code of the scheduling error for each refusal of a pool that a client would have been told. */
const SCHEDULING_CODES: Partial<Record<ErrorCode, string>> = {
  PoolQuotaReached: 'AutoPoolCreationFailedWithQuotaReached',
  InvalidApplicationPackageReferences: 'InvalidApplicationPackageReferencesInAutoPool',
  InvalidCertificateReferences: 'InvalidCertificatesInAutoPool',
  AutoScalingFormulaSyntaxError: 'InvalidAutoScaleFormulaInAutoPool',
  AutoScalingFormulaTooLong: 'InvalidAutoScaleFormulaInAutoPool',
  InvalidAutoScalingSettings: 'InvalidAutoScaleFormulaInAutoPool',
};

/** What the service says of references that lead nowhere. */
const REFERENCE_MESSAGES: Partial<Record<ErrorCode, string>> = {
  InvalidApplicationPackageReferences: 'One or more application packages specified for the pool are invalid',
  InvalidCertificateReferences: 'One or more certificates specified for the pool are invalid',
};

/** How a job shows that its pool was refused. */
export function schedulingError(refusal: {
  readonly code: ErrorCode;
  readonly message: string;
  readonly values: readonly ErrorValue[];
}): JobSchedulingError {
  const { code, message, values } = refusal;
  return {
    category: 'UserError',
    code: SCHEDULING_CODES[code] ?? 'InvalidAutoPoolSettings',
    message: REFERENCE_MESSAGES[code] ?? `The auto pool of the job could not be created: ${message}`,
    ...(values.length === 0 ? {} : { details: values.map(({ key, value }) => ({ name: key, value })) }),
  };
}
