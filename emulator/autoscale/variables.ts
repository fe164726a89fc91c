/** Variables of the service that a formula sets. */
const TARGET_VARIABLES = ['$TargetDedicatedNodes', '$TargetLowPriorityNodes'] as const;
export type TargetVariable = (typeof TARGET_VARIABLES)[number];
export const DEALLOCATION_VARIABLE = '$NodeDeallocationOption';

/**
 * Variables of the service that a formula reads: each has a current value and a history of samples.
 * https://learn.microsoft.com/azure/batch/batch-automatic-scaling#variables
 */
export const METRIC_VARIABLES: ReadonlySet<string> = new Set([
  '$CPUPercent',
  '$WallClockSeconds',
  '$MemoryBytes',
  '$DiskBytes',
  '$DiskReadBytes',
  '$DiskWriteBytes',
  '$DiskReadOps',
  '$DiskWriteOps',
  '$NetworkInBytes',
  '$NetworkOutBytes',
  '$SampleNodeCount',
  '$ActiveTasks',
  '$RunningTasks',
  '$PendingTasks',
  '$SucceededTasks',
  '$FailedTasks',
  '$TaskSlotsPerNode',
  '$CurrentDedicatedNodes',
  '$CurrentLowPriorityNodes',
  '$UsableNodeCount',
  '$PreemptedNodeCount',
]);

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['$TargetDedicated', '$TargetDedicatedNodes'],
  ['$TargetLowPriority', '$TargetLowPriorityNodes'],
  ['$CurrentDedicated', '$CurrentDedicatedNodes'],
  ['$CurrentLowPriority', '$CurrentLowPriorityNodes'],
]);

/** The full name of a service variable that was called by its older one; other names are their own. */
export function fullName(name: string): string {
  return ALIASES.get(name) ?? name;
}

/** Whether a name stands for a target, and is its full name. */
export function isTarget(name: string): name is TargetVariable {
  return TARGET_VARIABLES.some((each) => each === name);
}
