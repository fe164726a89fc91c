import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Instant } from '../clock.ts';
import { checkBlobName, checkContainerName } from './names.ts';
import { STORAGE_PATH } from './storage-account.ts';
import { StorageFault } from './storage-fault.ts';

/** A request to the storage account, taken apart but not yet checked. */
export interface StorageRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly rawUrl: string;
  /** Path of the URL as received, without its query. */
  readonly rawPath: string;
  /** Name of the container; undefined when the request is about the account. */
  readonly container: string | undefined;
  /** Name of the blob; undefined when the request is about a container. */
  readonly blob: string | undefined;
  /** The query's parameters by lower-case name, decoded. */
  readonly query: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
  /** The headers with the case in which their names came, which metadata keep. */
  readonly rawHeaders: readonly string[];
  readonly body: IncomingMessage;
  readonly now: Instant;
  /** What the URLs of the account begin with, no slash at the end: the address by which the client came. */
  readonly accountUrl: string;
  /** Address of the client. */
  readonly from: string;
}

/** Takes a request apart. @throws StorageFault for names that nothing can have */
export function parseRequest(message: IncomingMessage, baseUrl: string, now: Instant): StorageRequest {
  const rawUrl = message.url ?? '/';
  const mark = rawUrl.indexOf('?');
  const rawPath = mark < 0 ? rawUrl : rawUrl.slice(0, mark);
  const query = parseQuery(mark < 0 ? '' : rawUrl.slice(mark + 1));
  const { container, blob } = namesIn(rawPath);
  return {
    method: message.method ?? 'GET',
    rawUrl,
    rawPath,
    container,
    blob,
    query,
    headers: message.headers,
    rawHeaders: message.rawHeaders,
    body: message,
    now,
    accountUrl: `${baseUrl}${STORAGE_PATH}`,
    from: message.socket.remoteAddress ?? '',
  };
}

/** Clients sign what percent signs stand for and leave a plus sign as it is. */
function parseQuery(text: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const pair of text.split('&').filter((each) => each !== '')) {
    const mark = pair.indexOf('=');
    const name = decode(mark < 0 ? pair : pair.slice(0, mark)).toLowerCase();
    query.set(name, mark < 0 ? '' : decode(pair.slice(mark + 1)));
  }
  return query;
}

function namesIn(rawPath: string) {
  const path = rawPath.slice(STORAGE_PATH.length).replace(/^\//, '');
  const mark = path.indexOf('/');
  const first = decode(mark < 0 ? path : path.slice(0, mark));
  const rest = mark < 0 ? '' : decode(path.slice(mark + 1));
  if (first === '') return { container: undefined, blob: undefined };
  checkContainerName(first);
  if (rest !== '') {
    checkBlobName(rest);
    return { container: first, blob: rest };
  }
  return { container: first, blob: undefined };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new StorageFault('InvalidUri');
  }
}

/** A header's value; undefined when it is absent or empty. */
export function header(request: Pick<StorageRequest, 'headers'>, name: string): string | undefined {
  const value = request.headers[name];
  const text = Array.isArray(value) ? value.join(',') : value;
  return text === undefined || text === '' ? undefined : text;
}

const TEXT_LIMIT = 8 * 2 ** 20;

/** Reads the whole body as text, where it is a description and not content. */
export async function readText(body: IncomingMessage, most = TEXT_LIMIT): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new StorageFault('RequestBodyTooLarge', { MaxLimit: String(most) });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
