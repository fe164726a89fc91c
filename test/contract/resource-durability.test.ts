import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleEmulator, startProcess } from './emulator-process.ts';
import { raw } from './raw.ts';
import { addReadyPool, clientFor, completedTask, until } from './support.ts';

describe('a download that kill -9 breaks off', () => {
  let bundle: string;
  let data: string;
  let server: Server;
  let requests = 0;
  beforeAll(async () => {
    bundle = await bundleEmulator('resource-durability');
    data = await mkdtemp(join(tmpdir(), 'azb-resources-'));
    // The first answer never ends.
    server = createServer((_request, response) => {
      requests += 1;
      response.writeHead(200, { 'content-length': 8 }).write('half');
      if (requests > 1) response.end('half');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(data, { recursive: true, force: true });
  });

  it('is begun again, and no half of a file is ever seen', async () => {
    const args = ['--port', '0', '--data', data, '--speed', '40'];
    const first = await startProcess(bundle, args);
    const client = clientFor(first);
    await addReadyPool(client, 'p', 1);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    await client.task.add('j', {
      id: 't',
      commandLine: `/bin/sh -c 'ls -A; cat f'`,
      resourceFiles: [
        { httpUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/f`, filePath: 'f' },
      ],
    });
    await until(
      async () => requests,
      (count) => count === 1,
    );
    await first.end('SIGKILL');

    const second = await startProcess(bundle, args);
    const task = await completedTask(clientFor(second), 'j', 't');
    expect(task.executionInfo).toMatchObject({ result: 'success', requeueCount: 1 });
    const { text } = await raw(second, 'GET', '/jobs/j/tasks/t/files/stdout.txt');
    expect(text).toBe('f\nhalfhalf');
    expect(await second.end('SIGTERM')).toBe(0);
  });
});
