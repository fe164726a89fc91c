import { randomUUID } from 'node:crypto';
import type { Operate, Operating } from './answer-parts.ts';
import { blobName, containerName } from './answer-parts.ts';
import { givenMetadata } from './blob-headers.ts';
import { givenTier } from './blob-operations.ts';
import { checkSourceConditions } from './conditions.ts';
import type { StorageRequest } from './request.ts';
import { header } from './request.ts';
import { notDone, StorageFault } from './storage-fault.ts';
import { demandWritable, replace, writtenHeaders } from './write-operations.ts';

/** The URL of what is to be copied here; undefined when the request is no copy. */
export function copySourceOf(request: StorageRequest): string | undefined {
  return header(request, 'x-ms-copy-source');
}

/** Copies are over when they are answered, whatever their size: no byte moves. */
export const copyBlob: Operate = async (operating) => {
  const { store, request } = operating;
  const url = copySourceOf(request) ?? '';
  // A body would make it one of the operations that put content from a URL.
  if (header(request, 'x-ms-blob-type') !== undefined) throw notDone('Put Blob From URL; Copy Blob is there');
  const given = givenMetadata(request);
  const tier = givenTier(request);
  const container = demandWritable(operating);
  const { source, parts } = findSource(operating, url);
  const copies = await store.files.copy(parts, source.type === 'AppendBlob');
  try {
    const copy = { id: randomUUID(), source: withoutQuery(url), completed: operating.now() };
    const { type, size, headers, appended } = source;
    const metadata = Object.keys(given).length > 0 ? given : source.metadata;
    const blob = replace(operating, container, {
      type,
      size,
      headers,
      metadata,
      copy,
      tier,
      ...(appended === undefined ? {} : { appended }),
    });
    store.putBlob(container, blob, copies);
    const isSynchronous = header(request, 'x-ms-requires-sync')?.toLowerCase() === 'true';
    return {
      status: 202,
      headers: {
        ...writtenHeaders(blob),
        'x-ms-copy-id': copy.id,
        'x-ms-copy-status': 'success',
        ...(isSynchronous && source.headers.contentMd5 !== undefined
          ? { 'Content-MD5': source.headers.contentMd5 }
          : {}),
      },
    };
  } catch (error) {
    store.files.remove(copies.map(({ file }) => file));
    throw error;
  }
};

function findSource({ store, request, sourceOf }: Operating, url: string) {
  const wanted = sourceOf(url);
  const container = store.container(containerName(wanted));
  const source = container === undefined ? undefined : store.blob(container, blobName(wanted));
  if (container === undefined || source === undefined || source.uncommitted === true) {
    throw new StorageFault('CannotVerifyCopySource');
  }
  checkSourceConditions(request, source);
  return { source, parts: store.parts(container, source.name) };
}

function withoutQuery(url: string): string {
  return url.replace(/\?.*$/, '');
}

export const abortCopy: Operate = () => {
  throw new StorageFault('NoPendingCopyOperation');
};
