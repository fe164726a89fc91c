import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  completedTask,
  jobInState,
  refusal,
  runningTask,
  startFast,
  until,
} from './support.ts';
import { TravellingClock } from './travelling-clock.ts';

const UNLIMITED = 'P10675199DT2H48M5.4775807S';

describe('jobs', () => {
  const clock = new TravellingClock();
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast({ clock, quotas: { activeJobsAndSchedules: 12 } });
    client = clientFor(emulator);
    await addReadyPool(client, 'p', 2);
  });
  afterAll(() => emulator.close());

  it('shows a job in the form of the service', async () => {
    const body = JSON.stringify({
      id: 'shaped',
      poolInfo: { poolId: 'p' },
      metadata: [{ name: 'a', value: 'b' }],
    });
    const added = await raw(emulator, 'POST', '/jobs', { body });
    expect(added.status).toBe(201);
    expect(added.headers.location).toBe(`${emulator.endpoint}/jobs/job-1`);
    const { json } = await raw(emulator, 'GET', '/jobs/shaped');
    expect(json).toEqual({
      'odata.metadata': `${emulator.endpoint}/$metadata#jobs/@Element`,
      id: 'shaped',
      url: `${emulator.endpoint}/jobs/shaped`,
      eTag: json.eTag,
      lastModified: json.lastModified,
      creationTime: json.creationTime,
      state: 'active',
      stateTransitionTime: json.lastModified,
      priority: 0,
      maxParallelTasks: -1,
      usesTaskDependencies: false,
      allowTaskPreemption: false,
      constraints: { maxWallClockTime: UNLIMITED, maxTaskRetryCount: 0 },
      poolInfo: { poolId: 'p' },
      metadata: [{ name: 'a', value: 'b' }],
      executionInfo: { startTime: json.lastModified, poolId: 'p' },
      onAllTasksComplete: 'noaction',
      onTaskFailure: 'noaction',
    });
    expect(await refusal(client.job.add({ id: 'SHAPED', poolInfo: { poolId: 'p' } }))).toMatchObject({
      code: 'JobExists',
    });
  });

  it('patches what is given and puts back to default what is not', async () => {
    await client.job.patch('shaped', { priority: 7, constraints: { maxTaskRetryCount: 3 } });
    expect(await client.job.get('shaped')).toMatchObject({
      priority: 7,
      constraints: { maxTaskRetryCount: 3, maxWallClockTime: UNLIMITED },
      metadata: [{ name: 'a', value: 'b' }],
    });
    await client.job.update('shaped', { poolInfo: { poolId: 'p' } });
    const put = await client.job.get('shaped');
    expect(put.priority).toBe(0);
    expect(put.constraints?.maxTaskRetryCount).toBe(0);
    expect(put.metadata).toBeUndefined();
    expect(await refusal(client.job.patch('shaped', { priority: 5000 }))).toMatchObject({
      code: 'InvalidPropertyValue',
    });
    expect(await refusal(client.job.patch('shaped', { poolInfo: { poolId: 'q' } }))).toMatchObject({
      statusCode: 409,
    });
  });

  it('is terminated with its running tasks, and leaves those that wait', async () => {
    await client.job.add({ id: 'ended', poolInfo: { poolId: 'p' } });
    await client.task.addCollection('ended', [
      { id: 'a', commandLine: 'sleep 600' },
      { id: 'b', commandLine: 'sleep 600' },
      { id: 'c', commandLine: 'sleep 600' },
    ]);
    await runningTask(client, 'ended', 'a');
    await runningTask(client, 'ended', 'b');
    await clock.hold(async () => {
      await client.job.terminate('ended', { terminateReason: 'Enough' });
      expect((await client.job.get('ended')).state).toBe('terminating');
    });
    expect((await client.task.get('ended', 'a')).executionInfo?.failureInfo?.code).toBe('TaskEnded');
    const job = await jobInState(client, 'ended', 'completed');
    expect(job.previousState).toBe('active');
    expect(job.executionInfo).toMatchObject({ terminateReason: 'Enough', poolId: 'p' });
    expect(job.executionInfo?.endTime).toBeDefined();
    expect((await client.task.get('ended', 'c')).state).toBe('active');
    expect(await refusal(client.task.add('ended', { id: 'd', commandLine: 'true' }))).toMatchObject({
      code: 'JobCompleted',
    });
    expect(await refusal(client.job.terminate('ended'))).toMatchObject({ code: 'JobCompleted' });
  });

  it('requeues its tasks when disabled, and goes on when enabled', async () => {
    await client.job.add({ id: 'paused', poolInfo: { poolId: 'p' } });
    await client.task.add('paused', { id: 't', commandLine: 'sleep 600' });
    await runningTask(client, 'paused', 't');
    await client.job.disable('paused', 'requeue');
    const disabled = await jobInState(client, 'paused', 'disabled');
    expect(disabled.previousState).toBe('active');
    const { json } = await raw(emulator, 'GET', '/jobs/paused/tasks/t');
    expect(json).toMatchObject({ state: 'active', executionInfo: { requeueCount: 1, retryCount: 0 } });
    expect(json).not.toHaveProperty('nodeInfo');
    await client.job.enable('paused');
    const enabled = await client.job.get('paused');
    expect([enabled.state, enabled.previousState]).toEqual(['active', 'disabled']);
    await runningTask(client, 'paused', 't');
    await client.job.disable('paused', 'terminate');
    await jobInState(client, 'paused', 'disabled');
    expect((await client.task.get('paused', 't')).executionInfo?.failureInfo?.code).toBe('TaskEnded');
    await client.job.deleteMethod('paused');
  });

  it('waits for its tasks when disabled to wait', async () => {
    await client.job.add({ id: 'waits', poolInfo: { poolId: 'p' } });
    await client.task.add('waits', { id: 't', commandLine: "/bin/sh -c 'sleep 0.2; exit 0'" });
    await runningTask(client, 'waits', 't');
    await client.job.disable('waits', 'wait');
    await jobInState(client, 'waits', 'disabled');
    expect((await client.task.get('waits', 't')).executionInfo?.result).toBe('success');
  });

  it('ends with its last task when asked to, even if it never had one', async () => {
    await client.job.add({ id: 'auto', poolInfo: { poolId: 'p' } });
    await client.task.add('auto', { id: 't', commandLine: 'true' });
    await completedTask(client, 'auto', 't');
    await client.job.patch('auto', { onAllTasksComplete: 'terminatejob' });
    const job = await jobInState(client, 'auto', 'completed');
    expect(job.executionInfo?.terminateReason).toBe('AllTasksComplete');
    await client.job.add({ id: 'empty', poolInfo: { poolId: 'p' }, onAllTasksComplete: 'terminatejob' });
    await jobInState(client, 'empty', 'completed');
  });

  it('ends or pauses with a failed task when its exit conditions say so', async () => {
    const add = (id: string) =>
      client.job.add({ id, poolInfo: { poolId: 'p' }, onTaskFailure: 'performexitoptionsjobaction' });
    await add('fatal');
    await client.task.add('fatal', { id: 't', commandLine: "/bin/sh -c 'exit 4'" });
    const job = await jobInState(client, 'fatal', 'completed');
    expect(job.executionInfo?.terminateReason).toBe('TaskFailed');
    await add('careful');
    await client.task.add('careful', {
      id: 't',
      commandLine: "/bin/sh -c 'exit 4'",
      exitConditions: { exitCodeRanges: [{ start: 3, end: 5, exitOptions: { jobAction: 'disable' } }] },
    });
    await jobInState(client, 'careful', 'disabled');
    await client.job.add({ id: 'plain', poolInfo: { poolId: 'p' } });
    const wrong = client.task.add('plain', {
      id: 't',
      commandLine: 'true',
      exitConditions: { default: { jobAction: 'terminate' } },
    });
    expect(await refusal(wrong)).toMatchObject({ statusCode: 400, code: 'InvalidPropertyValue' });
  });

  it('ends when its time is up', async () => {
    await client.job.add({
      id: 'timed',
      poolInfo: { poolId: 'p' },
      constraints: { maxWallClockTime: 'PT0.1S' },
    });
    const job = await jobInState(client, 'timed', 'completed');
    expect(job.executionInfo?.terminateReason).toBe('MaxWallClockTimeExpiry');
  });

  it('runs tasks of the more important job first', async () => {
    await client.job.add({ id: 'filler', poolInfo: { poolId: 'p' } });
    await client.task.addCollection('filler', [
      { id: 'f1', commandLine: 'sleep 600' },
      { id: 'f2', commandLine: 'sleep 600' },
    ]);
    await runningTask(client, 'filler', 'f1');
    await runningTask(client, 'filler', 'f2');
    await client.job.add({ id: 'low', poolInfo: { poolId: 'p' }, priority: -5 });
    await client.job.add({ id: 'high', poolInfo: { poolId: 'p' }, priority: 5 });
    await client.task.add('low', { id: 't', commandLine: 'true' });
    await client.task.add('high', { id: 't', commandLine: 'true' });
    // Both are looked at, and find no place.
    clock.travel(1_000);
    await client.task.terminate('filler', 'f1');
    const [high, low] = [await completedTask(client, 'high', 't'), await completedTask(client, 'low', 't')];
    expect(high.executionInfo?.startTime?.getTime()).toBeLessThanOrEqual(
      low.executionInfo?.startTime?.getTime() ?? 0,
    );
    await client.job.deleteMethod('filler');
  });

  it('lists jobs that are over after all others', async () => {
    const jobs = await client.job.list();
    const over = jobs.map((job) => job.state === 'completed');
    expect(over).toEqual([...over].sort((a, b) => Number(a) - Number(b)));
    const open = jobs.filter((job) => job.state !== 'completed').map((job) => job.id ?? '');
    expect(open).toEqual([...open].sort());
  });

  it('shows as deleting until it is gone, with its tasks', async () => {
    await client.job.add({ id: 'gone', poolInfo: { poolId: 'p' } });
    await client.task.add('gone', { id: 't', commandLine: 'sleep 600' });
    await runningTask(client, 'gone', 't');
    await clock.hold(async () => {
      const deleted = await client.job.deleteMethod('gone');
      expect(deleted._response.status).toBe(202);
      expect((await client.job.get('gone')).state).toBe('deleting');
      expect(await refusal(client.job.deleteMethod('gone'))).toMatchObject({ code: 'JobBeingDeleted' });
    });
    await until(
      () => refusal(client.job.get('gone')).catch(() => ({ code: undefined })),
      ({ code }) => code === 'JobNotFound',
    );
    await client.job.add({ id: 'gone', poolInfo: { poolId: 'p' } });
    expect(await client.task.list('gone')).toHaveLength(0);
  });

  it('are limited in number while they are not completed', async () => {
    const outcome = until(
      () =>
        refusal(
          client.job.add({ id: `extra${Math.random().toString(36).slice(2)}`, poolInfo: { poolId: 'p' } }),
        ).catch(() => ({ code: 'added' })),
      ({ code }) => code !== 'added',
    );
    expect(await outcome).toMatchObject({ statusCode: 409, code: 'ActiveJobAndScheduleQuotaReached' });
  });
});
