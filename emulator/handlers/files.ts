import type { World } from '../engine/world.ts';
import { BatchFault } from '../errors.ts';
import { checkConditions } from '../http/conditions.ts';
import { pageReply } from '../http/paging.ts';
import type { Reply } from '../http/reply.ts';
import { type BatchRequest, pathParameter } from '../http/request.ts';
import { filesGoAt } from '../model/retention.ts';
import {
  type ByteRange,
  fileNames,
  type NodeFile,
  NodeFileError,
  openFile,
  removeFile,
  statFile,
  statFiles,
} from '../runner/node-files.ts';
import { listQuery } from './query.ts';
import { findNode, findTask, type Handler, NOT_MODIFIED } from './service.ts';
import { nodeUrl, taskUrl } from './views.ts';

/** A directory that clients may look into: where it is, and the url of its files. */
interface Place {
  readonly root: string;
  readonly url: string;
}

type Locate = (world: World, request: BatchRequest) => Place;

const ofNode: Locate = (world, request) => {
  const { poolId, node } = findNode(world, request);
  if (node.state === 'creating' || node.state === 'starting') {
    throw new BatchFault('OperationInvalidForCurrentState', {
      Reason: 'The files of the specified node cannot be accessed as the node is still being started',
    });
  }
  return { root: world.directoriesOf(node.id).root, url: `${nodeUrl(request, poolId, node.id)}/files` };
};

const ofTask: Locate = (world, request) => {
  const { job, record } = findTask(world, request);
  const { state, nodeInfo, id } = record.task;
  if (state === 'active') {
    throw new BatchFault('OperationInvalidForCurrentState', {
      Reason: 'The files of the specified task cannot be accessed as the task state is still active',
    });
  }
  if (nodeInfo?.nodeId === undefined || nodeInfo.poolId === undefined)
    throw new BatchFault('TaskFilesUnavailable');
  if (world.nodes.get(nodeInfo.poolId, nodeInfo.nodeId) === undefined)
    throw new BatchFault('TaskFilesUnavailable');
  const goAt = filesGoAt(record.task);
  if (goAt !== undefined && goAt <= world.clock.now()) throw new BatchFault('TaskFilesCleanedup');
  const { root } = world.directoriesOf(nodeInfo.nodeId).task(job.job.id, id);
  return { root, url: `${taskUrl(request, job.job.id, id)}/files` };
};

export const listNodeFiles: Handler = ({ world }, request) => list(ofNode(world, request), request);
export const listTaskFiles: Handler = ({ world }, request) => list(ofTask(world, request), request);
export const getNodeFile: Handler = ({ world }, request) => get(ofNode(world, request), request);
export const getTaskFile: Handler = ({ world }, request) => get(ofTask(world, request), request);
export const headNodeFile: Handler = ({ world }, request) => head(ofNode(world, request), request);
export const headTaskFile: Handler = ({ world }, request) => head(ofTask(world, request), request);
export const deleteNodeFile: Handler = ({ world }, request) => remove(ofNode(world, request), request);
export const deleteTaskFile: Handler = ({ world }, request) => remove(ofTask(world, request), request);

async function list(place: Place, request: BatchRequest): Promise<Reply> {
  const query = listQuery(request, 'files');
  const { after, size } = query;
  const all = await fileNames(place.root, { recursive: flag(request, 'recursive') });
  // A name is all that files can be filtered by.
  const names = all.filter((name) => (after === undefined || name > after) && query.matches({ name }));
  const files: NodeFile[] = [];
  for (let at = 0; at < names.length && files.length <= size; ) {
    const some = names.slice(at, at + size + 1 - files.length);
    files.push(...(await statFiles(place.root, some)));
    at += some.length;
  }
  const page = files.slice(0, size);
  const next = files.length > size ? page.at(-1)?.name : undefined;
  return pageReply(
    request,
    'files',
    page.map((file) => query.select(fileView(place, file))),
    next,
  );
}

/** Nodes that run Linux, as all of the emulator's do, tell no creation times. */
function fileView(place: Place, file: NodeFile): object {
  const { name, isDirectory } = file;
  if (isDirectory) return { name, url: fileUrl(place, name), isDirectory };
  return {
    name,
    url: fileUrl(place, name),
    isDirectory,
    properties: {
      lastModified: file.lastModified.toISOString(),
      contentLength: String(file.size),
      contentType: file.contentType,
      fileMode: file.mode,
    },
  };
}

function fileUrl(place: Place, name: string): string {
  return `${place.url}/${name}`;
}

async function get(place: Place, request: BatchRequest): Promise<Reply> {
  const path = filePath(request);
  try {
    const described = await statFile(place.root, path);
    if (described !== undefined && isUnchanged(request, described)) return NOT_MODIFIED;
    const { file, length, stream } = await openFile(place.root, path, rangeOf(request));
    return { status: 200, headers: fileHeaders(place, file), stream: { content: stream, length } };
  } catch (error) {
    throw asFault(error);
  }
}

async function head(place: Place, request: BatchRequest): Promise<Reply> {
  const file = await statFile(place.root, filePath(request));
  if (file === undefined) throw new BatchFault('FileNotFound');
  if (isUnchanged(request, file)) return NOT_MODIFIED;
  return { status: 200, headers: { ...fileHeaders(place, file), 'Content-Length': String(file.size) } };
}

async function remove(place: Place, request: BatchRequest): Promise<Reply> {
  try {
    await removeFile(place.root, filePath(request), { recursive: flag(request, 'recursive') });
  } catch (error) {
    throw asFault(error);
  }
  return { status: request.route.success };
}

function isUnchanged(request: BatchRequest, file: NodeFile): boolean {
  return checkConditions(request, { lastModified: file.lastModified.toISOString() }) === 'notModified';
}

function fileHeaders(place: Place, file: NodeFile): Record<string, string> {
  return {
    ...(file.isDirectory ? {} : { 'Content-Type': file.contentType }),
    'Last-Modified': file.lastModified.toUTCString(),
    'ocp-batch-file-isdirectory': file.isDirectory ? 'True' : 'False',
    'ocp-batch-file-mode': file.mode,
    'ocp-batch-file-url': encodeURIComponent(fileUrl(place, file.name)),
  };
}

/** Windows clients separate with backslashes. */
function filePath(request: BatchRequest): string {
  return pathParameter(request, 'filePath').replaceAll('\\', '/');
}

function flag(request: BatchRequest, name: string): boolean {
  const text = request.query.get(name)?.toLowerCase();
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw new BatchFault('InvalidQueryParameterValue', {
    QueryParameterName: name,
    QueryParameterValue: text,
    Reason: 'The value is not a valid boolean',
  });
}

function rangeOf(request: BatchRequest): ByteRange | undefined {
  const header = request.headers['ocp-range'] ?? request.headers.range;
  if (header === undefined) return undefined;
  const text = String(header);
  const match = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(text.trim());
  if (match === null)
    throw new BatchFault('InvalidHeaderValue', { HeaderName: 'ocp-range', HeaderValue: text });
  const start = Number(match[1]);
  return match[2] === '' ? { start } : { start, end: Number(match[2]) };
}

function asFault(error: unknown): unknown {
  if (!(error instanceof NodeFileError)) return error;
  if (error.code === 'notFound') return new BatchFault('FileNotFound');
  if (error.code === 'invalidRange') return new BatchFault('InvalidRange');
  const reason = error.code === 'isDirectory' ? 'The path is a directory' : 'The directory is not empty';
  return new BatchFault('OperationInvalidForCurrentState', { Reason: reason });
}
