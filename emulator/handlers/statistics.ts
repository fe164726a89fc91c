import { fromTimestamp, type Instant, toTimestamp } from '../clock.ts';
import { formatDuration } from '../duration.ts';
import type { Engine } from '../engine/engine.ts';
import { timesOf } from '../engine/statistics.ts';
import { entityReply } from '../http/reply.ts';
import type { BatchRequest } from '../http/request.ts';
import type { JobRecord, Pool, Task } from '../model/entities.ts';
import type { JobSchedule } from '../model/job-schedule.ts';
import type { TaskTotals } from '../store/statistics-store.ts';
import type { Handler } from './service.ts';
import { jobUrl, poolUrl, scheduleUrl, taskUrl } from './views.ts';

const GIB = 2 ** 30;

export const getPoolStatistics: Handler = (engine, request) =>
  entityReply(request, 'poolstats', poolStatistics(engine, `${request.baseUrl}/lifetimepoolstats`));

export const getJobStatistics: Handler = (engine, request) => {
  const { statistics } = engine;
  const totals = statistics.tasks();
  const body = {
    ...jobStatistics(engine, `${request.baseUrl}/lifetimejobstats`, statistics.since, totals),
    waitTime: duration(totals.wait),
  };
  return entityReply(request, 'jobstats', body);
};

/** Whether the request asks for statistics beside the entities. */
function wantsStatistics(request: BatchRequest): boolean {
  return request.query.get('$expand')?.trim() === 'stats';
}

/** The view with the statistics that the request asks for, if it does. */
function expanded(
  request: BatchRequest,
  view: object,
  url: string,
  statistics: (url: string) => object,
): object {
  if (!wantsStatistics(request)) return view;
  const address = `${url}/stats`;
  return { ...view, 'stats@odata.navigationLinkUrl': address, stats: statistics(address) };
}

/** The pool as shown, with its statistics where `$expand=stats` asks for them. */
export function withPoolStatistics(engine: Engine, request: BatchRequest, pool: Pool, view: object): object {
  return expanded(request, view, poolUrl(request, pool.id), (url) => poolStatistics(engine, url, pool));
}

/** The job as shown, with its statistics where `$expand=stats` asks for them. */
export function withJobStatistics(
  engine: Engine,
  request: BatchRequest,
  { job, number }: JobRecord,
  view: object,
): object {
  return expanded(request, view, jobUrl(request, job.id), (url) => {
    const totals = engine.statistics.tasks(number);
    return jobStatistics(engine, url, fromTimestamp(job.creationTime), totals);
  });
}

/** A schedule has the sums of the jobs that it made and that are still there. */
export function withScheduleStatistics(
  engine: Engine,
  request: BatchRequest,
  schedule: JobSchedule,
  view: object,
): object {
  return expanded(request, view, scheduleUrl(request, schedule.id), (url) => {
    const jobs = engine.world.jobs.all().filter(({ scheduleId }) => scheduleId === schedule.id);
    return jobStatistics(engine, url, fromTimestamp(schedule.creationTime), sumOf(engine, jobs));
  });
}

/** The task as shown, with its statistics where `$expand=stats` asks for them. */
export function withTaskStatistics(
  engine: Engine,
  request: BatchRequest,
  jobId: string,
  task: Task,
  view: object,
): object {
  return expanded(request, view, taskUrl(request, jobId, task.id), (url) => {
    const now = engine.world.clock.now();
    const { wait, wallClock } = timesOf(task, now);
    return {
      url,
      startTime: task.creationTime,
      lastUpdateTime: toTimestamp(now),
      ...processStatistics(wallClock),
      waitTime: duration(wait),
    };
  });
}

function jobStatistics(engine: Engine, url: string, since: Instant, totals: TaskTotals): object {
  return {
    url,
    startTime: toTimestamp(since),
    lastUpdateTime: toTimestamp(engine.world.clock.now()),
    ...processStatistics(totals.wallClock),
    numTaskRetries: String(totals.retries),
    numSucceededTasks: String(totals.succeeded),
    numFailedTasks: String(totals.failed),
    // The time that tasks waited is told of the whole account only.
    waitTime: 'PT0S',
  };
}

/** What processes used of the machine, of which only the time on the clock is measured. */
function processStatistics(wallClock: number): object {
  return {
    userCPUTime: 'PT0S',
    kernelCPUTime: 'PT0S',
    wallClockTime: duration(wallClock),
    readIOps: '0',
    writeIOps: '0',
    readIOGiB: 0,
    writeIOGiB: 0,
  };
}

function sumOf({ statistics }: Engine, jobs: readonly JobRecord[]): TaskTotals {
  const all = jobs.map(({ number }) => statistics.tasks(number));
  const sum = (pick: (totals: TaskTotals) => number) => all.reduce((total, each) => total + pick(each), 0);
  return {
    succeeded: sum(({ succeeded }) => succeeded),
    failed: sum(({ failed }) => failed),
    retries: sum(({ retries }) => retries),
    wallClock: sum(({ wallClock }) => wallClock),
    wait: sum(({ wait }) => wait),
  };
}

function poolStatistics(engine: Engine, url: string, pool?: Pool): object {
  const { statistics, autoscale, world } = engine;
  const times = {
    startTime: pool === undefined ? toTimestamp(statistics.since) : pool.creationTime,
    lastUpdateTime: toTimestamp(world.clock.now()),
  };
  const pools = pool === undefined ? world.pools.all().map((record) => record.pool.id) : [pool.id];
  const load = autoscale.load(pools);
  return {
    url,
    ...times,
    usageStats: { ...times, dedicatedCoreTime: duration(statistics.cores(pool?.id).dedicated) },
    resourceStats: {
      ...times,
      avgCPUPercentage: load.averagePercent,
      avgMemoryGiB: load.averageBytes / GIB,
      peakMemoryGiB: load.peakBytes / GIB,
      avgDiskGiB: 0,
      peakDiskGiB: 0,
      diskReadIOps: '0',
      diskWriteIOps: '0',
      diskReadGiB: 0,
      diskWriteGiB: 0,
      networkReadGiB: 0,
      networkWriteGiB: 0,
    },
  };
}

/** Microseconds as the service writes a duration. */
function duration(microseconds: number): string {
  return formatDuration(microseconds / 1000);
}
