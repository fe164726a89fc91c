import { fromTimestamp, type Instant, toTimestamp } from '../clock.ts';
import { coresOf } from '../data/vm-sizes.ts';
import { formatDuration } from '../duration.ts';
import type { Engine } from '../engine/engine.ts';
import { BatchFault, invalidProperty } from '../errors.ts';
import { entityReply } from '../http/reply.ts';
import type { BatchRequest } from '../http/request.ts';
import type { Pool } from '../model/entities.ts';
import { listReply } from './query.ts';
import type { Handler } from './service.ts';

/** Core hours of the nodes that there are, one interval a pool; nodes that are gone are no longer counted. */
export const listUsageMetrics: Handler = ({ world }, request) => {
  const now = world.clock.now();
  const from = timeParameter(request, 'starttime') ?? 0;
  const to = Math.min(timeParameter(request, 'endtime') ?? now, now);
  if (to < from)
    throw invalidProperty('endtime', request.query.get('endtime'), 'The end is before the start');
  const usages = world.pools.all().flatMap(({ pool }) => usageOf(world, pool, from, to) ?? []);
  return listReply(request, {
    metadata: 'poolusagemetrics',
    list: 'poolUsageMetrics',
    items: usages,
    keyOf: ({ poolId }) => poolId,
    view: (usage) => usage,
  });
};

function usageOf(world: Engine['world'], pool: Pool, from: Instant, to: Instant) {
  const start = Math.max(from, fromTimestamp(pool.creationTime));
  if (start >= to) return undefined;
  const microseconds = coreTime(world, pool.id, start, to);
  return {
    poolId: pool.id,
    startTime: toTimestamp(start),
    endTime: toTimestamp(to),
    vmSize: pool.vmSize,
    totalCoreHours: microseconds / 3_600_000_000,
  };
}

/** Cores times microseconds that the pool's nodes were there between two times. */
function coreTime(world: Engine['world'], poolId: string, from: Instant, to: Instant): number {
  let sum = 0;
  for (const { node } of world.nodes.inPool(poolId)) {
    const start = Math.max(from, fromTimestamp(node.allocationTime));
    sum += Math.max(0, to - start) * coresOf(node.vmSize);
  }
  return sum;
}

/** Statistics of the pools that there are. Loads of machines are not known, since there are none. */
export const getPoolStatistics: Handler = ({ world }, request) => {
  const now = world.clock.now();
  const pools = world.pools.all();
  const start = Math.min(now, ...pools.map(({ pool }) => fromTimestamp(pool.creationTime)));
  const microseconds = pools.reduce((sum, { pool }) => sum + coreTime(world, pool.id, start, now), 0);
  const times = { startTime: toTimestamp(start), lastUpdateTime: toTimestamp(now) };
  return entityReply(request, 'poolstats', {
    url: `${request.baseUrl}/lifetimepoolstats`,
    ...times,
    usageStats: { ...times, dedicatedCoreTime: formatDuration(microseconds / 1000) },
  });
};

/** Statistics of the jobs that there are. What processes used of the machine is not measured and given as nothing. */
export const getJobStatistics: Handler = ({ world }, request) => {
  const now = world.clock.now();
  const jobs = world.jobs.all();
  const counts = jobs.map(({ number }) => world.tasks.counts(number).tasks);
  const nothing = 'PT0S';
  return entityReply(request, 'jobstats', {
    url: `${request.baseUrl}/lifetimejobstats`,
    startTime: toTimestamp(Math.min(now, ...jobs.map(({ job }) => fromTimestamp(job.creationTime)))),
    lastUpdateTime: toTimestamp(now),
    userCPUTime: nothing,
    kernelCPUTime: nothing,
    wallClockTime: nothing,
    readIOps: '0',
    writeIOps: '0',
    readIOGiB: 0,
    writeIOGiB: 0,
    numSucceededTasks: String(counts.reduce((sum, each) => sum + each.succeeded, 0)),
    numFailedTasks: String(counts.reduce((sum, each) => sum + each.failed, 0)),
    numTaskRetries: '0',
    waitTime: nothing,
  });
};

function timeParameter(request: BatchRequest, name: string): Instant | undefined {
  const text = request.query.get(name);
  if (text === undefined) return undefined;
  const time = fromTimestamp(text);
  if (!Number.isNaN(time)) return time;
  throw new BatchFault('InvalidQueryParameterValue', {
    QueryParameterName: name,
    QueryParameterValue: text,
    Reason: 'The value is not a valid date and time',
  });
}
