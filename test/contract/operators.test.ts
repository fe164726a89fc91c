import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import type { BatchConnection } from '../../src/api/batch.ts';
import { ServiceError } from '../../src/lib/errors.ts';
import type { FailureGroup } from '../../src/lib/failure-groups.ts';
import type { Entity, Scope } from '../../src/resources/types.ts';
import { explainJob } from '../../src/resources/why-job.ts';
import { explainTask } from '../../src/resources/why-task.ts';
import { jobFacts, taskFacts } from '../../src/store/sources/why-facts.ts';
import { portTo, startFast, until as untilSatisfied } from './support.ts';

const signal = new AbortController().signal;
let emulator: Emulator;
let port: BatchConnection;
let node = '';

/** Waits for something to be so. */
const until = (isSo: () => Promise<boolean>) => untilSatisfied(isSo, (answer) => answer);

async function rows<T extends Entity>(resource: string, scope: Scope = {}): Promise<readonly T[]> {
  return (await port.listPage(resource, scope, {}, signal)).rows as readonly T[];
}

function poolBody(id: string, nodes: number): Entity {
  return {
    id,
    vmSize: 'Standard_A1_v2',
    targetDedicatedNodes: nodes,
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: 'ubuntuserver', sku: '16.04-LTS' },
      nodeAgentSKUId: 'batch.node.ubuntu 16.04',
    },
  };
}

async function addJob(
  id: string,
  poolId: string,
  tasks: readonly Entity[],
  more: object = {},
): Promise<void> {
  await port.add('jobs', {}, { id, poolInfo: { poolId }, ...more }, signal);
  if (tasks.length > 0) await port.addTasks(id, tasks, signal);
}

beforeAll(async () => {
  emulator = await startFast({ speed: 1000 });
  port = portTo(emulator);
  await port.add('pools', {}, poolBody('p', 1), signal);
  await until(async () => {
    const found = await rows<{ id: string; state: string }>('nodes', { pool: 'p' });
    node = found[0]?.id ?? '';
    return found[0]?.state === 'idle';
  });
});
afterAll(() => emulator.close());

describe('autoscale', () => {
  it('is turned on, evaluated without a change, and turned off', async () => {
    await port.add('pools', {}, poolBody('scaled', 0), signal);
    await until(async () => {
      const pool = (await port.get('pools', {}, 'scaled', signal)) as { allocationState?: string };
      return pool.allocationState === 'steady';
    });
    const on = { resource: 'pools', scope: {}, id: 'scaled' };
    const formula = '$TargetDedicatedNodes=0;';
    const args = { autoScaleFormula: formula, autoScaleEvaluationInterval: 'PT5M' };
    await port.act({ ...on, action: 'enableAutoScale', args }, signal);
    const question = {
      ...on,
      action: 'evaluateAutoScale',
      args: { autoScaleFormula: '$TargetDedicatedNodes=2;' },
    };
    expect(await port.ask(question, signal)).toMatchObject({
      results: expect.stringContaining('$TargetDedicatedNodes=2'),
    });
    expect(await port.get('pools', {}, 'scaled', signal)).toMatchObject({
      enableAutoScale: true,
      autoScaleFormula: formula,
    });
    await port.act({ ...on, action: 'disableAutoScale' }, signal);
    expect(await port.get('pools', {}, 'scaled', signal)).toMatchObject({ enableAutoScale: false });
  });
});

describe('the start task of a pool', () => {
  const get = async () =>
    (await port.get('pools', {}, 'begun', signal)) as { eTag: string; startTask?: object; metadata?: object };

  it('is changed by PATCH, and taken away with everything else kept', async () => {
    const metadata = [{ name: 'a', value: 'b' }];
    await port.add('pools', {}, { ...poolBody('begun', 0), metadata }, signal);
    await port.update(
      'pools',
      {},
      'begun',
      { startTask: { commandLine: 'true' } },
      (await get()).eTag,
      signal,
    );
    const before = await get();
    expect(before.startTask).toMatchObject({ commandLine: 'true' });
    const away = { startTask: null };
    await expect(port.update('pools', {}, 'begun', away, '0x1', signal)).rejects.toMatchObject({
      status: 412,
    });
    expect(await get()).toEqual(before);
    await port.update('pools', {}, 'begun', away, before.eTag, signal);
    const after = await get();
    expect(after.startTask).toBeUndefined();
    expect(after.metadata).toEqual(metadata);
  });
});

describe('a node', () => {
  const on = (action: string, args: object = {}) => ({
    resource: 'nodes',
    action,
    scope: { pool: 'p' },
    id: node,
    args: args as Readonly<Record<string, unknown>>,
  });

  it('has users that are added, changed and removed', async () => {
    const user = {
      name: 'me',
      isAdmin: 'yes',
      expiryTime: '2099-01-01T00:00:00Z',
      sshPublicKey: 'ssh-rsa AAAA',
    };
    await port.act(on('addUser', user), signal);
    await expect(port.act(on('addUser', user), signal)).rejects.toMatchObject({ code: 'NodeUserExists' });
    await port.act(on('updateUser', { name: 'me', password: 'secret' }), signal);
    await port.act(on('deleteUser', { name: 'me' }), signal);
    await expect(port.act(on('deleteUser', { name: 'me' }), signal)).rejects.toBeInstanceOf(ServiceError);
  });

  it('says how it is reached', async () => {
    expect(await port.ask(on('remoteLoginSettings'), signal)).toEqual({
      remoteLoginIPAddress: '127.0.0.1',
      remoteLoginPort: expect.any(Number),
    });
  });
});

describe('a job with failures', () => {
  beforeAll(async () => {
    const fails = ['a', 'b'].map((id) => ({ id, commandLine: "/bin/sh -c 'exit 3'" }));
    await addJob('failing', 'p', [...fails, { id: 'c', commandLine: '/bin/sh -c true' }]);
    await until(async () => (await port.taskCounts('failing', signal)).tasks.completed === 3);
  });

  it('has them grouped, and each group alone', async () => {
    const groups = await rows<FailureGroup>('failures', { job: 'failing' });
    expect(groups.map(({ by, value, count }) => [by, value, count])).toEqual([
      ['exit code', '3', 2],
      ['failure', 'FailureExitCode', 2],
      ['node', node, 2],
    ]);
    expect(groups.at(-1)).toMatchObject({
      pool: 'p',
      node: { state: 'idle', isOff: false, isSuspect: false },
    });
    expect(groups.at(-1)?.node?.failed).toBeGreaterThanOrEqual(2);
    expect(await port.get('failures', { job: 'failing' }, 'exit code 3', signal)).toMatchObject({ count: 2 });
    await expect(port.get('failures', { job: 'failing' }, 'exit code 4', signal)).rejects.toMatchObject({
      status: 404,
    });
  });

  it('tells how a task ended', async () => {
    const [first] = explainTask(await taskFacts(port, 'failing', 'a', signal));
    expect(first).toMatchObject({ kind: 'stop', text: 'it failed with exit code 3' });
  });
});

describe('why something does not run', () => {
  it('is found in a job manager that failed', async () => {
    const jobManagerTask = { id: 'boss', commandLine: "/bin/sh -c 'exit 7'" };
    await port.add('jobs', {}, { id: 'led', poolInfo: { poolId: 'p' }, jobManagerTask }, signal);
    await until(async () => (await port.taskCounts('led', signal)).tasks.failed === 1);
    const [standing, first] = explainJob(await jobFacts(port, 'led', signal));
    expect(standing?.text).toContain('1 of 1 task ended, 100% (it failed)');
    expect(first?.text).toBe('the job manager, task boss: it failed with exit code 7');
  });

  it('is found in the pool', async () => {
    await port.add('pools', {}, poolBody('empty', 0), signal);
    await addJob('waiting', 'empty', [{ id: 't', commandLine: 'true' }]);
    const texts = (found: readonly { text: string }[]) => found.map(({ text }) => text);
    expect(texts(explainJob(await jobFacts(port, 'waiting', signal)))).toContain(
      'the pool has no nodes, and none are asked for',
    );
    expect(texts(explainTask(await taskFacts(port, 'waiting', 't', signal)))).toContain(
      'the pool has no nodes, and none are asked for',
    );
    await addJob('nowhere', 'no-such-pool', [{ id: 't', commandLine: 'true' }]);
    expect(texts(explainJob(await jobFacts(port, 'nowhere', signal)))).toContain(
      'the pool no-such-pool does not exist',
    );
  });

  it('is found in what a task depends on, and in who goes first', async () => {
    const tasks = [
      { id: '1', commandLine: 'true' },
      {
        id: 'last',
        commandLine: 'true',
        dependsOn: { taskIds: ['gone'], taskIdRanges: [{ start: 1, end: 30 }] },
      },
    ];
    await addJob('chained', 'empty', tasks, { usesTaskDependencies: true });
    await addJob('first', 'empty', [], { priority: 100 });
    const facts = await taskFacts(port, 'chained', 'last', signal);
    expect(facts.dependencies.slice(0, 2)).toEqual([
      { id: 'gone', state: undefined, result: undefined },
      { id: '1', state: 'active', result: undefined },
    ]);
    expect(facts.dependencies).toHaveLength(20);
    expect(facts.unseenDependencies).toBe(11);
    expect(facts.place.rivals).toEqual(['first']);
  });
});

describe('lists of the account', () => {
  it('has certificates that are added, shown and deleted', async () => {
    const thumbprint = 'a'.repeat(40);
    const body = { thumbprint, thumbprintAlgorithm: 'sha1', data: 'AAAA', certificateFormat: 'cer' };
    await port.add('certificates', {}, body, signal);
    const id = `sha1-${thumbprint}`;
    expect(await port.get('certificates', {}, id, signal)).toMatchObject({ thumbprint, state: 'active' });
    expect(await rows('certificates')).toHaveLength(1);
    const on = { resource: 'certificates', scope: {}, id };
    await expect(port.act({ ...on, action: 'cancelDeletion' }, signal)).rejects.toMatchObject({
      code: 'CertificateStateActive',
    });
    await port.act({ ...on, action: 'delete' }, signal);
    await until(async () => (await rows('certificates')).length === 0);
  });

  it('has applications, usage and statistics', async () => {
    expect(await rows('applications')).toEqual([]);
    const statistics = await rows<{ of: string }>('statistics');
    expect(statistics.map(({ of }) => of)).toEqual(['pools', 'jobs']);
    expect(await port.get('statistics', {}, 'jobs', signal)).toMatchObject({ of: 'jobs' });
    const [usage] = await rows<{ poolId: string; startTime: string }>('usage');
    const id = `${usage?.poolId} ${usage?.startTime}`;
    const { poolId, startTime } = usage ?? {};
    expect(await port.get('usage', {}, id, signal)).toMatchObject({ poolId, startTime });
  });

  it('has the subtasks of a task, none for one that runs alone', async () => {
    expect(await rows('subtasks', { job: 'failing', task: 'a' })).toEqual([]);
  });

  it('says when a job has neither preparation nor release', async () => {
    await expect(rows('preparations', { job: 'failing' })).rejects.toMatchObject({
      code: 'JobPreparationTaskOrReleaseTaskNotSpecified',
    });
  });

  it('has what the preparation of a job did on each node', async () => {
    const jobPreparationTask = { commandLine: "/bin/sh -c 'exit 0'" };
    await addJob('prepared', 'p', [{ id: 't', commandLine: "/bin/sh -c 'exit 0'" }], { jobPreparationTask });
    await until(async () => (await port.taskCounts('prepared', signal)).tasks.completed === 1);
    expect(await rows('preparations', { job: 'prepared' })).toMatchObject([
      {
        poolId: 'p',
        nodeId: node,
        jobPreparationTaskExecutionInfo: { state: 'completed', result: 'success' },
      },
    ]);
    expect(await port.get('preparations', { job: 'prepared' }, node, signal)).toMatchObject({ nodeId: node });
  });
});
