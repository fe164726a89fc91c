import { ServiceError, UsageError } from '../lib/errors.ts';
import type { Entity, Scope } from '../resources/types.ts';
import { pathOf, type ResourceAdapter } from './adapter.ts';
import { fetchPage } from './paging.ts';
import type { ByteRange, FileFacts, FileRef } from './port.ts';
import type { Transport, WireReply } from './wire/transport.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/file */
export const files: ResourceAdapter = {
  listPage: (transport, scope, query, signal) =>
    fetchPage(transport, ownerPath(ownerOf(scope)), query, signal, {
      params: { recursive: query.recursive === true ? 'true' : undefined },
    }),
  get: (transport, scope, id, signal) => fetchFileEntity(transport, fileOf(scope, id), signal),
  actions: {
    delete: (transport, scope, id, _args, signal) => {
      const file = fileOf(scope, id);
      return transport.call(
        (client, options) =>
          file.kind === 'task'
            ? client.file.deleteFromTask(file.job, file.task, file.path, { recursive: true, ...options })
            : client.file.deleteFromComputeNode(file.pool, file.node, file.path, {
                recursive: true,
                ...options,
              }),
        signal,
      );
    },
  },
};

type FileOwner =
  | { readonly kind: 'task'; readonly job: string; readonly task: string }
  | { readonly kind: 'node'; readonly pool: string; readonly node: string };

function ownerOf(scope: Scope): FileOwner {
  if (scope.job !== undefined && scope.task !== undefined) {
    return { kind: 'task', job: scope.job, task: scope.task };
  }
  if (scope.pool !== undefined && scope.node !== undefined) {
    return { kind: 'node', pool: scope.pool, node: scope.node };
  }
  throw new UsageError('files need a job and a task, or a pool and a node');
}

/** A file of Batch: blobs are asked for elsewhere. */
type BatchFile = Exclude<FileRef, { readonly kind: 'blob' }>;

function fileOf(scope: Scope, path: string): BatchFile {
  return { ...ownerOf(scope), path };
}

function ownerPath(owner: FileOwner): string {
  return owner.kind === 'task'
    ? pathOf('jobs', owner.job, 'tasks', owner.task, 'files')
    : pathOf('pools', owner.pool, 'nodes', owner.node, 'files');
}

function filePath(file: FileRef): string {
  if (file.kind === 'blob') throw new UsageError('a blob is no file of a task or node');
  return ownerPath(file) + pathOf(file.path);
}

/** Size and times of a file, from a HEAD request. @throws ServiceError 404 when there is no such file. */
export async function statFile(transport: Transport, file: FileRef, signal: AbortSignal): Promise<FileFacts> {
  const reply = await askHead(transport, file, signal);
  const modified = Date.parse(reply.header('last-modified') ?? '');
  return {
    size: Number(reply.header('content-length') ?? 0),
    lastModified: Number.isNaN(modified) ? undefined : new Date(modified),
    isDirectory: reply.header('ocp-batch-file-isdirectory')?.toLowerCase() === 'true',
    contentType: reply.header('content-type'),
  };
}

/** A HEAD reply has no body, so the service cannot say which of file, task and job is missing. */
async function askHead(transport: Transport, file: FileRef, signal: AbortSignal): Promise<WireReply> {
  try {
    return await transport.send({ method: 'HEAD', path: filePath(file) }, signal);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.status === 404) throw headError(error, 'FileNotFound', `${file.path} does not exist`);
    if (error.status === 409)
      throw headError(error, 'TaskFilesUnavailable', `${file.path} cannot be read yet`);
    throw error;
  }
}

function headError(error: ServiceError, code: string, message: string): ServiceError {
  return new ServiceError({ status: error.status, code, message, requestId: error.requestId, cause: error });
}

async function fetchFileEntity(transport: Transport, file: FileRef, signal: AbortSignal): Promise<Entity> {
  const reply = await askHead(transport, file, signal);
  const url = reply.header('ocp-batch-file-url');
  const isDirectory = reply.header('ocp-batch-file-isdirectory')?.toLowerCase() === 'true';
  const entity = {
    name: file.path,
    url: url === undefined ? undefined : decodeURIComponent(url),
    isDirectory,
  };
  if (isDirectory) return entity;
  const modified = Date.parse(reply.header('last-modified') ?? '');
  return {
    ...entity,
    properties: {
      lastModified: Number.isNaN(modified) ? undefined : new Date(modified).toISOString(),
      contentLength: reply.header('content-length'),
      contentType: reply.header('content-type'),
      fileMode: reply.header('ocp-batch-file-mode'),
    },
  };
}

/**
 * Bytes `[start, end)` of a file. The service answers 416 for a range that starts at or after the end, and
 * an empty file has no valid range at all: both are an empty answer here. A service that ignores the range
 * and sends the whole file is cut to what was asked.
 * @see https://learn.microsoft.com/rest/api/batchservice/file/get-from-task
 */
export async function readFile(
  transport: Transport,
  file: FileRef,
  range: ByteRange,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const wanted = range.end - range.start;
  if (wanted <= 0) return new Uint8Array();
  try {
    const headers = { 'ocp-range': `bytes=${range.start}-${range.end - 1}` };
    const reply = await transport.download({ method: 'GET', path: filePath(file), headers }, signal);
    return reply.bytes.byteLength > wanted ? reply.bytes.subarray(range.start, range.end) : reply.bytes;
  } catch (error) {
    if (error instanceof ServiceError && (error.status === 416 || error.code === 'InvalidRange')) {
      return new Uint8Array();
    }
    throw error;
  }
}
