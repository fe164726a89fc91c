import { fromTimestamp } from '../clock.ts';
import { familyQuota } from '../data/family-quotas.ts';
import { coresOf, findVmSize } from '../data/vm-sizes.ts';
import { parseDuration } from '../duration.ts';
import { BatchFault } from '../errors.ts';
import type { DeallocationOption, NodeRecord, Pool, PoolRecord } from '../model/entities.ts';
import type { ResizeError } from '../model/failures.ts';
import {
  beginDelete,
  beginResize,
  createPool,
  endResize,
  moveAllocation,
  type PoolDefinition,
  type ResizeTargets,
  unfinishedErrors,
} from '../model/pool.ts';
import { touched } from '../model/task.ts';
import type { NodeControl } from './node-control.ts';
import { checkPoolReferences } from './pool-references.ts';
import { inOrderOfRelease } from './release-order.ts';
import type { World } from './world.ts';

/** Brings pools to the nodes that their targets ask for, and takes them down. */
export class PoolControl {
  readonly #world: World;
  readonly #nodes: NodeControl;
  /** Pools whose resize has created and released all the nodes it will; the rest is waiting. */
  readonly #allocated = new Set<string>();
  readonly #errors = new Map<string, readonly ResizeError[]>();

  constructor(world: World, nodes: NodeControl) {
    this.#world = world;
    this.#nodes = nodes;
    world.events.on('nodeChanged', ({ poolId }) => this.#nodeChanged(poolId));
  }

  /** Takes up again where the emulator left off. */
  resume(): void {
    for (const record of this.#world.pools.all()) {
      const { pool } = record;
      this.#limitResize(pool);
      if (pool.state === 'deleting' || pool.allocationState === 'resizing') this.#scheduleAllocation(pool.id);
      else if (pool.allocationState === 'stopping') this.#scheduleStop(pool.id);
    }
    for (const record of [...this.#world.nodes.all()]) this.#nodes.resume(record);
  }

  add(definition: PoolDefinition): PoolRecord {
    const namesake = this.#world.pools.get(definition.id)?.pool;
    if (namesake !== undefined) {
      throw new BatchFault(namesake.state === 'deleting' ? 'PoolBeingDeleted' : 'PoolExists');
    }
    checkPoolReferences(this.#world, definition);
    if (this.#world.pools.size >= this.#world.options.quotas.pools) throw new BatchFault('PoolQuotaReached');
    const record = this.#world.pools.put(createPool(definition, this.#world.clock.now()));
    this.#scheduleAllocation(record.pool.id);
    this.#world.events.emit('poolAdded', { poolId: record.pool.id });
    return record;
  }

  /** Begins to bring the pool to new numbers of nodes. The pool must be steady. */
  resize(record: PoolRecord, targets: ResizeTargets): PoolRecord {
    const resizing = this.#world.pools.put(beginResize(record, targets, this.#world.clock.now()));
    this.#scheduleAllocation(resizing.pool.id);
    this.#limitResize(resizing.pool);
    return resizing;
  }

  /** Ends a client's resize when its time is up. Nodes that wait for their tasks still go when these have ended. */
  #limitResize({ id, allocationState, allocationStateTransitionTime: began, ...pool }: Pool): void {
    const limit = parseDuration(pool.resizeTimeout);
    if (allocationState !== 'resizing' || pool.enableAutoScale || limit === undefined) return;
    this.#world.after(limit - (this.#world.clock.now() - fromTimestamp(began)) / 1000, () => {
      const current = this.#world.pools.get(id)?.pool;
      if (current?.allocationState !== 'resizing' || current.allocationStateTransitionTime !== began) return;
      if (current.state !== 'deleting') this.#breakOff(id, 'AllocationTimedout');
    });
  }

  #breakOff(poolId: string, code: 'ResizeStopped' | 'AllocationTimedout'): void {
    this.#count(poolId);
    const record = this.#world.pools.get(poolId);
    if (record !== undefined) this.#endResize(record, unfinishedErrors(record.pool, code));
  }

  /** Takes the nodes named out of the pool and lowers its targets by as many. */
  removeNodes(
    record: PoolRecord,
    nodes: readonly NodeRecord[],
    deallocation: DeallocationOption,
    timeout?: string,
  ): PoolRecord {
    // One that is named twice goes once, and one that is on its way out counts no more.
    const going = [...new Set(nodes)].filter(({ node }) => node.state !== 'leavingpool');
    const dedicated = going.filter(({ node }) => node.isDedicated).length;
    return this.resize(record, {
      dedicated: Math.max(0, record.pool.targetDedicatedNodes - dedicated),
      lowPriority: Math.max(0, record.pool.targetLowPriorityNodes - (going.length - dedicated)),
      deallocation,
      timeout,
      removing: nodes.map(({ node }) => node.id),
    });
  }

  /** Stops a resize where it is. */
  stopResize(record: PoolRecord): PoolRecord {
    const pool = moveAllocation(record.pool, 'stopping', this.#world.clock.now());
    this.#scheduleStop(pool.id);
    return this.#world.pools.put({ ...record, pool });
  }

  delete(record: PoolRecord): void {
    this.#world.pools.put(beginDelete(record, this.#world.clock.now()));
    this.#scheduleAllocation(record.pool.id);
  }

  /** Changes members of the pool that nothing happens about until nodes start anew. */
  change(record: PoolRecord, members: Partial<Pool>): PoolRecord {
    checkPoolReferences(this.#world, members);
    const now = this.#world.clock.now();
    return this.#world.pools.put({ ...record, pool: { ...record.pool, ...members, ...touched(now) } });
  }

  #scheduleAllocation(poolId: string): void {
    this.#allocated.delete(poolId);
    this.#errors.delete(poolId);
    this.#world.afterDelay('allocate', () => this.#allocate(poolId));
  }

  #scheduleStop(poolId: string): void {
    this.#world.afterDelay('stopResize', () => {
      const record = this.#world.pools.get(poolId);
      if (record?.pool.allocationState !== 'stopping' || record.pool.state === 'deleting') return;
      this.#breakOff(poolId, 'ResizeStopped');
    });
  }

  /** Creates the nodes that are missing and releases those that are too many. */
  #allocate(poolId: string): void {
    const record = this.#world.pools.get(poolId);
    if (record?.pool.allocationState !== 'resizing') return;
    if (record.pool.state === 'deleting') {
      for (const node of this.#world.nodes.sorted(poolId)) this.#nodes.leave(node, record.deallocation);
    }
    for (const nodeId of record.removing ?? []) {
      const node = this.#world.nodes.get(poolId, nodeId);
      if (node !== undefined) this.#nodes.leave(node, record.deallocation);
    }
    const errors = [...this.#bring(record, true), ...this.#bring(record, false)];
    this.#errors.set(poolId, errors);
    this.#allocated.add(poolId);
    this.#nodeChanged(poolId);
  }

  #bring(record: PoolRecord, isDedicated: boolean): ResizeError[] {
    const { pool } = record;
    const present = this.#staying(pool.id).filter(({ node }) => node.isDedicated === isDedicated);
    const target = isDedicated ? pool.targetDedicatedNodes : pool.targetLowPriorityNodes;
    const surplus = Math.max(0, present.length - target);
    for (const node of inOrderOfRelease(this.#world, present).slice(0, surplus)) {
      this.#nodes.leave(node, record.deallocation);
    }
    const allowed = Math.min(target, present.length + this.#room(pool, isDedicated));
    for (let count = present.length; count < allowed; count += 1) this.#nodes.create(pool, isDedicated);
    return allowed < target ? [this.#refusal(pool, isDedicated)] : [];
  }

  /** How many more nodes of the pool's size the quotas allow. */
  #room(pool: Pool, isDedicated: boolean): number {
    const most = Math.min(...this.#limits(pool, isDedicated).map(({ room }) => room));
    return Math.max(0, most);
  }

  /** What the account may have that nodes of this kind count against, and how many more of them each allows. */
  #limits(pool: Pool, isDedicated: boolean): Limit[] {
    const { quotas } = this.#world.options;
    const cores = coresOf(pool.vmSize);
    const family = findVmSize(pool.vmSize)?.family;
    const taken = { nodes: 0, cores: 0, familyCores: 0 };
    for (const { node } of this.#world.nodes.all()) {
      taken.nodes += 1;
      if (node.isDedicated !== isDedicated) continue;
      taken.cores += coresOf(node.vmSize);
      if (findVmSize(node.vmSize)?.family === family) taken.familyCores += coresOf(node.vmSize);
    }
    const nodesLeft: Limit = { room: quotas.nodes - taken.nodes, error: machineFull(quotas.nodes) };
    const left = (quota: number, used: number) => Math.floor((quota - used) / cores);
    if (!isDedicated) {
      const quota = quotas.lowPriorityCores;
      return [nodesLeft, { room: left(quota, taken.cores), error: lowPriorityFull(quota) }];
    }
    const total = quotas.dedicatedCores;
    const ofAll: Limit = { room: left(total, taken.cores), error: dedicatedFull(total, cores) };
    if (family === undefined) return [nodesLeft, ofAll];
    const quota = familyQuota(family, total);
    return [
      nodesLeft,
      ofAll,
      { room: left(quota, taken.familyCores), error: familyFull(family, quota, cores) },
    ];
  }

  /** Why no more nodes of this kind can be had. */
  #refusal(pool: Pool, isDedicated: boolean): ResizeError {
    // The order holds where several allow as little.
    const narrowest = (a: Limit, b: Limit) => (b.room < a.room ? b : a);
    return this.#limits(pool, isDedicated).reduce(narrowest).error;
  }

  #nodeChanged(poolId: string): void {
    if (this.#world.closed) return;
    this.#count(poolId);
    const record = this.#world.pools.get(poolId);
    if (record === undefined || !this.#allocated.has(record.pool.id)) return;
    const nodes = [...this.#world.nodes.inPool(poolId)];
    if (record.pool.state === 'deleting') {
      if (nodes.length > 0) return;
      this.#allocated.delete(record.pool.id);
      this.#errors.delete(record.pool.id);
      this.#world.pools.remove(poolId);
      this.#world.events.emit('poolRemoved', { poolId: record.pool.id });
      return;
    }
    if (nodes.some(({ node }) => node.state === 'creating' || node.state === 'leavingpool')) return;
    this.#allocated.delete(record.pool.id);
    if (record.pool.allocationState !== 'resizing') return;
    this.#endResize(record, this.#errors.get(record.pool.id) ?? []);
  }

  #endResize(record: PoolRecord, errors: readonly ResizeError[]): void {
    this.#world.pools.put(endResize(record, errors, this.#world.clock.now()));
    this.#world.events.emit('poolSteady', { poolId: record.pool.id });
  }

  /** Keeps the pool's counts of nodes what they are. */
  #count(poolId: string): void {
    const record = this.#world.pools.get(poolId);
    if (record === undefined) return;
    let dedicated = 0;
    let lowPriority = 0;
    for (const { node } of this.#world.nodes.inPool(poolId)) {
      if (node.state === 'creating') continue;
      if (node.isDedicated) dedicated += 1;
      else lowPriority += 1;
    }
    const { pool } = record;
    if (pool.currentDedicatedNodes === dedicated && pool.currentLowPriorityNodes === lowPriority) return;
    const counted = { ...pool, currentDedicatedNodes: dedicated, currentLowPriorityNodes: lowPriority };
    this.#world.pools.put({ ...record, pool: counted });
  }

  #staying(poolId: string): NodeRecord[] {
    return this.#world.nodes.sorted(poolId).filter(({ node }) => node.state !== 'leavingpool');
  }
}

/** Something that there is only so much of, and what a resize is told that wants more. */
interface Limit {
  /** Nodes that it still allows. */
  readonly room: number;
  readonly error: ResizeError;
}

function machineFull(nodes: number): ResizeError {
  return {
    code: 'AllocationFailed',
    message: `Desired number of nodes could not be allocated: this emulator was started with at most ${nodes} nodes`,
  };
}

function dedicatedFull(quota: number, coresPerNode: number): ResizeError {
  return {
    code: 'AccountCoreQuotaReached',
    message: 'The specified account has reached core quota',
    values: coreValues(quota, coresPerNode),
  };
}

function familyFull(family: string, quota: number, coresPerNode: number): ResizeError {
  return {
    code: 'AccountVMSeriesCoreQuotaReached',
    message: `The specified account has reached VM series core quota for ${family}`,
    values: [{ name: 'VMSeries', value: family }, ...coreValues(quota, coresPerNode)],
  };
}

function coreValues(quota: number, coresPerNode: number) {
  return [
    { name: 'CoreQuota', value: String(quota) },
    { name: 'CoresPerNode', value: String(coresPerNode) },
  ];
}

function lowPriorityFull(quota: number): ResizeError {
  return {
    code: 'AccountLowPriorityCoreQuotaReached',
    message: 'The specified account has reached low priority core quota',
    values: [{ name: 'CoreQuota', value: String(quota) }],
  };
}
