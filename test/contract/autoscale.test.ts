import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { type BatchClient, clientFor, refusal, runningTask, startFast, UBUNTU, until } from './support.ts';
import { TravellingClock } from './travelling-clock.ts';

const MINUTE = 60_000;

describe('autoscaling', () => {
  const clock = new TravellingClock();
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast({ clock });
    client = clientFor(emulator);
  });
  afterAll(() => emulator.close());

  const nodes = (id: string, count: number) =>
    until(
      () => client.pool.get(id),
      (pool) => pool.allocationState === 'steady' && pool.currentDedicatedNodes === count,
    );

  it('brings a new pool to what its formula says', async () => {
    await client.pool.add({
      id: 'born',
      vmSize: 'standard_d1_v2',
      virtualMachineConfiguration: UBUNTU,
      enableAutoScale: true,
      autoScaleFormula: '$TargetDedicatedNodes = 2;',
    });
    const pool = await nodes('born', 2);
    expect(pool.autoScaleEvaluationInterval).toBe('PT15M');
    expect(pool.autoScaleRun?.results).toBe(
      '$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
    );
    expect(await refusal(client.pool.resize('born', { targetDedicatedNodes: 1 }))).toMatchObject({
      statusCode: 409,
    });
  });

  it('leaves a formula alone while the pool waits for its tasks, and looks at it again then', async () => {
    await client.pool.add({
      id: 'drained',
      vmSize: 'standard_d1_v2',
      virtualMachineConfiguration: UBUNTU,
      targetDedicatedNodes: 1,
    });
    await nodes('drained', 1);
    await client.job.add({ id: 'drained', poolInfo: { poolId: 'drained' } });
    await client.task.add('drained', { id: 't', commandLine: 'sleep 600' });
    await runningTask(client, 'drained', 't');
    await client.pool.enableAutoScale('drained', {
      autoScaleFormula: '$TargetDedicatedNodes = 0; $NodeDeallocationOption = taskcompletion;',
    });
    await until(
      () => client.pool.get('drained'),
      ({ allocationState }) => allocationState === 'resizing',
    );
    // The interval of a quarter of an hour is over after less than half a minute at this speed.
    clock.travel(MINUTE / 2);
    const { autoScaleRun } = await client.pool.get('drained');
    clock.travel(MINUTE / 4);
    expect((await client.pool.get('drained')).autoScaleRun).toEqual(autoScaleRun);
    await client.task.terminate('drained', 't');
    const { currentDedicatedNodes } = await until(
      () => client.pool.get('drained'),
      (pool) => pool.autoScaleRun?.timestamp.getTime() !== autoScaleRun?.timestamp.getTime(),
    );
    expect(currentDedicatedNodes).toBe(0);
    await client.pool.disableAutoScale('drained');
  });

  it('follows the waiting tasks at every interval', async () => {
    await client.pool.add({ id: 'p', vmSize: 'standard_d1_v2', virtualMachineConfiguration: UBUNTU });
    await nodes('p', 0);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    await client.pool.enableAutoScale('p', {
      autoScaleFormula: '$TargetDedicatedNodes = min(3, $PendingTasks.GetSample(1));',
      autoScaleEvaluationInterval: 'PT5M',
    });
    await until(
      () => client.pool.get('p'),
      (pool) => pool.autoScaleRun !== undefined,
    );
    await client.task.addCollection(
      'j',
      Array.from({ length: 5 }, (_, index) => ({ id: `t${index}`, commandLine: 'sleep 600' })),
    );
    clock.travel(MINUTE);
    clock.travel(5 * MINUTE);
    await nodes('p', 3);
    expect(await refusal(client.pool.enableAutoScale('p', { autoScaleFormula: '1+' }))).toMatchObject({
      statusCode: 400,
      code: 'AutoScalingFormulaSyntaxError',
    });
    expect((await client.pool.disableAutoScale('p'))._response.status).toBe(200);
    const off = await client.pool.get('p');
    expect([off.enableAutoScale, off.autoScaleFormula]).toEqual([false, undefined]);
    expect(off.targetDedicatedNodes).toBe(3);
  });

  it('evaluates without effect, and answers 200 even for a formula that fails', async () => {
    const good = await client.pool.evaluateAutoScale('born', '$TargetDedicatedNodes = 7;');
    expect(good.results).toContain('$TargetDedicatedNodes=7;');
    expect((await client.pool.get('born')).targetDedicatedNodes).toBe(2);
    const bad = await client.pool.evaluateAutoScale('born', '$TargetDedicatedNodes = nonsense;');
    expect(bad._response.status).toBe(200);
    expect(bad.error?.code).toBe('AutoScalingFormulaEvaluationError');
    expect(bad.error?.values?.[0]?.value).toContain('Undefined symbol: nonsense');
    expect(await refusal(client.pool.evaluateAutoScale('p', '1'))).toMatchObject({ statusCode: 409 });
  });

  it('is meant by a formula alone, which is all that the Azure CLI gives', async () => {
    await client.pool.add({
      id: 'meant',
      vmSize: 'standard_d1_v2',
      virtualMachineConfiguration: UBUNTU,
      autoScaleFormula: '$TargetDedicatedNodes = 1;',
    });
    expect((await nodes('meant', 1)).enableAutoScale).toBe(true);
  });

  it('demands a formula and takes no targets beside it', async () => {
    const base = { vmSize: 'standard_d1_v2', virtualMachineConfiguration: UBUNTU, enableAutoScale: true };
    expect(await refusal(client.pool.add({ id: 'x', ...base }))).toMatchObject({
      code: 'InvalidAutoScalingSettings',
    });
    const off = client.pool.add({ id: 'x', ...base, enableAutoScale: false, autoScaleFormula: '1' });
    expect(await refusal(off)).toMatchObject({ code: 'InvalidAutoScalingSettings' });
    const both = client.pool.add({ id: 'x', ...base, autoScaleFormula: '1', targetDedicatedNodes: 1 });
    expect(await refusal(both)).toMatchObject({ code: 'InvalidAutoScalingSettings' });
  });
});
