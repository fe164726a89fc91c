import { ACCOUNTS, PACKAGES, QUOTAS, VM_SIZES } from './account-samples.ts';
import {
  APPLICATIONS,
  BLOBS,
  CERTIFICATES,
  CONTAINERS,
  FAILURES,
  NODE_HOURS,
  PREPARATIONS,
  STATISTICS,
  SUBTASKS,
  USAGE,
} from './more-samples.ts';

/**
 * Entities as the service sends them, seen at {@link NOW}.
 * @see https://learn.microsoft.com/rest/api/batchservice/
 */

/** The tests' clock, in milliseconds. */
export const NOW = Date.parse('2026-03-02T12:00:00Z');

/** A time so many milliseconds before {@link NOW}, with the service's seven digits. */
export function ago(milliseconds: number): string {
  return new Date(NOW - milliseconds).toISOString().replace('Z', '0000Z');
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const URL = 'https://contoso.westeurope.batch.azure.com';
const UNLIMITED = 'P10675199DT2H48M5.4775807S';

/** A node's id: 72 characters, as the service makes them. */
export function nodeId(number: number): string {
  const digits = (0x79fc1d3e + number * 0x1f3d5b79).toString(16).padStart(8, '0').slice(-8);
  return `tvmps_${digits.repeat(8)}_d`;
}

export function pool(id: string, changes: object = {}): object {
  return {
    id,
    url: `${URL}/pools/${id}`,
    eTag: '0x8DAD25780A9BC2C',
    lastModified: ago(2 * DAY),
    creationTime: ago(2 * DAY),
    state: 'active',
    stateTransitionTime: ago(2 * DAY),
    allocationState: 'steady',
    allocationStateTransitionTime: ago(HOUR),
    vmSize: 'standard_a1_v2',
    resizeTimeout: 'PT15M',
    currentDedicatedNodes: 3,
    targetDedicatedNodes: 3,
    currentLowPriorityNodes: 0,
    targetLowPriorityNodes: 0,
    enableAutoScale: false,
    enableInterNodeCommunication: false,
    taskSlotsPerNode: 1,
    taskSchedulingPolicy: { nodeFillType: 'Spread' },
    virtualMachineConfiguration: {
      imageReference: {
        publisher: 'canonical',
        offer: 'ubuntuserver',
        sku: '16.04-lts',
        version: 'latest',
      },
      nodeAgentSKUId: 'batch.node.ubuntu 16.04',
    },
    ...changes,
  };
}

export const POOLS: readonly object[] = [
  pool('mypool'),
  pool('render-gpu', {
    allocationState: 'resizing',
    vmSize: 'standard_nc6s_v3',
    currentDedicatedNodes: 2,
    targetDedicatedNodes: 12,
    currentLowPriorityNodes: 4,
    targetLowPriorityNodes: 40,
    taskSlotsPerNode: 4,
    creationTime: ago(3 * HOUR + 20 * MINUTE),
  }),
  pool('nightly-autoscale-eastern-region', {
    enableAutoScale: true,
    autoScaleFormula: '$TargetDedicatedNodes = min(10, $PendingTasks.GetSample(1));',
    currentDedicatedNodes: 0,
    targetDedicatedNodes: 0,
    creationTime: ago(41 * DAY),
  }),
  pool('quota', {
    vmSize: 'standard_d64s_v5',
    currentDedicatedNodes: 1,
    targetDedicatedNodes: 50,
    resizeErrors: [
      {
        code: 'AccountCoreQuotaReached',
        message: 'The specified account has reached core quota',
        values: [],
      },
    ],
    creationTime: ago(12 * MINUTE + 5 * SECOND),
  }),
  pool('old', { state: 'deleting', currentDedicatedNodes: 1, targetDedicatedNodes: 0 }),
];

export function node(number: number, changes: object = {}): object {
  const id = nodeId(number);
  return {
    id,
    url: `${URL}/pools/mypool/nodes/${id}`,
    state: 'idle',
    schedulingState: 'enabled',
    stateTransitionTime: ago(5 * MINUTE),
    lastBootTime: ago(20 * MINUTE),
    allocationTime: ago(25 * MINUTE),
    ipAddress: `10.0.0.${3 + number}`,
    affinityId: `TVM:${id}`,
    vmSize: 'standard_a1_v2',
    totalTasksRun: 4,
    totalTasksSucceeded: 4,
    runningTasksCount: 0,
    runningTaskSlotsCount: 0,
    certificateReferences: [],
    isDedicated: true,
    nodeAgentInfo: { lastUpdateTime: ago(20 * MINUTE), version: '1.9.31' },
    ...changes,
  };
}

export const NODES: readonly object[] = [
  node(1),
  node(2, { state: 'running', runningTasksCount: 1, runningTaskSlotsCount: 1, totalTasksRun: 5 }),
  node(3, { state: 'starting', isDedicated: false, schedulingState: 'disabled' }),
  node(4, {
    state: 'starttaskfailed',
    startTaskInfo: {
      state: 'completed',
      exitCode: 127,
      result: 'failure',
      failureInfo: { category: 'usererror', code: 'FailureExitCode', message: 'The task exited …' },
    },
  }),
  node(5, { state: 'unusable', errors: [{ code: 'DiskFull', message: 'There is no room on the disk' }] }),
];

export function job(id: string, changes: object = {}): object {
  return {
    id,
    url: `${URL}/jobs/${id}`,
    eTag: '0x8DAD26B94F308ED',
    lastModified: ago(3 * HOUR),
    creationTime: ago(3 * HOUR),
    state: 'active',
    stateTransitionTime: ago(3 * HOUR),
    priority: 0,
    maxParallelTasks: -1,
    usesTaskDependencies: false,
    allowTaskPreemption: false,
    constraints: { maxWallClockTime: UNLIMITED, maxTaskRetryCount: 0 },
    poolInfo: { poolId: 'mypool' },
    executionInfo: { startTime: ago(3 * HOUR), poolId: 'mypool' },
    onAllTasksComplete: 'noaction',
    onTaskFailure: 'noaction',
    ...changes,
  };
}

export const JOBS: readonly object[] = [
  job('myjob'),
  job('simulation-2026-03', { priority: 100, usesTaskDependencies: true, creationTime: ago(9 * DAY) }),
  job('paused', { state: 'disabled', previousState: 'active', stateTransitionTime: ago(90 * SECOND) }),
  job('nightly:job-12', {
    state: 'completed',
    previousState: 'active',
    executionInfo: {
      startTime: ago(9 * HOUR),
      endTime: ago(8 * HOUR),
      poolId: 'mypool',
      terminateReason: 'AllTasksComplete',
    },
  }),
  job('broken', {
    state: 'completed',
    executionInfo: { startTime: ago(5 * HOUR), endTime: ago(4 * HOUR), terminateReason: 'TaskFailed' },
  }),
];

/** A task that ran to its end, 1.3 seconds long. */
export function task(id: string, changes: object = {}): object {
  const onNode = nodeId(1);
  return {
    id,
    url: `${URL}/jobs/myjob/tasks/${id}`,
    eTag: '0x8D7E61024906257',
    creationTime: ago(10 * MINUTE),
    lastModified: ago(10 * MINUTE),
    state: 'completed',
    stateTransitionTime: ago(4 * MINUTE + 12 * SECOND),
    previousState: 'running',
    commandLine: `/bin/bash -c 'echo $(printenv | grep AZ_BATCH_TASK_ID) processed by'`,
    userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } },
    constraints: { maxWallClockTime: UNLIMITED, retentionTime: 'P7D', maxTaskRetryCount: 0 },
    requiredSlots: 1,
    executionInfo: {
      startTime: ago(4 * MINUTE + 13_300),
      endTime: ago(4 * MINUTE + 12 * SECOND),
      exitCode: 0,
      result: 'success',
      retryCount: 0,
      requeueCount: 0,
    },
    nodeInfo: {
      affinityId: `TVM:${onNode}`,
      nodeUrl: `${URL}/pools/mypool/nodes/${onNode}`,
      poolId: 'mypool',
      nodeId: onNode,
    },
    ...changes,
  };
}

/** What a task that has not run yet says of its execution. */
export const NOT_RUN = { executionInfo: { retryCount: 0, requeueCount: 0 }, nodeInfo: {} };

export const TASKS: readonly object[] = [
  task('mytask1'),
  task('mytask10', { state: 'active', stateTransitionTime: ago(10 * MINUTE), ...NOT_RUN }),
  task('mytask2'),
  task('mytask3', {
    executionInfo: {
      startTime: ago(8 * MINUTE),
      endTime: ago(5 * MINUTE),
      exitCode: 137,
      failureInfo: {
        category: 'usererror',
        code: 'FailureExitCode',
        message: 'The task exited with an exit code representing a failure',
        details: [{ name: 'Message', value: 'The task exited with an exit code representing a failure' }],
      },
      result: 'failure',
      retryCount: 3,
      requeueCount: 0,
    },
  }),
  task('mytask4', {
    state: 'running',
    stateTransitionTime: ago(42 * SECOND),
    executionInfo: { startTime: ago(42 * SECOND), retryCount: 0, requeueCount: 1 },
    nodeInfo: { poolId: 'mypool', nodeId: nodeId(2) },
  }),
  task('mytask5', {
    state: 'preparing',
    stateTransitionTime: ago(2 * SECOND),
    executionInfo: { retryCount: 0, requeueCount: 0 },
    nodeInfo: { poolId: 'mypool', nodeId: nodeId(3) },
  }),
];

export function file(name: string, bytes: number, changes: object = {}): object {
  return {
    name,
    url: `${URL}/jobs/myjob/tasks/mytask1/files/${name}`,
    isDirectory: false,
    properties: {
      creationTime: ago(5 * MINUTE),
      lastModified: ago(4 * MINUTE),
      contentLength: String(bytes),
      contentType: 'text/plain',
      fileMode: '0o100644',
    },
    ...changes,
  };
}

export const FILES: readonly object[] = [
  file('stdout.txt', 1_234_567),
  file('stderr.txt', 0),
  { name: 'wd', url: `${URL}/jobs/myjob/tasks/mytask1/files/wd`, isDirectory: true },
  file('wd/results/frame-0001.exr', 88_000_000),
];

export const JOB_SCHEDULES: readonly object[] = [
  {
    id: 'nightly',
    url: `${URL}/jobschedules/nightly`,
    eTag: '0x8DAD26B94F308ED',
    lastModified: ago(40 * DAY),
    creationTime: ago(40 * DAY),
    state: 'active',
    stateTransitionTime: ago(40 * DAY),
    schedule: { startWindow: 'PT1H', recurrenceInterval: 'P1D' },
    jobSpecification: { priority: 0, onAllTasksComplete: 'terminatejob', poolInfo: { poolId: 'mypool' } },
    executionInfo: {
      nextRunTime: '2026-03-03T01:00:00Z',
      recentJob: { url: `${URL}/jobs/nightly:job-12`, id: 'nightly:job-12' },
    },
  },
];

export function image(publisher: string, offer: string, sku: string, agent: string, os = 'linux'): object {
  return {
    nodeAgentSKUId: agent,
    imageReference: { publisher, offer, sku, version: 'latest' },
    osType: os,
    capabilities: ['NvmeSupported'],
    batchSupportEndOfLife: '2027-04-30T00:00:00Z',
    verificationType: 'verified',
  };
}

export const IMAGES: readonly object[] = [
  image('canonical', 'ubuntuserver', '16.04-lts', 'batch.node.ubuntu 16.04'),
  image('canonical', '0001-com-ubuntu-server-jammy', '22_04-lts', 'batch.node.ubuntu 22.04'),
  image('microsoftwindowsserver', 'windowsserver', '2022-datacenter', 'batch.node.windows amd64', 'windows'),
];

const NO_NODES = {
  creating: 0,
  idle: 0,
  leavingPool: 0,
  offline: 0,
  preempted: 0,
  rebooting: 0,
  reimaging: 0,
  running: 0,
  starting: 0,
  startTaskFailed: 0,
  unusable: 0,
  unknown: 0,
  waitingForStartTask: 0,
  total: 0,
};

export const NODE_COUNTS: readonly object[] = [
  {
    poolId: 'mypool',
    dedicated: { ...NO_NODES, idle: 1, running: 1, startTaskFailed: 1, unusable: 1, total: 4 },
    lowPriority: { ...NO_NODES, starting: 1, total: 1 },
  },
  { poolId: 'render-gpu', dedicated: { ...NO_NODES, idle: 2, total: 2 }, lowPriority: { ...NO_NODES } },
];

export const NODE_TASKS: readonly object[] = [
  {
    taskUrl: `${URL}/jobs/myjob/tasks/mytask1`,
    jobId: 'myjob',
    taskId: 'mytask1',
    taskState: 'completed',
    executionInfo: {
      startTime: ago(5 * MINUTE),
      endTime: ago(4 * MINUTE),
      exitCode: 1,
      result: 'failure',
      retryCount: 0,
      requeueCount: 0,
      failureInfo: { category: 'usererror', code: 'FailureExitCode' },
    },
  },
  { jobId: 'myjob', taskId: 'mytask4', taskState: 'running', executionInfo: { startTime: ago(42_000) } },
];

/** A sample of every resource, by its name in the registry. */
export const SAMPLES: Readonly<Record<string, readonly object[]>> = {
  pools: POOLS,
  nodes: NODES,
  jobs: JOBS,
  tasks: TASKS,
  failedtasks: TASKS.map((row) => ({ jobId: 'myjob', ...row })),
  runningtasks: TASKS.map((row) => ({ jobId: 'myjob', ...row })),
  files: FILES,
  jobschedules: JOB_SCHEDULES,
  images: IMAGES,
  nodecounts: NODE_COUNTS,
  nodetasks: NODE_TASKS,
  subtasks: SUBTASKS,
  preparations: PREPARATIONS,
  failures: FAILURES,
  certificates: CERTIFICATES,
  applications: APPLICATIONS,
  containers: CONTAINERS,
  blobs: BLOBS,
  usage: USAGE,
  nodehours: NODE_HOURS,
  statistics: STATISTICS,
  accounts: ACCOUNTS,
  quotas: QUOTAS,
  vmsizes: VM_SIZES,
  packages: PACKAGES,
};
