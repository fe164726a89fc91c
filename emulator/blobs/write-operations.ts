import { mayReplace } from './access.ts';
import type { Operate, Operating, StorageReply } from './answer-parts.ts';
import { blobName, containerName } from './answer-parts.ts';
import { checkMd5, givenHeaders, givenMetadata, versionHeaders } from './blob-headers.ts';
import { givenTier } from './blob-operations.ts';
import { checkConditions } from './conditions.ts';
import type { Blob, Container, Part } from './records.ts';
import { header, readText, type StorageRequest } from './request.ts';
import { badHeader, badParameter, notDone, StorageFault } from './storage-fault.ts';
import { type ListedBlock, parseBlockList } from './xml.ts';

const MIB = 2 ** 20;
/** @see https://learn.microsoft.com/rest/api/storageservices/understanding-block-blobs--append-blobs--and-page-blobs */
const MOST_SINGLE = 5000 * MIB;
const MOST_BLOCK = 4000 * MIB;
const MOST_BLOCKS = 50_000;
const MOST_BLOCK_ID = 64;

export const putBlob: Operate = async (operating) => {
  const { store, request } = operating;
  const type = header(request, 'x-ms-blob-type');
  if (type === undefined) throw new StorageFault('MissingRequiredHeader', { HeaderName: 'x-ms-blob-type' });
  if (type === 'PageBlob') throw notDone('page blobs');
  if (type !== 'BlockBlob' && type !== 'AppendBlob') throw badHeader('x-ms-blob-type', type);
  const about = {
    headers: givenHeaders(request, true),
    metadata: givenMetadata(request),
    tier: givenTier(request),
  };
  const container = demandWritable(operating);
  const length = lengthOf(request, type === 'AppendBlob' ? 0 : MOST_SINGLE);
  const { file, size, md5 } = await store.files.write(request.body);
  return keeping(operating, [file], () => {
    checkTransport(request, md5, size, length);
    const contentMd5 =
      about.headers.contentMd5 ?? (type === 'BlockBlob' ? md5.toString('base64') : undefined);
    const blob = replace(operating, container, {
      type,
      size,
      ...about,
      headers: { ...about.headers, contentMd5 },
      ...(type === 'AppendBlob' ? { appended: 0 } : {}),
    });
    store.putBlob(container, blob, [{ file, size }]);
    return { status: 201, headers: { ...writtenHeaders(blob), 'Content-MD5': md5.toString('base64') } };
  });
};

export const putBlock: Operate = async (operating) => {
  const { store, request } = operating;
  const name = blobName(request);
  const id = blockIdIn(request);
  const container = demandWritable(operating);
  demandBlockBlob(operating, container);
  const length = lengthOf(request, MOST_BLOCK);
  const { file, size, md5 } = await store.files.write(request.body);
  return keeping(operating, [file], () => {
    checkTransport(request, md5, size, length);
    const present = demandSame(operating, container);
    demandBlockBlob(operating, present);
    const other = store.someBlock(present, name);
    // The service cannot tell blocks apart whose ids have different lengths.
    if (other !== undefined && other.id.length !== id.length) throw new StorageFault('InvalidBlobOrBlock');
    if (store.blob(present, name) === undefined) store.describeBlob(present, emptyBlob(name, request));
    store.putBlock(present, name, { id, file, size, put: request.now });
    return { status: 201, headers: { 'Content-MD5': md5.toString('base64'), ...ENCRYPTED } };
  });
};

function emptyBlob(name: string, request: StorageRequest): Blob {
  return {
    name,
    type: 'BlockBlob',
    uncommitted: true,
    size: 0,
    headers: {},
    metadata: {},
    created: request.now,
    modified: request.now,
  };
}

export const putBlockList: Operate = async (operating) => {
  const { store, request } = operating;
  const name = blobName(request);
  const about = {
    headers: givenHeaders(request, false),
    metadata: givenMetadata(request),
    tier: givenTier(request),
  };
  const wanted = parseBlockList(await readText(request.body));
  if (wanted === undefined) throw new StorageFault('InvalidXmlDocument');
  if (wanted.length > MOST_BLOCKS) throw new StorageFault('InvalidBlockList');
  const container = demandWritable(operating);
  demandBlockBlob(operating, container);
  const parts = chosenParts(operating, container, wanted);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const blob = replace(operating, container, { type: 'BlockBlob', size, ...about });
  store.putBlob(container, { ...blob, name }, parts);
  return { status: 201, headers: writtenHeaders(blob) };
};

/** The parts that a list of blocks names. @throws StorageFault when one is not there */
function chosenParts(
  { store, request }: Operating,
  container: Container,
  wanted: readonly ListedBlock[],
): Part[] {
  const name = blobName(request);
  const committed = new Map(store.parts(container, name).map((part) => [part.block, part]));
  const waiting = new Map(store.blocks(container, name).map((block) => [block.id, block]));
  return wanted.map(({ from, id }) => {
    const block = from === 'Committed' ? undefined : waiting.get(id);
    if (block !== undefined) return { file: block.file, size: block.size, block: id };
    const part = from === 'Uncommitted' ? undefined : committed.get(id);
    if (part === undefined) throw new StorageFault('InvalidBlockList');
    return part;
  });
}

/** The header by which a client says what it takes for the end of an append blob. */
const POSITION = 'x-ms-blob-condition-appendpos';
const MOST_SIZE = 'x-ms-blob-condition-maxsize';

export const appendBlock: Operate = async (operating) => {
  const { store, request } = operating;
  const name = blobName(request);
  const container = store.demandContainer(containerName(request));
  demandAppendBlob(operating, container);
  const length = lengthOf(request, MOST_BLOCK);
  // Where it goes is known when it is there: others may append meanwhile.
  const arrived = await store.files.write(request.body);
  try {
    checkTransport(request, arrived.md5, arrived.size, length);
    return await store.oneAtATime(`${container.number}/${name}`, async () => {
      const { blob, part } = demandAppendBlob(operating, demandSame(operating, container));
      const content = store.files.read([arrived], 0, arrived.size);
      await store.files.append(part.file, blob.size, content);
      const present = demandSame(operating, container);
      const still = demandAppendBlob(operating, present);
      // It was replaced while the bytes were written.
      if (still.part.file !== part.file) throw new StorageFault('ConditionNotMet');
      const size = blob.size + arrived.size;
      const appended = (blob.appended ?? 0) + 1;
      const after: Blob = { ...still.blob, size, appended, modified: operating.now() };
      store.putBlob(present, after, [{ ...part, size }]);
      return {
        status: 201,
        headers: {
          ...writtenHeaders(after),
          'x-ms-blob-append-offset': String(blob.size),
          'x-ms-blob-committed-block-count': String(appended),
        },
      };
    });
  } finally {
    store.files.remove([arrived.file]);
  }
};

function demandAppendBlob({ store, request }: Operating, container: Container): { blob: Blob; part: Part } {
  const blob = store.demandBlob(container, blobName(request));
  const [part] = store.parts(container, blob.name);
  if (blob.type !== 'AppendBlob' || part === undefined) throw new StorageFault('InvalidBlobType');
  checkConditions(request, blob);
  const position = header(request, POSITION);
  const most = header(request, MOST_SIZE);
  if (position !== undefined && Number(position) !== blob.size)
    throw new StorageFault('AppendPositionConditionNotMet');
  if (most !== undefined && blob.size + Number(header(request, 'content-length') ?? 0) > Number(most)) {
    throw new StorageFault('MaxBlobSizeConditionNotMet');
  }
  if ((blob.appended ?? 0) >= MOST_BLOCKS) throw new StorageFault('InvalidBlockList');
  return { blob, part };
}

function demandBlockBlob({ store, request }: Operating, container: Container): void {
  const blob = store.blob(container, blobName(request));
  if (blob !== undefined && blob.type !== 'BlockBlob') throw new StorageFault('InvalidBlobType');
}

/** The container, once it is known that what is there already may be replaced. */
export function demandWritable(operating: Operating): Container {
  const { store, request } = operating;
  const container = store.demandContainer(containerName(request));
  demandReplaceable(operating, container);
  return container;
}

function demandReplaceable({ store, request, access }: Operating, container: Container): Blob | undefined {
  const present = store.blob(container, blobName(request));
  const blob = present?.uncommitted === true ? undefined : present;
  checkConditions(request, blob);
  if (blob !== undefined && !mayReplace(access)) throw new StorageFault('AuthorizationPermissionMismatch');
  return present;
}

/** A body takes its time, in which the container may go, and another one come by its name. */
function demandSame({ store }: Operating, { name, number }: Container): Container {
  const container = store.demandContainer(name);
  if (container.number !== number) throw new StorageFault('ContainerNotFound');
  return container;
}

/** The blob as it is after a write; conditions are looked at again, as nothing may change between that and the write. */
export function replace(
  operating: Operating,
  container: Container,
  content: Omit<Blob, 'name' | 'created' | 'modified'>,
): Blob {
  const present = demandReplaceable(operating, demandSame(operating, container));
  const now = operating.now();
  return { ...content, name: blobName(operating.request), created: present?.created ?? now, modified: now };
}

/** Removes files that came to nothing. */
async function keeping(
  { store }: Operating,
  files: readonly string[],
  work: () => StorageReply,
): Promise<StorageReply> {
  try {
    return work();
  } catch (error) {
    store.files.remove(files);
    throw error;
  }
}

function lengthOf(request: StorageRequest, most: number): number {
  const text = header(request, 'content-length');
  if (text === undefined) throw new StorageFault('MissingContentLengthHeader');
  for (const name of ['x-ms-content-crc64', 'x-ms-structured-body']) {
    if (header(request, name) !== undefined) throw notDone(`${name}, a check of the content other than MD5`);
  }
  if (Number(text) > most) throw new StorageFault('RequestBodyTooLarge', { MaxLimit: String(most) });
  return Number(text);
}

/** What came must be what was sent. */
function checkTransport(request: StorageRequest, md5: Buffer, size: number, length: number): void {
  const told = header(request, 'content-md5');
  if (size === length && (told === undefined || checkMd5(told).equals(md5))) return;
  throw new StorageFault('Md5Mismatch', {
    UserSpecifiedMd5: told ?? '',
    ServerCalculatedMd5: md5.toString('base64'),
  });
}

function blockIdIn({ query }: StorageRequest): string {
  const id = query.get('blockid') ?? '';
  const bytes = Buffer.from(id, 'base64');
  if (id === '' || bytes.length > MOST_BLOCK_ID || bytes.toString('base64') !== id) {
    throw badParameter('blockid', id, `A block id is Base64 of at most ${MOST_BLOCK_ID} bytes`);
  }
  return id;
}

const ENCRYPTED = { 'x-ms-request-server-encrypted': 'true' } as const;

/** What the answer to a write tells of the blob. */
export function writtenHeaders(blob: Blob): Record<string, string> {
  return { ...versionHeaders(blob), ...ENCRYPTED };
}
