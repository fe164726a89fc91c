import { fromTimestamp } from '../clock.ts';
import type { JobRecord, NodeRecord, Pool, TaskRecord } from '../model/entities.ts';
import type { TaskExecutor } from './executor.ts';
import type { JobPreparation } from './job-preparation.ts';
import { chooseNode, chooseOthers, freeSlots, slotsOf, suits } from './placement.ts';
import { DELAYS, type World } from './world.ts';

/** How many tasks at the head of a job's queue are looked at when the first ones need more slots than are free. */
const LOOK_AHEAD = 100;

/** Fills the slots of pools with the tasks that are ready, jobs of a higher priority first. */
export class Scheduler {
  readonly #world: World;
  readonly #executor: TaskExecutor;
  readonly #preparation: JobPreparation;
  readonly #waiting = new Set<string>();
  /** Pools that will be looked at when a task that is too young now has come of age. */
  readonly #alarmed = new Set<string>();

  constructor(world: World, executor: TaskExecutor, preparation: JobPreparation) {
    this.#world = world;
    this.#executor = executor;
    this.#preparation = preparation;
    world.events.on('workPossible', ({ poolId }) => this.wake(poolId));
  }

  /** Looks at a pool soon; many calls in one turn of the event loop come to one look. */
  wake(poolId: string): void {
    if (this.#waiting.size === 0) setImmediate(() => this.#world.guard(() => this.#runWaiting()));
    this.#waiting.add(poolId.toLowerCase());
  }

  #runWaiting(): void {
    const poolIds = [...this.#waiting];
    this.#waiting.clear();
    if (this.#world.closed) return;
    for (const poolId of poolIds) this.#fill(poolId);
  }

  #fill(poolId: string): void {
    const pool = this.#world.pools.get(poolId)?.pool;
    if (pool === undefined) return;
    let free = this.#freeSlots(pool);
    for (const job of this.#jobsOf(poolId)) {
      if (free <= 0) return;
      free -= this.#fillFrom(pool, job, free);
    }
  }

  /** Starts tasks of one job; the answer is the number of slots that they took or are about to take. */
  #fillFrom(pool: Pool, job: JobRecord, free: number): number {
    const counts = this.#world.tasks.counts(job.number);
    const limit = job.job.maxParallelTasks;
    let mayStart = limit < 0 ? Number.POSITIVE_INFINITY : limit - counts.tasks.running;
    let taken = 0;
    for (const record of this.#world.tasks.ready(job.number, free + LOOK_AHEAD)) {
      if (taken >= free || mayStart <= 0) break;
      if (!this.#isDue(pool, record)) {
        // It keeps its place before jobs of a lower priority.
        taken += record.task.requiredSlots;
        continue;
      }
      const slots = slotsOf(pool, job.job, record.task);
      const node = chooseNode(pool, this.#candidates(pool, job, record), record.task, slots);
      if (node === undefined) continue;
      const others = chooseOthers(pool, this.#candidates(pool, job, record), record.task, node);
      if (others === undefined) continue;
      this.#executor.start(job, record, node, slots, others);
      taken += slots * (1 + others.length);
      mayStart -= 1;
    }
    return taken;
  }

  *#candidates(pool: Pool, job: JobRecord, { task }: TaskRecord): Iterable<NodeRecord> {
    for (const record of this.#world.nodes.inPool(pool.id)) {
      if (suits(job.job, task, record.node) && this.#preparation.admits(job, record.node.id)) yield record;
    }
  }

  /** The service takes a moment from a task's becoming active to its start. */
  #isDue(pool: Pool, { task }: TaskRecord): boolean {
    const age = (this.#world.clock.now() - fromTimestamp(task.stateTransitionTime)) / 1000;
    const left = DELAYS.schedule / this.#world.options.speed - age;
    if (left <= 0) return true;
    const poolId = pool.id.toLowerCase();
    if (this.#alarmed.has(poolId)) return false;
    this.#alarmed.add(poolId);
    this.#world.after(left + 1, () => {
      this.#alarmed.delete(poolId);
      this.wake(poolId);
    });
    return false;
  }

  #freeSlots(pool: Pool): number {
    let free = 0;
    for (const record of this.#world.nodes.inPool(pool.id)) free += freeSlots(pool, record);
    return free;
  }

  #jobsOf(poolId: string): JobRecord[] {
    return this.#world.jobs
      .all()
      .filter(
        ({ job, number }) =>
          job.state === 'active' &&
          job.executionInfo.poolId?.toLowerCase() === poolId &&
          this.#world.tasks.counts(number).ready > 0,
      )
      .sort((a, b) => b.job.priority - a.job.priority || a.number - b.number);
  }
}
