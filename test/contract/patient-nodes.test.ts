import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  completedTask,
  refusal,
  runningTask,
  startFast,
  until,
} from './support.ts';
import { TravellingClock } from './travelling-clock.ts';

const MINUTE = 60_000;

describe('nodes that wait for their tasks before they go or restart', () => {
  let clock: TravellingClock;
  let directory: string;
  let emulator: Emulator;
  let client: BatchClient;

  beforeEach(async () => {
    // What signs a request knows nothing of the travels, which may come to a quarter of an hour at most.
    clock = new TravellingClock();
    directory = await mkdtemp(join(tmpdir(), 'azb-patient-'));
    emulator = await startFast({ clock, speed: 200 });
    client = clientFor(emulator);
  });
  afterEach(async () => {
    await emulator.close();
    await rm(directory, { recursive: true });
  });

  /** A pool of one node with a job of the same name. */
  async function addWorld(id: string): Promise<string> {
    await addReadyPool(client, id, 1, { taskSlotsPerNode: 2 });
    await client.job.add({ id, poolInfo: { poolId: id } });
    return (await client.computeNode.list(id))[0]?.id ?? '';
  }
  const steady = (id: string) =>
    until(
      () => client.pool.get(id),
      (pool) => pool.allocationState === 'steady',
    );
  const leaving = (id: string) =>
    until(
      () => client.computeNode.list(id),
      (nodes) => nodes.every(({ state }) => state === 'leavingpool') && nodes.length > 0,
    );
  const addKept = (id: string) =>
    client.task.add(id, { id: 'kept', commandLine: 'echo kept', constraints: { retentionTime: 'PT6M' } });

  it('start no more tasks until they have restarted', async () => {
    const nodeId = await addWorld('busy');
    const gate = join(directory, 'gate');
    const commandLine = `/bin/sh -c 'until test -e ${gate}; do sleep 0.02; done'`;
    await client.task.add('busy', { id: 'first', commandLine });
    await runningTask(client, 'busy', 'first');
    const reboot = { nodeRebootOption: 'taskcompletion' as const };
    await client.computeNode.reboot('busy', nodeId, reboot);
    await client.task.add('busy', { id: 'second', commandLine: 'true' });
    clock.travel(MINUTE);
    expect((await client.task.get('busy', 'first')).state).toBe('running');
    expect((await client.task.get('busy', 'second')).state).toBe('active');
    await writeFile(gate, '');
    const second = await completedTask(client, 'busy', 'second');
    const node = await client.computeNode.get('busy', nodeId);
    expect(second.executionInfo?.startTime?.getTime()).toBeGreaterThan(
      node.lastBootTime?.getTime() ?? Infinity,
    );
    expect((await client.task.get('busy', 'first')).executionInfo).toMatchObject({
      exitCode: 0,
      requeueCount: 0,
    });
  });

  it('keep the data of tasks until it expires, when that is asked for', async () => {
    const nodeId = await addWorld('retained');
    await addKept('retained');
    await completedTask(client, 'retained', 'kept');
    const { lastBootTime } = await client.computeNode.get('retained', nodeId);
    await client.computeNode.reboot('retained', nodeId, { nodeRebootOption: 'retaineddata' });
    clock.travel(5 * MINUTE);
    const waiting = await client.computeNode.get('retained', nodeId);
    expect(waiting).toMatchObject({ state: 'idle', lastBootTime });
    clock.travel(2 * MINUTE);
    await until(
      () => client.computeNode.get('retained', nodeId),
      (node) => node.state === 'idle' && node.lastBootTime?.getTime() !== lastBootTime?.getTime(),
    );
  });

  it('go when the data has expired, or is removed', async () => {
    for (const removes of [false, true]) {
      const id = `leaving-${removes}`;
      await addWorld(id);
      await addKept(id);
      await completedTask(client, id, 'kept');
      const nodeDeallocationOption = 'retaineddata' as const;
      await client.pool.resize(id, {
        targetDedicatedNodes: 0,
        nodeDeallocationOption,
        resizeTimeout: 'PT2H',
      });
      await leaving(id);
      clock.travel(5 * MINUTE);
      await client.file.getFromTask(id, 'kept', 'stdout.txt');
      expect((await client.pool.get(id)).allocationState).toBe('resizing');
      if (removes) await client.task.deleteMethod(id, 'kept');
      else clock.travel(2 * MINUTE);
      expect(await steady(id)).toMatchObject({ currentDedicatedNodes: 0 });
    }
  });

  it('are waited for no longer than a resize may take', async () => {
    await addWorld('slow');
    await client.task.add('slow', { id: 't', commandLine: 'sleep 600' });
    await runningTask(client, 'slow', 't');
    const nodeDeallocationOption = 'taskcompletion' as const;
    await client.pool.resize('slow', {
      targetDedicatedNodes: 0,
      nodeDeallocationOption,
      resizeTimeout: 'PT5M',
    });
    await leaving('slow');
    clock.travel(4 * MINUTE);
    expect((await client.pool.get('slow')).allocationState).toBe('resizing');
    clock.travel(MINUTE);
    expect(await steady('slow')).toMatchObject({
      currentDedicatedNodes: 1,
      targetDedicatedNodes: 0,
      resizeErrors: [{ code: 'AllocationTimedout' }],
    });
    expect((await client.task.get('slow', 't')).state).toBe('running');
    // What is on its way out is not counted among what is wanted.
    await client.pool.resize('slow', { targetDedicatedNodes: 1 });
    const grown = await until(
      () => client.computeNode.list('slow'),
      (nodes) => nodes.length === 2 && nodes.some(({ state }) => state === 'idle'),
    );
    await client.pool.stopResize('slow');
    await steady('slow');
    const nodeList = grown.filter(({ state }) => state === 'leavingpool').map(({ id = '' }) => id);
    await client.pool.removeNodes('slow', { nodeList, nodeDeallocationOption: 'taskcompletion' });
    expect((await client.pool.get('slow')).targetDedicatedNodes).toBe(1);
    await client.task.terminate('slow', 't');
    await until(
      () => client.pool.get('slow'),
      (pool) => pool.currentDedicatedNodes === 1,
    );
    expect((await client.computeNode.list('slow')).map(({ state }) => state)).toEqual(['idle']);
  });

  it('are not waited for any more when their pool is deleted', async () => {
    await addWorld('deleted');
    await client.task.add('deleted', { id: 't', commandLine: 'sleep 600' });
    await runningTask(client, 'deleted', 't');
    const nodeDeallocationOption = 'taskcompletion' as const;
    await client.pool.resize('deleted', { targetDedicatedNodes: 0, nodeDeallocationOption });
    await leaving('deleted');
    await client.pool.deleteMethod('deleted');
    await until(
      () => refusal(client.pool.get('deleted')).catch(() => ({ code: undefined })),
      ({ code }) => code === 'PoolNotFound',
    );
    expect(await client.task.get('deleted', 't')).toMatchObject({
      state: 'active',
      executionInfo: { requeueCount: 1 },
    });
  });
});
