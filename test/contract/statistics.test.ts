import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  completedTask,
  refusal,
  startFast,
  until,
} from './support.ts';
import { TravellingClock } from './travelling-clock.ts';

describe('usage and statistics', () => {
  let directory: string;
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'azb-statistics-'));
    emulator = await startFast({ data: directory });
    client = clientFor(emulator);
    await addReadyPool(client, 'p', 2);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    await client.task.add('j', { id: 'good', commandLine: 'sleep 0.2' });
    await client.task.add('j', { id: 'bad', commandLine: 'false', constraints: { maxTaskRetryCount: 2 } });
    await completedTask(client, 'j', 'good');
    await completedTask(client, 'j', 'bad');
  });
  afterAll(async () => {
    await emulator.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('come with a job only when they are asked for', async () => {
    expect((await client.job.get('j')).stats).toBeUndefined();
    const { json } = await raw(emulator, 'GET', '/jobs/j?$expand=stats');
    const url = `${emulator.endpoint}/jobs/j/stats`;
    expect(json).toMatchObject({
      'stats@odata.navigationLinkUrl': url,
      stats: { url, numSucceededTasks: '1', numFailedTasks: '1', numTaskRetries: '2', userCPUTime: 'PT0S' },
    });
    const [job] = await client.job.list({ jobListOptions: { expand: 'stats' } });
    expect(job?.stats?.wallClockTime).toMatch(/^PT(\d+M)?\d+(\.\d+)?S$/);
    const selected = await raw(emulator, 'GET', '/jobs/j?$select=id&$expand=stats');
    expect(Object.keys(selected.json)).toEqual(['odata.metadata', 'id']);
  });

  it('come with tasks and pools', async () => {
    const task = await client.task.get('j', 'good', { taskGetOptions: { expand: 'stats' } });
    expect(task.stats).toMatchObject({ url: `${emulator.endpoint}/jobs/j/tasks/good/stats` });
    expect(Number(/^PT([\d.]+)S$/.exec(task.stats?.wallClockTime ?? '')?.[1])).toBeGreaterThanOrEqual(0.2);
    const pool = await client.pool.get('p', { poolGetOptions: { expand: 'stats' } });
    expect(pool.stats?.usageStats?.dedicatedCoreTime).toMatch(/^PT\d/);
    expect(pool.stats?.resourceStats?.peakMemoryGiB).toBeGreaterThanOrEqual(0);
    expect(await refusal(client.pool.get('p', { poolGetOptions: { expand: 'nodes' } }))).toMatchObject({
      statusCode: 400,
      code: 'InvalidQueryParameterValue',
    });
  });

  it('tell the core hours of pools by half-hours, of nodes that are gone too', async () => {
    const hours = async () => {
      const startTime = new Date(Date.now() - 3600_000);
      const usages = await client.pool.listUsageMetrics({
        poolListUsageMetricsOptions: { startTime, endTime: new Date() },
      });
      for (const usage of usages) {
        expect(usage).toMatchObject({ poolId: 'p', vmSize: 'standard_d2_v2' });
        expect(usage.endTime.getTime() - usage.startTime.getTime()).toBe(1800_000);
        expect(usage.startTime.getTime() % 1800_000).toBe(0);
      }
      return usages.reduce((sum, { totalCoreHours }) => sum + totalCoreHours, 0);
    };
    const before = await hours();
    expect(before).toBeGreaterThan(0);
    await client.pool.resize('p', { targetDedicatedNodes: 0 });
    await until(
      () => client.computeNode.list('p'),
      (nodes) => nodes.length === 0,
    );
    expect(await hours()).toBeGreaterThanOrEqual(before);
    const none = await client.pool.listUsageMetrics({
      poolListUsageMetricsOptions: { filter: "poolId eq 'q'" },
    });
    expect(none).toHaveLength(0);
    const wrong = client.pool.listUsageMetrics({
      poolListUsageMetricsOptions: { startTime: new Date(), endTime: new Date(0) },
    });
    expect(await refusal(wrong)).toMatchObject({ statusCode: 400, code: 'InvalidQueryParameterValue' });
  });

  it('count for the account what is long gone, and outlive the emulator', async () => {
    await client.job.deleteMethod('j');
    await until(
      () => client.job.list(),
      (jobs) => jobs.length === 0,
    );
    const before = await client.job.getAllLifetimeStatistics();
    expect([before.numSucceededTasks, before.numFailedTasks, before.numTaskRetries]).toEqual([1, 1, 2]);
    expect(before.waitTime).toMatch(/^PT/);
    const used = (await client.pool.getAllLifetimeStatistics()).usageStats?.dedicatedCoreTime;
    expect(used).toMatch(/^PT\d/);
    await emulator.close();
    emulator = await startFast({ data: directory });
    client = clientFor(emulator);
    const after = await client.job.getAllLifetimeStatistics();
    expect(after.numSucceededTasks).toBe(1);
    expect(after.wallClockTime).toBe(before.wallClockTime);
    expect(after.startTime).toEqual(before.startTime);
    expect((await client.pool.getAllLifetimeStatistics()).usageStats?.dedicatedCoreTime).toBe(used);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    const { json } = await raw(emulator, 'GET', '/jobs/j?$expand=stats');
    expect(json).toMatchObject({ stats: { numSucceededTasks: '0' } });
  });
});

it('the usage of pools is forgotten after 90 days', async () => {
  const clock = new TravellingClock();
  const emulator = await startFast({ clock });
  onTestFinished(() => emulator.close());
  const client = clientFor(emulator);
  for (const pool of ['gone', 'stays']) await addReadyPool(client, pool, 1);
  let ahead = 0;
  const ask = (method: string, target: string) =>
    raw(emulator, method, target, { date: new Date(Date.now() + ahead) });
  const leave = async (pool: string) => {
    await ask('DELETE', `/pools/${pool}`);
    await until(
      () => ask('GET', `/pools/${pool}`),
      ({ status }) => status === 404,
    );
  };
  const hoursOf = async (pool: string) => {
    const filter = encodeURIComponent(`poolId eq '${pool}'`);
    const { json } = await ask('GET', `/poolusagemetrics?starttime=2000-01-01T00:00:00Z&$filter=${filter}`);
    return (json.value as unknown[]).length;
  };
  await leave('gone');
  expect(await hoursOf('gone')).toBeGreaterThan(0);
  ahead = 91 * 24 * 3_600_000;
  clock.travel(ahead);
  await leave('stays');
  expect(await hoursOf('gone')).toBe(0);
  expect(await hoursOf('stays')).toBeGreaterThan(0);
});
