import type { JobRecord, NodeRecord, Task } from '../model/entities.ts';
import type { RunningProcess } from '../runner/index.ts';
import type { InstanceGroup } from './instance-group.ts';
import type { LaunchFacts } from './launch.ts';

/** A task on a node, from the moment it is given its slots until its last process is gone. */
export interface Run {
  readonly jobNumber: number;
  readonly jobId: string;
  readonly taskId: string;
  readonly poolId: string;
  readonly nodeId: string;
  readonly slots: number;
  /** The instances of a multi-instance task. */
  readonly group: InstanceGroup | undefined;
  /** The nodes of the other instances, in order. */
  readonly others: readonly NodeRecord[];
  process: RunningProcess | undefined;
  /** Whether the task's state has been settled by others; what becomes of the process no longer matters. */
  abandoned: boolean;
  /** Whether what the task needs has been fetched; an attempt after the first finds it in its place. */
  supplied: boolean;
  /** What the latest attempt was told. */
  facts: LaunchFacts | undefined;
  /** Ends downloads and uploads once the run is abandoned. */
  readonly transfers: AbortController;
  /** Ends downloads once the task's time is up. */
  readonly timeUp: AbortController;
  /** Resolves when the run is abandoned. */
  readonly abandonment: Promise<void>;
  readonly abandon: () => void;
  timedOut: boolean;
  /** What is to be done once the run's last process is gone. */
  cleanUp: (() => Promise<void>) | undefined;
  readonly gone: Promise<void>;
  readonly leave: () => void;
}

/** A run at its beginning, on the node that is given and, for a multi-instance task, on the others. */
export function createRun(
  job: JobRecord,
  task: Task,
  node: NodeRecord,
  slots: number,
  others: readonly NodeRecord[],
  group: InstanceGroup | undefined,
): Run {
  let abandon = () => {};
  let leave = () => {};
  const abandonment = new Promise<void>((resolve) => {
    abandon = resolve;
  });
  const gone = new Promise<void>((resolve) => {
    leave = resolve;
  });
  return {
    jobNumber: job.number,
    jobId: job.job.id,
    taskId: task.id,
    poolId: node.poolId,
    nodeId: node.node.id,
    slots,
    group,
    others,
    process: undefined,
    abandoned: false,
    supplied: false,
    facts: undefined,
    transfers: new AbortController(),
    timeUp: new AbortController(),
    abandonment,
    abandon,
    timedOut: false,
    cleanUp: undefined,
    gone,
    leave,
  };
}

/** Whether two runs have a directory in common. */
export function sharesDirectory(a: Run, b: Run): boolean {
  if (a.jobId !== b.jobId || a.taskId !== b.taskId) return false;
  return nodesOf(a).some((nodeId) => nodesOf(b).includes(nodeId));
}

/** The nodes that a run has slots on, the first instance's first. */
export function nodesOf({ nodeId, others }: Run): string[] {
  return [nodeId, ...others.map(({ node }) => node.id)];
}
