import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const ACCOUNT = 'files';
const KEY = Buffer.from('the key of the test account').toString('base64');

/** A storage service small enough to be read at a glance: containers, block blobs, lists, signatures. */
export interface BlobServer {
  readonly endpoint: string;
  readonly connectionString: string;
  /** What is in each container. A container is there as soon as it is in here. */
  readonly containers: Map<string, Map<string, Buffer>>;
  /** Headers that came with the latest upload of each blob. */
  readonly headers: Map<string, IncomingMessage['headers']>;
  /** Method and path of every request. */
  readonly requests: string[];
  /** The URL of a container with a signature that is taken. */
  sas(container: string): string;
  close(): Promise<void>;
}

/**
 * Starts one. Beside the containers it has, below `/plain/`: `hello` (text), `moved` (leads to hello), `stalled` (begins
 * and never ends), `broken` (breaks off) and `forbidden`.
 */
export async function startBlobServer(pageSize = 2): Promise<BlobServer> {
  const containers: BlobServer['containers'] = new Map();
  const headers: BlobServer['headers'] = new Map();
  const requests: string[] = [];
  const blocks = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    void serve(request, response);
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://server');
    requests.push(`${request.method} ${url.pathname}`);
    const body = await readBody(request);
    const [, first = '', container = '', ...rest] = url.pathname.split('/');
    if (first === 'plain') plain(container, response);
    else blob(request, response, url, container, rest.map(decodeURIComponent).join('/'), body);
  }

  function blob(
    request: IncomingMessage,
    response: ServerResponse,
    { searchParams: query }: URL,
    container: string,
    name: string,
    body: Buffer,
  ): void {
    if (!isSigned(query, container)) {
      refuse(response, 403, 'AuthenticationFailed');
      return;
    }
    const blobs = containers.get(container);
    if (blobs === undefined) {
      refuse(response, 404, 'ContainerNotFound');
      return;
    }
    if (query.get('comp') === 'list') {
      list(response, blobs, query);
      return;
    }
    const key = `${container}/${name}`;
    if (request.method === 'PUT') {
      const id = query.get('blockid');
      if (id !== null) blocks.set(`${key}/${id}`, body);
      else if (query.get('comp') === 'blocklist') {
        const ids = [...body.toString().matchAll(/<Latest>(.*?)<\/Latest>/g)].map((found) => found[1] ?? '');
        blobs.set(name, Buffer.concat(ids.map((each) => blocks.get(`${key}/${each}`) ?? Buffer.alloc(0))));
      } else if (request.headers['x-ms-blob-type'] === 'BlockBlob') blobs.set(name, body);
      else {
        refuse(response, 400, 'InvalidHeaderValue');
        return;
      }
      headers.set(key, request.headers);
      response.writeHead(201).end();
      return;
    }
    const content = blobs.get(name);
    if (content === undefined) {
      refuse(response, 404, 'BlobNotFound');
      return;
    }
    response.writeHead(200, { 'content-length': content.length }).end(content);
  }

  function list(response: ServerResponse, blobs: Map<string, Buffer>, query: URLSearchParams): void {
    const names = [...blobs.keys()].filter((name) => name.startsWith(query.get('prefix') ?? '')).sort();
    const from = Number(query.get('marker') ?? 0);
    const items = names
      .slice(from, from + pageSize)
      .map((name) => `<Blob><Name>${escapeXml(name)}</Name></Blob>`);
    const next = from + pageSize < names.length ? String(from + pageSize) : '';
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<?xml version="1.0"?><EnumerationResults><Blobs>${items.join('')}</Blobs><NextMarker>${next}</NextMarker></EnumerationResults>`,
    );
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const endpoint = `${base}/${ACCOUNT}`;
  return {
    endpoint: base,
    connectionString: `AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${endpoint}`,
    containers,
    headers,
    requests,
    sas: (container) => `${endpoint}/${container}?sv=2018-11-09&sig=good%2Bone`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function plain(name: string, response: ServerResponse): void {
  if (name === 'hello') response.end('hello\n');
  else if (name === 'moved') response.writeHead(302, { location: 'hello' }).end();
  else if (name === 'stalled') response.writeHead(200, { 'content-length': 100 }).write('so far');
  else if (name === 'broken')
    response.writeHead(200, { 'content-length': 100 }).write('cut', () => response.destroy());
  else refuse(response, name === 'forbidden' ? 403 : 404, undefined);
}

function refuse(response: ServerResponse, status: number, code: string | undefined): void {
  response.writeHead(status, code === undefined ? {} : { 'x-ms-error-code': code }).end();
}

/** Whether the query has the signature of `sas`, or one made with the account's key for the container. */
function isSigned(query: URLSearchParams, container: string): boolean {
  const part = (name: string) => query.get(name) ?? '';
  if (part('sig') === 'good+one') return true;
  const signed = [
    part('sp'),
    part('st'),
    part('se'),
    `/blob/${ACCOUNT}/${container}`,
    part('si'),
    part('sip'),
  ];
  const text = [...signed, part('spr'), part('sv'), part('sr'), '', '', '', '', '', ''].join('\n');
  const sig = createHmac('sha256', Buffer.from(KEY, 'base64')).update(text).digest('base64');
  return part('sig') === sig && Date.parse(part('st')) < Date.now() && Date.now() < Date.parse(part('se'));
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
