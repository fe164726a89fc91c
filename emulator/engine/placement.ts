import type { ComputeNode, Job, NodeRecord, Pool, Task } from '../model/entities.ts';
import { isJobManager } from '../model/job-tasks.ts';

/** Whether the node takes tasks now. */
function takesWork({ node, awaits }: NodeRecord): boolean {
  const isUp = node.state === 'idle' || node.state === 'running';
  return isUp && node.schedulingState === 'enabled' && awaits === undefined;
}

/** Slots that tasks may be given now; none on a node that takes no work. */
export function freeSlots(pool: Pool, record: NodeRecord): number {
  return takesWork(record) ? pool.taskSlotsPerNode - record.node.runningTaskSlotsCount : 0;
}

/** The slots that a task takes. A job manager that wants a node to itself takes all that a node has. */
export function slotsOf(pool: Pool, job: Job, task: Task): number {
  const alone = isJobManager(job, task.id) && job.jobManagerTask?.runExclusive !== false;
  return alone ? pool.taskSlotsPerNode : task.requiredSlots;
}

/** Whether the task may run on the node, slots apart. */
export function suits(job: Job, task: Task, node: ComputeNode): boolean {
  return (
    node.isDedicated || !isJobManager(job, task.id) || job.jobManagerTask?.allowLowPriorityNode !== false
  );
}

/**
 * The node of those given that the task should start on, or undefined when none has the slots. A task's affinity is a wish:
 * another node is taken when that one is full. Spreading takes the emptiest node, packing the fullest.
 */
export function chooseNode(
  pool: Pool,
  nodes: Iterable<NodeRecord>,
  task: Task,
  slots: number,
): NodeRecord | undefined {
  const packs = pool.taskSchedulingPolicy.nodeFillType.toLowerCase() === 'pack';
  const wish = task.affinityInfo?.affinityId;
  let best: NodeRecord | undefined;
  let bestFree = 0;
  for (const candidate of nodes) {
    const free = freeSlots(pool, candidate);
    if (free < slots) continue;
    if (wish !== undefined && candidate.node.affinityId === wish) return candidate;
    const better = best === undefined || (packs ? free < bestFree : free > bestFree);
    const tie = best !== undefined && free === bestFree && candidate.node.id < best.node.id;
    if (!better && !tie) continue;
    best = candidate;
    bestFree = free;
  }
  return best;
}

/** How many nodes the task takes, its own included. */
function instancesOf({ multiInstanceSettings }: Task): number {
  return multiInstanceSettings?.numberOfInstances ?? 1;
}

/**
 * The further nodes that a multi-instance task takes beside its own, or undefined when there are too few. They
 * need to reach each other and to have no other task, which only the right kind of pool can promise; on any other
 * such a task waits for ever.
 */
export function chooseOthers(
  pool: Pool,
  nodes: Iterable<NodeRecord>,
  task: Task,
  first: NodeRecord,
): NodeRecord[] | undefined {
  if (task.multiInstanceSettings === undefined) return [];
  if (!pool.enableInterNodeCommunication || pool.taskSlotsPerNode !== 1) return undefined;
  const wanted = instancesOf(task) - 1;
  const free = [...nodes].filter((each) => each.node.id !== first.node.id && freeSlots(pool, each) > 0);
  return free.length < wanted ? undefined : free.sort((a, b) => a.index - b.index).slice(0, wanted);
}
