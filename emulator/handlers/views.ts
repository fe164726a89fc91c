/** Resources as clients see them: what is stored, with the urls that depend on the address the client used. */
import { shownDirectory } from '../engine/windows-pools.ts';
import type { World } from '../engine/world.ts';
import type { BatchRequest } from '../http/request.ts';
import type {
  ComputeNode,
  Job,
  NodeRecord,
  Pool,
  PoolRecord,
  RecentTask,
  Subtask,
  Task,
} from '../model/entities.ts';
import type { JobNodeRecord } from '../model/job-node.ts';
import type { JobSchedule } from '../model/job-schedule.ts';
import { preparationId, releaseId } from '../model/job-tasks.ts';
import type { ImageReference } from '../model/pool-parts.ts';
import { inOrder } from './member-order.ts';

export function poolUrl(request: BatchRequest, poolId: string): string {
  return `${request.baseUrl}/pools/${poolId}`;
}

export function jobUrl(request: BatchRequest, jobId: string): string {
  return `${request.baseUrl}/jobs/${jobId}`;
}

export function taskUrl(request: BatchRequest, jobId: string, taskId: string): string {
  return `${jobUrl(request, jobId)}/tasks/${taskId}`;
}

export function nodeUrl(request: BatchRequest, poolId: string, nodeId: string): string {
  return `${poolUrl(request, poolId)}/nodes/${nodeId}`;
}

export function poolView(request: BatchRequest, { pool }: PoolRecord): object {
  const { id, displayName, ...rest } = pool as Pool & { displayName?: string };
  const hasNodes = pool.currentDedicatedNodes + pool.currentLowPriorityNodes > 0;
  return inOrder('pool', {
    id,
    displayName,
    url: poolUrl(request, id),
    ...rest,
    ...withoutEmpty(rest as EmptiableMembers),
    currentNodeCommunicationMode: hasNodes ? 'classic' : undefined,
  });
}

interface EmptiableMembers {
  readonly applicationPackageReferences?: readonly unknown[] | undefined;
  readonly metadata?: readonly unknown[] | undefined;
}

/** These lists are not shown when nothing is in them; others are. */
function withoutEmpty({ applicationPackageReferences: packages, metadata }: EmptiableMembers) {
  return {
    applicationPackageReferences: packages?.length === 0 ? undefined : packages,
    metadata: metadata?.length === 0 ? undefined : metadata,
  };
}

export function jobView(request: BatchRequest, job: Job): object {
  const { id, displayName, ...rest } = job as Job & { displayName?: string };
  return inOrder('job', { id, displayName, url: jobUrl(request, id), ...rest });
}

/** How a job's preparation and release tasks fared on a node. */
export function jobNodeView(
  request: BatchRequest,
  job: Job,
  { poolId, nodeId, preparation, release }: JobNodeRecord,
  world: World,
): object {
  const { jobPreparationTask, jobReleaseTask } = job;
  const url = nodeUrl(request, poolId, nodeId);
  const place = (taskId: string) => {
    const { relative } = world.directoriesOf(nodeId).task(job.id, taskId);
    return {
      taskRootDirectory: shownDirectory(world, poolId, relative),
      taskRootDirectoryUrl: `${url}/files/${relative}`,
    };
  };
  const { retryCount: _none, ...released } = release ?? {};
  return {
    poolId,
    nodeId,
    nodeUrl: url,
    jobPreparationTaskExecutionInfo:
      preparation === undefined || jobPreparationTask === undefined
        ? undefined
        : inOrder('jobNodeTask', { ...preparation, ...place(preparationId(jobPreparationTask)) }),
    jobReleaseTaskExecutionInfo:
      release === undefined || jobReleaseTask === undefined
        ? undefined
        : inOrder('jobNodeTask', { ...released, ...place(releaseId(jobReleaseTask)) }),
  };
}

export function scheduleUrl(request: BatchRequest, scheduleId: string): string {
  return `${request.baseUrl}/jobschedules/${scheduleId}`;
}

export function scheduleView(request: BatchRequest, schedule: JobSchedule): object {
  const { id, displayName, executionInfo, ...rest } = schedule as JobSchedule & { displayName?: string };
  const { recentJob } = executionInfo;
  const recent =
    recentJob === undefined ? undefined : { url: jobUrl(request, recentJob.id), id: recentJob.id };
  return inOrder('jobSchedule', {
    id,
    displayName,
    url: scheduleUrl(request, id),
    ...rest,
    executionInfo: { ...executionInfo, recentJob: recent },
  });
}

export function taskView(request: BatchRequest, jobId: string, task: Task): object {
  const { id, displayName, nodeInfo, ...rest } = task as Task & { displayName?: string };
  return inOrder('task', {
    id,
    displayName,
    url: taskUrl(request, jobId, id),
    ...rest,
    nodeInfo: nodeInfo === undefined ? undefined : nodeInfoView(request, nodeInfo),
  });
}

export function subtaskView(request: BatchRequest, subtask: Subtask): object {
  return inOrder('subtask', { ...subtask, nodeInfo: nodeInfoView(request, subtask.nodeInfo) });
}

function nodeInfoView(request: BatchRequest, info: NonNullable<Task['nodeInfo']>): object {
  const { affinityId, poolId, nodeId, taskRootDirectory } = info;
  if (poolId === undefined || nodeId === undefined) return {};
  const url = nodeUrl(request, poolId, nodeId);
  return {
    affinityId,
    nodeUrl: url,
    poolId,
    nodeId,
    taskRootDirectory,
    taskRootDirectoryUrl: `${url}/files/${taskRootDirectory?.replaceAll('\\', '/')}`,
  };
}

/** First port by which a node's SSH server is reached from outside; the others follow. */
const FIRST_SSH_PORT = 50_000;

/** Port by which the node's SSH server would be reached from outside. */
export function sshPort(record: NodeRecord): number {
  return FIRST_SSH_PORT + record.index;
}

export function nodeView(request: BatchRequest, record: NodeRecord, pool: Pool): object {
  const { id, recentTasks, startTaskInfo, isDedicated, ...rest } = record.node;
  return inOrder('node', {
    id,
    url: nodeUrl(request, record.poolId, id),
    ...rest,
    startTaskInfo: startTaskInfo === undefined ? undefined : inOrder('startTaskInfo', startTaskInfo),
    recentTasks: recentTasks?.map((recent) => recentTaskView(request, recent)),
    certificateReferences: certificatesView(record.node),
    isDedicated,
    endpointConfiguration: endpointView(record, pool),
    nodeAgentInfo: agentView(record.node),
    virtualMachineInfo: machineView(pool),
  });
}

function recentTaskView(request: BatchRequest, recent: RecentTask): object {
  return { taskUrl: taskUrl(request, recent.jobId, recent.taskId), ...recent };
}

/** Nodes of a cloud service are reached by one address and port, and told apart by name. */
const CLOUD_SERVICE_ENDPOINT = {
  name: 'Microsoft.WindowsAzure.Plugins.RemoteForwarder.RdpInput',
  protocol: 'tcp',
  frontendPort: 3389,
  backendPort: 20_000,
} as const;

function endpointView(record: NodeRecord, pool: Pool): object {
  if (pool.virtualMachineConfiguration === undefined) return { inboundEndpoints: [CLOUD_SERVICE_ENDPOINT] };
  const address = { publicIPAddress: '127.0.0.1', publicFQDN: 'localhost' };
  const own = (pool.networkConfiguration?.endpointConfiguration?.inboundNATPools ?? []).map((each) => ({
    name: `${each.name}.${record.index}`,
    protocol: each.protocol,
    ...address,
    frontendPort: each.frontendPortRangeStart + record.index,
    backendPort: each.backendPort,
  }));
  const login = {
    name: `SSHRule.${record.index}`,
    protocol: 'tcp',
    ...address,
    frontendPort: sshPort(record),
    backendPort: 22,
  };
  return { inboundEndpoints: [...own, login] };
}

/** What certificates a node has is known once it has booted. */
function certificatesView({ lastBootTime, certificateReferences = [] }: ComputeNode): object | undefined {
  return lastBootTime === undefined ? undefined : certificateReferences;
}

/** The agent reports once the node has booted. */
function agentView(node: ComputeNode): object | undefined {
  if (node.lastBootTime === undefined) return undefined;
  return { lastUpdateTime: node.lastBootTime, version: '1.9.31' };
}

function machineView(pool: Pool): object {
  const image = pool.virtualMachineConfiguration?.imageReference;
  if (image === undefined) return {};
  if (image.virtualMachineImageId !== undefined) return { imageReference: image };
  return { imageReference: { ...image, exactVersion: exactVersionOf(image) } };
}

/** Build of the images that were the latest ones when the API version was current. */
const LATEST_BUILD = '202210180';

/** No image is really there: what a node shows is the version asked for, or one in the form of the latest. */
function exactVersionOf({ sku = '', version = 'latest' }: ImageReference): string {
  if (version !== 'latest') return version;
  const [, major = '1', minor = '0'] = /(\d+)[._-](\d+)/.exec(sku) ?? [];
  return `${major}.${minor}.${LATEST_BUILD}`;
}
