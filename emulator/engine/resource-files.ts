import { randomUUID } from 'node:crypto';
import { chmod, open, rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FailureInformation } from '../model/failures.ts';
import { type FileFailureCode, fileFailure } from '../model/file-failures.ts';
import type { ResourceFile } from '../model/task-files.ts';
import { makeDirectoriesInside, relativeParts } from '../runner/directories-inside.ts';
import { BlobContainer, withoutQuery } from '../storage/blob-container.ts';
import { asTransferError, send, type TransferError, type TransferOptions } from '../storage/transfer.ts';
import type { World } from './world.ts';

/** Why a resource file is not where it should be, as tasks show it. */
export class ResourceFault extends Error {
  override readonly name = 'ResourceFault';
  readonly failure: FailureInformation;

  constructor(code: FileFailureCode, details: Readonly<Record<string, string>>) {
    super(code);
    this.failure = fileFailure(code, details);
  }
}

/** What keeps a task from its files and directories, as tasks show it; undefined for errors of any other kind. */
export function asResourceFault(error: unknown): ResourceFault | undefined {
  if (error instanceof ResourceFault) return error;
  const { syscall, code, path = '', message } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return undefined;
  return new ResourceFault(isFull(code) ? 'DiskFull' : 'ResourceDirectoryCreateFailed', {
    FilePath: path,
    Message: message,
  });
}

function isFull(code: string | undefined): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** What a file that says nothing else may do: all for its owner and group. */
const DEFAULT_MODE = 0o770;

/** One thing to fetch: where it goes, where it comes from without what gives permission, and how to get it. */
interface Item {
  readonly filePath: string;
  readonly source: string;
  readonly mode: number;
  readonly open: () => Promise<IncomingMessage>;
}

/** Directories of a node, both of which exist. */
export interface ResourcePlace {
  /** Where the files belong. */
  readonly directory: string;
  /** Where they are until they are complete. */
  readonly arrivals: string;
}

/** Fetches the resource files of a task. A file that is there already is replaced. @throws ResourceFault */
export async function fetchResourceFiles(
  world: World,
  files: readonly ResourceFile[] | undefined,
  place: ResourcePlace,
  signal: AbortSignal,
): Promise<void> {
  const options = { signal, idleMs: world.options.transferIdleMs };
  for (const file of files ?? []) {
    for await (const item of itemsOf(world, file, options)) await fetchOne(item, place);
  }
}

async function* itemsOf(world: World, file: ResourceFile, options: TransferOptions): AsyncGenerator<Item> {
  const { httpUrl, filePath = '', fileMode } = file;
  const mode = fileMode === undefined ? DEFAULT_MODE : Number.parseInt(fileMode, 8);
  if (httpUrl !== undefined) {
    const url = new URL(httpUrl);
    yield { filePath, source: withoutQuery(url), mode, open: () => send({ method: 'GET', url }, options) };
    return;
  }
  const address = containerOf(world, file);
  const container = new BlobContainer(address, options);
  try {
    for await (const name of container.list(file.blobPrefix ?? '')) {
      // A blob that stands for a directory has no content of its own.
      if (name.endsWith('/')) continue;
      const path = filePath === '' ? name : `${filePath}/${name}`;
      yield { filePath: path, source: container.display(name), mode, open: () => container.download(name) };
    }
  } catch (error) {
    if (error instanceof ResourceFault) throw error;
    throw listFault(asTransferError(error), withoutQuery(address));
  }
}

/** @see https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
const CONTAINER_NAME = /^(?:\$root|(?=.{3,63}$)[a-z0-9](?:-?[a-z0-9])*)$/;

function containerOf(world: World, { storageContainerUrl, autoStorageContainerName }: ResourceFile): string {
  if (storageContainerUrl !== undefined) return storageContainerUrl;
  const name = autoStorageContainerName ?? '';
  const now = new Date(world.clock.now() / 1000);
  // The service takes any name with a task; that no container can have it shows when the task starts.
  const address = CONTAINER_NAME.test(name) ? world.options.autoStorage?.containerUrl(name, now) : undefined;
  if (address !== undefined) return address;
  throw new ResourceFault('ResourceContainerNotFound', {
    ContainerName: name,
    Message: CONTAINER_NAME.test(name)
      ? 'No storage account is linked to the Batch account'
      : 'The name is none that a container can have',
  });
}

async function fetchOne(item: Item, { directory, arrivals }: ResourcePlace): Promise<void> {
  const { filePath, source } = item;
  const target = await targetOf(item, directory);
  let body: IncomingMessage;
  try {
    body = await item.open();
  } catch (error) {
    throw downloadFault(asTransferError(error), item);
  }
  // Under its final name a file is complete, and a link of that name is replaced rather than followed.
  const arriving = join(arrivals, randomUUID());
  try {
    await write(body, arriving, item);
    await rename(arriving, target).catch((error: Error) => {
      throw new ResourceFault('ResourceFileCreateFailed', details(filePath, source, error));
    });
  } catch (error) {
    body.destroy();
    await rm(arriving, { force: true });
    throw error;
  }
}

/** The absolute path of a file whose directories are there. */
async function targetOf({ filePath, source }: Item, directory: string): Promise<string> {
  const parts = relativeParts(filePath);
  const name = parts?.pop();
  if (parts === undefined || name === undefined) {
    throw new ResourceFault('ResourceFileCreateFailed', {
      ...details(filePath, source),
      Message: 'The path leads out of the directory of the task',
    });
  }
  try {
    return join(await makeDirectoriesInside(directory, parts), name);
  } catch (error) {
    throw new ResourceFault('ResourceDirectoryCreateFailed', details(filePath, source, error as Error));
  }
}

async function write(body: IncomingMessage, path: string, item: Item): Promise<void> {
  const { filePath, source, mode } = item;
  const handle = await open(path, 'wx', mode).catch((error: Error) => {
    throw new ResourceFault('ResourceFileCreateFailed', details(filePath, source, error));
  });
  try {
    await pipeline(body, handle.createWriteStream());
    // What the emulator's own mask took away is given back.
    await chmod(path, mode);
  } catch (error) {
    await handle.close().catch(() => {});
    const { code } = error as NodeJS.ErrnoException;
    if (isFull(code)) {
      throw new ResourceFault('DiskFull', details(filePath, source, error as Error));
    }
    if (code === 'EIO' || code === 'EFBIG') {
      throw new ResourceFault('ResourceFileWriteFailed', details(filePath, source, error as Error));
    }
    throw downloadFault(asTransferError(error), item);
  }
}

function downloadFault(error: TransferError, { filePath, source }: Item): ResourceFault {
  return new ResourceFault(downloadCode(error), details(filePath, source, error));
}

function downloadCode({ kind, status }: TransferError): FileFailureCode {
  if (kind === 'timedOut') return 'BlobDownloadTimedOut';
  if (status === 404) return 'BlobNotFound';
  return status === 401 || status === 403 ? 'BlobAccessDenied' : 'BlobDownloadMiscError';
}

function listFault(error: TransferError, source: string): ResourceFault {
  const details = { ContainerUrl: source, Message: error.message };
  if (error.status === 404) return new ResourceFault('ResourceContainerNotFound', details);
  const denied = error.status === 401 || error.status === 403;
  return new ResourceFault(
    denied ? 'ResourceContainerAccessDenied' : 'ResourceContainerListMiscError',
    details,
  );
}

function details(filePath: string, source: string, error?: Error): Record<string, string> {
  return {
    BlobSource: source,
    FilePath: filePath,
    ...(error === undefined ? {} : { Message: error.message }),
  };
}
