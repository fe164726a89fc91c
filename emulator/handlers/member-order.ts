/**
 * The order in which the service shows the members of its entities. Members that are not named follow.
 * Clients that read JSON do not care; people who compare do.
 */
const MEMBER_ORDER = {
  pool: [
    ...['id', 'displayName', 'url', 'eTag', 'lastModified', 'creationTime', 'state', 'stateTransitionTime'],
    ...['allocationState', 'allocationStateTransitionTime', 'vmSize', 'resizeTimeout', 'resizeErrors'],
    ...['currentDedicatedNodes', 'targetDedicatedNodes', 'currentLowPriorityNodes', 'targetLowPriorityNodes'],
    ...['enableAutoScale', 'autoScaleFormula', 'autoScaleEvaluationInterval', 'autoScaleRun'],
    ...['enableInterNodeCommunication', 'startTask', 'certificateReferences'],
    ...['applicationPackageReferences', 'userAccounts', 'metadata', 'taskSlotsPerNode'],
    ...['taskSchedulingPolicy', 'virtualMachineConfiguration', 'applicationLicenses'],
    ...['networkConfiguration', 'mountConfiguration', 'cloudServiceConfiguration'],
    ...['targetNodeCommunicationMode', 'currentNodeCommunicationMode'],
  ],
  node: [
    ...['id', 'url', 'state', 'schedulingState', 'stateTransitionTime', 'lastBootTime', 'allocationTime'],
    ...['ipAddress', 'affinityId', 'vmSize', 'totalTasksRun', 'totalTasksSucceeded', 'runningTasksCount'],
    ...[
      'runningTaskSlotsCount',
      'recentTasks',
      'startTask',
      'startTaskInfo',
      'certificateReferences',
      'errors',
    ],
    ...['isDedicated', 'endpointConfiguration', 'nodeAgentInfo', 'virtualMachineInfo'],
  ],
  startTaskInfo: ['state', 'startTime', 'endTime', 'exitCode', 'failureInfo', 'retryCount', 'lastRetryTime'],
  jobNodeTask: [
    ...['startTime', 'endTime', 'state', 'taskRootDirectory', 'taskRootDirectoryUrl', 'exitCode'],
    ...['failureInfo', 'retryCount', 'lastRetryTime', 'result'],
  ],
  subtask: [
    ...['id', 'startTime', 'endTime', 'state', 'stateTransitionTime', 'previousState'],
    ...['previousStateTransitionTime', 'result', 'exitCode', 'failureInfo', 'nodeInfo'],
  ],
  job: [
    ...['id', 'displayName', 'url', 'eTag', 'lastModified', 'creationTime', 'state', 'stateTransitionTime'],
    ...[
      'previousState',
      'previousStateTransitionTime',
      'priority',
      'maxParallelTasks',
      'usesTaskDependencies',
    ],
    ...['allowTaskPreemption', 'constraints', 'jobManagerTask', 'jobPreparationTask', 'jobReleaseTask'],
    ...['commonEnvironmentSettings', 'poolInfo', 'metadata', 'executionInfo', 'onAllTasksComplete'],
    ...['onTaskFailure', 'networkConfiguration'],
  ],
  jobSchedule: [
    ...['id', 'displayName', 'url', 'eTag', 'lastModified', 'creationTime', 'state', 'stateTransitionTime'],
    ...['previousState', 'previousStateTransitionTime', 'schedule', 'jobSpecification', 'executionInfo'],
    ...['metadata'],
  ],
  task: [
    ...['id', 'displayName', 'url', 'eTag', 'creationTime', 'lastModified', 'state', 'stateTransitionTime'],
    ...['previousState', 'previousStateTransitionTime', 'commandLine', 'containerSettings', 'resourceFiles'],
    ...['outputFiles', 'environmentSettings', 'affinityInfo', 'userIdentity', 'exitConditions'],
    ...['multiInstanceSettings', 'dependsOn', 'applicationPackageReferences', 'authenticationTokenSettings'],
    ...['constraints', 'requiredSlots', 'executionInfo', 'nodeInfo'],
  ],
} as const satisfies Record<string, readonly string[]>;

/** The entity with its members in the service's order, without those that are undefined. */
export function inOrder(kind: keyof typeof MEMBER_ORDER, entity: object): object {
  const given = entity as Readonly<Record<string, unknown>>;
  const ordered: Record<string, unknown> = {};
  for (const name of MEMBER_ORDER[kind]) {
    if (given[name] !== undefined) ordered[name] = given[name];
  }
  for (const name in given) {
    if (!(name in ordered) && given[name] !== undefined) ordered[name] = given[name];
  }
  return ordered;
}
