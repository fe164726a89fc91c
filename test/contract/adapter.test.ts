import azureBatch from '@azure/batch';
import type { CompositeMapper } from '@azure/ms-rest-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import type { BatchConnection } from '../../src/api/batch.ts';
import type { Page } from '../../src/api/port.ts';
import { CredentialError, ServiceError } from '../../src/lib/errors.ts';
import { equals } from '../../src/lib/odata.ts';
import { RESOURCES } from '../../src/resources/registry.ts';
import type { Entity, Scope } from '../../src/resources/types.ts';
import { portTo, startFast, until } from './support.ts';

const signal = new AbortController().signal;
let emulator: Emulator;
let port: BatchConnection;

async function ids(resource: string, scope: Scope, query = {}): Promise<string[]> {
  const page: Page = await port.listPage(resource, scope, query, signal);
  return page.rows.map((row) => (row as { id: string }).id);
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

beforeAll(async () => {
  emulator = await startFast({ speed: 1000 });
  port = portTo(emulator);
  await port.add('pools', {}, poolBody('p', 1), signal);
});
afterAll(() => emulator.close());

describe('pools', () => {
  it('are added, listed with chosen properties, changed and deleted', async () => {
    await port.add('pools', {}, poolBody('short-lived', 0), signal);
    const page = await port.listPage(
      'pools',
      {},
      { select: ['id', 'state'], filter: equals('id', 'short-lived') },
      signal,
    );
    expect(page.rows).toEqual([{ id: 'short-lived', state: 'active' }]);
    const before = (await port.get('pools', {}, 'short-lived', signal)) as { eTag: string };
    await port.update(
      'pools',
      {},
      'short-lived',
      { metadata: [{ name: 'a', value: 'b' }] },
      before.eTag,
      signal,
    );
    expect(await port.get('pools', {}, 'short-lived', signal)).toMatchObject({
      metadata: [{ name: 'a', value: 'b' }],
    });
    const stale = port.update('pools', {}, 'short-lived', { metadata: [] }, before.eTag, signal);
    await expect(stale).rejects.toMatchObject({ status: 412, code: 'ConditionNotMet' });
    await port.act({ resource: 'pools', action: 'delete', scope: {}, id: 'short-lived' }, signal);
    await until(
      () => ids('pools', {}),
      (names) => !names.includes('short-lived'),
    );
    await expect(port.get('pools', {}, 'short-lived', signal)).rejects.toMatchObject({
      code: 'PoolNotFound',
    });
  });

  it('are resized, and the nodes seen', async () => {
    const steady = { select: ['allocationState', 'currentDedicatedNodes'] };
    const size = async () =>
      (await port.listPage('pools', {}, { ...steady, filter: equals('id', 'p') }, signal)).rows[0];
    await until(size, (pool) => (pool as { allocationState: string }).allocationState === 'steady');
    const resize = { resource: 'pools', action: 'resize', scope: {}, id: 'p' };
    await port.act({ ...resize, args: { targetDedicatedNodes: 2 } }, signal);
    await until(size, (pool) => (pool as { currentDedicatedNodes: number }).currentDedicatedNodes === 2);
    const nodes = await ids('nodes', { pool: 'p' });
    expect(nodes).toHaveLength(2);
    expect(await port.get('nodes', { pool: 'p' }, nodes[0] ?? '', signal)).toMatchObject({ id: nodes[0] });
    const counts = (await port.get('nodecounts', {}, 'p', signal)) as { dedicated: { total: number } };
    expect(counts.dedicated.total).toBe(2);
  });

  it('are refused with the reasons of the service', async () => {
    const refused = port.add('pools', {}, { ...poolBody('bad', 1), vmSize: undefined }, signal);
    await expect(refused).rejects.toBeInstanceOf(ServiceError);
    await expect(refused).rejects.toMatchObject({ status: 400 });
  });
});

describe('jobs and tasks', () => {
  beforeAll(async () => {
    await port.add('jobs', {}, { id: 'j', poolInfo: { poolId: 'p' } }, signal);
  });

  it('run, and their files can be read', async () => {
    const scope = { job: 'j' };
    const commandLine = "/bin/bash -c 'printf 0123456789; mkdir wd2; printf x >wd2/f'";
    await port.add('tasks', scope, { id: 't', commandLine }, signal);
    const task = await until(
      async () => (await port.get('tasks', scope, 't', signal)) as { state: string; executionInfo: object },
      ({ state }) => state === 'completed',
    );
    expect(task.executionInfo).toMatchObject({ exitCode: 0, result: 'success' });
    const file = { kind: 'task', job: 'j', task: 't', path: 'stdout.txt' } as const;
    expect(await port.statFile(file, signal)).toMatchObject({ size: 10, isDirectory: false });
    const read = async (start: number, end: number) =>
      Buffer.from(await port.readFile(file, { start, end }, signal)).toString();
    expect(await read(0, 10)).toBe('0123456789');
    expect(await read(3, 6)).toBe('345');
    expect(await read(8, 100)).toBe('89');
    expect(await read(10, 20)).toBe('');
    const empty = { ...file, path: 'stderr.txt' };
    expect((await port.readFile(empty, { start: 0, end: 5 }, signal)).byteLength).toBe(0);
    const names = (page: Page) => page.rows.map((row) => (row as { name: string }).name);
    const top = names(await port.listPage('files', { job: 'j', task: 't' }, {}, signal));
    expect(top).toContain('wd');
    const all = names(await port.listPage('files', { job: 'j', task: 't' }, { recursive: true }, signal));
    expect(all).toContain('wd/wd2/f');
    expect(await port.get('files', { job: 'j', task: 't' }, 'wd/wd2/f', signal)).toMatchObject({
      name: 'wd/wd2/f',
      isDirectory: false,
      properties: { contentLength: '1' },
    });
    await expect(port.statFile({ ...file, path: 'no' }, signal)).rejects.toMatchObject({
      code: 'FileNotFound',
    });
    await port.act(
      { resource: 'files', action: 'delete', scope: { job: 'j', task: 't' }, id: 'wd/wd2/f' },
      signal,
    );
    await expect(port.statFile({ ...file, path: 'wd/wd2/f' }, signal)).rejects.toMatchObject({ status: 404 });
  });

  it('are added by the hundred, paged and counted', async () => {
    await port.add('jobs', {}, { id: 'many', poolInfo: { poolId: 'nowhere' } }, signal);
    const bodies = Array.from({ length: 100 }, (_, index) => ({ id: `t${index}`, commandLine: '/bin/true' }));
    const outcomes = await port.addTasks(
      'many',
      [...bodies.slice(0, 98), { id: 't0', commandLine: '/bin/true' }],
      signal,
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(98);
    expect(outcomes.at(-1)).toMatchObject({ id: 't0', ok: false, code: 'TaskExists', retryable: false });
    const seen: string[] = [];
    let next: string | undefined;
    do {
      const page: Page = await port.listPage(
        'tasks',
        { job: 'many' },
        { pageSize: 40, select: ['id'], ...(next === undefined ? {} : { next }) },
        signal,
      );
      seen.push(...page.rows.map((row) => (row as { id: string }).id));
      next = page.next;
    } while (next !== undefined);
    expect(seen).toHaveLength(98);
    expect(new Set(seen).size).toBe(98);
    const { tasks, slots } = await port.taskCounts('many', signal);
    expect(tasks).toEqual({ active: 98, running: 0, completed: 0, succeeded: 0, failed: 0 });
    expect(slots.active).toBe(98);
  });

  it('are disabled, enabled, terminated and deleted', async () => {
    await port.add('jobs', {}, { id: 'life', poolInfo: { poolId: 'p' } }, signal);
    const state = async () => ((await port.get('jobs', {}, 'life', signal)) as { state: string }).state;
    const act = (action: string, args = {}) =>
      port.act({ resource: 'jobs', action, scope: {}, id: 'life', args }, signal);
    await act('disable', { disableTasks: 'requeue' });
    await until(state, (value) => value === 'disabled');
    await act('enable');
    expect(await state()).toBe('active');
    await act('terminate', { terminateReason: 'enough' });
    await until(state, (value) => value === 'completed');
    await act('delete');
    await until(
      () => ids('jobs', {}),
      (names) => !names.includes('life'),
    );
  });

  it('can be terminated and run again', async () => {
    const scope = { job: 'j' };
    await port.add('tasks', scope, { id: 'long', commandLine: '/bin/sleep 600' }, signal);
    const state = async () => ((await port.get('tasks', scope, 'long', signal)) as { state: string }).state;
    await until(state, (value) => value === 'running');
    const task = { resource: 'tasks', scope, id: 'long' };
    await port.act({ ...task, action: 'terminate' }, signal);
    await until(state, (value) => value === 'completed');
    await port.act({ ...task, action: 'reactivate' }, signal);
    await until(state, (value) => value === 'running');
    await port.act({ ...task, action: 'delete' }, signal);
    await until(
      () => ids('tasks', scope),
      (names) => !names.includes('long'),
    );
  });
});

it('lists the images of the service', async () => {
  const page = await port.listPage('images', {}, { pageSize: 5 }, signal);
  expect(page.rows).toHaveLength(5);
  expect(page.rows[0]).toMatchObject({ imageReference: { publisher: expect.any(String) } });
});

/** The SDK's own description of each entity that `$select` can be asked of. */
const ENTITIES: Readonly<Record<string, keyof typeof azureBatch.BatchServiceMappers>> = {
  pools: 'CloudPool',
  nodes: 'ComputeNode',
  jobs: 'CloudJob',
  tasks: 'CloudTask',
  jobschedules: 'CloudJobSchedule',
  certificates: 'Certificate',
  failedtasks: 'CloudTask',
  runningtasks: 'CloudTask',
};

/** Properties that the adapter adds, and does not ask for: a test of it sees to that. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  failedtasks: ['jobId'],
  runningtasks: ['jobId'],
};

it.each(RESOURCES.filter(({ selectable }) => selectable))(
  'asks only for properties of $name that the service has',
  ({ name, columns, alsoSelect }) => {
    const mapper: CompositeMapper = azureBatch.BatchServiceMappers[ENTITIES[name] ?? 'CloudPool'];
    const known = Object.values(mapper.type.modelProperties ?? {}).map(
      ({ serializedName }) => serializedName,
    );
    known.push(...(ADDED[name] ?? []));
    const asked = [...columns.flatMap(({ select }) => select), ...alsoSelect];
    expect(asked.filter((property) => !known.includes(property))).toEqual([]);
  },
);

it('is told when its key is wrong', async () => {
  const stranger = portTo(emulator, Buffer.from('not the key').toString('base64'));
  await expect(stranger.listPage('pools', {}, {}, signal)).rejects.toBeInstanceOf(CredentialError);
  const acting = stranger.act({ resource: 'pools', action: 'delete', scope: {}, id: 'p' }, signal);
  await expect(acting).rejects.toBeInstanceOf(CredentialError);
});

it('is told when a filter is wrong, and where', async () => {
  const refused = port.listPage('tasks', { job: 'j' }, { filter: "state eqq 'active'" }, signal);
  await expect(refused).rejects.toMatchObject({
    status: 400,
    details: expect.arrayContaining([expect.objectContaining({ key: 'Reason' })]),
  });
});
