import type { TaskRecord } from '../model/entities.ts';
import type { World } from './world.ts';

/** Removes what a task has left on the nodes of all its instances. */
export async function removeTaskDirectories(world: World, jobId: string, record: TaskRecord): Promise<void> {
  for (const { nodeInfo } of [record.task, ...(record.subtasks ?? [])]) {
    if (nodeInfo?.nodeId === undefined) continue;
    await world.directoriesOf(nodeInfo.nodeId).removeTask(jobId, record.task.id);
  }
}
