import { createReadStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { parseBlobList } from './blob-list.ts';
import { readText, send, TransferError, type TransferOptions } from './transfer.ts';

/** The storage service's version spoken. It has blocks, block blobs of any size, and plain error codes. */
const VERSION = '2020-10-02';

/** A page of names is a few hundred kilobytes; an answer beyond this is none. */
const MOST_LIST_BYTES = 16 * 2 ** 20;

const PAGE_SIZE = 1000;

/** How big files are cut. */
export interface UploadLimits {
  /** Most bytes sent as one request; a bigger file goes in blocks. */
  readonly singleBytes: number;
  readonly blockBytes: number;
}

const LIMITS: UploadLimits = { singleBytes: 256 * 2 ** 20, blockBytes: 64 * 2 ** 20 };

/**
 * A container of blobs, reached by a URL that carries its own permission (a shared access signature) or needs none.
 * Bytes are streamed in both directions; no file is ever in memory as a whole.
 * @see https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api
 */
export class BlobContainer {
  readonly #url: URL;
  readonly #options: TransferOptions;
  readonly #limits: UploadLimits;

  constructor(url: string, options: TransferOptions, limits = LIMITS) {
    this.#url = new URL(url);
    this.#options = options;
    this.#limits = limits;
  }

  /** Names of all blobs that begin with `prefix`. @throws TransferError */
  async *list(prefix: string): AsyncGenerator<string> {
    let marker: string | undefined;
    do {
      const query: Record<string, string> = {
        restype: 'container',
        comp: 'list',
        maxresults: String(PAGE_SIZE),
        ...(prefix === '' ? {} : { prefix }),
        ...(marker === undefined ? {} : { marker }),
      };
      const headers = { 'x-ms-version': VERSION };
      const response = await send({ method: 'GET', url: this.#address('', query), headers }, this.#options);
      const { names, next } = parseBlobList(await readText(response, MOST_LIST_BYTES));
      yield* names;
      marker = next;
    } while (marker !== undefined);
  }

  /** A blob's content, to be read. @throws TransferError */
  download(name: string): Promise<IncomingMessage> {
    const headers = { 'x-ms-version': VERSION };
    return send({ method: 'GET', url: this.#address(name), headers }, this.#options);
  }

  /** The address of a blob, without what gives permission to it. */
  display(name: string): string {
    return `${withoutQuery(this.#url)}/${name}`;
  }

  /**
   * Writes the first `size` bytes of a file to a block blob, replacing one of that name.
   * @param headers the blob's own, such as `x-ms-blob-content-type`.
   * @throws TransferError, and whatever reading the file throws
   */
  async upload(
    name: string,
    path: string,
    size: number,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    if (size > this.#limits.singleBytes) return this.#uploadBlocks(name, path, size, headers);
    await this.#put(this.#address(name), part(path, 0, size), size, {
      ...headers,
      'x-ms-blob-type': 'BlockBlob',
    });
  }

  async #uploadBlocks(
    name: string,
    path: string,
    size: number,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    const ids: string[] = [];
    for (let start = 0; start < size; start += this.#limits.blockBytes) {
      const length = Math.min(this.#limits.blockBytes, size - start);
      const id = Buffer.from(String(ids.length).padStart(8, '0')).toString('base64');
      const url = this.#address(name, { comp: 'block', blockid: id });
      await this.#put(url, part(path, start, length), length, {});
      ids.push(id);
    }
    const latest = ids.map((id) => `<Latest>${id}</Latest>`).join('');
    const body = `<?xml version="1.0" encoding="utf-8"?><BlockList>${latest}</BlockList>`;
    await this.#put(this.#address(name, { comp: 'blocklist' }), body, Buffer.byteLength(body), headers);
  }

  async #put(
    url: URL,
    body: ReturnType<typeof part> | string,
    length: number,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    const response = await send(
      {
        method: 'PUT',
        url,
        headers: { ...headers, 'x-ms-version': VERSION, 'Content-Length': length },
        body,
      },
      this.#options,
    );
    response.resume();
  }

  /** The container's URL with a blob's name in its path; the signature in the query stays as it is, to the letter. */
  #address(name: string, query: Readonly<Record<string, string>> = {}): URL {
    const url = new URL(this.#url);
    const parts = name.split('/');
    // A URL has no way to say these; they would lead out of the container.
    if (parts.includes('.') || parts.includes('..')) {
      throw new TransferError('connection', `No blob can have the name ${name}`);
    }
    const path = parts.map(encodeURIComponent).join('/');
    if (name !== '') url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
    const added = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
    url.search = [url.search.replace(/^\?/, ''), ...added].filter((each) => each !== '').join('&');
    return url;
  }
}

/** A part of a file, or nothing at all for an empty one. */
function part(path: string, start: number, length: number) {
  if (length === 0) return '';
  return createReadStream(path, { start, end: start + length - 1 });
}

/** An address without its query, in which permissions are. */
export function withoutQuery(address: URL | string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname}`;
}
