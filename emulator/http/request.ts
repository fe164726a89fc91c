import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { BatchFault } from '../errors.ts';
import type { Match } from './match.ts';

/** The API version served. */
const API_VERSION = '2022-10-01.16.0';

/** A request as the handlers see it: authenticated, matched to an operation, its body read and checked. */
export interface BatchRequest {
  /** The request-id header of the answer. */
  readonly requestId: string;
  readonly route: Match['route'];
  /** Values of the path's parameters. */
  readonly path: Readonly<Record<string, string>>;
  /** The query's parameters by lower-case name, decoded. */
  readonly query: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
  /** The JSON body; undefined when there was none. */
  readonly body: unknown;
  /** Path and query as received. */
  readonly rawUrl: string;
  /** What the urls of resources start with, no slash at the end: the address by which the client came. */
  readonly baseUrl: string;
}

/** The value of a parameter that the route's path names. */
export function pathParameter(request: BatchRequest, name: string): string {
  const value = request.path[name];
  if (value === undefined) throw new TypeError(`The path of ${request.route.id} has no ${name}.`);
  return value;
}

/** Splits a raw URL into its path and its query's parameters. */
export function splitUrl(rawUrl: string): { path: string; query: Map<string, string> } {
  const mark = rawUrl.indexOf('?');
  if (mark < 0) return { path: rawUrl, query: new Map() };
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawUrl.slice(mark + 1)))
    query.set(name.toLowerCase(), value);
  return { path: rawUrl.slice(0, mark), query };
}

/** Refuses a wrong or missing api-version and parameters that the operation does not know. */
export function checkQuery(route: Match['route'], query: ReadonlyMap<string, string>): void {
  const version = query.get('api-version');
  if (version === undefined) {
    throw new BatchFault('MissingRequiredQueryParameter', { QueryParameterName: 'api-version' });
  }
  if (version !== API_VERSION) {
    throw new BatchFault('UnsupportedRequestVersion', {
      RequestedVersion: version,
      Reason: `This emulator speaks ${API_VERSION}.`,
    });
  }
  checkTimeout(query.get('timeout'));
  for (const name of query.keys()) {
    if (name === 'api-version' || name === 'timeout' || name === '$skiptoken') continue;
    if (!route.query?.includes(name)) {
      throw new BatchFault('UnsupportedQueryParameter', { QueryParameterName: name });
    }
  }
}

/** The emulator is never as slow as a timeout in seconds; it must be one all the same. */
function checkTimeout(text: string | undefined): void {
  if (text === undefined || /^\+?0*[1-9]\d{0,9}$/.test(text)) return;
  throw new BatchFault('InvalidQueryParameterValue', {
    QueryParameterName: 'timeout',
    QueryParameterValue: text,
    Reason: 'The value is not a valid number of seconds',
  });
}

/** Reads the whole body, as text; a body above the limit is refused without being kept. */
export async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else if (size > MAX_DRAINED_BYTES) break;
  }
  if (size > MAX_BODY_BYTES)
    throw new BatchFault('RequestBodyTooLarge', { MaxLimit: String(MAX_BODY_BYTES) });
  return Buffer.concat(chunks).toString('utf8');
}

/** The address by which the client came: behind another name or a forwarded port it gets urls that it can reach. */
export function baseUrlOf({ headers: { host } }: IncomingMessage, endpoint: string): string {
  return host !== undefined && /^[\w.:[\]-]{1,255}$/.test(host) ? `http://${host}` : endpoint;
}

const WHEN_CLIENTS_GO = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'];

/** Whether a request failed because its client has gone in the middle of it, which is nobody's mistake here. */
export function isClientGone(problem: unknown, message: IncomingMessage): boolean {
  const { code = '' } = problem instanceof Error ? (problem as NodeJS.ErrnoException) : {};
  return message.socket.destroyed && WHEN_CLIENTS_GO.includes(code);
}

/** The service's limit for the body of a request. */
const MAX_BODY_BYTES = 1_048_576;
/** A body beyond the limit is read up to here, so that the client gets to see the refusal. */
const MAX_DRAINED_BYTES = 64 * MAX_BODY_BYTES;
