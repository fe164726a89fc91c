import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  completedTask,
  readText,
  runningTask,
  startFast,
  until,
} from './support.ts';

/** Ends with 0 if nothing of the run before it is left, with 9 otherwise; the first run has to be killed. */
const ALONE = `/bin/sh -c 'trap "" TERM; if [ -e ../pid ]; then kill -0 $(cat ../pid) && exit 9; exit 0; fi; echo $$ > ../pid; sleep 600; sleep 600'`;

describe('a task that starts where a run before it has not ended yet', () => {
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast({ speed: 200 });
    client = clientFor(emulator);
    await addReadyPool(client, 'p', 1, { taskSlotsPerNode: 4 });
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
  });
  afterAll(() => emulator.close());

  /** Adds a task that heeds no signal, and waits until it says so. */
  async function addStubborn(id: string, commandLine: string): Promise<void> {
    await client.task.add('j', { id, commandLine });
    await runningTask(client, 'j', id);
    await until(
      async () => {
        const files = await client.file.listFromTask('j', id, { recursive: true }).catch(() => []);
        return files.map(({ name }) => name);
      },
      (names) => names.some((name) => name === 'pid' || name === 'wd/began'),
    );
  }

  it('keeps its files, where that was another task of the same id', async () => {
    await addStubborn('x', `/bin/sh -c 'trap "" TERM; touch began; sleep 600; sleep 600'`);
    await client.task.deleteMethod('j', 'x');
    await client.task.add('j', { id: 'x', commandLine: "/bin/sh -c 'ls; echo new > made'" });
    expect((await completedTask(client, 'j', 'x')).executionInfo?.exitCode).toBe(0);
    const { readableStreamBody } = await client.file.getFromTask('j', 'x', 'stdout.txt');
    expect(await readText(readableStreamBody)).toBe('');
    const made = await client.file.getFromTask('j', 'x', 'wd/made');
    expect(await readText(made.readableStreamBody)).toBe('new\n');
  });

  it('keeps the files of all its instances', async () => {
    await addReadyPool(client, 'two', 2, { enableInterNodeCommunication: true });
    await client.job.add({ id: 'multi', poolInfo: { poolId: 'two' } });
    const add = (commandLine: string) =>
      client.task.add('multi', {
        id: 'm',
        commandLine,
        multiInstanceSettings: { numberOfInstances: 2, coordinationCommandLine: 'echo here' },
      });
    // It takes a while to remove so many files.
    await add("/bin/sh -c 'seq 3000 | xargs touch'");
    await completedTask(client, 'multi', 'm');
    await client.task.deleteMethod('multi', 'm');
    const removed = '$AZ_BATCH_NODE_ROOT_DIR/../.removed';
    await add(`/bin/sh -c 'until [ -z "$(ls ${removed})" ]; do sleep 0.02; done'`);
    await completedTask(client, 'multi', 'm');
    const { nodeId = '', taskRootDirectory } =
      (await client.task.listSubtasks('multi', 'm')).value?.[0]?.nodeInfo ?? {};
    const { readableStreamBody } = await client.file.getFromComputeNode(
      'two',
      nodeId,
      `${taskRootDirectory}/stdout.txt`,
    );
    expect(await readText(readableStreamBody)).toBe('here\n');
  });

  it('waits for the end of its own run before it, after the job was disabled', async () => {
    await addStubborn('requeued', ALONE);
    await client.job.disable('j', 'requeue');
    await client.job.enable('j');
    expect((await completedTask(client, 'j', 'requeued')).executionInfo).toMatchObject({
      exitCode: 0,
      requeueCount: 1,
    });
  });

  it('and when it is run again', async () => {
    await addStubborn('again', ALONE);
    await client.task.terminate('j', 'again');
    await client.task.reactivate('j', 'again');
    expect((await completedTask(client, 'j', 'again')).executionInfo?.exitCode).toBe(0);
  });
});
