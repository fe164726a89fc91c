import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { type Connections, connectionsTo } from '../../../../src/api/wire/connections.ts';
import { UnreachableError } from '../../../../src/lib/errors.ts';
import { startProxy } from '../../../support/proxy.ts';

const HOUR = 3_600_000;
const servers: Server[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that tells by which of its connections it was asked. */
async function counting() {
  let count = 0;
  const server = createServer(({ socket }, response) => {
    const known = socket as typeof socket & { number?: number };
    if (known.number === undefined) {
      count += 1;
      known.number = count;
    }
    response.end(String(known.number));
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function ask(connections: Connections, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    connections
      .request(url, {})
      .once('response', (reply) => {
        let text = '';
        reply.on('data', (chunk) => {
          text += chunk;
        });
        // The connection is free right after the end.
        reply.once('close', () => resolve(text));
      })
      .once('error', reject)
      .end();
  });
}

it('uses a connection again, but not one that was kept through a sleep of the machine', async () => {
  const url = await counting();
  let now = 0;
  const connections = await connectionsTo(url, { now: () => now });
  const use = () => connections.use(undefined, () => ask(connections, url));
  expect([await use(), await use()]).toEqual(['1', '1']);
  now += 3 * HOUR;
  expect([await use(), await use()]).toEqual(['2', '2']);
});

it('trusts no idle connection after one did not answer, but all after somebody has just left', async () => {
  const url = await counting();
  const connections = await connectionsTo(url);
  const use = () => connections.use(undefined, () => ask(connections, url));
  const failing = (reason: Error) =>
    connections.use(AbortSignal.abort(reason), () => Promise.reject(reason)).catch(() => undefined);
  expect(await use()).toBe('1');
  await failing(new Error('the view was left'));
  expect(await use()).toBe('1');
  await failing(new UnreachableError('nobody answered in time'));
  expect(await use()).toBe('2');
});

it('ends a request on which nothing comes any more', async () => {
  const silent = createSocketServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const connections = await connectionsTo(url, { silence: 50 });
  await expect(ask(connections, url)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  silent.close();
});

it('ends a silent request through a proxy too, on a connection that was used before', async () => {
  const proxy = await startProxy({ answers: (count) => count === 1 });
  vi.stubEnv('HTTPS_PROXY', `http://${proxy.address}`);
  vi.stubEnv('NO_PROXY', undefined);
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const url = 'https://acct.westeurope.batch.azure.com';
  const connections = await connectionsTo(url, { silence: 1000 });
  await ask(connections, url);
  await expect(ask(connections, url)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  expect(proxy.seen).toHaveLength(1);
});
