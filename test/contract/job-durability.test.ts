import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleEmulator, startProcess } from './emulator-process.ts';
import { raw } from './raw.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  completedTask,
  isAlive,
  runningTask,
  UBUNTU,
  until,
} from './support.ts';

describe('what belongs to jobs, through kill -9', () => {
  let bundle: string;
  let directory: string;
  beforeAll(async () => {
    bundle = await bundleEmulator('job-durability');
    directory = await mkdtemp(join(tmpdir(), 'azb-job-durability-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const argsFor = (name: string) => ['--port', '0', '--data', join(directory, name), '--speed', '40'];
  const statusOf = async (client: BatchClient, jobId: string) =>
    client.job.listPreparationAndReleaseTaskStatus(jobId);

  it('prepares a node again when the preparation was cut off', async () => {
    const args = argsFor('preparing');
    const first = await startProcess(bundle, args);
    const client = clientFor(first);
    await addReadyPool(client, 'p', 1);
    await client.job.add({
      id: 'j',
      poolInfo: { poolId: 'p' },
      jobPreparationTask: {
        commandLine:
          "/bin/sh -c '[ -e $AZ_BATCH_NODE_SHARED_DIR/seen ] && exit 0; touch $AZ_BATCH_NODE_SHARED_DIR/seen; echo $$; sleep 600'",
      },
    });
    await client.task.add('j', { id: 't', commandLine: 'true' });
    const status = await until(
      () => statusOf(client, 'j'),
      (list) => list[0]?.jobPreparationTaskExecutionInfo?.state === 'running',
    );
    const file = `/pools/p/nodes/${status[0]?.nodeId}/files/workitems/j/job-1/jobpreparation/stdout.txt`;
    const pid = await until(
      async () => (await raw(first, 'GET', file)).text.trim(),
      (text) => /^\d+$/.test(text),
    );
    await first.end('SIGKILL');

    const second = await startProcess(bundle, args);
    expect(isAlive(pid)).toBe(false);
    const again = clientFor(second);
    expect((await completedTask(again, 'j', 't')).executionInfo?.exitCode).toBe(0);
    expect((await statusOf(again, 'j'))[0]?.jobPreparationTaskExecutionInfo?.result).toBe('success');
    await second.end('SIGTERM');
  });

  it('completes a job whose release was cut off, and takes its pool away', async () => {
    const args = argsFor('releasing');
    const first = await startProcess(bundle, args);
    const client = clientFor(first);
    await client.job.add({
      id: 'j',
      poolInfo: {
        autoPoolSpecification: {
          poolLifetimeOption: 'job',
          pool: { vmSize: 'standard_d2_v2', virtualMachineConfiguration: UBUNTU, targetDedicatedNodes: 1 },
        },
      },
      jobPreparationTask: { commandLine: 'true' },
      jobReleaseTask: {
        commandLine:
          "/bin/sh -c '[ -e $AZ_BATCH_NODE_SHARED_DIR/seen ] && exit 0; touch $AZ_BATCH_NODE_SHARED_DIR/seen; sleep 600'",
      },
    });
    await client.task.add('j', { id: 't', commandLine: 'true' });
    await completedTask(client, 'j', 't');
    const poolId = (await client.job.get('j')).executionInfo?.poolId ?? '';
    await client.job.terminate('j');
    const status = await until(
      () => statusOf(client, 'j'),
      (list) => list[0]?.jobReleaseTaskExecutionInfo?.state === 'running',
    );
    await until(
      () => raw(first, 'GET', `/pools/${poolId}/nodes/${status[0]?.nodeId}/files/shared%2Fseen`),
      (answer) => answer.status === 200,
    );
    await first.end('SIGKILL');

    const second = await startProcess(bundle, args);
    const again = clientFor(second);
    const job = await until(
      () => again.job.get('j'),
      (each) => each.state === 'completed',
    );
    expect(job.executionInfo?.terminateReason).toBe('UserTerminate');
    expect((await statusOf(again, 'j'))[0]?.jobReleaseTaskExecutionInfo?.result).toBe('success');
    await until(
      () => again.pool.exists(poolId),
      (answer) => !answer.body,
    );
    await second.end('SIGTERM');
  });

  it('keeps a job manager first in its queue, and a schedule its count of jobs', async () => {
    const args = argsFor('scheduled');
    const first = await startProcess(bundle, args);
    const client = clientFor(first);
    await client.jobSchedule.add({
      id: 's',
      schedule: { recurrenceInterval: 'PT1H' },
      jobSpecification: {
        poolInfo: { poolId: 'p' },
        jobManagerTask: { id: 'boss', commandLine: 'sleep 600' },
      },
    });
    await client.task.add('s:job-1', { id: 'a', commandLine: 'true' });
    await client.pool.add({
      id: 'p',
      vmSize: 'standard_d2_v2',
      virtualMachineConfiguration: UBUNTU,
      targetDedicatedNodes: 1,
    });
    await runningTask(client, 's:job-1', 'boss');
    const before = await client.jobSchedule.get('s');
    await first.end('SIGKILL');

    const second = await startProcess(bundle, args);
    const again = clientFor(second);
    const boss = await runningTask(again, 's:job-1', 'boss');
    expect(boss.executionInfo?.requeueCount).toBe(1);
    expect((await again.task.get('s:job-1', 'a')).state).toBe('active');
    const after = await again.jobSchedule.get('s');
    expect(after.executionInfo?.nextRunTime).toEqual(before.executionInfo?.nextRunTime);
    expect(after.executionInfo?.recentJob?.id).toBe('s:job-1');
    expect(await again.job.listFromJobSchedule('s')).toHaveLength(1);
    await second.end('SIGTERM');
  });
});
