import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fromTimestamp, type Instant, toHttpDate, toTimestamp } from '../clock.ts';
import type { BatchFault } from '../errors.ts';
import type { BatchRequest } from './request.ts';

/** What a handler answers. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A JSON value; its undefined members are left out. */
  readonly json?: object;
  /** Bytes to send as they come, of a known length. */
  readonly stream?: { readonly content: Readable; readonly length: number };
}

/** What carries a version: entities that conditional requests can refer to. */
export interface Versioned {
  readonly eTag: string;
  readonly lastModified: string;
}

/** The headers that tell an entity's version. */
export function versionHeaders(entity: Versioned): Record<string, string> {
  return { ETag: entity.eTag, 'Last-Modified': toHttpDate(fromTimestamp(entity.lastModified)) };
}

/** A single entity, with its `odata.metadata` first. `kind` is for example `pools`. */
export function entityReply(request: BatchRequest, kind: string, entity: object): Reply {
  return {
    status: 200,
    json: { 'odata.metadata': `${request.baseUrl}/$metadata#${kind}/@Element`, ...entity },
  };
}

/** A value that is no entity, such as the outcome of an evaluation. `type` is the service's name of its type. */
export function valueReply(request: BatchRequest, type: string, value: object): Reply {
  const metadata = `${request.baseUrl}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.${type}`;
  return { status: 200, json: { 'odata.metadata': metadata, ...value } };
}

/** The header by which the service tells what it acted on. */
export function actedOn(request: BatchRequest): Record<string, string> {
  return { DataServiceId: requestTarget(request) };
}

/** The empty answer to a change that leaves a versioned entity behind. */
export function changedReply(request: BatchRequest, entity: Versioned): Reply {
  return {
    status: request.route.success,
    headers: { ...versionHeaders(entity), ...actedOn(request) },
  };
}

/** The empty answer to an add. `location` is the new entity's url. */
export function createdReply(request: BatchRequest, location: string, entity: Versioned): Reply {
  return {
    status: request.route.success,
    headers: { ...versionHeaders(entity), Location: location, DataServiceId: location },
  };
}

/** The empty answer to a change of something that has no version, such as a node. */
export function doneReply(request: BatchRequest): Reply {
  return { status: request.route.success, headers: actedOn(request) };
}

/** The url of the request without its query, as the service gives it in DataServiceId. */
function requestTarget(request: BatchRequest): string {
  const mark = request.rawUrl.indexOf('?');
  return request.baseUrl + (mark < 0 ? request.rawUrl : request.rawUrl.slice(0, mark));
}

/** Header values that every answer carries. */
export function standardHeaders(requestId: string, now: Instant): Record<string, string> {
  return {
    Server: 'Microsoft-HTTPAPI/2.0',
    'request-id': requestId,
    DataServiceVersion: '3.0',
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
    Date: toHttpDate(now),
  };
}

const JSON_TYPE = 'application/json;odata=minimalmetadata';

/** Lists longer than this go without indentation, which would make them half as long again. */
const LONGEST_INDENTED = 100;

/** JSON as the service writes it; long lists without its lines. */
function jsonText(value: object): string {
  const isLong = 'value' in value && Array.isArray(value.value) && value.value.length > LONGEST_INDENTED;
  return isLong ? JSON.stringify(value) : inLines(value, '');
}

/**
 * The service begins a line, ended as in the headers, after each opening and before each closing bracket, and nowhere
 * else: what stands between two commas shares its line with its neighbours.
 */
function inLines(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const [open, members, close] = Array.isArray(value)
    ? ['[', value.map((item) => inLines(item, inner)), ']']
    : ['{', membersInLines(value, inner), '}'];
  return `${open}\r\n${inner}${members.join(',')}\r\n${indent}${close}`;
}

function membersInLines(value: object, indent: string): string[] {
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${JSON.stringify(name)}:${inLines(member, indent)}`);
}

/** Sends a success. Rejects when the client goes away while a stream is sent. */
export async function sendReply(response: ServerResponse, reply: Reply): Promise<void> {
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (reply.json !== undefined) {
    response.setHeader('Content-Type', JSON_TYPE);
    sendInChunks(response);
    response.end(jsonText(reply.json));
  } else if (reply.stream !== undefined) {
    sendInChunks(response);
    await pipeline(reply.stream.content, response);
  } else {
    // The service sends even its empty successes in chunks, of which there are then none.
    if (reply.status === 204) response.setHeader('Content-Length', '0');
    else if (reply.status !== 304 && response.req.method !== 'HEAD') sendInChunks(response);
    response.end();
  }
}

/** As the service does. Clients of HTTP/1.0, such as nginx before a server, know no chunks: the end of the connection is theirs. */
function sendInChunks(response: ServerResponse): void {
  if (response.req.httpVersion !== '1.0') response.setHeader('Transfer-Encoding', 'chunked');
}

/** Sends a refusal in the service's form. A HEAD request gets the status alone. */
export function sendFault(
  response: ServerResponse,
  fault: BatchFault,
  context: { baseUrl: string; requestId: string; now: Instant; isHead: boolean },
): void {
  response.statusCode = fault.status;
  response.statusMessage = fault.message.replace(/[^\x20-\x7e]/g, ' ');
  if (context.isHead || fault.status === 304) {
    response.end();
    return;
  }
  const body = jsonText({
    'odata.metadata': `${context.baseUrl}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element`,
    ...faultBody(fault, context.requestId, context.now),
  });
  response.setHeader('Content-Type', JSON_TYPE);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

/** The JSON form of a fault, as it stands in an error reply and in the items of addtaskcollection. */
export function faultBody(fault: BatchFault, requestId: string, now: Instant): object {
  return {
    code: fault.code,
    message: {
      lang: 'en-US',
      value: `${fault.message}\nRequestId:${requestId}\nTime:${toTimestamp(now)}`,
    },
    ...(fault.values.length === 0 ? {} : { values: fault.values }),
  };
}
