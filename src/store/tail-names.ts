import type { FileRef } from '../api/port.ts';
import { describeError } from '../lib/errors.ts';
import { shortId } from '../lib/short-id.ts';
import type { Scope } from '../resources/types.ts';
import type { TailFileState } from './state.ts';

/** Files that are followed in one view at most. */
export const MOST_FILES = 16;

const STREAMS: readonly string[] = ['stdout.txt', 'stderr.txt'];

/** The task's id, or the node's, or the container's name. */
export function ownerOf(file: FileRef): string {
  switch (file.kind) {
    case 'task':
      return file.task;
    case 'node':
      return file.node;
    case 'blob':
      return file.container;
  }
}

/** Where the owner of a file is; containers are nowhere else. */
function placeOf(file: FileRef): string | undefined {
  switch (file.kind) {
    case 'task':
      return file.job;
    case 'node':
      return file.pool;
    case 'blob':
      return undefined;
  }
}

/** The name of a file without its folder. */
export function baseName({ path }: FileRef): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether files of several tasks or nodes are followed. */
export function hasOwners(files: readonly FileRef[]): boolean {
  return new Set(files.map(ownerOf)).size > 1;
}

/** Whether files of several names are followed. */
export function hasNames(files: readonly FileRef[]): boolean {
  return new Set(files.map(baseName)).size > 1;
}

/** What tells a file from the others in its view: `stdout.txt`, `mytask4`, `mytask4/stdout.txt`. */
export function distinctName(files: readonly FileRef[], number: number): string {
  const file = files[number];
  if (file === undefined) return '';
  const owner = shortId(ownerOf(file));
  if (!hasOwners(files)) return baseName(file);
  return hasNames(files) ? `${owner}/${baseName(file)}` : owner;
}

/** `myjob/mytask5/stdout.txt`, `myjob/mytask5/stdout+stderr.txt`, `myjob/3 tasks/stdout.txt` */
export function tailName(files: readonly FileRef[], idText = (id: string) => id): string {
  const [first] = files;
  if (first === undefined) return '';
  const place = placeOf(first);
  const count = new Set(files.map(ownerOf)).size;
  const owner = count === 1 ? idText(ownerOf(first)) : `${count} ${first.kind}s`;
  return [place, owner, pathsOf(files)].filter((part) => part !== undefined).join('/');
}

/** `stdout.txt`, `stdout+stderr.txt`, `stdout.txt of 3 tasks` */
export function tailCrumb(files: readonly FileRef[]): string {
  const count = new Set(files.map(ownerOf)).size;
  return count === 1 ? pathsOf(files) : `${pathsOf(files)} of ${count} ${files[0]?.kind}s`;
}

function pathsOf(files: readonly FileRef[]): string {
  const [first] = files;
  if (first === undefined) return '';
  const isShared = files.every(({ path }) => path === first.path);
  if (isShared) return first.path;
  const names = [...new Set(files.map(baseName))];
  const folder = first.path.slice(0, first.path.length - baseName(first).length);
  const isOneFolder = files.every((file) => file.path === folder + baseName(file));
  const joined = names
    .map((name, at) => (at < names.length - 1 ? name.replace(/\.txt$/, '') : name))
    .join('+');
  return `${isOneFolder ? folder : ''}${joined}`;
}

/** Where all of the files are. */
export function tailScope(files: readonly FileRef[]): Scope {
  const [first] = files;
  if (first === undefined) return {};
  const { kind: _kind, path: _path, ...scope } = first;
  if (!hasOwners(files)) return scope;
  if (first.kind === 'blob') return {};
  return first.kind === 'task' ? { job: first.job } : { pool: first.pool };
}

/**
 * The streams that follow on these: of stdout comes stderr, then both, then stdout again. Undefined where other
 * files are followed.
 */
export function nextStreams(files: readonly FileRef[]): FileRef[] | undefined {
  const names = new Set(files.map(baseName));
  if (![...names].every((name) => STREAMS.includes(name))) return undefined;
  if (names.size > 1) return withStreams(files, STREAMS.slice(0, 1));
  return withStreams(files, names.has('stdout.txt') ? STREAMS.slice(1) : STREAMS);
}

/** The given streams of all tasks whose files these are. */
export function withStreams(files: readonly FileRef[], names: readonly string[]): FileRef[] {
  const folders = new Map<string, FileRef>();
  for (const file of files) {
    const folder = file.path.slice(0, file.path.length - baseName(file).length);
    folders.set(`${ownerOf(file)}|${folder}`, { ...file, path: folder });
  }
  return [...folders.values()].flatMap((file) => names.map((name) => ({ ...file, path: file.path + name })));
}

/** How the files are doing, in words: what is said of one, or how many wait, have ended and cannot be read. */
export function filesNote(files: readonly FileRef[], states: readonly TailFileState[]): string | undefined {
  const notes = new Set(states.map(({ note, error }) => (error === undefined ? note : undefined)));
  const [only] = notes;
  if (notes.size === 1 && states.every(({ error }) => error === undefined)) return only;
  const count = (status: TailFileState['status']) => states.filter((state) => state.status === status).length;
  const lost = states.findIndex(({ error }) => error !== undefined);
  const parts = [
    counted(count('waiting'), files.length, 'not there yet'),
    counted(count('ended'), files.length, 'ended'),
    lost < 0 ? undefined : `${distinctName(files, lost)}: ${describeError(states[lost]?.error).message}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

function counted(count: number, of: number, what: string): string | undefined {
  return count === 0 ? undefined : `${count} of ${of} ${what}`;
}
