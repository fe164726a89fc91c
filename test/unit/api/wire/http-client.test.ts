import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { createHttpClient, type OutgoingRequest, readAll } from '../../../../src/api/wire/http-client.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = await createHttpClient(endpoint, (headers) => new Map(Object.entries(headers)));
  const request = (more: Partial<OutgoingRequest> = {}) =>
    client.sendRequest({
      method: 'GET',
      url: `${endpoint}/`,
      headers: { rawHeaders: () => ({ 'content-type': 'text/plain' }) },
      ...more,
    });
  return { request };
}

test('gives status, headers and text', async () => {
  const { request } = await serve((_, response) => {
    response.writeHead(404, { 'x-some': 'thing', 'set-cookie': ['a=1', 'b=2'] }).end('grüße');
  });
  const reply = await request();
  expect(reply).toMatchObject({ status: 404, bodyAsText: 'grüße' });
  expect(reply.headers.get('x-some')).toBe('thing');
  expect(reply.headers.get('set-cookie')).toBe('a=1, b=2');
});

test('gives a stream where one is asked for', async () => {
  const { request } = await serve((_, response) => response.end('streamed'));
  const reply = await request({ streamResponseBody: true });
  expect(reply.bodyAsText).toBeUndefined();
  expect(reply.readableStreamBody && (await text(reply.readableStreamBody))).toBe('streamed');
});

test('asks for compressed answers and reads them', async () => {
  const { request } = await serve((message, response) => {
    if (message.headers['accept-encoding'] !== 'gzip') return response.end('plain');
    return response.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(100_000)));
  });
  expect((await request()).bodyAsText).toBe('x'.repeat(100_000));
});

test('takes the headers of an answer that has no body for what they are', async () => {
  const { request } = await serve((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'x-size': '7' }).end();
  });
  const reply = await request({ method: 'HEAD' });
  expect(reply).toMatchObject({ status: 200, bodyAsText: '' });
  expect(reply.headers.get('x-size')).toBe('7');
});

test('sends a body whole and with its length', async () => {
  const seen: IncomingMessage[] = [];
  const { request } = await serve((message, response) => {
    seen.push(message);
    message.pipe(response);
  });
  expect((await request({ method: 'POST', body: 'grüße' })).bodyAsText).toBe('grüße');
  expect(seen[0]?.headers).toMatchObject({ 'content-length': '7', 'content-type': 'text/plain' });
  expect(seen[0]?.headers['transfer-encoding']).toBeUndefined();
});

test('keeps its connection', async () => {
  const ports: (number | undefined)[] = [];
  const { request } = await serve((message, response) => {
    ports.push(message.socket.remotePort);
    response.end();
  });
  await request();
  await request();
  expect(ports[1]).toBe(ports[0]);
});

test('does not follow to where an answer leads', async () => {
  const { request } = await serve((message, response) => {
    response.writeHead(message.url === '/' ? 302 : 200, { location: '/elsewhere' }).end();
  });
  expect((await request()).status).toBe(302);
});

test.each([
  ['plain', {}],
  ['compressed', { 'content-encoding': 'gzip' }],
])('a %s answer that breaks off is an error', async (_, headers) => {
  const { request } = await serve((_message, response) => {
    response.writeHead(200, { ...headers, 'content-length': '100000' });
    response.write(gzipSync('y'.repeat(1000)), () => response.destroy());
  });
  await expect(request()).rejects.toThrow(/aborted|Premature close|unexpected end/);
});

test('a connection that is refused is the error that Node gives', async () => {
  const { request } = await serve(() => undefined);
  await expect(request({ url: 'http://127.0.0.1:1/' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('ends with its signal while there is no answer', async () => {
  const controller = new AbortController();
  const { request } = await serve(() => controller.abort());
  await expect(request({ abortSignal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
});

test('ends with its signal in the middle of an answer', async () => {
  const controller = new AbortController();
  const { request } = await serve((_, response) => void response.write('first'));
  const { readableStreamBody } = await request({ abortSignal: controller.signal, streamResponseBody: true });
  const all = readableStreamBody && readAll(readableStreamBody);
  controller.abort();
  await expect(all).rejects.toThrow();
});
