import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Operate, Operating, StorageReply } from './answer-parts.ts';
import { blobName, containerName } from './answer-parts.ts';
import {
  blobHeaders,
  givenHeaders,
  givenMetadata,
  metadataHeaders,
  tierHeaders,
  versionHeaders,
} from './blob-headers.ts';
import { checkConditions, isKnownToClient } from './conditions.ts';
import type { Blob, Container } from './records.ts';
import { header, type StorageRequest } from './request.ts';
import { badHeader, badParameter, notDone, StorageFault } from './storage-fault.ts';
import type { XmlElement } from './xml.ts';

/** What a request is about, both of which are there. */
function found({ store, request }: Operating): { readonly container: Container; readonly blob: Blob } {
  const container = store.demandContainer(containerName(request));
  return { container, blob: store.demandBlob(container, blobName(request)) };
}

export const getBlob: Operate = async (operating) => {
  const { store, request } = operating;
  const { container, blob } = found(operating);
  if (isKnownToClient(request, blob)) return { status: 304, headers: versionHeaders(blob) };
  const range = rangeIn(request, blob.size);
  const { start, end } = range ?? { start: 0, end: blob.size };
  const parts = store.parts(container, blob.name);
  const headers = { ...blobHeaders(blob), ...replacedHeaders(operating) };
  const read = () => store.files.read(parts, start, end);
  const digest = range === undefined ? undefined : rangeDigest(request, end - start, read);
  // Whoever replaces the blob before all of it is sent takes none of its bytes away: they are held from here on.
  const stream = { length: end - start, content: read() };
  if (range === undefined) return { status: 200, headers, stream };
  const { 'Content-MD5': whole, ...others } = headers;
  try {
    return {
      status: 206,
      headers: {
        ...others,
        ...(whole === undefined ? {} : { 'x-ms-blob-content-md5': whole }),
        ...(await digest),
        'Content-Range': `bytes ${start}-${end - 1}/${blob.size}`,
      },
      stream,
    };
  } catch (error) {
    stream.content.destroy();
    throw error;
  }
};

export const headBlob: Operate = (operating) => {
  const { blob } = found(operating);
  if (isKnownToClient(operating.request, blob)) return { status: 304, headers: versionHeaders(blob) };
  return {
    status: 200,
    headers: {
      ...blobHeaders(blob),
      ...tierHeaders(blob),
      ...replacedHeaders(operating),
      'Content-Length': String(blob.size),
    },
  };
};

/** The bytes that are wanted, the last one excluded; undefined for all. */
function rangeIn(request: StorageRequest, size: number): { start: number; end: number } | undefined {
  const text = header(request, 'x-ms-range') ?? header(request, 'range');
  if (text === undefined) return undefined;
  const match = /^bytes=(\d+)-(\d*)$/.exec(text);
  // A range in another form is one that a server may pass over.
  if (match === null) return undefined;
  const start = Number(match[1]);
  const end = match[2] === '' ? size : Math.min(Number(match[2]) + 1, size);
  if (start >= size || end <= start) throw new StorageFault('InvalidRange');
  return { start, end };
}

/** Largest range whose digest is told. */
const MOST_DIGESTED = 4 * 2 ** 20;

async function rangeDigest(
  request: StorageRequest,
  length: number,
  read: () => Readable,
): Promise<Record<string, string>> {
  if (header(request, 'x-ms-range-get-content-crc64') !== undefined) throw notDone('CRC64');
  if (header(request, 'x-ms-range-get-content-md5')?.toLowerCase() !== 'true') return {};
  if (length > MOST_DIGESTED) throw badHeader('x-ms-range-get-content-md5', 'true');
  const hash = createHash('md5');
  for await (const chunk of read()) hash.update(chunk as Buffer);
  return { 'Content-MD5': hash.digest('base64') };
}

/** A signature may say what a reader is told of the content. */
function replacedHeaders({ access }: Operating): Readonly<Record<string, string>> {
  return access.kind === 'service' ? access.headers : {};
}

export const deleteBlob: Operate = (operating) => {
  const { store, request } = operating;
  if (header(request, 'x-ms-delete-snapshots') === 'only') throw notDone('snapshots');
  const { container, blob } = found(operating);
  checkConditions(request, blob);
  store.removeBlob(container, blob.name);
  return { status: 202, headers: { 'x-ms-delete-type-permanent': 'true' } };
};

export const getBlobMetadata: Operate = (operating) => {
  const { blob } = found(operating);
  if (isKnownToClient(operating.request, blob)) return { status: 304, headers: versionHeaders(blob) };
  return { status: 200, headers: { ...versionHeaders(blob), ...metadataHeaders(blob.metadata) } };
};

export const setBlobMetadata: Operate = (operating) =>
  changed(operating, () => ({ metadata: givenMetadata(operating.request) }));

/** All of the headers are set at once: those that are not given go. */
export const setBlobProperties: Operate = (operating) =>
  changed(operating, () => ({ headers: givenHeaders(operating.request, false) }));

function changed(operating: Operating, change: (blob: Blob) => Partial<Blob>): StorageReply {
  const { store, request } = operating;
  const { container, blob } = found(operating);
  checkConditions(request, blob);
  const after = { ...blob, ...change(blob), modified: operating.now() };
  store.describeBlob(container, after);
  return { status: 200, headers: versionHeaders(after) };
}

const TIERS: readonly string[] = ['Hot', 'Cool', 'Cold'];

/** The tier that a header asks for. @throws StorageFault */
export function givenTier(request: StorageRequest): string | undefined {
  const tier = header(request, 'x-ms-access-tier');
  if (tier === undefined || TIERS.includes(tier)) return tier;
  if (tier === 'Archive') throw notDone('the tier Archive, from which nothing can be read at once');
  throw badHeader('x-ms-access-tier', tier);
}

export const setBlobTier: Operate = (operating) => {
  const { store, request } = operating;
  const tier = givenTier(request);
  if (tier === undefined) throw new StorageFault('MissingRequiredHeader', { HeaderName: 'x-ms-access-tier' });
  const { container, blob } = found(operating);
  if (blob.type !== 'BlockBlob') throw new StorageFault('InvalidBlobType');
  store.describeBlob(container, { ...blob, tier });
  return { status: 200 };
};

export const getBlockList: Operate = ({ store, request }) => {
  const kind = request.query.get('blocklisttype') ?? 'committed';
  if (!['committed', 'uncommitted', 'all'].includes(kind)) throw badParameter('blocklisttype', kind);
  const container = store.demandContainer(containerName(request));
  const blob = store.blob(container, blobName(request));
  if (blob === undefined) throw new StorageFault('BlobNotFound');
  if (blob.type !== 'BlockBlob') throw new StorageFault('InvalidBlobType');
  const committed = store
    .parts(container, blob.name)
    .flatMap(({ block, size }) => (block === undefined ? [] : [blockElement(block, size)]));
  const waiting = store.blocks(container, blob.name).map(({ id, size }) => blockElement(id, size));
  const isCommitted = blob.uncommitted !== true;
  return {
    status: 200,
    headers: {
      ...(isCommitted ? versionHeaders(blob) : {}),
      'x-ms-blob-content-length': String(blob.size),
    },
    xml: [
      'BlockList',
      [
        ['CommittedBlocks', kind === 'uncommitted' ? undefined : committed],
        ['UncommittedBlocks', kind === 'committed' ? undefined : waiting],
      ],
    ],
  };
};

function blockElement(id: string, size: number): XmlElement {
  return [
    'Block',
    [
      ['Name', id],
      ['Size', size],
    ],
  ];
}
