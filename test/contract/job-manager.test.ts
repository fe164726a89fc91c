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

describe('job managers', () => {
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast();
    client = clientFor(emulator);
    await addReadyPool(client, 'p', 1, { taskSlotsPerNode: 4 });
  });
  afterAll(() => emulator.close());

  it('are tasks that come with the job, and end it when they end', async () => {
    const body = JSON.stringify({
      id: 'managed',
      poolInfo: { poolId: 'p' },
      jobManagerTask: {
        id: 'boss',
        displayName: 'The boss',
        commandLine: "/bin/sh -c 'until [ -e $AZ_BATCH_NODE_SHARED_DIR/go ]; do sleep 0.02; done; exit 4'",
        runExclusive: false,
      },
    });
    expect((await raw(emulator, 'POST', '/jobs', { body })).status).toBe(201);
    const { json } = await raw(emulator, 'GET', '/jobs/managed');
    expect(json.jobManagerTask).toMatchObject({
      id: 'boss',
      displayName: 'The boss',
      requiredSlots: 1,
      killJobOnCompletion: true,
      runExclusive: false,
      allowLowPriorityNode: true,
    });
    const task = await client.task.get('managed', 'boss');
    expect(task).toMatchObject({ id: 'boss', displayName: 'The boss', requiredSlots: 1 });
    expect((await raw(emulator, 'GET', '/jobs/managed/tasks/boss')).json).not.toHaveProperty('runExclusive');
    await client.task.add('managed', { id: 'worker', commandLine: 'sleep 600' });
    await runningTask(client, 'managed', 'worker');
    await client.job.add({ id: 'opener', poolInfo: { poolId: 'p' } });
    await client.task.add('opener', {
      id: 't',
      commandLine: "/bin/sh -c 'touch $AZ_BATCH_NODE_SHARED_DIR/go'",
    });
    const job = await jobInState(client, 'managed', 'completed');
    expect(job.executionInfo?.terminateReason).toBe('JMComplete');
    expect((await client.task.get('managed', 'boss')).executionInfo?.exitCode).toBe(4);
    expect((await client.task.get('managed', 'worker')).executionInfo?.failureInfo?.code).toBe('TaskEnded');
  });

  it('leave the job alone when asked to', async () => {
    await client.job.add({
      id: 'goeson',
      poolInfo: { poolId: 'p' },
      jobManagerTask: { id: 'boss', commandLine: 'true', killJobOnCompletion: false },
    });
    await completedTask(client, 'goeson', 'boss');
    await client.task.add('goeson', { id: 't', commandLine: 'true' });
    await completedTask(client, 'goeson', 't');
    expect((await client.job.get('goeson')).state).toBe('active');
    await client.job.deleteMethod('goeson');
  });

  it('count among the tasks whose completion ends a job', async () => {
    await client.job.add({
      id: 'counted',
      poolInfo: { poolId: 'p' },
      onAllTasksComplete: 'terminatejob',
      jobManagerTask: { id: 'boss', commandLine: 'true', killJobOnCompletion: false },
    });
    const job = await jobInState(client, 'counted', 'completed');
    expect(job.executionInfo?.terminateReason).toBe('AllTasksComplete');
    expect((await client.task.get('counted', 'boss')).executionInfo?.result).toBe('success');
  });

  it('have a node to themselves unless they share', async () => {
    await client.job.add({
      id: 'alone',
      poolInfo: { poolId: 'p' },
      jobManagerTask: { id: 'boss', commandLine: "/bin/sh -c 'sleep 0.3'", killJobOnCompletion: false },
    });
    await client.task.add('alone', { id: 't', commandLine: 'true' });
    const [boss, task] = [
      await completedTask(client, 'alone', 'boss'),
      await completedTask(client, 'alone', 't'),
    ];
    expect(task.executionInfo?.startTime?.getTime()).toBeGreaterThanOrEqual(
      boss.executionInfo?.endTime?.getTime() ?? Number.POSITIVE_INFINITY,
    );
    await client.job.deleteMethod('alone');
  });

  it('keep their node when a pool shrinks, before nodes that run more', async () => {
    await addReadyPool(client, 'shrinking', 2, { taskSlotsPerNode: 2 });
    const commandLine = 'sleep 600';
    await client.job.add({
      id: 'kept',
      poolInfo: { poolId: 'shrinking' },
      jobManagerTask: { id: 'boss', commandLine },
    });
    const boss = await runningTask(client, 'kept', 'boss');
    // The other node has room for both, the manager's for none.
    for (const id of ['t1', 't2']) await client.task.add('kept', { id, commandLine });
    for (const id of ['t1', 't2']) await runningTask(client, 'kept', id);
    await client.pool.resize('shrinking', { targetDedicatedNodes: 1 });
    const nodes = await until(
      () => client.computeNode.list('shrinking'),
      ({ length }) => length === 1,
    );
    expect(nodes[0]?.id).toBe(boss.nodeInfo?.nodeId);
    expect((await client.task.get('kept', 'boss')).executionInfo?.requeueCount).toBe(0);
    await client.job.deleteMethod('kept');
  });

  it('stay off low-priority nodes when told to', async () => {
    await client.pool.add({
      id: 'low',
      vmSize: 'standard_d2_v2',
      virtualMachineConfiguration: {
        imageReference: { publisher: 'canonical', offer: 'ubuntuserver', sku: '18.04-lts' },
        nodeAgentSKUId: 'batch.node.ubuntu 18.04',
      },
      targetLowPriorityNodes: 1,
    });
    await client.job.add({
      id: 'choosy',
      poolInfo: { poolId: 'low' },
      jobManagerTask: {
        id: 'boss',
        commandLine: 'true',
        allowLowPriorityNode: false,
        killJobOnCompletion: false,
      },
    });
    await client.task.add('choosy', { id: 't', commandLine: 'true' });
    await completedTask(client, 'choosy', 't');
    expect((await client.task.get('choosy', 'boss')).state).toBe('active');
  });

  it('are refused what tasks are refused', async () => {
    const add = (jobManagerTask: { id: string; commandLine: string }) =>
      refusal(client.job.add({ id: 'no', poolInfo: { poolId: 'p' }, jobManagerTask }));
    expect(await add({ id: 'not an id', commandLine: 'true' })).toMatchObject({
      statusCode: 400,
      code: 'InvalidPropertyValue',
    });
    expect(await refusal(client.job.get('no'))).toMatchObject({ code: 'JobNotFound' });
  });

  it('act on their own job with the token that they are given, and on nothing else', async () => {
    await client.job.add({
      id: 'token',
      poolInfo: { poolId: 'p' },
      jobManagerTask: {
        id: 'boss',
        commandLine: "/bin/sh -c 'echo $AZ_BATCH_AUTHENTICATION_TOKEN'",
        authenticationTokenSettings: { access: ['job'] },
        killJobOnCompletion: false,
      },
    });
    await completedTask(client, 'token', 'boss');
    const stdout = await raw(emulator, 'GET', '/jobs/token/tasks/boss/files/stdout.txt');
    const headers = { authorization: `Bearer ${stdout.text.trim()}` };
    const body = JSON.stringify({ id: 'made', commandLine: 'true' });
    expect((await raw(emulator, 'POST', '/jobs/TOKEN/tasks', { headers, body })).status).toBe(201);
    expect((await raw(emulator, 'GET', '/jobs/token/tasks/made', { headers })).json.id).toBe('made');
    for (const target of ['/jobs', '/pools', '/jobs/goeson2/tasks', '/jobschedules']) {
      const refused = await raw(emulator, 'GET', target, { headers });
      expect([refused.status, refused.json.code]).toEqual([403, 'Forbidden']);
    }
    const swapFirst = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
    const [content = '', signature = ''] = stdout.text.trim().split('.');
    const forged = { authorization: `Bearer ${content}.${swapFirst(signature)}` };
    for (const wrong of [forged, { authorization: 'Bearer x' }]) {
      const refused = await raw(emulator, 'GET', '/jobs/token/tasks/made', { headers: wrong });
      expect([refused.status, refused.json.code]).toEqual([403, 'AuthenticationFailed']);
    }
    await client.job.deleteMethod('token');
    await until(
      () => refusal(client.job.get('token')).catch(() => ({ code: undefined })),
      ({ code }) => code === 'JobNotFound',
    );
    await client.job.add({ id: 'token', poolInfo: { poolId: 'p' } });
    expect((await raw(emulator, 'GET', '/jobs/token', { headers })).status).toBe(403);
  });
});
