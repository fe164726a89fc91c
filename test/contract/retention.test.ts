import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { Database } from '../../emulator/store/database.ts';
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

describe('the retention of the files of tasks', () => {
  let emulator: Emulator;
  let client: BatchClient;
  let clock: TravellingClock;
  let data: string;

  async function start(): Promise<void> {
    emulator = await startFast({ clock, data });
    client = clientFor(emulator);
  }

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'azb-retention-'));
    clock = new TravellingClock();
    await start();
    await addReadyPool(client, 'p', 1);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
  });
  afterEach(async () => {
    await emulator.close();
    await rm(data, { recursive: true });
  });

  const add = (id: string, retentionTime?: string, commandLine = 'echo kept') =>
    client.task.add('j', {
      id,
      commandLine,
      ...(retentionTime === undefined ? {} : { constraints: { retentionTime } }),
    });

  async function onNode(): Promise<string[]> {
    const [node] = await client.computeNode.list('p');
    const files = await client.file.listFromComputeNode('p', node?.id ?? '', { recursive: true });
    const names = files.flatMap((file) => /^workitems\/j\/job-1\/([^/]+)$/.exec(file.name ?? '')?.[1] ?? []);
    return names.sort();
  }

  it('is enforced on the clock, each task by itself', async () => {
    await add('short', 'PT5M');
    await add('long', 'PT1H');
    await add('usual');
    for (const id of ['short', 'long', 'usual']) await completedTask(client, 'j', id);
    expect(await onNode()).toEqual(['long', 'short', 'usual']);
    clock.travel(10 * 60_000);
    await until(onNode, (names) => !names.includes('short'));
    expect(await onNode()).toEqual(['long', 'usual']);
    expect(await refusal(client.file.listFromTask('j', 'short'))).toMatchObject({
      statusCode: 409,
      code: 'TaskFilesCleanedup',
    });
    expect(await refusal(client.file.getPropertiesFromTask('j', 'short', 'stdout.txt'))).toMatchObject({
      statusCode: 409,
    });
    expect((await client.file.listFromTask('j', 'long')).length).toBeGreaterThan(0);
    expect((await client.task.get('j', 'short')).state).toBe('completed');
  });

  it('begins anew when the task is run again', async () => {
    await add('again', 'PT10M', `/bin/sh -c 'exit 1'`);
    await completedTask(client, 'j', 'again');
    clock.travel(7 * 60_000);
    await client.task.reactivate('j', 'again');
    await completedTask(client, 'j', 'again');
    clock.travel(5 * 60_000);
    // What is noted later has been dealt with, so what was noted before has been too.
    await add('marker', 'PT0S');
    await completedTask(client, 'j', 'marker');
    await until(onNode, (names) => !names.includes('marker'));
    expect(await onNode()).toEqual(['again']);
    expect((await client.file.listFromTask('j', 'again')).length).toBeGreaterThan(0);
  });

  it('leaves no note of a task that is gone', async () => {
    await add('stays');
    await add('goes');
    for (const id of ['stays', 'goes']) await completedTask(client, 'j', id);
    await client.task.deleteMethod('j', 'goes');
    await emulator.close();
    const database = new Database(join(data, 'state'), true);
    const notes = [...database.table('filesdue').keys({})].map((key) => (key as [number, number, string])[2]);
    await database.close();
    expect(notes).toEqual(['stays']);
    await start();
  });

  it('outlives the emulator', async () => {
    await add('short', 'PT2S');
    await add('usual');
    for (const id of ['short', 'usual']) await completedTask(client, 'j', id);
    await emulator.close();
    clock = new TravellingClock();
    clock.travel(5_000);
    await start();
    await until(onNode, (names) => !names.includes('short'));
    expect(await onNode()).toEqual(['usual']);
  });
});

describe('ranges of dependencies', () => {
  it('count a task that is run again, or made again, once', async () => {
    const emulator = await startFast();
    try {
      const client = clientFor(emulator);
      await addReadyPool(client, 'p', 1);
      await client.job.add({ id: 'j', poolInfo: { poolId: 'p' }, usesTaskDependencies: true });
      await client.task.add('j', {
        id: 'after',
        commandLine: 'true',
        dependsOn: { taskIdRanges: [{ start: 1, end: 3 }] },
      });
      const exitConditions = {
        exitCodes: [{ code: 5, exitOptions: { dependencyAction: 'satisfy' as const } }],
      };
      await client.task.add('j', { id: '1', commandLine: `/bin/sh -c 'exit 5'`, exitConditions });
      await completedTask(client, 'j', '1');
      await client.task.reactivate('j', '1');
      await completedTask(client, 'j', '1');
      await client.task.add('j', { id: '2', commandLine: 'true' });
      await completedTask(client, 'j', '2');
      await client.task.deleteMethod('j', '2');
      await client.task.add('j', { id: '2', commandLine: 'true' });
      await completedTask(client, 'j', '2');
      // A task that is added now counts what is met in the same way.
      await client.task.add('j', {
        id: 'late',
        commandLine: 'true',
        dependsOn: { taskIdRanges: [{ start: 1, end: 3 }] },
      });
      await client.task.add('j', {
        id: 'met',
        commandLine: 'true',
        dependsOn: { taskIdRanges: [{ start: 1, end: 2 }] },
      });
      await completedTask(client, 'j', 'met');
      expect((await client.task.get('j', 'after')).state).toBe('active');
      expect((await client.task.get('j', 'late')).state).toBe('active');
      await client.task.add('j', { id: '3', commandLine: 'true' });
      await completedTask(client, 'j', 'after');
      await completedTask(client, 'j', 'late');
    } finally {
      await emulator.close();
    }
  });
});
