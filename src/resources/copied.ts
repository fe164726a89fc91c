/**
 * What an entity can be made with, as the service's add operations take it: a copy keeps these properties and
 * loses those that the service writes (state, url, times, node counts …).
 */

/** @see https://learn.microsoft.com/rest/api/batchservice/pool/add */
export const POOL_COPIED: readonly string[] = [
  'id',
  'displayName',
  'vmSize',
  'cloudServiceConfiguration',
  'virtualMachineConfiguration',
  'resizeTimeout',
  'targetDedicatedNodes',
  'targetLowPriorityNodes',
  'enableAutoScale',
  'autoScaleFormula',
  'autoScaleEvaluationInterval',
  'enableInterNodeCommunication',
  'networkConfiguration',
  'startTask',
  'certificateReferences',
  'applicationPackageReferences',
  'applicationLicenses',
  'taskSlotsPerNode',
  'taskSchedulingPolicy',
  'userAccounts',
  'metadata',
  'mountConfiguration',
  'targetNodeCommunicationMode',
];

/** @see https://learn.microsoft.com/rest/api/batchservice/job/add */
export const JOB_COPIED: readonly string[] = [
  'id',
  'displayName',
  'priority',
  'maxParallelTasks',
  'allowTaskPreemption',
  'constraints',
  'jobManagerTask',
  'jobPreparationTask',
  'jobReleaseTask',
  'commonEnvironmentSettings',
  'poolInfo',
  'onTaskFailure',
  'metadata',
  'usesTaskDependencies',
  'networkConfiguration',
];

/** @see https://learn.microsoft.com/rest/api/batchservice/job-schedule/add */
export const SCHEDULE_COPIED: readonly string[] = [
  'id',
  'displayName',
  'schedule',
  'jobSpecification',
  'metadata',
];

/** @see https://learn.microsoft.com/rest/api/batchservice/task/add */
export const TASK_COPIED: readonly string[] = [
  'id',
  'displayName',
  'commandLine',
  'containerSettings',
  'exitConditions',
  'resourceFiles',
  'outputFiles',
  'environmentSettings',
  'affinityInfo',
  'constraints',
  'requiredSlots',
  'userIdentity',
  'multiInstanceSettings',
  'dependsOn',
  'applicationPackageReferences',
  'authenticationTokenSettings',
];
