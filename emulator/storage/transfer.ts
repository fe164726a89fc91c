import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Why a transfer came to nothing. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
  /** `refused` when the server answered with another status than success. */
  readonly kind: 'refused' | 'timedOut' | 'connection';
  /** Status of the answer, when there was one. */
  readonly status: number | undefined;
  /** The storage service's name for what is wrong, when it gave one. */
  readonly code: string | undefined;

  constructor(kind: TransferError['kind'], message: string, status?: number, code?: string) {
    super(message);
    this.kind = kind;
    this.status = status;
    this.code = code;
  }
}

/** How to send any request. */
export interface TransferOptions {
  /** Ends the transfer, wherever it is. */
  readonly signal: AbortSignal;
  /** Milliseconds without a byte in either direction after which the transfer is given up. */
  readonly idleMs: number;
}

export interface TransferRequest {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** What to send, of the length that `headers` says. */
  readonly body?: Readable | string | undefined;
}

const MOST_REDIRECTS = 5;

/**
 * Sends a request and resolves with the successful answer, its body still to be read; a GET follows redirects.
 * The body fails with a {@link TransferError} when it breaks off or stalls.
 * @throws TransferError
 */
export async function send(request: TransferRequest, options: TransferOptions): Promise<IncomingMessage> {
  let { url } = request;
  for (let redirects = 0; ; redirects += 1) {
    const response = await sendOnce({ ...request, url }, options);
    const { statusCode: status = 0, headers } = response;
    if (status >= 200 && status < 300) return response;
    response.resume();
    const target =
      request.method === 'GET' && status >= 300 ? redirectTarget(headers.location, url) : undefined;
    if (target === undefined || redirects === MOST_REDIRECTS) throw refusal(response);
    url = target;
  }
}

function redirectTarget(location: string | undefined, from: URL): URL | undefined {
  if (location === undefined || !URL.canParse(location, from.href)) return undefined;
  const target = new URL(location, from);
  return isHttp(target) ? target : undefined;
}

function refusal({ statusCode, statusMessage, headers }: IncomingMessage): TransferError {
  const code = headers['x-ms-error-code'];
  const text = `The server answered ${statusCode} ${code ?? statusMessage ?? ''}`.trim();
  return new TransferError('refused', text, statusCode, code === undefined ? undefined : String(code));
}

/** Whether a URL is one that can be sent to. */
export function isHttp(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
}

function sendOnce(
  { method, url, headers, body }: TransferRequest,
  { signal, idleMs }: TransferOptions,
): Promise<IncomingMessage> {
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    const fail = (error: unknown) => reject(asTransferError(error));
    const request = open(url, { method, headers: { ...headers }, signal, agent: false }, (response) => {
      answer = response;
      resolve(response);
    });
    request.setTimeout(idleMs, () => {
      const stalled = new TransferError('timedOut', `No data came for ${idleMs / 1000} seconds`);
      (answer ?? request).destroy(stalled);
    });
    request.on('error', fail);
    if (body === undefined || typeof body === 'string') request.end(body);
    else pipeline(body, request).catch(fail);
  });
}

/** What went wrong between here and a server, in the words of this module. */
export function asTransferError(error: unknown): TransferError {
  if (error instanceof TransferError) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  return new TransferError('connection', message === '' ? (code ?? 'The connection failed') : message);
}

/** Reads a body as text, up to a size in bytes. @throws TransferError */
export async function readText(body: IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > mostBytes) throw new TransferError('connection', 'The answer is too long');
      chunks.push(chunk);
    }
  } catch (error) {
    throw asTransferError(error);
  }
  return Buffer.concat(chunks).toString('utf8');
}
