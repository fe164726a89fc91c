import { invalidProperty } from '../errors.ts';
import type { OutputFile, ResourceFile } from '../model/task-files.ts';
import { relativeParts } from '../runner/directories-inside.ts';
import { isHttp } from '../storage/transfer.ts';
import { notYet } from './service.ts';

const SOURCES = ['httpUrl', 'storageContainerUrl', 'autoStorageContainerName'] as const;

/** Refuses resource files that the service would not take. */
export function checkResourceFiles(files: readonly ResourceFile[] | undefined): void {
  for (const file of files ?? []) checkResourceFile(file);
}

function checkResourceFile(file: ResourceFile): void {
  if (file.identityReference !== undefined) throw notYet('managed identities');
  const given = SOURCES.filter((source) => file[source] !== undefined);
  if (given.length !== 1) {
    throw invalidProperty(
      'resourceFiles',
      undefined,
      `Exactly one of ${SOURCES.join(', ')} must be specified`,
    );
  }
  checkUrl('httpUrl', file.httpUrl);
  checkUrl('storageContainerUrl', file.storageContainerUrl);
  checkPath(file);
  if (file.blobPrefix !== undefined && file.httpUrl !== undefined) {
    throw invalidProperty(
      'blobPrefix',
      file.blobPrefix,
      'A blobPrefix can be specified only with a container',
    );
  }
  if (file.fileMode !== undefined && !/^[0-7]{1,5}$/.test(file.fileMode)) {
    throw invalidProperty('fileMode', file.fileMode, 'The value must be permissions in octal, such as 0770');
  }
}

function checkUrl(name: string, text: string | undefined): void {
  if (text === undefined || (URL.canParse(text) && isHttp(new URL(text)))) return;
  throw invalidProperty(name, text, 'The value must be an absolute http or https URL');
}

function checkPath({ filePath, httpUrl }: ResourceFile): void {
  if (filePath === undefined && httpUrl !== undefined) {
    throw invalidProperty('filePath', undefined, 'A filePath must be specified with an httpUrl');
  }
  const parts = filePath === undefined ? [] : relativeParts(filePath);
  if (parts !== undefined && (httpUrl === undefined || parts.length > 0)) return;
  throw invalidProperty(
    'filePath',
    filePath,
    'The path must be relative and must not lead out of the working directory of the task',
  );
}

/** Refuses an identity that is both, or neither, of an account of the pool and an automatic one. */
export function checkIdentity({ userIdentity }: { readonly userIdentity?: unknown }): void {
  if (userIdentity === undefined) return;
  const { username, autoUser } = userIdentity as { readonly username?: string; readonly autoUser?: object };
  if ((username === undefined) !== (autoUser === undefined)) return;
  throw invalidProperty('userIdentity', undefined, 'Exactly one of username and autoUser must be specified');
}

interface PlannedStartTask {
  readonly userIdentity?: unknown;
  readonly containerSettings?: unknown;
  readonly resourceFiles?: readonly ResourceFile[] | undefined;
}

/** Refuses a start task that the service or the emulator cannot follow. */
export function checkStartTask(startTask: PlannedStartTask | undefined): void {
  if (startTask?.containerSettings !== undefined) throw notYet('start tasks in containers');
  if (startTask === undefined) return;
  checkIdentity(startTask);
  checkResourceFiles(startTask.resourceFiles);
}

/** Headers of the request itself, which are not for a client to say. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-length',
  'expect',
  'host',
  'transfer-encoding',
  'upgrade',
  'x-ms-blob-type',
  'x-ms-version',
]);

/** Refuses output files that the service would not take. */
export function checkOutputFiles(files: readonly OutputFile[] | undefined): void {
  for (const { filePattern, destination } of files ?? []) {
    const { container } = destination;
    if (container === undefined) {
      throw invalidProperty('destination', undefined, 'A container must be specified');
    }
    if (container.identityReference !== undefined) throw notYet('managed identities');
    checkUrl('containerUrl', container.containerUrl);
    if (filePattern === '' || filePattern.includes('\0')) {
      throw invalidProperty('filePattern', filePattern, 'The value must be a path or a pattern of paths');
    }
    for (const { name, value = '' } of container.uploadHeaders ?? []) checkHeader(name, value);
  }
}

function checkHeader(name: string, value: string): void {
  const isToken = /^[\w!#$%&'*+.^`|~-]{1,256}$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
  if (isToken && !OWN_HEADERS.has(name.toLowerCase())) return;
  throw invalidProperty('uploadHeaders', name, 'The header cannot be set on an upload');
}
