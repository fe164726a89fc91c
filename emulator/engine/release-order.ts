import type { NodeRecord } from '../model/entities.ts';
import type { World } from './world.ts';

/**
 * Nodes in the order in which a shrinking pool gives them up: those with the fewest tasks first, and those that run job
 * managers after all others.
 * @see https://learn.microsoft.com/rest/api/batchservice/job/add#jobmanagertask
 */
export function inOrderOfRelease(world: World, nodes: readonly NodeRecord[]): NodeRecord[] {
  const managing = nodesOfManagers(world);
  const rank = ({ node }: NodeRecord) => (managing.has(node.id) ? 1 : 0);
  return [...nodes].sort(
    (a, b) => rank(a) - rank(b) || a.node.runningTasksCount - b.node.runningTasksCount || b.index - a.index,
  );
}

function nodesOfManagers({ jobs, tasks }: World): Set<string> {
  const nodeIds = jobs.all().flatMap(({ job, number }) => {
    if (job.jobManagerTask === undefined || job.state === 'completed') return [];
    const task = tasks.get(number, job.jobManagerTask.id)?.task;
    return task?.state === 'running' || task?.state === 'preparing' ? (task.nodeInfo?.nodeId ?? []) : [];
  });
  return new Set(nodeIds);
}
