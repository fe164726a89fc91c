import { BatchFault } from '../errors.ts';
import { autoPoolId, schedulingError } from '../model/auto-pool.ts';
import type { AutoPoolSpecification, JobSchedulingError } from '../model/job-parts.ts';
import type { PoolDefinition } from '../model/pool.ts';
import type { PoolControl } from './pool-control.ts';
import type { World } from './world.ts';

/** The pool that a job is given, or why there is none though it has an id. */
export interface Placement {
  readonly poolId?: string | undefined;
  readonly schedulingError?: JobSchedulingError | undefined;
}

/** Makes pools for jobs and schedules, and takes them away when their time is over. */
export class AutoPools {
  readonly #world: World;
  readonly #pools: PoolControl;

  constructor(world: World, pools: PoolControl) {
    this.#world = world;
    this.#pools = pools;
  }

  /** Makes a pool. What a client would be refused becomes the error of the job that needed it. */
  create({ autoPoolIdPrefix, pool }: AutoPoolSpecification): Placement {
    const definition = { ...pool, id: autoPoolId(autoPoolIdPrefix) } as PoolDefinition;
    try {
      this.#world.options.checkPool(definition);
      return { poolId: this.#pools.add(definition).pool.id };
    } catch (refusal) {
      if (!(refusal instanceof BatchFault)) throw refusal;
      return { poolId: definition.id, schedulingError: schedulingError(refusal) };
    }
  }

  /** Whether the pool is there and may be given to another job. */
  isUsable(poolId: string): boolean {
    return this.#world.pools.get(poolId)?.pool.state === 'active';
  }

  /** The pool's lifetime is over: it goes, unless it was to be kept. */
  expire(poolId: string | undefined, keepAlive: boolean | undefined): void {
    if (keepAlive || poolId === undefined) return;
    const record = this.#world.pools.get(poolId);
    if (record?.pool.state === 'active') this.#pools.delete(record);
  }
}
