import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CER, THUMBPRINT } from '../support/certificate.ts';
import { makeZip } from '../support/zip.ts';
import { control } from './control.ts';
import { bundleEmulator, startProcess } from './emulator-process.ts';
import { raw } from './raw.ts';
import { addReadyPool, clientFor, isAlive, refusal, UBUNTU, until } from './support.ts';

/** A pool of one node whose start task goes on for minutes the first time, and ends at once the next. */
function poolOnceStarted(waitForSuccess: boolean) {
  const commandLine = `/bin/sh -c 'cd $AZ_BATCH_NODE_SHARED_DIR && if [ -e once ]; then exit 0; fi; touch once; sleep 600'`;
  return {
    id: 'p',
    vmSize: 'standard_d1_v2',
    virtualMachineConfiguration: UBUNTU,
    targetDedicatedNodes: 1,
    startTask: { commandLine, waitForSuccess },
  };
}

describe('an emulator that is killed or stopped', () => {
  let bundle: string;
  let directory: string;
  beforeAll(async () => {
    bundle = await bundleEmulator('durability-nodes');
    directory = await mkdtemp(join(tmpdir(), 'azb-durability-nodes-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const start = (name: string) =>
    startProcess(bundle, ['--port', '0', '--data', join(directory, name), '--speed', '40']);

  it('leaves nothing running of a multi-instance task, and runs it again', async () => {
    const first = await start('instances');
    const client = clientFor(first);
    await addReadyPool(client, 'p', 2, { enableInterNodeCommunication: true });
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    await client.task.add('j', {
      id: 't',
      commandLine: `/bin/sh -c 'cat "$AZ_BATCH_TASK_SHARED_DIR"/*.pid; echo $$; sleep 600'`,
      multiInstanceSettings: {
        numberOfInstances: 2,
        coordinationCommandLine: `/bin/sh -c 'sleep 601 & echo $! > "$AZ_BATCH_TASK_SHARED_DIR/$AZ_BATCH_NODE_ID.pid"'`,
      },
    });
    const pids = await until(
      async () => {
        const { status, text } = await raw(first, 'GET', '/jobs/j/tasks/t/files/stdout.txt');
        return status === 200 ? text.trim().split('\n') : [];
      },
      (lines) => lines.length === 3,
    );
    await first.end('SIGKILL');
    const second = await start('instances');
    for (const pid of pids) expect(isAlive(pid)).toBe(false);
    const again = clientFor(second);
    const task = await until(
      () => again.task.get('j', 't'),
      ({ state }) => state === 'running',
    );
    expect(task.executionInfo?.requeueCount).toBe(1);
    await until(
      async () => (await again.task.listSubtasks('j', 't')).value ?? [],
      ([subtask]) => subtask?.exitCode === 0,
    );
    await second.end('SIGTERM');
  });

  it('has kept users, certificates, applications, formulas, and nodes on their way', async () => {
    const first = await start('kept');
    const client = clientFor(first);
    await client.pool.add({
      id: 'p',
      vmSize: 'standard_d1_v2',
      virtualMachineConfiguration: UBUNTU,
      targetLowPriorityNodes: 1,
    });
    const [node] = await until(
      () => client.computeNode.list('p'),
      ([each]) => each?.state === 'idle',
    );
    const nodeId = node?.id ?? '';
    await client.pool.add({
      id: 'auto',
      vmSize: 'standard_d1_v2',
      virtualMachineConfiguration: UBUNTU,
      enableAutoScale: true,
      autoScaleFormula: '$TargetDedicatedNodes = 1;',
    });
    await client.computeNode.addUser('p', nodeId, { name: 'me', password: 'x' });
    await client.certificate.add({
      thumbprint: THUMBPRINT,
      thumbprintAlgorithm: 'sha1',
      data: CER,
      certificateFormat: 'cer',
    });
    const archive = new Uint8Array(makeZip([{ name: 'a', content: 'x' }]));
    await control(first, 'PUT', 'applications/tool/versions/1?default=true', archive);
    await control(first, 'POST', 'pools/p/preempt');
    await first.end('SIGKILL');

    const second = await start('kept');
    const again = clientFor(second);
    const [returned] = await until(
      () => again.computeNode.list('p'),
      ([each]) => each?.state === 'idle',
    );
    expect(returned?.id).toBe(nodeId);
    // The machine that the user was on is gone.
    expect(await refusal(again.computeNode.deleteUser('p', nodeId, 'me'))).toMatchObject({ statusCode: 404 });
    await again.computeNode.addUser('p', nodeId, { name: 'me', password: 'x' });
    expect((await again.certificate.get('sha1', THUMBPRINT)).publicData).toBe(CER);
    expect((await again.application.get('tool')).versions).toEqual(['1']);
    await until(
      () => again.pool.get('auto'),
      (pool) => pool.currentDedicatedNodes === 1 && pool.enableAutoScale === true,
    );
    await second.end('SIGKILL');

    const third = await start('kept');
    const still = clientFor(third);
    expect(await refusal(still.computeNode.addUser('p', nodeId, { name: 'me' }))).toMatchObject({
      code: 'NodeUserExists',
    });
    await third.end('SIGTERM');
  });

  it('runs a start task again that it was stopped in', async () => {
    const first = await start('stopped');
    const client = clientFor(first);
    await client.pool.add(poolOnceStarted(true));
    const [booted] = await until(
      () => client.computeNode.list('p'),
      ([each]) => each?.startTaskInfo?.state === 'running',
    );
    await until(
      () => raw(first, 'GET', `/pools/p/nodes/${booted?.id}/files/shared%2Fonce`),
      ({ status }) => status === 200,
    );
    expect(await first.end('SIGTERM')).toBe(0);

    const second = await start('stopped');
    const again = clientFor(second);
    const [node] = await until(
      () => again.computeNode.list('p'),
      ([each]) => each?.state === 'idle' || each?.state === 'starttaskfailed',
    );
    expect(node?.state).toBe('idle');
    await second.end('SIGTERM');
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'runs a start task again that nobody waited for, after %s',
    async (signal) => {
      const first = await start(`beside-${signal}`);
      const client = clientFor(first);
      await client.pool.add(poolOnceStarted(false));
      const [node] = await until(
        () => client.computeNode.list('p'),
        ([each]) => each?.state === 'idle' && each.startTaskInfo?.state === 'running',
      );
      await until(
        () => raw(first, 'GET', `/pools/p/nodes/${node?.id}/files/shared%2Fonce`),
        ({ status }) => status === 200,
      );
      await first.end(signal);

      const second = await start(`beside-${signal}`);
      const again = clientFor(second);
      const [after] = await until(
        () => again.computeNode.list('p'),
        ([each]) => each?.startTaskInfo?.state === 'completed',
      );
      expect(after).toMatchObject({
        id: node?.id,
        state: 'idle',
        startTaskInfo: { result: 'success', exitCode: 0 },
      });
      await second.end('SIGTERM');
    },
  );
});
