import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
import {
  type BatchClient,
  clientFor,
  completedTask,
  jobInState,
  refusal,
  startFast,
  UBUNTU,
  until,
} from './support.ts';
import { TravellingClock } from './travelling-clock.ts';

const MINUTE = 60_000;

describe('auto pools', () => {
  const clock = new TravellingClock();
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast({ clock, quotas: { pools: 3 } });
    client = clientFor(emulator);
  });
  afterAll(() => emulator.close());

  const pool = { vmSize: 'Standard_D2_v2', virtualMachineConfiguration: UBUNTU, targetDedicatedNodes: 1 };
  const forJob = (extra: object = {}) => ({
    autoPoolSpecification: { autoPoolIdPrefix: 'auto', poolLifetimeOption: 'job' as const, pool, ...extra },
  });
  const gone = (poolId: string) =>
    until(
      () => client.pool.exists(poolId),
      (answer) => !answer.body,
    );

  it('are made for a job, run its tasks, and go with it', async () => {
    const body = JSON.stringify({ id: 'j', poolInfo: forJob() });
    expect((await raw(emulator, 'POST', '/jobs', { body })).status).toBe(201);
    const { json } = await raw(emulator, 'GET', '/jobs/j');
    expect(json.poolInfo).toMatchObject({
      autoPoolSpecification: {
        autoPoolIdPrefix: 'auto',
        poolLifetimeOption: 'job',
        keepAlive: false,
        pool: {
          vmSize: 'standard_d2_v2',
          taskSlotsPerNode: 1,
          targetDedicatedNodes: 1,
          resizeTimeout: 'PT15M',
        },
      },
    });
    const { poolId } = json.executionInfo as { poolId: string };
    expect(poolId).toMatch(/^auto_[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
    expect((await client.pool.get(poolId)).targetDedicatedNodes).toBe(1);
    await client.task.add('j', { id: 't', commandLine: 'true' });
    const task = await completedTask(client, 'j', 't');
    expect(task.nodeInfo?.poolId).toBe(poolId);
    await client.job.terminate('j');
    const job = await jobInState(client, 'j', 'completed');
    expect(job.executionInfo?.poolId).toBe(poolId);
    await gone(poolId);
    await client.job.deleteMethod('j');
  });

  it('go with a job that is deleted', async () => {
    await client.job.add({ id: 'deleted', poolInfo: forJob() });
    const poolId = (await client.job.get('deleted')).executionInfo?.poolId ?? '';
    await client.job.deleteMethod('deleted');
    await gone(poolId);
  });

  it('stay when they are to be kept alive, which can be decided later', async () => {
    await client.job.add({ id: 'kept', poolInfo: forJob({ autoPoolIdPrefix: undefined }) });
    const poolId = (await client.job.get('kept')).executionInfo?.poolId ?? '';
    expect(poolId).toMatch(/^[0-9A-F-]{36}$/);
    const changed = { autoPoolSpecification: { poolLifetimeOption: 'job' as const, keepAlive: true } };
    await client.job.patch('kept', { poolInfo: changed });
    expect((await client.job.get('kept')).poolInfo?.autoPoolSpecification?.keepAlive).toBe(true);
    expect(
      await refusal(client.job.patch('kept', { poolInfo: forJob({ autoPoolIdPrefix: 'other' }) })),
    ).toMatchObject({ statusCode: 400, code: 'InvalidPropertyValue' });
    await client.job.terminate('kept');
    await jobInState(client, 'kept', 'completed');
    expect((await client.pool.get(poolId)).state).toBe('active');
    await client.pool.deleteMethod(poolId);
    await gone(poolId);
  });

  it('that cannot be made end their job with the reason', async () => {
    const wrong = { ...pool, vmSize: 'Standard_Nonsense' };
    await client.job.add({ id: 'wrong', poolInfo: forJob({ pool: wrong }) });
    const job = await jobInState(client, 'wrong', 'completed');
    expect(job.executionInfo?.schedulingError).toMatchObject({
      category: 'UserError',
      code: 'InvalidAutoPoolSettings',
    });
    expect(job.executionInfo?.poolId).toMatch(/^auto_[0-9A-F-]{36}$/);
    expect((await client.pool.exists(job.executionInfo?.poolId ?? '')).body).toBe(false);
    expect(job.executionInfo?.endTime).toBeDefined();
    for (const id of ['q1', 'q2', 'q3']) {
      await client.pool.add({ id, ...pool, targetDedicatedNodes: 0 });
    }
    await client.job.add({ id: 'full', poolInfo: forJob() });
    expect((await jobInState(client, 'full', 'completed')).executionInfo?.schedulingError?.code).toBe(
      'AutoPoolCreationFailedWithQuotaReached',
    );
    for (const id of ['q1', 'q2', 'q3']) {
      await client.pool.deleteMethod(id);
      await gone(id);
    }
  });

  it('are refused at once when they are not specified well', async () => {
    const add = (poolInfo: object) => refusal(client.job.add({ id: 'no', poolInfo }));
    expect(await add({ ...forJob(), poolId: 'p' })).toMatchObject({ code: 'InvalidPropertyValue' });
    expect(await add({})).toMatchObject({ code: 'InvalidPropertyValue' });
    expect(await add(forJob({ autoPoolIdPrefix: 'x'.repeat(21) }))).toMatchObject({
      statusCode: 400,
      values: { PropertyName: 'autoPoolIdPrefix' },
    });
    expect(await add(forJob({ poolLifetimeOption: 'jobschedule' }))).toMatchObject({
      values: { PropertyName: 'poolLifetimeOption' },
    });
    expect(await add(forJob({ pool: undefined }))).toMatchObject({ code: 'MissingRequiredProperty' });
  });

  const nextJob = async (schedule: string, number: number) => {
    await client.job.terminate(`${schedule}:job-${number - 1}`);
    await jobInState(client, `${schedule}:job-${number - 1}`, 'completed');
    clock.travel(MINUTE + 100);
    return until(
      () => client.job.get(`${schedule}:job-${number}`).catch(() => undefined),
      (job) => job !== undefined,
    );
  };

  it('of a schedule serve all its jobs, and go with it', async () => {
    await client.jobSchedule.add({
      id: 'shared',
      schedule: { recurrenceInterval: 'PT1M' },
      jobSpecification: { poolInfo: forJob({ poolLifetimeOption: 'jobschedule' }) },
    });
    const poolId = (await client.job.get('shared:job-1')).executionInfo?.poolId ?? '';
    const second = await nextJob('shared', 2);
    expect(second?.executionInfo?.poolId).toBe(poolId);
    expect((await client.pool.get(poolId)).state).toBe('active');
    await client.jobSchedule.terminate('shared');
    await gone(poolId);
    await client.jobSchedule.deleteMethod('shared');
  });

  it('of a schedule’s jobs are made anew for each', async () => {
    await client.jobSchedule.add({
      id: 'each',
      schedule: { recurrenceInterval: 'PT1M' },
      jobSpecification: { poolInfo: forJob() },
    });
    const first = (await client.job.get('each:job-1')).executionInfo?.poolId ?? '';
    const second = (await nextJob('each', 2))?.executionInfo?.poolId ?? '';
    expect(second).not.toBe(first);
    await gone(first);
    await client.jobSchedule.deleteMethod('each');
    await gone(second);
  });
});
