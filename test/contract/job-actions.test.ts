import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  completedTask,
  jobInState,
  runningTask,
  startFast,
} from './support.ts';

describe('what a failed task does to its job', () => {
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast();
    client = clientFor(emulator);
    await addReadyPool(client, 'p', 1, { taskSlotsPerNode: 4 });
  });
  afterAll(() => emulator.close());

  const add = (id: string) =>
    client.job.add({ id, poolInfo: { poolId: 'p' }, onTaskFailure: 'performexitoptionsjobaction' });
  const exit = (code: number) => `/bin/sh -c 'exit ${code}'`;

  it('follows the exit code before its range, and the range before the default', async () => {
    await add('specific');
    const exitConditions = {
      exitCodes: [{ code: 4, exitOptions: { jobAction: 'none' as const } }],
      exitCodeRanges: [{ start: 3, end: 5, exitOptions: { jobAction: 'disable' as const } }],
      default: { jobAction: 'terminate' as const },
    };
    const runTask = (id: string, code: number) =>
      client.task.add('specific', { id, commandLine: exit(code), exitConditions });
    await runTask('exact', 4);
    await completedTask(client, 'specific', 'exact');
    expect((await client.job.get('specific')).state).toBe('active');
    await runTask('range', 5);
    await jobInState(client, 'specific', 'disabled');
    await client.job.enable('specific');
    await runTask('other', 9);
    expect((await jobInState(client, 'specific', 'completed')).executionInfo?.terminateReason).toBe(
      'TaskFailed',
    );
  });

  it('comes after the retries', async () => {
    await add('retried');
    await client.task.add('retried', {
      id: 't',
      commandLine: exit(1),
      constraints: { maxTaskRetryCount: 2 },
    });
    await jobInState(client, 'retried', 'completed');
    expect((await client.task.get('retried', 't')).executionInfo?.retryCount).toBe(2);
  });

  it('is told apart when the task could not be started', async () => {
    await add('unstartable');
    await client.task.add('unstartable', {
      id: 't',
      commandLine: 'no-such-program-here',
      exitConditions: { preProcessingError: { jobAction: 'none' }, default: { jobAction: 'terminate' } },
    });
    await completedTask(client, 'unstartable', 't');
    await client.task.add('unstartable', { id: 'next', commandLine: 'true' });
    await completedTask(client, 'unstartable', 'next');
    expect((await client.job.get('unstartable')).state).toBe('active');
  });

  it('is nothing when the task is ended because its job is being disabled', async () => {
    await add('paused');
    await client.task.add('paused', { id: 't', commandLine: 'sleep 600' });
    await runningTask(client, 'paused', 't');
    await client.job.disable('paused', 'terminate');
    await jobInState(client, 'paused', 'disabled');
    expect((await client.task.get('paused', 't')).executionInfo?.failureInfo?.code).toBe('TaskEnded');
  });

  it('runs the release task too', async () => {
    await client.job.add({
      id: 'released',
      poolInfo: { poolId: 'p' },
      onTaskFailure: 'performexitoptionsjobaction',
      jobPreparationTask: { commandLine: 'true' },
      jobReleaseTask: { commandLine: 'true' },
    });
    await client.task.add('released', { id: 't', commandLine: exit(1) });
    await jobInState(client, 'released', 'completed');
    const [status] = await client.job.listPreparationAndReleaseTaskStatus('released');
    expect(status?.jobReleaseTaskExecutionInfo?.result).toBe('success');
  });
});
