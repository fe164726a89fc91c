import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Clock, toHttpDate, toTimestamp } from '../clock.ts';
import { type Faults, misbehaveBefore } from '../http/faults.ts';
import { type Answered, unanswered } from '../http/pipeline.ts';
import { baseUrlOf, isClientGone } from '../http/request.ts';
import { type Access, authenticate, authorise } from './access.ts';
import { type Operating, type StorageReply, xmlBody } from './answer-parts.ts';
import type { BlobStore } from './blob-store.ts';
import { parseRequest, type StorageRequest } from './request.ts';
import { findBlobRoute, operationOf } from './routes.ts';
import { STORAGE_ACCOUNT, STORAGE_PATH } from './storage-account.ts';
import { notDone, StorageFault } from './storage-fault.ts';

/** What answering needs to know of the storage account. */
export interface BlobServiceOptions {
  readonly store: BlobStore;
  /** The account's keys; either will do. */
  readonly keys: () => readonly string[];
  readonly acceptsTokens: boolean;
  readonly clock: Clock;
  /** Where the emulator is, for clients that do not say by which address they came. */
  readonly endpoint: () => string;
  readonly reportProblem: (problem: unknown) => void;
  /** What is to go wrong on purpose. */
  readonly faults: Faults;
}

const VERSION = '2021-12-02';

/** Answers one request to the storage account: who asks, what for, may they, and the operation itself. */
export async function answerBlobs(
  options: BlobServiceOptions,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<Answered> {
  const requestId = randomUUID();
  const now = options.clock.now();
  const method = message.method ?? 'GET';
  let code: string | undefined;
  response.setHeader('x-ms-request-id', requestId);
  response.setHeader('x-ms-version', versionOf(message));
  response.setHeader('Date', toHttpDate(now));
  echoClientId(message, response);
  try {
    const baseUrl = baseUrlOf(message, options.endpoint());
    const { operate, effects } = prepare(options, parseRequest(message, baseUrl, now));
    if (await misbehaveBefore(effects, response, refusalFor))
      return { method, url: message.url ?? '/', status: 0, code: 'Dropped' };
    const reply = await operate();
    try {
      await options.store.settled();
      if (effects.some(({ kind }) => kind === 'lose')) throw refusalFor(500);
      if (effects.some(({ kind }) => kind === 'truncate')) await breakOff(response, reply);
      else await send(response, reply, method === 'HEAD');
    } finally {
      reply.stream?.content.destroy();
    }
  } catch (problem) {
    if (isClientGone(problem, message)) return unanswered(method, message.url ?? '/');
    const fault = asFault(problem, options.reportProblem);
    code = fault.code;
    if (response.headersSent) response.destroy();
    else sendFault(response, fault, `RequestId:${requestId}\nTime:${toTimestamp(now)}`, method === 'HEAD');
  }
  return { method, url: message.url ?? '/', status: response.statusCode, code };
}

/** Finds out what is asked for, and whether whoever asks may. */
function prepare(options: BlobServiceOptions, request: StorageRequest) {
  const { store } = options;
  const access = authenticate(request, options);
  const route = findBlobRoute(request);
  authorise(access, route, request, store);
  const operating: Operating = {
    store,
    request,
    access,
    now: () => options.clock.now(),
    sourceOf: (url) => sourceOf(options, request, access, url),
  };
  const effects = options.faults.effectsOn(operationOf(route));
  return { operate: async (): Promise<StorageReply> => route.operate(operating), effects };
}

/** The service turns away with 503 those who ask too often. */
function refusalFor(status: 429 | 500 | 503): StorageFault {
  return new StorageFault(status === 500 ? 'InternalError' : 'ServerBusy');
}

/** Sends the first half of the body, if there is one, and breaks off. */
async function breakOff(response: ServerResponse, reply: StorageReply): Promise<void> {
  const content = reply.xml === undefined ? reply.stream?.content : [xmlBody(reply.xml)];
  const length = reply.xml === undefined ? reply.stream?.length : xmlBody(reply.xml).length;
  if (content !== undefined && length !== undefined) {
    response.statusCode = reply.status;
    for (const [name, value] of Object.entries(reply.headers ?? {})) setHeader(response, name, value);
    response.setHeader('Content-Length', length);
    let left = Math.ceil(length / 2);
    for await (const chunk of content as AsyncIterable<Buffer>) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      await new Promise((resolve) => response.write(part, resolve));
      if (left === 0) break;
    }
  }
  response.destroy();
}

/** The request that a copy stands for: to read a blob of this account, as whoever asks for the copy. */
function sourceOf(
  options: BlobServiceOptions,
  request: StorageRequest,
  access: Access,
  url: string,
): StorageRequest {
  if (!URL.canParse(url)) throw new StorageFault('InvalidHeaderValue', { HeaderName: 'x-ms-copy-source' });
  const { host, pathname, search } = new URL(url);
  const path = pathInAccount(host, pathname, [request.accountUrl, options.endpoint()]);
  if (path === undefined) throw notDone(`copies from anywhere but its own storage account, such as ${host}`);
  const message = {
    method: 'GET',
    url: `${path}${search}`,
    headers: {},
    rawHeaders: [],
    socket: request.body.socket,
  };
  const source = parseRequest(message as unknown as IncomingMessage, '', request.now);
  if (source.blob === undefined) throw new StorageFault('CannotVerifyCopySource');
  if (access.kind === 'owner' && !source.query.has('sig')) return source;
  const reader = authenticate(source, options);
  authorise(reader, { level: 'blob', account: 'r', service: 'r', open: 'blob' }, source, options.store);
  return source;
}

/**
 * The path of what a URL names in the storage account; undefined when it is elsewhere. Some clients write a URL of the
 * same account by its name, as if it were in the cloud.
 */
function pathInAccount(host: string, path: string, here: readonly string[]): string | undefined {
  if (host.startsWith(`${STORAGE_ACCOUNT}.blob.`)) return STORAGE_PATH + path;
  const isHere = here.some((address) => new URL(address).host === host);
  return isHere && path.startsWith(`${STORAGE_PATH}/`) ? path : undefined;
}

async function send(response: ServerResponse, reply: StorageReply, isHead: boolean): Promise<void> {
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers ?? {})) setHeader(response, name, value);
  if (reply.xml !== undefined) {
    const body = xmlBody(reply.xml);
    response.setHeader('Content-Type', 'application/xml');
    response.setHeader('Content-Length', body.length);
    response.end(isHead ? undefined : body);
    return;
  }
  if (reply.stream === undefined || isHead) {
    if (!isHead && reply.status !== 304) response.setHeader('Content-Length', 0);
    response.end();
    return;
  }
  response.setHeader('Content-Length', reply.stream.length);
  await pipeline(reply.stream.content, response);
}

/** Headers of blobs are what clients gave, in an encoding that only they know. */
function setHeader(response: ServerResponse, name: string, value: string): void {
  response.setHeader(name, value.replace(/[^\t\u0020-\u007e\u0080-\u00ff]/g, '?'));
}

function sendFault(response: ServerResponse, fault: StorageFault, trace: string, isHead: boolean): void {
  response.statusCode = fault.status;
  response.setHeader('x-ms-error-code', fault.code);
  if (isHead) {
    response.end();
    return;
  }
  const { Reason: reason, ...details } = fault.details;
  const message = [fault.message, reason, trace].filter((line) => line !== undefined).join('\n');
  const body = xmlBody(['Error', [['Code', fault.code], ['Message', message], ...Object.entries(details)]]);
  response.setHeader('Content-Type', 'application/xml');
  response.setHeader('Content-Length', body.length);
  response.end(body);
}

function asFault(problem: unknown, report: (problem: unknown) => void): StorageFault {
  if (problem instanceof StorageFault) return problem;
  report(problem);
  const { code } = problem as NodeJS.ErrnoException;
  return new StorageFault(
    'InternalError',
    code === 'ENOSPC' || code === 'EDQUOT' ? { Reason: 'The disk of the azb emulator is full.' } : {},
  );
}

/** The version that the client speaks, which is the one that it is answered in. */
function versionOf({ headers }: IncomingMessage): string {
  const text = String(headers['x-ms-version'] ?? '');
  return /^\d{4}-\d\d-\d\d$/.test(text) ? text : VERSION;
}

function echoClientId({ headers }: IncomingMessage, response: ServerResponse): void {
  const id = headers['x-ms-client-request-id'];
  if (typeof id === 'string' && id.length <= 1024) setHeader(response, 'x-ms-client-request-id', id);
}
