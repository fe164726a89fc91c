import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { type BatchClient, clientFor, completedTask, readText, startFast, UBUNTU, until } from './support.ts';
import { TravellingClock } from './travelling-clock.ts';

const POOL = {
  id: 'slow',
  vmSize: 'Standard_A1_v2',
  virtualMachineConfiguration: UBUNTU,
  targetDedicatedNodes: 1,
};

it('shows a new pool resizing until its nodes are allocated', async () => {
  const clock = new TravellingClock();
  const emulator = await startFast({ clock });
  try {
    const client = clientFor(emulator);
    await clock.hold(async () => {
      await client.pool.add(POOL);
      expect(await client.pool.get('slow')).toMatchObject({
        allocationState: 'resizing',
        currentDedicatedNodes: 0,
        targetDedicatedNodes: 1,
      });
    });
    await until(
      () => client.pool.get('slow'),
      (pool) => pool.allocationState === 'steady' && pool.currentDedicatedNodes === 1,
    );
  } finally {
    await emulator.close();
  }
});

it('shows a new task active for a moment although a node is idle', async () => {
  const clock = new TravellingClock();
  // The moment is half a second here, far longer than the scheduler needs to look at the task that was added.
  const emulator = await startFast({ clock, speed: 1 });
  try {
    const client = clientFor(emulator);
    await client.pool.add(POOL);
    await until(
      () => {
        clock.travel(1_000);
        return client.computeNode.list('slow');
      },
      (nodes) => nodes[0]?.state === 'idle',
    );
    await client.job.add({ id: 'j', poolInfo: { poolId: 'slow' } });
    await clock.hold(async () => {
      await client.task.add('j', { id: 't', commandLine: '/bin/true' });
      expect((await client.task.get('j', 't')).state).toBe('active');
      expect((await client.computeNode.list('slow'))[0]?.state).toBe('idle');
    });
    await completedTask(client, 'j', 't');
  } finally {
    await emulator.close();
  }
});

describe('the tutorial, with the real client', () => {
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast();
    client = clientFor(emulator);
  });
  afterAll(() => emulator.close());

  it('creates a pool that resizes to steady while its nodes come up', async () => {
    const added = await client.pool.add({
      id: 'mypool',
      vmSize: 'Standard_A1_v2',
      virtualMachineConfiguration: UBUNTU,
      targetDedicatedNodes: 3,
    });
    expect(added._response.status).toBe(201);
    expect(added.eTag).toMatch(/^0x[0-9A-F]{15}$/);
    const fresh = await client.pool.get('mypool');
    expect(fresh.vmSize).toBe('standard_a1_v2');
    expect(fresh.resizeTimeout).toBe('PT15M');
    expect(fresh.taskSlotsPerNode).toBe(1);
    expect(fresh.taskSchedulingPolicy).toEqual({ nodeFillType: 'Spread' });
    const steady = await until(
      () => client.pool.get('mypool'),
      (pool) => pool.allocationState === 'steady',
    );
    expect(steady.currentDedicatedNodes).toBe(3);
    expect(steady.eTag).toBe(fresh.eTag);
    const nodes = await until(
      () => client.computeNode.list('mypool'),
      (list) => list.length === 3 && list.every((node) => node.state === 'idle'),
    );
    for (const node of nodes) expect(node.id).toMatch(/^tvmps_[0-9a-f]{64}_d$/);
    expect(new Set(nodes.map((node) => node.id)).size).toBe(3);
  });

  it('runs ten tasks for real and keeps what they print', async () => {
    await client.job.add({ id: 'myjob', poolInfo: { poolId: 'mypool' } });
    const commandLine =
      "/bin/bash -c 'echo $(printenv | grep \\AZ_BATCH_TASK_ID) processed by; echo $(printenv | grep \\AZ_BATCH_NODE_ID)'";
    for (let number = 1; number <= 10; number += 1) {
      await client.task.add('myjob', { id: `mytask${number}`, commandLine });
    }
    for (let number = 1; number <= 10; number += 1) {
      const task = await completedTask(client, 'myjob', `mytask${number}`);
      expect(task.executionInfo?.result).toBe('success');
      expect(task.executionInfo?.exitCode).toBe(0);
      const file = await client.file.getFromTask('myjob', `mytask${number}`, 'stdout.txt');
      expect(await readText(file.readableStreamBody)).toBe(
        `AZ_BATCH_TASK_ID=mytask${number} processed by\nAZ_BATCH_NODE_ID=${task.nodeInfo?.nodeId}\n`,
      );
    }
    const counts = await client.job.getTaskCounts('myjob');
    expect(counts.taskCounts).toEqual({ active: 0, running: 0, completed: 10, succeeded: 10, failed: 0 });
    expect(counts.taskSlotCounts).toEqual({ active: 0, running: 0, completed: 10, succeeded: 10, failed: 0 });
  });

  it('deletes the job with its tasks and lets another take its pool', async () => {
    await client.job.deleteMethod('myjob');
    await until(
      async () => (await client.job.list()).map((job) => job.id),
      (ids) => !ids.includes('myjob'),
    );
    await client.job.add({ id: 'myjob2', poolInfo: { poolId: 'mypool' } });
    expect((await client.job.get('myjob2')).state).toBe('active');
  });
});
