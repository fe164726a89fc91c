import { fromTimestamp, type Instant, toTimestamp } from '../clock.ts';
import { type IntervalUsage, intervalOf } from '../engine/statistics.ts';
import { BatchFault } from '../errors.ts';
import type { BatchRequest } from '../http/request.ts';
import { listReply } from './query.ts';
import type { Handler } from './service.ts';

const HOUR = 3_600_000_000;

/**
 * Core hours by half-hour and pool. The service needs two hours to sum them up; here they are there at once, and
 * without a time asked for it is the half-hour that is not over yet which is told.
 */
export const listUsageMetrics: Handler = ({ world, statistics }, request) => {
  const now = world.clock.now();
  const to = timeParameter(request, 'endtime') ?? now;
  const from = timeParameter(request, 'starttime') ?? intervalOf(to);
  if (to < from) throw badTime(request, 'endtime', 'The end is before the start');
  return listReply(request, {
    metadata: 'poolusagemetrics',
    list: 'poolUsageMetrics',
    items: statistics.usage(from, to),
    keyOf: (usage) => `${toTimestamp(usage.from)} ${usage.poolId} ${usage.vmSize}`,
    view: usageView,
  });
};

function usageView({ poolId, from, to, vmSize, coreTime }: IntervalUsage): object {
  return {
    startTime: toTimestamp(from),
    endTime: toTimestamp(to),
    poolId,
    vmSize,
    totalCoreHours: coreTime / HOUR,
  };
}

function timeParameter(request: BatchRequest, name: string): Instant | undefined {
  const text = request.query.get(name);
  if (text === undefined) return undefined;
  const time = fromTimestamp(text);
  if (!Number.isNaN(time)) return time;
  throw badTime(request, name, 'The value is not a valid date and time');
}

function badTime(request: BatchRequest, name: string, reason: string): BatchFault {
  return new BatchFault('InvalidQueryParameterValue', {
    QueryParameterName: name,
    QueryParameterValue: request.query.get(name) ?? '',
    Reason: reason,
  });
}
