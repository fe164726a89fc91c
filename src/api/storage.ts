import type { BlobServiceClient } from '@azure/storage-blob';
import { type AzbError, UsageError } from '../lib/errors.ts';
import type { BatchPort, StoragePort } from './port.ts';
import type { StorageSettings } from './settings.ts';
import { storageError } from './storage-errors.ts';
import type { Exchange } from './traffic.ts';

/** The storage account to use, or why there is none. */
export type StorageChoice =
  | { readonly settings: StorageSettings; readonly problem?: undefined }
  | { readonly settings?: undefined; readonly problem: AzbError };

type Lists = Pick<BatchPort, 'listPage' | 'get' | 'add' | 'act' | 'statFile' | 'readFile'>;

/** Resources that live in the storage account rather than in Batch. */
const STORED: readonly string[] = ['containers', 'blobs'];

type Library = typeof import('./storage-client.ts') &
  typeof import('./storage-lists.ts') &
  typeof import('./storage-blobs.ts');

/**
 * A port that has containers and blobs beside what it had. The SDK is loaded by the first call that is about them.
 * `observe` is told of each request.
 */
export function withStorage<P extends Lists>(
  port: P,
  choice: StorageChoice,
  observe: (exchange: Exchange) => void,
): P & { readonly storage: StoragePort | undefined } {
  const { settings } = choice;
  const ask = askerOf(choice, observe);
  return {
    ...port,
    storage: settings === undefined ? undefined : storagePort(settings, ask),
    listPage: (resource, scope, query, signal) => {
      if (!STORED.includes(resource)) return port.listPage(resource, scope, query, signal);
      return ask(signal, (client, { listBlobs, listContainers }) =>
        resource === 'blobs'
          ? listBlobs(client, scope, query, signal)
          : listContainers(client, query, signal),
      );
    },
    get: (resource, scope, id, signal) => {
      if (!STORED.includes(resource)) return port.get(resource, scope, id, signal);
      return ask(signal, (client, { getBlob, getContainer }) =>
        resource === 'blobs' ? getBlob(client, scope, id, signal) : getContainer(client, id, signal),
      );
    },
    add: async (resource, scope, body, signal) => {
      if (!STORED.includes(resource)) return port.add(resource, scope, body, signal);
      if (resource === 'blobs') {
        throw new UsageError('blobs are made by uploading files', { next: 'azb upload CONTAINER PATH…' });
      }
      return ask(signal, (client, { addContainer }) => addContainer(client, body, signal));
    },
    act: async (operation, signal) => {
      if (!STORED.includes(operation.resource)) return port.act(operation, signal);
      if (operation.action !== 'delete') {
        throw new UsageError(`${operation.resource} cannot be asked to ${operation.action}`);
      }
      return ask(signal, (client, { deleteStored }) => deleteStored(client, operation, signal));
    },
    statFile: (file, signal) =>
      file.kind === 'blob'
        ? ask(signal, (client, { statBlob }) => statBlob(client, file, signal))
        : port.statFile(file, signal),
    readFile: (file, range, signal) =>
      file.kind === 'blob'
        ? ask(signal, (client, { readBlob }) => readBlob(client, file, range, signal))
        : port.readFile(file, range, signal),
  };
}

/** Does some work with the storage account; what goes wrong is an AzbError, or the signal's reason. */
type Ask = <T>(
  signal: AbortSignal,
  work: (client: BlobServiceClient, library: Library) => Promise<T>,
) => Promise<T>;

/** Connects at the first call; who could not be connected is connected anew by the next one. */
function askerOf(choice: StorageChoice, observe: (exchange: Exchange) => void): Ask {
  const { settings } = choice;
  let connecting: Promise<{ readonly client: BlobServiceClient; readonly library: Library }> | undefined;

  async function connect(known: StorageSettings) {
    const [client, lists, blobs] = await Promise.all([
      import('./storage-client.ts'),
      import('./storage-lists.ts'),
      import('./storage-blobs.ts'),
    ]);
    return {
      client: await client.createStorageClient(known, observe),
      library: { ...client, ...lists, ...blobs },
    };
  }

  return async (signal, work) => {
    if (settings === undefined) throw choice.problem;
    try {
      connecting ??= connect(settings).catch((error: unknown) => {
        connecting = undefined;
        throw error;
      });
      const { client, library } = await connecting;
      signal.throwIfAborted();
      return await work(client, library);
    } catch (error) {
      throw storageError(error, settings, signal);
    }
  };
}

function storagePort(settings: StorageSettings, ask: Ask): StoragePort {
  const { name, endpoint, credential, source } = settings;
  const urlOf: StoragePort['urlOf'] = ({ container, blob }) => {
    const path = [container, ...(blob === undefined ? [] : blob.split('/'))];
    return `${endpoint}/${path.map(encodeURIComponent).join('/')}`;
  };
  return {
    account: { name, endpoint, auth: credential.kind, source },
    urlOf,
    upload: (blob, file, options, signal) =>
      ask(signal, (client, { uploadFile }) => uploadFile(client, blob, file, options, signal)),
    signedUrl: async (target, expires, signal) =>
      ask(signal, async (client, { signFor }) => {
        const query = await signFor(client, settings, target, expires);
        if (query !== undefined) return `${urlOf(target)}?${query}`;
        throw new UsageError('azb has a signature itself, and cannot sign with it', {
          next: 'give azb the account key or a sign-in with Entra ID; the connection string of the account has its key',
        });
      }),
  };
}
