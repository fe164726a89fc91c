import { evaluateFormula, type FormulaResult, SAMPLE_PERIOD_MS, type Sample } from '../autoscale/index.ts';
import { type Instant, toTimestamp } from '../clock.ts';
import { parseDuration } from '../duration.ts';
import type { Pool, PoolRecord } from '../model/entities.ts';
import type { AutoScaleRun } from '../model/pool-parts.ts';
import { SampleStore } from '../store/sample-store.ts';
import { MachineLoad } from './machine-load.ts';
import type { PoolControl } from './pool-control.ts';
import type { World } from './world.ts';

/** How long samples are kept. */
const HISTORY_MS = 24 * 3600 * 1000;

/** Shortest time between the moments at which autoscaling of a pool is enabled or changed. */
const ENABLE_PAUSE_MS = 30_000;

/** However fast the emulator is asked to run, it does not measure more often than this. */
const SHORTEST_PERIOD_MS = 20;

/**
 * Measures pools every 30 seconds, as the service does, and evaluates their autoscale formulas on what it
 * measured. All of it goes as fast as the emulator's other delays: at speed 10 a formula is evaluated ten times as
 * often as its pool says, and the samples of the last three seconds are to it those of the last half minute.
 */
export class AutoscaleControl {
  readonly #world: World;
  readonly #pools: PoolControl;
  readonly #samples: SampleStore;
  readonly #load = new MachineLoad();
  readonly #timers = new Map<string, () => void>();
  readonly #lastEnabled = new Map<string, Instant>();
  /** Pools whose formula came to something while a resize was under way. */
  readonly #waiting = new Set<string>();

  constructor(world: World, pools: PoolControl) {
    this.#world = world;
    this.#pools = pools;
    this.#samples = new SampleStore(world.database);
    world.events.on('poolAdded', ({ poolId }) => this.#begin(poolId));
    world.events.on('poolRemoved', ({ poolId }) => this.#forget(poolId));
    world.events.on('poolSteady', ({ poolId }) => this.#catchUp(poolId));
  }

  /** Begins to measure the pools that there are, and to evaluate their formulas. */
  resume(): void {
    for (const { pool } of this.#world.pools.all()) this.#begin(pool.id);
    this.#sampleOn();
  }

  /** Whether autoscaling of the pool was enabled or changed only just now. */
  changedLately(poolId: string): boolean {
    const last = this.#lastEnabled.get(poolId.toLowerCase());
    return (
      last !== undefined &&
      this.#world.clock.now() - last < (ENABLE_PAUSE_MS * 1000) / this.#world.options.speed
    );
  }

  enable(record: PoolRecord, formula: string, interval: string): PoolRecord {
    this.#lastEnabled.set(record.pool.id.toLowerCase(), this.#world.clock.now());
    const enabled = this.#pools.change(record, {
      enableAutoScale: true,
      autoScaleFormula: formula,
      autoScaleEvaluationInterval: interval,
      autoScaleRun: undefined,
    });
    this.#run(enabled.pool.id);
    return enabled;
  }

  disable(record: PoolRecord): PoolRecord {
    this.#timers.get(record.pool.id.toLowerCase())?.();
    const pool: Pool = {
      ...record.pool,
      enableAutoScale: false,
      autoScaleFormula: undefined,
      autoScaleEvaluationInterval: undefined,
      autoScaleRun: undefined,
    };
    return this.#world.pools.put({ ...record, pool });
  }

  /** Evaluates a formula on the pool as it is, without any effect on it. */
  evaluate(pool: Pool, formula: string): { run: AutoScaleRun; result: FormulaResult } {
    const now = this.#world.clock.now();
    const history = this.#history(pool.id, now);
    const result = evaluateFormula(formula, {
      now: toDate(now),
      samples: (variable) => history.flatMap((sampled) => sampleOf(sampled, variable)),
      current: {
        ...this.#measure(pool),
        $TargetDedicatedNodes: pool.targetDedicatedNodes,
        $TargetLowPriorityNodes: pool.targetLowPriorityNodes,
      },
    });
    const { results, error } = result;
    return {
      run: { timestamp: toTimestamp(now), results, ...(error === undefined ? {} : { error }) },
      result,
    };
  }

  /** The load that was measured of the machine, averaged over pools' lives. */
  load(poolIds: readonly string[]): { averagePercent: number; averageBytes: number; peakBytes: number } {
    const loads = poolIds.map((id) => this.#samples.load(id));
    const samples = Math.max(
      1,
      loads.reduce((sum, each) => sum + each.samples, 0),
    );
    return {
      averagePercent: loads.reduce((sum, { percent }) => sum + percent, 0) / samples,
      averageBytes: loads.reduce((sum, { bytes }) => sum + bytes, 0) / samples,
      peakBytes: Math.max(0, ...loads.map(({ peakBytes }) => peakBytes)),
    };
  }

  /** Schedules may make a pool a minute: nothing is to be left of one, and nothing to be found by its namesake. */
  #forget(poolId: string): void {
    const key = poolId.toLowerCase();
    this.#timers.get(key)?.();
    this.#timers.delete(key);
    this.#lastEnabled.delete(key);
    this.#waiting.delete(key);
    this.#samples.forget(poolId);
  }

  #begin(poolId: string): void {
    const pool = this.#world.pools.get(poolId)?.pool;
    if (pool === undefined) return;
    this.#sample(pool);
    if (pool.enableAutoScale) this.#schedule(pool, 0);
  }

  #sampleOn(): void {
    const period = SAMPLE_PERIOD_MS / this.#world.options.speed;
    this.#world.after(Math.max(period, SHORTEST_PERIOD_MS), () => {
      this.#load.measure();
      for (const { pool } of this.#world.pools.all()) this.#sample(pool);
      this.#sampleOn();
    });
  }

  #sample(pool: Pool): void {
    const time = this.#world.clock.now();
    const oldest = time - (HISTORY_MS * 1000) / this.#world.options.speed;
    this.#samples.add(pool.id, { time, values: this.#measure(pool) }, oldest);
  }

  /** The pool's samples, with their ages as they would be if the emulator took its time. */
  #history(poolId: string, now: Instant): Sampled[] {
    return this.#samples.of(poolId).map(({ time, values }) => ({
      time: toDate(now - (now - time) * this.#world.options.speed),
      values,
    }));
  }

  #schedule(pool: Pool, delayMs: number): void {
    const key = pool.id.toLowerCase();
    this.#timers.get(key)?.();
    this.#timers.set(
      key,
      this.#world.after(delayMs, () => this.#run(pool.id)),
    );
  }

  /** Evaluates the pool's formula, resizes the pool to it, and comes back after the interval. */
  #run(poolId: string): void {
    const record = this.#world.pools.get(poolId);
    const formula = record?.pool.autoScaleFormula;
    if (record === undefined || formula === undefined || !record.pool.enableAutoScale) return;
    if (record.pool.state === 'deleting') return;
    const interval = parseDuration(record.pool.autoScaleEvaluationInterval ?? '') ?? DEFAULT_INTERVAL_MS;
    this.#schedule(record.pool, interval / this.#world.options.speed);
    const { run, result } = this.evaluate(record.pool, formula);
    const evaluated = this.#world.pools.put({ ...record, pool: { ...record.pool, autoScaleRun: run } });
    if (result.error !== undefined) return;
    if (evaluated.pool.allocationState !== 'steady') {
      this.#waiting.add(poolId.toLowerCase());
      return;
    }
    const { targetDedicatedNodes, targetLowPriorityNodes, nodeDeallocationOption } = result;
    const { pool } = evaluated;
    const reached =
      pool.targetDedicatedNodes === targetDedicatedNodes &&
      pool.targetLowPriorityNodes === targetLowPriorityNodes &&
      pool.currentDedicatedNodes === targetDedicatedNodes &&
      pool.currentLowPriorityNodes === targetLowPriorityNodes;
    if (reached) return;
    this.#pools.resize(evaluated, {
      dedicated: targetDedicatedNodes,
      lowPriority: targetLowPriorityNodes,
      deallocation: nodeDeallocationOption,
      byService: true,
    });
  }

  /** The resize that was under way may have changed what is to be counted: the formula is evaluated anew. */
  #catchUp(poolId: string): void {
    const pool = this.#world.pools.get(poolId)?.pool;
    if (this.#waiting.delete(poolId.toLowerCase()) && pool !== undefined) this.#schedule(pool, 0);
  }

  /** What formulas can ask about the pool, as it is now. */
  #measure(pool: Pool): Record<string, number> {
    const folded = pool.id.toLowerCase();
    const jobs = this.#world.jobs
      .all()
      .filter(({ job }) => job.executionInfo.poolId?.toLowerCase() === folded)
      .map(({ job, number }) => ({ isActive: job.state === 'active', ...this.#world.tasks.counts(number) }));
    const sum = (pick: (each: (typeof jobs)[number]) => number) =>
      jobs.reduce((all, each) => all + pick(each), 0);
    const active = sum(({ isActive, ready }) => (isActive ? ready : 0));
    const running = sum(({ tasks }) => tasks.running);
    const nodes = [...this.#world.nodes.inPool(pool.id)].map(({ node }) => node);
    return {
      ...this.#load.values(),
      $ActiveTasks: active,
      $RunningTasks: running,
      $PendingTasks: active + running,
      $SucceededTasks: sum(({ tasks }) => tasks.succeeded),
      $FailedTasks: sum(({ tasks }) => tasks.failed),
      $TaskSlotsPerNode: pool.taskSlotsPerNode,
      $CurrentDedicatedNodes: pool.currentDedicatedNodes,
      $CurrentLowPriorityNodes: pool.currentLowPriorityNodes,
      $UsableNodeCount: nodes.filter(({ state }) => state === 'idle' || state === 'running').length,
      $SampleNodeCount: nodes.length,
      $PreemptedNodeCount: nodes.filter(({ state }) => state === 'preempted').length,
    };
  }
}

const DEFAULT_INTERVAL_MS = 15 * 60 * 1000;

interface Sampled {
  readonly time: Date;
  readonly values: Readonly<Record<string, number>>;
}

function toDate(instant: Instant): Date {
  return new Date(Math.floor(instant / 1000));
}

function sampleOf({ time, values }: Sampled, variable: string): Sample[] {
  const value = values[variable];
  return value === undefined ? [] : [{ time, value }];
}
