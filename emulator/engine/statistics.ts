import { fromTimestamp, type Instant } from '../clock.ts';
import { coresOf } from '../data/vm-sizes.ts';
import type { ComputeNode, NodeRecord, Task } from '../model/entities.ts';
import { type CoreTime, StatisticsStore, type TaskTotals, type Usage } from '../store/statistics-store.ts';
import type { World } from './world.ts';

/** Length of the intervals in which usage is told: half an hour, in microseconds. */
const USAGE_INTERVAL = 30 * 60 * 1_000_000;

/** How long the usage of an interval can be asked for: 90 days, in microseconds. */
const USAGE_KEPT = 90 * 24 * 60 * 60 * 1_000_000;

/** What a pool used in one interval; `from` and `to` are where the interval begins and ends. */
export interface IntervalUsage extends Usage {
  readonly from: Instant;
  readonly to: Instant;
}

/** Keeps count of what was used and done, by pools, by jobs, and by the account since it came to be. */
export class Statistics {
  readonly #world: World;
  readonly #store: StatisticsStore;
  readonly since: Instant;

  constructor(world: World) {
    this.#world = world;
    this.#store = new StatisticsStore(world.database);
    this.since = this.#store.since(world.clock.now());
    world.events.on('taskCompleted', ({ jobId, task }) => this.#taskCompleted(jobId, task));
    world.events.on('jobRemoved', ({ jobNumber }) => this.#store.forgetJob(jobNumber));
    world.events.on('poolAdded', ({ poolId }) => this.#store.forgetPool(poolId));
    world.events.on('poolRemoved', ({ poolId }) => this.#store.forgetPool(poolId));
    world.events.on('nodeRemoved', ({ record }) => this.#nodeRemoved(record));
  }

  /** Sums of a job's tasks that are over; of all jobs that there ever were without a job. */
  tasks(jobNumber?: number): TaskTotals {
    return this.#store.tasks(jobNumber);
  }

  /** Core time of a pool so far; of all pools that there ever were without a pool. */
  cores(poolId?: string): CoreTime {
    const gone = this.#store.cores(poolId);
    const now = this.#world.clock.now();
    const present = poolId === undefined ? this.#world.nodes.all() : this.#world.nodes.inPool(poolId);
    let { dedicated, lowPriority } = gone;
    for (const { node } of present) {
      const coreTime = coreTimeOf(node, 0, now);
      if (node.isDedicated) dedicated += coreTime;
      else lowPriority += coreTime;
    }
    return { dedicated, lowPriority };
  }

  /** What pools used in the intervals that overlap a span of time, by interval and pool. */
  usage(from: Instant, to: Instant): IntervalUsage[] {
    const first = intervalOf(from);
    const sums = new Map<string, IntervalUsage>();
    const add = (interval: Instant, usage: Usage) => {
      const key = `${interval}/${usage.poolId.toLowerCase()}/${usage.vmSize}`;
      const coreTime = (sums.get(key)?.coreTime ?? 0) + usage.coreTime;
      sums.set(key, { ...usage, coreTime, from: interval, to: interval + USAGE_INTERVAL });
    };
    for (const { interval, usage } of this.#store.usage(first, to)) add(interval, usage);
    for (const record of this.#world.nodes.all()) {
      for (const [interval, usage] of usagesOf(record, first, Math.min(to, this.#world.clock.now()))) {
        add(interval, usage);
      }
    }
    return [...sums.values()].sort((a, b) => a.from - b.from || (a.poolId < b.poolId ? -1 : 1));
  }

  #taskCompleted(jobId: string, task: Task): void {
    const job = this.#world.jobs.get(jobId);
    if (job !== undefined) this.#store.addTask(job.number, totalsOf(task));
  }

  #nodeRemoved(record: NodeRecord): void {
    const now = this.#world.clock.now();
    const { node, poolId } = record;
    const coreTime = coreTimeOf(node, 0, now);
    this.#store.addCores(poolId, {
      dedicated: node.isDedicated ? coreTime : 0,
      lowPriority: node.isDedicated ? 0 : coreTime,
    });
    const oldest = intervalOf(now - USAGE_KEPT);
    for (const [interval, usage] of usagesOf(record, oldest, now)) this.#store.addUsage(interval, usage);
    this.#store.forgetUsage(oldest);
  }
}

/** How long a task waited and ran, in microseconds. A task that still runs counts up to `now`. */
export function timesOf(task: Task, now: Instant): { wait: number; wallClock: number } {
  const { executionInfo, state } = task;
  const { startTime, endTime } = executionInfo;
  if (startTime === undefined) return { wait: 0, wallClock: 0 };
  // The state's own time is that of the first attempt, the start's that of the last.
  const running = state === 'completed' ? task.previousStateTransitionTime : task.stateTransitionTime;
  const end = endTime === undefined ? now : fromTimestamp(endTime);
  return {
    wait: Math.max(0, fromTimestamp(startTime) - fromTimestamp(task.creationTime)),
    wallClock: Math.max(0, end - fromTimestamp(running ?? startTime)),
  };
}

function totalsOf(task: Task): TaskTotals {
  const succeeded = task.executionInfo.result === 'success';
  return {
    succeeded: succeeded ? 1 : 0,
    failed: succeeded ? 0 : 1,
    retries: task.executionInfo.retryCount,
    ...timesOf(task, 0),
  };
}

function coreTimeOf(node: ComputeNode, from: Instant, to: Instant): number {
  return Math.max(0, to - Math.max(from, fromTimestamp(node.allocationTime))) * coresOf(node.vmSize);
}

/** What a node used in each interval that it was there, from `from` to `to`. */
function* usagesOf({ node, poolId }: NodeRecord, from: Instant, to: Instant): Iterable<[Instant, Usage]> {
  const start = Math.max(from, fromTimestamp(node.allocationTime));
  for (let interval = intervalOf(start); interval < to; interval += USAGE_INTERVAL) {
    const end = Math.min(to, interval + USAGE_INTERVAL);
    const coreTime = coreTimeOf(node, interval, end);
    if (coreTime > 0) yield [interval, { poolId, vmSize: node.vmSize, coreTime }];
  }
}

/** Where the interval begins in which a time lies. */
export function intervalOf(time: Instant): Instant {
  return Math.floor(time / USAGE_INTERVAL) * USAGE_INTERVAL;
}
