import type { TaskRecord } from '../model/entities.ts';
import type { World } from './world.ts';

/**
 * Removes what a task has left on the nodes of all its instances. It is out of the way everywhere before the call returns:
 * a namesake may be next.
 */
export async function removeTaskDirectories(world: World, jobId: string, record: TaskRecord): Promise<void> {
  const nodeIds = [record.task, ...(record.subtasks ?? [])].flatMap(({ nodeInfo }) => nodeInfo?.nodeId ?? []);
  await Promise.all(nodeIds.map((nodeId) => world.directoriesOf(nodeId).removeTask(jobId, record.task.id)));
}
