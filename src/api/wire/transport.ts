import type { Readable } from 'node:stream';
import { AzbError, ServiceError } from '../../lib/errors.ts';
import type { AccountSettings } from '../settings.ts';
import type { Clients, OperationsClient, PipelineClient } from './client.ts';
import { withDeadline } from './deadline.ts';
import { readAll } from './http-client.ts';
import { isBrokenConnection } from './network-errors.ts';
import { serviceError } from './service-errors.ts';

/** The version of the service's interface that azb speaks. */
const API_VERSION = '2022-10-01.16.0';
const READ_TIMEOUT_MS = 30_000;
/** Adding 100 tasks may take the service its own limit of 30 seconds, and the body must go up first. */
const WRITE_TIMEOUT_MS = 60_000;

export interface WireRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Encoded, from the endpoint on: `/pools/p1`. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface WireReply {
  readonly body: unknown;
  readonly bytes: Uint8Array;
  header(name: string): string | undefined;
}

/** The SDK's own idea of an abort signal. Node's fits, though Node's types do not know `onabort`. */
type SdkSignal = NonNullable<
  Extract<Parameters<PipelineClient['sendRequest']>[0], { url?: string }>['abortSignal']
>;

function sdkSignal(signal: AbortSignal): SdkSignal {
  return signal as unknown as SdkSignal;
}

/** What the SDK's typed operations take. */
export interface CallOptions {
  readonly abortSignal: SdkSignal;
}

/**
 * The two ways to the service. Both go through the SDK's pipeline and reject with an AzbError, or with the
 * signal's reason when it aborted.
 */
export interface Transport {
  /** Sends wire JSON and gives wire JSON: nothing is dropped or renamed on the way. */
  send(request: WireRequest, signal: AbortSignal): Promise<WireReply>;
  /** Fetches a link that the service gave. Refuses one that leads to another origin than the endpoint's. */
  follow(link: string, signal: AbortSignal): Promise<WireReply>;
  /** Gives the reply's body as bytes. */
  download(request: WireRequest, signal: AbortSignal): Promise<WireReply>;
  /** Runs one of the SDK's typed operations. */
  call(
    operation: (client: OperationsClient, options: CallOptions) => Promise<unknown>,
    signal: AbortSignal,
  ): Promise<void>;
}

/** Makes the transport; a client is made by the first request that needs it. */
export function createTransport(settings: AccountSettings, clients: Clients): Transport {
  async function exchange(
    request: PreparedRequest,
    stream: boolean,
    signal: AbortSignal,
  ): Promise<WireReply> {
    const sdkClient = await clients.pipeline();
    const reply = await withDeadline(
      settings.endpoint,
      request.method === 'GET' || request.method === 'HEAD' ? READ_TIMEOUT_MS : WRITE_TIMEOUT_MS,
      signal,
      (abortSignal) =>
        readTwice(request.method, () => exchangeOnce(sdkClient, request, stream, sdkSignal(abortSignal))),
    );
    if (reply.status < 200 || reply.status > 299) throw failure(settings, request, reply);
    return {
      body: stream ? undefined : parseBody(settings, request, reply),
      bytes: reply.bytes,
      header: reply.header,
    };
  }

  return {
    send: (request, signal) => exchange(prepare(settings.endpoint, request), false, signal),
    follow: (link, signal) => exchange(prepareLink(settings.endpoint, link), false, signal),
    download: (request, signal) => exchange(prepare(settings.endpoint, request), true, signal),
    async call(operation, signal) {
      const sdkClient = await clients.operations();
      await withDeadline(settings.endpoint, WRITE_TIMEOUT_MS, signal, (abortSignal) =>
        operation(sdkClient, { abortSignal: sdkSignal(abortSignal) }).catch((error: unknown) => {
          throw operationError(settings, error);
        }),
      );
    },
  };
}

interface PreparedRequest {
  readonly method: WireRequest['method'];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object;
}

function prepare(endpoint: string, request: WireRequest): PreparedRequest {
  const params = Object.entries({ ...request.params, 'api-version': API_VERSION })
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return {
    method: request.method,
    url: `${endpoint}${request.path}?${params.join('&')}`,
    headers: { 'Content-Type': 'application/json; odata=minimalmetadata; charset=utf-8', ...request.headers },
    ...(request.body === undefined ? {} : { body: request.body }),
  };
}

/** A signature must never go to a host that the user did not name, whatever a reply says. */
function prepareLink(endpoint: string, link: string): PreparedRequest {
  const target = URL.canParse(link) ? new URL(link).origin : link;
  if (target !== new URL(endpoint).origin) {
    throw new AzbError(`the service's next page is at ${target}, which is not the endpoint ${endpoint}`, {
      next: 'check the endpoint, or a proxy that changes host names',
    });
  }
  return { method: 'GET', url: link, headers: { 'Content-Type': 'application/json; charset=utf-8' } };
}

interface RawReply {
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly text: string;
  header(name: string): string | undefined;
}

async function exchangeOnce(
  client: PipelineClient,
  request: PreparedRequest,
  stream: boolean,
  abortSignal: SdkSignal,
): Promise<RawReply> {
  const reply = await client.sendRequest({
    ...request,
    headers: { ...request.headers },
    abortSignal,
    streamResponseBody: true,
  });
  const body = reply.readableStreamBody as Readable | undefined;
  const bytes = body === undefined ? new Uint8Array() : await readAll(body);
  const isText = !stream || reply.status > 299;
  return {
    status: reply.status,
    bytes,
    text: isText ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8') : '',
    header: (name) => reply.headers.get(name),
  };
}

/** A kept connection may have ended while it was idle; a read is then asked once more on a new one. */
async function readTwice<T>(method: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if ((method !== 'GET' && method !== 'HEAD') || !isBrokenConnection(error)) throw error;
    return attempt();
  }
}

function parseBody(settings: AccountSettings, request: PreparedRequest, reply: RawReply): unknown {
  if (reply.text === '') return undefined;
  try {
    return JSON.parse(reply.text);
  } catch (cause) {
    throw new ServiceError({
      status: reply.status,
      code: 'InvalidReply',
      message: `${describeRequest(settings, request)} was answered with something that is not JSON`,
      next: `check the endpoint: ${settings.endpoint} does not answer as a Batch account does`,
      cause,
    });
  }
}

function describeRequest(settings: AccountSettings, request: PreparedRequest): string {
  return `${request.method} ${request.url.slice(settings.endpoint.length).replace(/\?.*$/, '')}`;
}

function failure(settings: AccountSettings, request: PreparedRequest, reply: RawReply): AzbError {
  return serviceError({
    status: reply.status,
    body: reply.text,
    header: reply.header,
    request: describeRequest(settings, request),
    endpoint: settings.endpoint,
    signedWith: settings.credential.kind,
  });
}

/** The SDK's typed operations throw a RestError; with a status it is the service's answer. */
interface RestFailure {
  readonly statusCode: number;
  readonly request?: { readonly method: string; readonly url: string };
  readonly response?: {
    readonly body?: unknown;
    readonly headers: { get(name: string): string | undefined };
  };
}

function isRestFailure(error: unknown): error is RestFailure {
  return (
    typeof error === 'object' &&
    error !== null &&
    'statusCode' in error &&
    typeof error.statusCode === 'number'
  );
}

function operationError(settings: AccountSettings, error: unknown): unknown {
  if (!isRestFailure(error)) return error;
  const body = error.response?.body;
  return serviceError({
    status: error.statusCode,
    body: typeof body === 'string' ? body : '',
    header: (name) => error.response?.headers.get(name),
    request:
      `${error.request?.method ?? ''} ${new URL(error.request?.url ?? settings.endpoint).pathname}`.trim(),
    endpoint: settings.endpoint,
    signedWith: settings.credential.kind,
  });
}
