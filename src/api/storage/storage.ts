import type { BlobServiceClient } from '@azure/storage-blob';
import { type AzbError, UsageError } from '../../lib/errors.ts';
import type { BatchPort, StoragePort } from '../port.ts';
import type { StorageSettings } from '../settings.ts';
import { withDeadline } from '../wire/deadline.ts';
import type { Exchange } from '../wire/traffic.ts';
import { storageError } from './storage-errors.ts';

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
      return ask(signal, (client, { listBlobs, listContainers }, until) =>
        resource === 'blobs' ? listBlobs(client, scope, query, until) : listContainers(client, query, until),
      );
    },
    get: (resource, scope, id, signal) => {
      if (!STORED.includes(resource)) return port.get(resource, scope, id, signal);
      return ask(signal, (client, { getBlob, getContainer }, until) =>
        resource === 'blobs' ? getBlob(client, scope, id, until) : getContainer(client, id, until),
      );
    },
    add: async (resource, scope, body, signal) => {
      if (!STORED.includes(resource)) return port.add(resource, scope, body, signal);
      if (resource === 'blobs') {
        throw new UsageError('blobs are made by uploading files', { next: 'azb upload CONTAINER PATH…' });
      }
      return ask(signal, (client, { addContainer }, until) => addContainer(client, body, until));
    },
    act: async (operation, signal) => {
      if (!STORED.includes(operation.resource)) return port.act(operation, signal);
      if (operation.action !== 'delete') {
        throw new UsageError(`${operation.resource} cannot be asked to ${operation.action}`);
      }
      const isFolder = operation.resource === 'blobs' && operation.id.endsWith('/');
      return ask(
        signal,
        (client, { deleteStored }, until) => deleteStored(client, operation, until),
        isFolder ? FOR_CONTENT_MS : ANSWER_MS,
      );
    },
    statFile: (file, signal) =>
      file.kind === 'blob'
        ? ask(signal, (client, { statBlob }, until) => statBlob(client, file, until))
        : port.statFile(file, signal),
    readFile: (file, range, signal) =>
      file.kind === 'blob'
        ? ask(signal, (client, { readBlob }, until) => readBlob(client, file, range, until), FOR_CONTENT_MS)
        : port.readFile(file, range, signal),
  };
}

/** An answer that tells of containers and blobs takes no longer than this. */
const ANSWER_MS = 60_000;

/** To bring, fetch or delete all that is there takes as long as it takes: a connection on which nothing moves ends by itself. */
const FOR_CONTENT_MS = 24 * 3_600_000;

/**
 * Does some work with the storage account, until the signal that it is given says so: that of whoever asked, or the end of
 * the time. What goes wrong is an AzbError, or the reason of whoever asked.
 */
type Ask = <T>(
  signal: AbortSignal,
  work: (client: BlobServiceClient, library: Library, until: AbortSignal) => Promise<T>,
  milliseconds?: number,
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

  return async (signal, work, milliseconds = ANSWER_MS) => {
    if (settings === undefined) throw choice.problem;
    try {
      connecting ??= connect(settings).catch((error: unknown) => {
        connecting = undefined;
        throw error;
      });
      const { client, library } = await connecting;
      return await withDeadline(settings.endpoint, milliseconds, signal, (until) =>
        work(client, library, until).catch((error: unknown) => {
          throw storageError(error, settings, until);
        }),
      );
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
      ask(
        signal,
        (client, { uploadFile }, until) => uploadFile(client, blob, file, options, until),
        FOR_CONTENT_MS,
      ),
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
