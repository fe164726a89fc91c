import type { Job, NodeRecord, Task } from '../model/entities.ts';

/** What happens in one part of the engine and matters to others. Listeners run at once, in order. */
export interface EngineEvents {
  /** Tasks might now start on a pool: slots came free, or tasks became ready. */
  workPossible: { poolId: string };
  taskCompleted: { jobId: string; task: Task };
  /** A task is gone, by itself or with its job. */
  taskRemoved: { jobNumber: number; task: Task };
  /** A job lost one of its running tasks, by whatever end. */
  taskLeftNode: { jobId: string; poolId: string; nodeId: string };
  nodeChanged: { poolId: string; nodeId: string };
  jobChanged: { job: Job; scheduleId: string | undefined };
  poolAdded: { poolId: string };
  /** A deleted pool and its nodes are gone. */
  poolRemoved: { poolId: string };
  /** A resize is over. */
  poolSteady: { poolId: string };
  /** A deleted job and its tasks are gone. */
  jobRemoved: { jobId: string; jobNumber: number; scheduleId: string | undefined };
  /** A node has left its pool. */
  nodeRemoved: { record: NodeRecord };
}

type Listeners = { [K in keyof EngineEvents]: ((event: EngineEvents[K]) => void)[] };

/** Lets the parts of the engine hear of each other without knowing each other. */
export class EventBus {
  readonly #listeners: Listeners = {
    workPossible: [],
    taskCompleted: [],
    taskRemoved: [],
    taskLeftNode: [],
    nodeChanged: [],
    jobChanged: [],
    jobRemoved: [],
    poolAdded: [],
    poolRemoved: [],
    poolSteady: [],
    nodeRemoved: [],
  };

  on<K extends keyof EngineEvents>(name: K, listener: (event: EngineEvents[K]) => void): void {
    this.#listeners[name].push(listener);
  }

  emit<K extends keyof EngineEvents>(name: K, event: EngineEvents[K]): void {
    for (const listener of this.#listeners[name]) listener(event);
  }
}
