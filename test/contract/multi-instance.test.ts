import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
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

describe('multi-instance tasks', () => {
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast();
    client = clientFor(emulator);
    await addReadyPool(client, 'p', 3, { enableInterNodeCommunication: true });
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
  });
  afterAll(() => emulator.close());

  const readFile = async (taskId: string, path: string) =>
    readText((await client.file.getFromTask('j', taskId, path)).readableStreamBody);
  const nodeFile = async (nodeId = '', path = '') =>
    (await raw(emulator, 'GET', `/pools/p/nodes/${nodeId}/files/${encodeURIComponent(path)}`)).text;

  it('coordinate all their nodes before the first one runs the command', async () => {
    await client.task.add('j', {
      id: 'mpi',
      commandLine: `/bin/sh -c 'cat "$AZ_BATCH_TASK_SHARED_DIR"/up-*; echo $AZ_BATCH_IS_CURRENT_NODE_MASTER'`,
      multiInstanceSettings: {
        numberOfInstances: 3,
        coordinationCommandLine: `/bin/sh -c 'echo $AZ_BATCH_NODE_ID > "$AZ_BATCH_TASK_SHARED_DIR/up-$AZ_BATCH_NODE_ID"; env | grep -E "AZ_BATCH_(NODE_LIST|HOST_LIST|MASTER_NODE|IS_CURRENT)" | sort'`,
      },
    });
    const task = await completedTask(client, 'j', 'mpi');
    expect(task.executionInfo).toMatchObject({ result: 'success', exitCode: 0 });
    const nodes = await client.computeNode.list('p');
    const ids = nodes.map(({ id }) => id ?? '');
    const lines = (await readFile('mpi', 'stdout.txt')).trim().split('\n');
    expect(lines.slice(0, 3).sort()).toEqual(ids);
    expect(lines[3]).toBe('true');

    const subtasks = (await client.task.listSubtasks('j', 'mpi')).value ?? [];
    expect(subtasks.map(({ id }) => id)).toEqual([1, 2]);
    const used = [task.nodeInfo?.nodeId, ...subtasks.map(({ nodeInfo }) => nodeInfo?.nodeId)];
    expect([...used].sort()).toEqual(ids);
    for (const subtask of subtasks) {
      expect(subtask).toMatchObject({ state: 'completed', result: 'success', exitCode: 0 });
      expect(subtask.nodeInfo?.taskRootDirectory).toBe(`workitems/j/job-1/mpi/${subtask.id}`);
    }

    const told = (await raw(emulator, 'GET', '/jobs/j/tasks/mpi/subtasksinfo')).json.value as object[];
    expect(Object.keys(told[0] ?? {}).join(' ')).toBe(
      'id startTime endTime state stateTransitionTime previousState previousStateTransitionTime ' +
        'result exitCode nodeInfo',
    );

    const address = (id?: string) => nodes.find((node) => node.id === id)?.ipAddress;
    const addresses = used.map(address);
    const said = await nodeFile(used[1], 'workitems/j/job-1/mpi/1/stdout.txt');
    expect(said.trim().split('\n')).toEqual([
      `AZ_BATCH_HOST_LIST=${addresses.join(',')}`,
      'AZ_BATCH_IS_CURRENT_NODE_MASTER=false',
      `AZ_BATCH_MASTER_NODE=${addresses[0]}:6000`,
      `AZ_BATCH_NODE_LIST=${addresses.join(';')}`,
    ]);
    expect(await readFile('mpi', 'coordination-stdout.txt')).toContain(
      'AZ_BATCH_IS_CURRENT_NODE_MASTER=true',
    );
    const other = nodes.find(({ id }) => id === used[2]);
    expect(other?.recentTasks?.[0]).toMatchObject({ taskId: 'mpi', subtaskId: 2 });
  });

  it('keep what the coordination left running until their end, and no longer', async () => {
    await client.task.add('j', {
      id: 'service',
      commandLine: "/bin/sh -c 'sleep 600'",
      multiInstanceSettings: {
        numberOfInstances: 2,
        coordinationCommandLine: `/bin/sh -c 'sleep 601 & echo $! > "$AZ_BATCH_TASK_SHARED_DIR/$AZ_BATCH_NODE_ID.pid"'`,
      },
    });
    const busy = await until(
      () => client.computeNode.list('p'),
      (list) => list.filter(({ state }) => state === 'running').length === 2,
    );
    await until(
      async () => (await client.task.listSubtasks('j', 'service')).value ?? [],
      ([each]) => each?.state === 'completed' && each.exitCode === 0,
    );
    const running = busy.filter(({ state }) => state === 'running');
    const pids = await Promise.all(
      running.map(async ({ id }) => (await readFile('service', `${id}.pid`)).trim()),
    );
    for (const pid of pids) expect(isAlive(pid)).toBe(true);
    await client.task.terminate('j', 'service');
    await until(
      () => client.computeNode.list('p'),
      (list) => list.every(({ state }) => state === 'idle'),
    );
    for (const pid of pids) expect(isAlive(pid)).toBe(false);
  });

  it('fail with any of their instances, and are tried again', async () => {
    await client.task.add('j', {
      id: 'fails',
      commandLine: 'true',
      constraints: { maxTaskRetryCount: 1 },
      multiInstanceSettings: {
        numberOfInstances: 2,
        coordinationCommandLine: `/bin/sh -c 'test $AZ_BATCH_IS_CURRENT_NODE_MASTER = true && exec sleep 600; exit 7'`,
      },
    });
    const { executionInfo } = await completedTask(client, 'j', 'fails');
    expect(executionInfo).toMatchObject({ result: 'failure', exitCode: 7, retryCount: 1 });
    const [subtask] = (await client.task.listSubtasks('j', 'fails')).value ?? [];
    expect(subtask).toMatchObject({ state: 'completed', result: 'failure', exitCode: 7 });
    expect(subtask?.failureInfo?.code).toBe('FailureExitCode');
  });

  it('run again when one of their nodes restarts', async () => {
    await client.task.add('j', {
      id: 'lost',
      commandLine: 'sleep 600',
      multiInstanceSettings: { numberOfInstances: 2, coordinationCommandLine: 'true' },
    });
    const [subtask] = await until(
      async () => (await client.task.listSubtasks('j', 'lost')).value ?? [],
      ([each]) => each?.state === 'completed',
    );
    await client.computeNode.reboot('p', subtask?.nodeInfo?.nodeId ?? '');
    const task = await until(
      () => client.task.get('j', 'lost'),
      (each) => each.executionInfo?.requeueCount === 1 && each.state === 'running',
    );
    expect(task.nodeInfo?.nodeId).toBeDefined();
    await client.task.deleteMethod('j', 'lost');
  });

  it('wait for ever on a pool whose nodes cannot reach each other', async () => {
    await addReadyPool(client, 'apart', 2);
    await client.job.add({ id: 'k', poolInfo: { poolId: 'apart' } });
    await client.task.add('k', {
      id: 'mpi',
      commandLine: 'true',
      multiInstanceSettings: { numberOfInstances: 2, coordinationCommandLine: 'true' },
    });
    await client.task.add('k', { id: 'plain', commandLine: 'true' });
    await completedTask(client, 'k', 'plain');
    expect((await client.task.get('k', 'mpi')).state).toBe('active');
    expect((await client.task.listSubtasks('k', 'plain')).value).toEqual([]);
  });
});
