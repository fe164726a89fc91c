import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { type Connections, connectionsTo } from './connections.ts';

/** What the SDK's pipeline hands to the client that sends its requests, as far as it is used here. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: { rawHeaders(): Record<string, string> };
  readonly body?: unknown;
  readonly abortSignal?: unknown;
  readonly streamResponseBody?: boolean;
}

/** An answer: its body as a stream where one was asked for, else as text. */
export interface Reply<Request, Headers> {
  readonly request: Request;
  readonly status: number;
  readonly headers: Headers;
  readonly bodyAsText?: string;
  readonly readableStreamBody?: Readable;
}

/**
 * Sends the requests of the SDK's pipeline with Node's own HTTP, on connections that are kept. The SDK's client goes through
 * `node-fetch`, which takes several times as long to load, and more than this for each request. It follows no redirects,
 * which would carry the signature to another host. A failure is the error that Node gives.
 * @param headersOf makes the SDK's headers of Node's
 */
export async function createHttpClient<Headers>(
  endpoint: string,
  headersOf: (headers: Record<string, string>) => Headers,
) {
  const connections = await connectionsTo(endpoint);

  return {
    async sendRequest<Request extends OutgoingRequest>(request: Request): Promise<Reply<Request, Headers>> {
      const reply = await send(connections, request);
      const body = request.method === 'HEAD' ? reply : await decoded(reply);
      return {
        request,
        status: reply.statusCode ?? 0,
        headers: headersOf(plainHeaders(reply)),
        ...(request.streamResponseBody === true
          ? { readableStreamBody: body }
          : { bodyAsText: (await readAll(body)).toString('utf8') }),
      };
    },
  };
}

function send(connections: Connections, request: OutgoingRequest): Promise<IncomingMessage> {
  const { method, url, body, abortSignal } = request;
  // The SDK knows its own kind of signal, which Node's fits.
  const signal = abortSignal as AbortSignal | undefined;
  const headers = { accept: '*/*', 'accept-encoding': 'gzip', ...request.headers.rawHeaders() };
  const begin = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const sent = connections.request(url, { method, headers, signal });
      sent.once('response', resolve);
      // Also one that comes when there is an answer already must not end the program.
      sent.on('error', reject);
      // Given whole, it is sent with its length.
      sent.end(typeof body === 'string' || body instanceof Uint8Array ? body : undefined);
    });
  return connections.use(signal, begin);
}

async function decoded(reply: IncomingMessage): Promise<Readable> {
  if (reply.headers['content-encoding'] !== 'gzip') return reply;
  const [{ createGunzip }, { pipeline }] = await Promise.all([import('node:zlib'), import('node:stream')]);
  // A failure of either ends the stream that is read with it.
  return pipeline(reply, createGunzip(), () => undefined);
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}

/** Everything that a stream gives. Rejects when it breaks off. */
export function readAll(stream: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('end', () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    stream.once('error', reject);
    // After the end this changes nothing any more.
    stream.once('close', () => reject(new Error('Premature close')));
  });
}
