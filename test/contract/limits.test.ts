import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
import { addReadyPool, type BatchClient, clientFor, completedTask, startFast, until } from './support.ts';

describe('limits', () => {
  let emulator: Emulator;
  let client: BatchClient;
  beforeAll(async () => {
    emulator = await startFast({ connections: 20, outputBytes: 100_000 });
    client = clientFor(emulator);
    await addReadyPool(client, 'p', 1);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
  });
  afterAll(() => emulator.close());

  it.each([
    ['a header', { headers: { 'x-long': 'x'.repeat(33_000) } }, '/pools'],
    ['an address', {}, `/pools?$filter=${'x'.repeat(33_000)}`],
  ])('stand against %s that is too long', async (_what, options, target) => {
    expect((await raw(emulator, 'GET', target, options)).status).toBe(431);
    expect((await raw(emulator, 'GET', '/pools')).status).toBe(200);
  });

  it('stand against too many connections; those that are open go on', async () => {
    const { hostname, port } = new URL(emulator.endpoint);
    const sockets: Socket[] = [];
    let refused = 0;
    try {
      for (let number = 0; number < 40; number += 1) {
        const socket = connect(Number(port), hostname);
        socket.on('error', () => {});
        socket.on('close', () => {
          refused += 1;
        });
        sockets.push(socket);
        await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
      }
      await until(
        async () => refused,
        (count) => count >= 20,
      );
      const [first] = sockets;
      const answer = new Promise((resolve) => first?.once('data', (data) => resolve(String(data))));
      first?.write('GET /pools?api-version=2022-10-01.16.0 HTTP/1.1\r\nHost: x\r\n\r\n');
      expect(await answer).toMatch(/^HTTP\/1.1 400 /);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
    await until(
      () =>
        raw(emulator, 'GET', '/pools').then(
          ({ status }) => status,
          () => 0,
        ),
      (status) => status === 200,
    );
  });

  it('end a task that never stops to write', async () => {
    await client.task.add('j', { id: 'yes', commandLine: 'yes' });
    const task = await completedTask(client, 'j', 'yes');
    expect(task.executionInfo).toMatchObject({ result: 'failure', failureInfo: { code: 'FailureExitCode' } });
    const { text } = await raw(emulator, 'GET', '/jobs/j/tasks/yes/files/stderr.txt');
    expect(text).toContain('its outputs are larger than 100000 bytes');
  });

  it('hold for ids in addresses, however long', async () => {
    for (const path of ['/pools', '/jobs/j/tasks', '/jobs', '/pools/p/nodes']) {
      const { status } = await raw(emulator, 'GET', `${path}/${'x'.repeat(10_000)}`);
      expect([path, status]).toEqual([path, 404]);
    }
    const dependsOn = { taskIds: ['x'.repeat(10_000)] };
    await client.job.add({ id: 'd', poolInfo: { poolId: 'p' }, usesTaskDependencies: true });
    const body = JSON.stringify({ id: 't', commandLine: 'true', dependsOn });
    const { status, json } = await raw(emulator, 'POST', '/jobs/d/tasks', { body });
    expect([status, json.code]).toEqual([400, 'InvalidPropertyValue']);
  });
});
