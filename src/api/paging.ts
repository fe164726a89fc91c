import { ServiceError } from '../lib/errors.ts';
import type { Entity } from '../resources/types.ts';
import type { ListQuery, Page } from './port.ts';
import type { Transport, WireReply } from './wire/transport.ts';

/** The most that the service puts on a page of most lists. */
const PAGE_LIMIT = 1000;

interface ListOptions {
  /** The service's limit for this list; default 1000. */
  readonly limit?: number;
  readonly params?: Readonly<Record<string, string | undefined>>;
}

/**
 * Fetches one page of the list at `path`: the first, or the one that `query.next` leads to. `$filter` and
 * `$select` stay in force on later pages because the service keeps them in the link.
 */
export async function fetchPage(
  transport: Transport,
  path: string,
  query: ListQuery,
  signal: AbortSignal,
  options: ListOptions = {},
): Promise<Page> {
  if (query.next !== undefined) return toPage(await transport.follow(query.next, signal), path);
  const limit = options.limit ?? PAGE_LIMIT;
  const reply = await transport.send(
    {
      method: 'GET',
      path,
      params: {
        $filter: query.filter,
        $select: query.select?.join(','),
        maxresults: String(Math.min(query.pageSize ?? limit, limit)),
        ...options.params,
      },
    },
    signal,
  );
  return toPage(reply, path);
}

/** Fetches one entity, without the metadata that OData adds to it. */
export async function fetchEntity(transport: Transport, path: string, signal: AbortSignal): Promise<Entity> {
  const { body } = await transport.send({ method: 'GET', path }, signal);
  if (!isRecord(body)) throw notBatch(path);
  const { 'odata.metadata': _metadata, ...entity } = body;
  return entity;
}

/** The clock of the service at a reply, in milliseconds; ours when it does not say. */
function serverTimeOf(reply: WireReply): number {
  const time = Date.parse(reply.header('date') ?? '');
  return Number.isNaN(time) ? Date.now() : time;
}

function toPage(reply: WireReply, path: string): Page {
  const { body } = reply;
  if (!isRecord(body) || !Array.isArray(body.value)) throw notBatch(path);
  const next = body['odata.nextLink'];
  return {
    rows: body.value,
    next: typeof next === 'string' && next !== '' ? next : undefined,
    serverTime: serverTimeOf(reply),
  };
}

function notBatch(path: string): ServiceError {
  return new ServiceError({
    status: 200,
    code: 'InvalidReply',
    message: `GET ${path} was answered with something that is not a reply of Batch`,
    next: 'check the endpoint',
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
