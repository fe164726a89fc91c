import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBatchPort } from '../../src/api/batch.ts';
import type { AccountSettings } from '../../src/api/settings.ts';

/** A request that the stub got. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What the stub answers: JSON for an object, the bytes as they are otherwise. */
export interface StubReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string | Uint8Array;
  /** Breaks the connection instead of answering. */
  readonly breaks?: boolean;
}

export type StubHandler = (request: SeenRequest, count: number) => StubReply | Promise<StubReply>;

/** A server that answers as it is told and remembers what it was asked. */
export async function startStub(handler: StubHandler) {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, handler, seen);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings: AccountSettings = {
    name: 'acct',
    endpoint,
    credential: { kind: 'shared key', key: Buffer.from('a key').toString('base64') },
    source: 'test',
  };
  return {
    endpoint,
    settings,
    seen,
    port: createBatchPort(settings),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export type Stub = Awaited<ReturnType<typeof startStub>>;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handler: StubHandler,
  seen: SeenRequest[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const url = new URL(request.url ?? '', 'http://stub');
  const facts: SeenRequest = {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
  seen.push(facts);
  const reply = await handler(facts, seen.length);
  if (reply.breaks === true) {
    response.destroy();
    return;
  }
  const { body } = reply;
  const isJson = body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array);
  response.writeHead(reply.status ?? 200, {
    ...(isJson ? { 'content-type': 'application/json;odata=minimalmetadata' } : {}),
    ...reply.headers,
  });
  response.end(isJson ? JSON.stringify(body) : body);
}

/** An error body as the service writes it. */
export function errorBody(code: string, message: string, values: object[] = []): object {
  return {
    'odata.metadata': 'https://x/$metadata#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element',
    code,
    message: { lang: 'en-US', value: `${message}\nRequestId:1\nTime:2022-11-29T22:17:29Z` },
    values,
  };
}
