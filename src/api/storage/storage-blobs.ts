import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import { UsageError } from '../../lib/errors.ts';
import type { Entity, Operation, Scope } from '../../resources/types.ts';
import { need } from '../adapter.ts';
import type { BlobRef, ByteRange, FileFacts, UploadFile, UploadOptions } from '../port.ts';
import {
  type BlobFacts,
  blobFacts,
  type ContainerFacts,
  containerFacts,
  folderEntity,
  metadataOf,
} from './storage-lists.ts';

/** One whole container. */
export async function getContainer(
  client: BlobServiceClient,
  name: string,
  signal: AbortSignal,
): Promise<Entity> {
  const found = await client.getContainerClient(name).getProperties({ abortSignal: signal });
  return {
    name,
    url: client.getContainerClient(name).url.replace(/\?.*$/, ''),
    properties: containerFacts({ ...found, publicAccess: found.blobPublicAccess } as ContainerFacts),
    ...metadataOf(found.metadata),
  };
}

/** One whole blob, or the folder, which has nothing but its name. */
export async function getBlob(
  client: BlobServiceClient,
  scope: Scope,
  name: string,
  signal: AbortSignal,
): Promise<Entity> {
  if (name.endsWith('/')) return folderEntity(name, scope);
  const blob = client.getContainerClient(need(scope, 'container', 'blobs')).getBlobClient(name);
  const found = await blob.getProperties({ abortSignal: signal });
  return {
    name,
    url: blob.url.replace(/\?.*$/, ''),
    properties: blobFacts(found as BlobFacts),
    ...metadataOf(found.metadata),
  };
}

/** Makes a container from a body with its name and, if it is to be open, its `publicAccess`. */
export async function addContainer(
  client: BlobServiceClient,
  body: Entity,
  signal: AbortSignal,
): Promise<void> {
  const { name, publicAccess, metadata, ...others } = body as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new UsageError(`a container has no ${unknown}`, { next: 'name, publicAccess, metadata' });
  if (typeof name !== 'string' || name === '') throw new UsageError('a container needs a name');
  if (publicAccess !== undefined && publicAccess !== 'blob' && publicAccess !== 'container') {
    throw new UsageError('publicAccess is blob or container', { next: 'leave it out for none' });
  }
  await client.getContainerClient(name).create({
    abortSignal: signal,
    ...(publicAccess === undefined ? {} : { access: publicAccess }),
    ...(metadata === undefined ? {} : { metadata: metadata as Record<string, string> }),
  });
}

/** Deletes a container or a blob; a folder goes with all that is in it. */
export async function deleteStored(
  client: BlobServiceClient,
  { resource, scope, id }: Operation,
  signal: AbortSignal,
): Promise<void> {
  if (resource === 'containers') {
    await client.getContainerClient(id).delete({ abortSignal: signal });
    return;
  }
  const container = client.getContainerClient(need(scope, 'container', 'blobs'));
  if (id.endsWith('/')) await deleteFolder(container, id, signal);
  else await deleteBlob(container, id, signal);
}

/** Deletions of one folder that are under way at a time. */
const SIDE_BY_SIDE = 8;

async function deleteFolder(container: ContainerClient, prefix: string, signal: AbortSignal): Promise<void> {
  const found = container.listBlobsFlat({ prefix, abortSignal: signal });
  const worker = async (): Promise<void> => {
    for (let next = await found.next(); next.done !== true; next = await found.next()) {
      await deleteBlob(container, next.value.name, signal).catch((error: { statusCode?: number }) => {
        // It is gone, by whomever: a deletion whose answer was lost is sent again, too.
        if (error.statusCode !== 404) throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}

async function deleteBlob(container: ContainerClient, name: string, signal: AbortSignal): Promise<void> {
  await container.deleteBlob(name, { abortSignal: signal, deleteSnapshots: 'include' });
}

/** Size and times of a blob. */
export async function statBlob(
  client: BlobServiceClient,
  { container, path }: BlobRef,
  signal: AbortSignal,
): Promise<FileFacts> {
  const blob = client.getContainerClient(container).getBlobClient(path);
  const found = await blob.getProperties({ abortSignal: signal });
  return {
    size: found.contentLength ?? 0,
    lastModified: found.lastModified,
    isDirectory: false,
    contentType: found.contentType,
    version: found.blobType === 'AppendBlob' ? undefined : found.etag,
  };
}

/** Bytes `[start, end)` of a blob; empty when it ends at or before `start`. */
export async function readBlob(
  client: BlobServiceClient,
  { container, path }: BlobRef,
  { start, end }: ByteRange,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (end <= start) return new Uint8Array();
  const blob = client.getContainerClient(container).getBlobClient(path);
  try {
    const reply = await blob.download(start, end - start, { abortSignal: signal });
    const chunks: Buffer[] = [];
    for await (const chunk of reply.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).subarray(0, end - start);
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 416) return new Uint8Array();
    throw error;
  }
}

const MIB = 2 ** 20;
const BLOCK = 8 * MIB;
const MOST_BLOCKS = 50_000;

/** How a file of that size is cut, and how many pieces are under way at a time. */
export function blockSizeFor(size: number) {
  return {
    maxSingleShotSize: BLOCK,
    blockSize: Math.max(BLOCK, Math.ceil(size / MOST_BLOCKS / MIB) * MIB),
    concurrency: 2,
  };
}

/** Sends a file, in blocks unless it is small; the blocks are read from the disk as they are sent. */
export async function uploadFile(
  client: BlobServiceClient,
  { container, path }: BlobRef,
  file: UploadFile,
  { overwrite, onProgress }: UploadOptions,
  signal: AbortSignal,
): Promise<void> {
  const blob = client.getContainerClient(container).getBlockBlobClient(path);
  await blob.uploadFile(file.path, {
    abortSignal: signal,
    ...blockSizeFor(file.size),
    onProgress: ({ loadedBytes }) => onProgress(loadedBytes),
    ...(overwrite ? {} : { conditions: { ifNoneMatch: '*' } }),
    ...(file.contentType === undefined ? {} : { blobHTTPHeaders: { blobContentType: file.contentType } }),
  });
}
