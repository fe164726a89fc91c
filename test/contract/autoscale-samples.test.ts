import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { Database } from '../../emulator/store/database.ts';
import { SampleStore } from '../../emulator/store/sample-store.ts';
import { type BatchClient, clientFor, refusal, startFast, UBUNTU, until } from './support.ts';
import { TravellingClock } from './travelling-clock.ts';

const MINUTE = 60_000;

describe('what autoscale formulas are evaluated on', () => {
  // At this speed nothing goes by itself: what is simulated takes as long as on the service.
  const speed = 1;
  let clock: TravellingClock;
  let directory: string;
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'azb-autoscale-'));
    clock = new TravellingClock();
    emulator = await startFast({ clock, speed, data: directory });
    client = clientFor(emulator);
    await client.pool.add({
      id: 'p',
      vmSize: 'standard_d1_v2',
      virtualMachineConfiguration: UBUNTU,
      enableAutoScale: true,
      autoScaleEvaluationInterval: 'PT5M',
      autoScaleFormula: '$TargetDedicatedNodes = 0;',
    });
  });
  afterAll(async () => {
    await emulator.close();
    await rm(directory, { recursive: true, force: true });
  });

  const evaluate = async (formula: string) => {
    const run = await client.pool.evaluateAutoScale('p', `x = ${formula};`);
    expect(run.error).toBeUndefined();
    return Number(/;x=(.*)$/.exec(run.results ?? '')?.[1]);
  };
  const travel = (minutes: number) => {
    // In half minutes, so that every sample is taken at its time.
    for (let step = 0; step < 2 * minutes; step += 1) clock.travel(MINUTE / 2);
  };

  it('grows by a sample every half minute', async () => {
    const before = await evaluate('$ActiveTasks.Count()');
    travel(5);
    expect((await evaluate('$ActiveTasks.Count()')) - before).toBe(10);
    expect(await evaluate('$ActiveTasks.GetSamplePercent(TimeInterval_Minute * 5)')).toBe(100);
    expect(await evaluate('$ActiveTasks.GetSamplePercent(TimeInterval_Minute * 50)')).toBeLessThan(15);
  });

  it('has the load of the machine and the tasks of the pool', async () => {
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' }, usesTaskDependencies: true });
    await client.task.addCollection('j', [
      { id: 'a', commandLine: 'true' },
      { id: 'b', commandLine: 'true' },
      { id: 'waits', commandLine: 'true', dependsOn: { taskIds: ['a'] } },
    ]);
    travel(1);
    expect(await evaluate('max($ActiveTasks.GetSample(1))')).toBe(2);
    expect(await evaluate('avg($PendingTasks.GetSample(1))')).toBe(2);
    expect(await evaluate('avg($MemoryBytes.GetSample(1))')).toBeGreaterThan(1e6);
    const load = await evaluate('avg($CPUPercent.GetSample(1))');
    expect(load).toBeGreaterThanOrEqual(0);
    expect(load).toBeLessThanOrEqual(100);
  });

  it('outlives the emulator', async () => {
    const before = await evaluate('$ActiveTasks.Count()');
    await emulator.close();
    emulator = await startFast({ clock, speed, data: directory });
    client = clientFor(emulator);
    expect(await evaluate('$ActiveTasks.Count()')).toBeGreaterThanOrEqual(before);
  });

  it('is evaluated at the interval, at most twice a minute by hand, and sets targets', async () => {
    const evaluated = async () => (await client.pool.get('p')).autoScaleRun?.timestamp?.getTime() ?? 0;
    const settled = () =>
      until(
        () => client.pool.get('p'),
        (pool) => {
          if (pool.allocationState !== 'steady') clock.travel(1_000);
          return pool.allocationState === 'steady';
        },
      );
    await settled();
    const first = await until(evaluated, (time) => time > 0);
    travel(6);
    const second = await until(evaluated, (time) => time > first);
    expect(second - first).toBeGreaterThanOrEqual(4 * MINUTE);

    const { eTag } = await client.pool.get('p');
    await client.pool.enableAutoScale('p', { autoScaleFormula: '$TargetLowPriorityNodes = 1;' });
    expect(
      await refusal(client.pool.enableAutoScale('p', { autoScaleEvaluationInterval: 'PT6M' })),
    ).toMatchObject({ statusCode: 503, code: 'TooManyEnableAutoScaleRequests' });
    const pool = await until(
      () => client.pool.get('p'),
      ({ targetLowPriorityNodes }) => targetLowPriorityNodes === 1,
    );
    expect(pool.eTag).not.toBe(eTag);
    expect(pool.autoScaleEvaluationInterval).toBe('PT5M');
    const [node] = await client.computeNode.list('p');
    const removal = client.pool.removeNodes('p', { nodeList: [node?.id ?? 'none'] });
    expect(await refusal(removal)).toMatchObject({ statusCode: 409, code: 'OperationNotValidOnPool' });
    await settled();
    expect((await client.pool.get('p')).eTag).toBe(pool.eTag);
    travel(1);
    await client.pool.enableAutoScale('p', { autoScaleEvaluationInterval: 'PT6M' });
    expect(
      await refusal(client.pool.enableAutoScale('p', { autoScaleEvaluationInterval: 'PT4M' })),
    ).toMatchObject({ statusCode: 400, code: 'InvalidPropertyValue' });
    await client.pool.disableAutoScale('p');
    await settled();
    await client.pool.resize('p', { targetLowPriorityNodes: 0 });
  });
});

it('nothing is left of the samples of a pool that is gone', async () => {
  const data = await mkdtemp(join(tmpdir(), 'azb-samples-'));
  try {
    const emulator = await startFast({ data });
    const client = clientFor(emulator);
    for (const id of ['kept', 'gone']) {
      await client.pool.add({ id, vmSize: 'standard_d1_v2', virtualMachineConfiguration: UBUNTU });
    }
    await client.pool.deleteMethod('gone');
    await until(
      () => client.pool.list(),
      (pools) => pools.length === 1,
    );
    await emulator.close();
    const database = new Database(join(data, 'state'), false);
    const samples = new SampleStore(database);
    expect(samples.of('kept')).not.toEqual([]);
    expect(samples.of('gone')).toEqual([]);
    expect(samples.load('gone').samples).toBe(0);
    await database.close();
  } finally {
    await rm(data, { recursive: true, force: true });
  }
});
