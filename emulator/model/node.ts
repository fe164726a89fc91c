import { createHash } from 'node:crypto';
import { type Instant, toTimestamp } from '../clock.ts';
import type {
  ComputeNode,
  NodeRecord,
  NodeState,
  Pool,
  RecentTask,
  StartTaskInformation,
  Task,
} from './entities.ts';

/** How many of its latest tasks a node remembers. */
const RECENT_TASKS = 10;

/** A new node of a pool. `index` numbers the pool's nodes; it gives the node its addresses. */
export function createNode(pool: Pool, index: number, isDedicated: boolean, now: Instant): NodeRecord {
  const digest = createHash('sha256')
    .update(`${pool.id}\n${pool.creationTime}\n${index}\n${now}`)
    .digest('hex');
  const time = toTimestamp(now);
  const id =
    pool.virtualMachineConfiguration === undefined
      ? cloudServiceNodeId(digest, index, time)
      : `tvmps_${digest}_${isDedicated ? 'd' : 'p'}`;
  const node: ComputeNode = {
    id,
    state: 'creating',
    schedulingState: 'enabled',
    stateTransitionTime: time,
    allocationTime: time,
    ipAddress: nodeAddress(index),
    affinityId: `TVM:${id}`,
    vmSize: pool.vmSize,
    totalTasksRun: 0,
    totalTasksSucceeded: 0,
    runningTasksCount: 0,
    runningTaskSlotsCount: 0,
    startTask: pool.startTask,
    isDedicated,
  };
  return { poolId: pool.id, index, node };
}

/** Instances of cloud services are named by a number, their place, and the time at which they were allocated. */
function cloudServiceNodeId(digest: string, index: number, time: string): string {
  const number = Number.parseInt(digest.slice(0, 8), 16);
  const compact = time.slice(0, 19).replace(/[-:]/g, '').toLowerCase();
  return `tvm-${number}_${index + 1}-${compact}z`;
}

/** Azure keeps the first addresses of a subnet to itself. */
function nodeAddress(index: number): string {
  const host = index + 4;
  return `10.${(host >> 16) & 255}.${(host >> 8) & 255}.${host & 255}`;
}

/** The node in another state; unchanged where it is in it already, so that its time tells when it came there. */
export function moveNode(record: NodeRecord, state: NodeState, now: Instant): NodeRecord {
  if (record.node.state === state) return record;
  return { ...record, node: { ...record.node, state, stateTransitionTime: toTimestamp(now) } };
}

/** The node's system is up. What its pool asks for by now counts until the next boot. */
export function bootNode(record: NodeRecord, pool: Pool | undefined, now: Instant): NodeRecord {
  const { startTaskInfo: _previous, errors: _over, ...node } = record.node;
  const { startTask, certificateReferences } = pool ?? {};
  return {
    ...record,
    node: { ...node, startTask, certificateReferences, lastBootTime: toTimestamp(now) },
  };
}

/** The node with how its start task is getting on. */
export function withStartTaskInfo(record: NodeRecord, startTaskInfo: StartTaskInformation): NodeRecord {
  return { ...record, node: { ...record.node, startTaskInfo } };
}

/** A task takes slots on the node. */
export function occupyNode(record: NodeRecord, slots: number, now: Instant): NodeRecord {
  const node: ComputeNode = {
    ...record.node,
    runningTasksCount: record.node.runningTasksCount + 1,
    runningTaskSlotsCount: record.node.runningTaskSlotsCount + slots,
    totalTasksRun: record.node.totalTasksRun + 1,
  };
  return settleNode({ ...record, node }, now);
}

/** A task leaves the node and frees its slots. */
export function vacateNode(record: NodeRecord, slots: number, succeeded: boolean, now: Instant): NodeRecord {
  const node: ComputeNode = {
    ...record.node,
    runningTasksCount: Math.max(0, record.node.runningTasksCount - 1),
    runningTaskSlotsCount: Math.max(0, record.node.runningTaskSlotsCount - slots),
    totalTasksSucceeded: record.node.totalTasksSucceeded + (succeeded ? 1 : 0),
  };
  return settleNode({ ...record, node }, now);
}

/** Notes a task's latest state among the node's recent tasks. `subtaskId` is 0 unless it is another instance. */
export function rememberTask(record: NodeRecord, jobId: string, task: Task, subtaskId = 0): NodeRecord {
  const entry: RecentTask = {
    jobId,
    taskId: task.id,
    ...(subtaskId === 0 ? {} : { subtaskId }),
    taskState: task.state,
    executionInfo: task.executionInfo,
  };
  const others = (record.node.recentTasks ?? []).filter(
    (each) => each.jobId !== jobId || each.taskId !== task.id,
  );
  return { ...record, node: { ...record.node, recentTasks: [entry, ...others].slice(0, RECENT_TASKS) } };
}

/**
 * A node that is up is idle, running, or, once it runs nothing and is closed for new tasks, offline. Other
 * states are left by events of their own.
 */
export function settleNode(record: NodeRecord, now: Instant): NodeRecord {
  const { state, schedulingState, runningTasksCount } = record.node;
  if (state !== 'idle' && state !== 'running' && state !== 'offline') return record;
  if (runningTasksCount > 0) return moveNode(record, 'running', now);
  return moveNode(record, schedulingState === 'disabled' ? 'offline' : 'idle', now);
}

/** Opens the node for tasks or closes it. */
export function scheduleNode(
  record: NodeRecord,
  schedulingState: 'enabled' | 'disabled',
  now: Instant,
): NodeRecord {
  return settleNode({ ...record, node: { ...record.node, schedulingState } }, now);
}

/** After the emulator was started again nothing runs on the node any more. */
export function emptyNode(record: NodeRecord, now: Instant): NodeRecord {
  if (record.node.runningTasksCount === 0) return record;
  return settleNode(
    { ...record, node: { ...record.node, runningTasksCount: 0, runningTaskSlotsCount: 0 } },
    now,
  );
}
