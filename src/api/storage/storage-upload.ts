import { BlockBlobClient } from '@azure/storage-blob';
import type { UploadFile } from '../port.ts';
import { blockSizeFor } from './storage-blobs.ts';
import { storagePipeline } from './storage-client.ts';
import { storageError } from './storage-errors.ts';

/** Sends a file to an address that has its own permission, in blocks straight from the disk. */
export async function uploadToUrl(
  url: string,
  file: UploadFile,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { origin, hostname } = new URL(url);
  try {
    const pipeline = await storagePipeline(origin, undefined);
    await new BlockBlobClient(url, pipeline).uploadFile(file.path, {
      ...blockSizeFor(file.size),
      abortSignal: signal,
      onProgress: ({ loadedBytes }) => onProgress(loadedBytes),
    });
  } catch (error) {
    const settings = {
      name: hostname,
      endpoint: origin,
      credential: { kind: 'signature', token: '' },
      source: 'the service',
    } as const;
    throw storageError(error, settings, signal);
  }
}
