import { constants, type Dirent, type Stats } from 'node:fs';
import {
  type FileHandle,
  lstat,
  open,
  readdir,
  readlink,
  realpath,
  rm,
  rmdir,
  stat,
  unlink,
} from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { Readable } from 'node:stream';

/** A file or directory on a node, as the service describes it. */
export interface NodeFile {
  /** Path from the root it was looked up in, with `/`. */
  readonly name: string;
  readonly isDirectory: boolean;
  /** Bytes; 0 for a directory. */
  readonly size: number;
  readonly lastModified: Date;
  readonly creationTime: Date;
  /** Type and permissions in octal, such as `0o100644`. */
  readonly mode: string;
  readonly contentType: string;
}

/** Bytes `start` to `end`, both included; without `end` to the end of the file. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number | undefined;
}

/** A file being read: what it was at opening, and `length` bytes of it from byte `start` on. */
export interface OpenedFile {
  readonly file: NodeFile;
  readonly start: number;
  readonly length: number;
  /** Ends early if the file is truncated meanwhile; never yields more, even if it grows. Closes the file itself. */
  readonly stream: Readable;
}

/** Why a file operation was refused. */
export class NodeFileError extends Error {
  override readonly name = 'NodeFileError';
  readonly code: 'notFound' | 'isDirectory' | 'directoryNotEmpty' | 'invalidRange';
  constructor(code: NodeFileError['code'], path: string) {
    super(`${path}: ${code}`);
    this.code = code;
  }
}

/**
 * The names of what is below `root`, sorted, directories and links among them; links to directories are not followed.
 * Nothing is looked at itself: of a list of thousands a page is wanted. An absent `root` has no files.
 */
export async function fileNames(root: string, options: { recursive: boolean }): Promise<string[]> {
  const base = await realpath(root).catch(() => undefined);
  return base === undefined ? [] : (await namesBelow(base, '', options.recursive, [])).sort();
}

/** Describes files below `root`. What vanished meanwhile is left out, and so is a link that leads out of `root`. */
export async function statFiles(root: string, names: readonly string[]): Promise<NodeFile[]> {
  const files = await Promise.all(names.map((name) => statFile(root, name)));
  return files.filter((file) => file !== undefined);
}

/** Describes one file or directory below `root`; nothing when there is none. */
export async function statFile(root: string, path: string): Promise<NodeFile | undefined> {
  const resolved = await resolveInside(root, path);
  if (resolved === undefined) return undefined;
  const stats = await stat(resolved).catch(() => undefined);
  return stats === undefined ? undefined : describe(path, stats);
}

/**
 * Opens a file below `root` for reading, or part of it. Throws a {@link NodeFileError}: `notFound`, `isDirectory`, or
 * `invalidRange` when the range starts at or behind the end.
 */
export async function openFile(root: string, path: string, range?: ByteRange): Promise<OpenedFile> {
  const resolved = await resolveInside(root, path);
  if (resolved === undefined) throw new NodeFileError('notFound', path);
  const handle = await openExisting(resolved, path);
  try {
    await checkStillInside(root, handle, path);
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new NodeFileError('isDirectory', path);
    // A pipe or device has no end to wait for.
    if (!stats.isFile()) throw new NodeFileError('notFound', path);
    const { start, length } = clip(range, stats.size, path);
    const stream = await readPart(handle, start, length);
    return { file: describe(path, stats), start, length, stream };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Removes a file, a link (not what it leads to) or a directory below `root`. Throws a {@link NodeFileError}:
 * `notFound`, or `directoryNotEmpty` unless `recursive`.
 */
export async function removeFile(root: string, path: string, options: { recursive: boolean }): Promise<void> {
  const segments = splitPath(path);
  const name = segments?.pop();
  if (segments === undefined || name === undefined) throw new NodeFileError('notFound', path);
  const parent =
    segments.length === 0
      ? await realpath(root).catch(() => undefined)
      : await resolveInside(root, segments.join('/'));
  if (parent === undefined) throw new NodeFileError('notFound', path);
  const target = join(parent, name);
  try {
    const stats = await lstat(target);
    if (!stats.isDirectory()) await unlink(target);
    else if (options.recursive) await rm(target, { recursive: true });
    else await rmdir(target);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new NodeFileError('notFound', path);
    if (code === 'ENOTEMPTY' || code === 'EEXIST') throw new NodeFileError('directoryNotEmpty', path);
    throw error;
  }
}

/** Adds to `names` what is below a directory. */
async function namesBelow(
  base: string,
  prefix: string,
  recursive: boolean,
  names: string[],
): Promise<string[]> {
  const entries = await readdir(join(base, prefix), { withFileTypes: true }).catch((): Dirent[] => []);
  for (const entry of entries) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    names.push(name);
    if (recursive && entry.isDirectory()) await namesBelow(base, name, recursive, names);
  }
  return names;
}

/** The path's segments, or nothing when it is absolute, empty, or means to climb out. */
function splitPath(path: string): string[] | undefined {
  const segments = path.replace(/\/+$/, '').split('/');
  const bad = segments.some((segment) => segment === '' || segment === '.' || segment === '..');
  return bad || path.includes('\0') ? undefined : segments;
}

/** The real path of `path` below `root` with every link resolved; nothing when it is absent or outside. */
async function resolveInside(root: string, path: string): Promise<string | undefined> {
  const segments = splitPath(path);
  if (segments === undefined) return undefined;
  try {
    const base = await realpath(root);
    const resolved = await realpath(join(base, ...segments));
    return isInside(base, resolved) ? resolved : undefined;
  } catch {
    return undefined;
  }
}

function isInside(base: string, path: string): boolean {
  return path.startsWith(base.endsWith(sep) ? base : base + sep);
}

async function openExisting(resolved: string, path: string): Promise<FileHandle> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    return await open(resolved, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENXIO') {
      throw new NodeFileError('notFound', path);
    }
    throw error;
  }
}

/** A task may swap a directory for a link between the look-up and the opening; what counts is what was opened. */
async function checkStillInside(root: string, handle: FileHandle, path: string): Promise<void> {
  const actual = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
  if (actual === undefined) return;
  const base = await realpath(root);
  if (!isInside(base, actual)) throw new NodeFileError('notFound', path);
}

function clip(range: ByteRange | undefined, size: number, path: string): { start: number; length: number } {
  if (range === undefined) return { start: 0, length: size };
  const end = Math.min(range.end ?? size - 1, size - 1);
  if (range.start < 0 || range.start >= size || end < range.start)
    throw new NodeFileError('invalidRange', path);
  return { start: range.start, length: end - range.start + 1 };
}

async function readPart(handle: FileHandle, start: number, length: number): Promise<Readable> {
  if (length > 0) return handle.createReadStream({ start, end: start + length - 1 });
  await handle.close();
  return Readable.from([]);
}

function describe(name: string, stats: Stats): NodeFile {
  const isDirectory = stats.isDirectory();
  return {
    name,
    isDirectory,
    size: isDirectory ? 0 : stats.size,
    lastModified: stats.mtime,
    creationTime: stats.birthtime,
    mode: `0o${stats.mode.toString(8)}`,
    contentType: contentTypeOf(name),
  };
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.err': 'text/plain',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.json': 'application/json',
  '.log': 'text/plain',
  '.out': 'text/plain',
  '.txt': 'text/plain',
  '.xml': 'text/xml',
};

function contentTypeOf(name: string): string {
  return CONTENT_TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream';
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
