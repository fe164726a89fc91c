import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { bundleEmulator, startProcess } from './emulator-process.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  completedTask,
  isAlive,
  readText,
  startFast,
  until,
} from './support.ts';

/** A task that leaves a process of a session of its own behind, and tells its id. */
const DAEMON = `/bin/sh -c 'setsid sh -c "echo \\$\\$ > pid; exec sleep 600" & while ! [ -s pid ]; do sleep 0.01; done; cat pid'`;

describe('what runs on a node that goes down', () => {
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast();
    client = clientFor(emulator);
    await addReadyPool(client, 'p', 1, { taskSlotsPerNode: 2 });
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
  });
  afterAll(() => emulator.close());

  const output = async (jobId: string, taskId: string) =>
    (await readText((await client.file.getFromTask(jobId, taskId, 'stdout.txt')).readableStreamBody)).trim();
  const onlyNode = async () => (await client.computeNode.list('p'))[0]?.id ?? '';
  const runDaemon = async (taskId: string) => {
    await client.task.add('j', { id: taskId, commandLine: DAEMON });
    await completedTask(client, 'j', taskId);
    return output('j', taskId);
  };
  const ended = (pid: string) =>
    until(
      async () => isAlive(pid),
      (alive) => !alive,
    );

  it('begins to prepare it for a job anew', async () => {
    const file = join(tmpdir(), `azb-restart-${process.pid}`);
    // The first time it would take for ever.
    const commandLine = `/bin/sh -c 'if mkdir ${file}; then echo $$ > ${file}/pid; sleep 600; fi; rm -r ${file}'`;
    await client.job.add({ id: 'prep', poolInfo: { poolId: 'p' }, jobPreparationTask: { commandLine } });
    await client.task.add('prep', { id: 't', commandLine: 'true' });
    const pid = await until(
      async () => (await readFile(`${file}/pid`, 'utf8').catch(() => '')).trim(),
      (text) => text !== '',
    );
    await client.computeNode.reboot('p', await onlyNode());
    const task = await completedTask(client, 'prep', 't');
    expect(task.executionInfo).toMatchObject({ result: 'success', requeueCount: 1 });
    expect(isAlive(pid)).toBe(false);
  });

  it('has been prepared for a job, and is released from it all the same', async () => {
    const jobPreparationTask = { commandLine: 'true' };
    const jobReleaseTask = { commandLine: 'true' };
    await client.job.add({ id: 'released', poolInfo: { poolId: 'p' }, jobPreparationTask, jobReleaseTask });
    await client.task.add('released', { id: 't', commandLine: 'true' });
    await completedTask(client, 'released', 't');
    const nodeId = await onlyNode();
    const { lastBootTime } = await client.computeNode.get('p', nodeId);
    await client.computeNode.reboot('p', nodeId);
    await until(
      () => client.computeNode.get('p', nodeId),
      (node) => node.state === 'idle' && node.lastBootTime?.getTime() !== lastBootTime?.getTime(),
    );
    await client.job.terminate('released');
    await until(
      () => client.job.get('released'),
      ({ state }) => state === 'completed',
    );
    const statuses = await client.job.listPreparationAndReleaseTaskStatus('released');
    expect(statuses.map((each) => each.jobReleaseTaskExecutionInfo?.result)).toEqual(['success']);
  });

  it('lives on after its task, in a session of its own, and ends with a reboot', async () => {
    const pid = await runDaemon('rebooted');
    expect(isAlive(pid)).toBe(true);
    await client.computeNode.reboot('p', await onlyNode());
    await ended(pid);
  });

  it('ends with the node', async () => {
    const pid = await runDaemon('removed');
    await client.pool.resize('p', { targetDedicatedNodes: 0 });
    await ended(pid);
  });
});

describe('what tasks have left in sessions of their own', () => {
  let bundle: string;

  beforeAll(async () => {
    bundle = await bundleEmulator('node-restarts');
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('ends with the emulator, be it by %s', async (signal) => {
    const emulator = await startProcess(bundle, ['--port', '0', '--speed', '40']);
    const client = clientFor(emulator);
    await addReadyPool(client, 'p', 1);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    await client.task.add('j', { id: 't', commandLine: DAEMON });
    await completedTask(client, 'j', 't');
    const { readableStreamBody } = await client.file.getFromTask('j', 't', 'stdout.txt');
    const pid = (await readText(readableStreamBody)).trim();
    expect(isAlive(pid)).toBe(true);
    await emulator.end(signal);
    await until(
      async () => isAlive(pid),
      (alive) => !alive,
    );
  });
});
