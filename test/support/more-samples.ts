/** Samples of what hangs on jobs and tasks, and of what belongs to the account as a whole. */

const NODE = 'tvmps_5bb38ef2cf68d5a2e6cb2be9ba6a3fb6c0bc3f7b9b0f3a0a7e11f1c35d1dd3c1_d';

export const SUBTASKS: readonly object[] = [
  {
    id: 1,
    nodeInfo: { poolId: 'mypool', nodeId: NODE },
    startTime: '2026-03-02T11:58:00Z',
    endTime: '2026-03-02T11:58:30Z',
    exitCode: 0,
    state: 'completed',
    result: 'success',
  },
  {
    id: 2,
    nodeInfo: { poolId: 'mypool', nodeId: NODE },
    startTime: '2026-03-02T11:58:00Z',
    endTime: '2026-03-02T11:58:10Z',
    exitCode: 3,
    state: 'completed',
    result: 'failure',
    failureInfo: { category: 'UserError', code: 'FailureExitCode', message: 'The task exited with 3' },
  },
  {
    id: 3,
    nodeInfo: { poolId: 'mypool', nodeId: NODE },
    startTime: '2026-03-02T11:58:00Z',
    state: 'running',
  },
];

export const PREPARATIONS: readonly object[] = [
  {
    poolId: 'mypool',
    nodeId: NODE,
    jobPreparationTaskExecutionInfo: {
      startTime: '2026-03-02T11:50:00Z',
      endTime: '2026-03-02T11:50:07Z',
      state: 'completed',
      exitCode: 0,
      result: 'success',
      retryCount: 0,
    },
    jobReleaseTaskExecutionInfo: { startTime: '2026-03-02T11:59:00Z', state: 'running' },
  },
  {
    poolId: 'mypool',
    nodeId: `${NODE.slice(0, -3)}2_d`,
    jobPreparationTaskExecutionInfo: {
      startTime: '2026-03-02T11:50:00Z',
      endTime: '2026-03-02T11:50:01Z',
      state: 'completed',
      exitCode: 1,
      result: 'failure',
      retryCount: 2,
      failureInfo: { category: 'UserError', code: 'FailureExitCode', message: 'It exited with 1' },
    },
  },
];

export const CERTIFICATES: readonly object[] = [
  {
    thumbprint: '0123456789abcdef0123456789abcdef01234567',
    thumbprintAlgorithm: 'sha1',
    state: 'active',
    stateTransitionTime: '2026-02-27T08:00:00Z',
  },
  {
    thumbprint: 'ffffffffffffffffffffffffffffffffffffffff',
    thumbprintAlgorithm: 'sha1',
    state: 'deletefailed',
    stateTransitionTime: '2026-03-02T08:00:00Z',
    previousState: 'deleting',
    deleteCertificateError: { code: 'CertificateInUse', message: 'A pool refers to it' },
  },
];

export const APPLICATIONS: readonly object[] = [
  { id: 'blender', displayName: 'Blender', versions: ['4.1', '4.2'] },
  { id: 'tools', displayName: 'Tools', versions: [] },
];

export const NODE_HOURS: readonly object[] = [
  {
    pool: 'mypool',
    vmSize: 'standard_a2_v2',
    isAutoscaled: false,
    nodes: 3,
    spot: 0,
    idle: 2,
    idleLong: 1,
    idleSince: '2026-03-02T10:00:00Z',
    useless: 0,
    hours: 72.25,
    idleHours: 2.1,
  },
  {
    pool: 'render',
    vmSize: 'standard_d16s_v5',
    isAutoscaled: true,
    nodes: 12,
    spot: 12,
    idle: 0,
    idleLong: 0,
    idleSince: undefined,
    useless: 0,
    hours: 3.5,
    idleHours: 0,
  },
];

export const USAGE: readonly object[] = [
  {
    poolId: 'mypool',
    startTime: '2026-03-02T11:00:00Z',
    endTime: '2026-03-02T11:30:00Z',
    vmSize: 'standard_a1_v2',
    totalCoreHours: 1.5,
  },
  {
    poolId: 'mypool',
    startTime: '2026-03-02T10:30:00Z',
    endTime: '2026-03-02T11:00:00Z',
    vmSize: 'standard_a1_v2',
    totalCoreHours: 0.75,
  },
];

export const STATISTICS: readonly object[] = [
  {
    of: 'pools',
    startTime: '2026-01-01T00:00:00Z',
    lastUpdateTime: '2026-03-02T11:30:00Z',
    usageStats: { dedicatedCoreTime: 'P3DT4H' },
  },
  {
    of: 'jobs',
    startTime: '2026-01-01T00:00:00Z',
    lastUpdateTime: '2026-03-02T11:30:00Z',
    userCPUTime: 'PT30H',
    wallClockTime: 'P2D',
    numSucceededTasks: '1200',
    numFailedTasks: '7',
    numTaskRetries: '3',
  },
];

export const FAILURES: readonly object[] = [
  {
    by: 'exit code',
    value: '1',
    count: 2,
    share: 1,
    first: '2026-03-02T11:30:00Z',
    last: '2026-03-02T11:59:00Z',
    example: 'mytask3',
    message: 'The task exited with an exit code representing a failure',
  },
  {
    by: 'failure',
    value: 'FailureExitCode',
    count: 2,
    share: 1,
    first: '2026-03-02T11:30:00Z',
    last: '2026-03-02T11:59:00Z',
    example: 'mytask3',
    message: 'The task exited with an exit code representing a failure',
  },
  {
    by: 'node',
    value: NODE,
    pool: 'mypool',
    count: 1,
    share: 0.5,
    first: undefined,
    last: undefined,
    example: 'mytask3',
    node: { state: 'idle', isOff: true, ran: 12, failed: 9, isSuspect: true },
  },
];

export const CONTAINERS: readonly object[] = [
  {
    name: 'input',
    properties: {
      lastModified: '2026-03-01T09:00:00.000Z',
      etag: '"0x8DE77A1"',
      leaseStatus: 'unlocked',
      leaseState: 'available',
    },
  },
  {
    name: 'job-myjob',
    properties: {
      lastModified: '2026-03-02T11:50:00.000Z',
      etag: '"0x8DE77A2"',
      leaseStatus: 'locked',
      leaseState: 'leased',
    },
  },
  {
    name: 'shared',
    properties: {
      lastModified: '2025-12-24T09:00:00.000Z',
      etag: '"0x8DE77A3"',
      leaseState: 'available',
      publicAccess: 'blob',
    },
    metadata: { owner: 'everyone' },
  },
];

export const BLOBS: readonly object[] = [
  { name: 'images/', isFolder: true },
  {
    name: 'app.zip',
    properties: {
      createdOn: '2026-02-01T08:00:00.000Z',
      lastModified: '2026-02-01T08:00:00.000Z',
      contentLength: 48_234_496,
      contentType: 'application/zip',
      contentMD5: 'XUFAKrxLKna5cZ2REBfFkg==',
      blobType: 'BlockBlob',
      accessTier: 'Cool',
      leaseState: 'available',
    },
  },
  {
    name: 'notes – für alle.txt',
    properties: {
      createdOn: '2026-03-02T11:00:00.000Z',
      lastModified: '2026-03-02T11:59:00.000Z',
      contentLength: 12,
      contentType: 'text/plain',
      blobType: 'BlockBlob',
      accessTier: 'Hot',
      leaseState: 'available',
    },
  },
  {
    name: 'stdout.log',
    properties: {
      createdOn: '2026-03-02T11:58:00.000Z',
      lastModified: '2026-03-02T11:59:50.000Z',
      contentLength: 73_741,
      contentType: 'application/octet-stream',
      blobType: 'AppendBlob',
      leaseState: 'leased',
    },
  },
];
