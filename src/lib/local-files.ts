import { type Dirent, readdir as readDirectory } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { AzbError } from './errors.ts';

/** A file of this machine that is to be sent somewhere. */
export interface LocalFile {
  readonly path: string;
  /** What it is called there, with slashes: its path below the directory that was named. */
  readonly name: string;
  readonly size: number;
}

/** A link that is not followed. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

/** `~` and what follows it, as a shell understands them. */
function expandHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}

const GLOB = /[*?[\]{}]/;

/**
 * The files that a path names: one file, all that is in a directory at any depth, or all that a pattern such as
 * `data/*.csv` matches, named from its first part with a wildcard on. A link to a file stands for that file. A link to a
 * directory is followed only where it was named: below that it could lead anywhere, or round in circles. `onLeft` hears
 * of those, and of links that lead nowhere. Rejects with an AzbError when there are no files.
 */
export async function findLocalFiles(
  typed: string,
  home: string,
  onLeft: (left: LeftOut) => void = () => {},
): Promise<LocalFile[]> {
  const path = expandHome(typed.trim(), home);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return [{ path: resolve(path), name: basename(path), size: found.size }];
  if (found?.isDirectory() === true)
    return nonEmpty(await matches('**/*', path, onLeft), typed, 'it has no files in it');
  if (found !== undefined) throw new AzbError(`${typed} is neither a file nor a directory`);
  if (!GLOB.test(path)) {
    throw new AzbError(`there is no ${typed}`, {
      next: 'a file, a directory, or a pattern such as data/*.csv',
    });
  }
  const { folder, pattern } = splitPattern(path);
  return nonEmpty(await matches(pattern, folder, onLeft), typed, 'no file matches it');
}

function nonEmpty(files: LocalFile[], typed: string, why: string): LocalFile[] {
  if (files.length > 0) return files;
  throw new AzbError(`${typed}: ${why}`);
}

/** The directory before the first part with a wildcard, and the rest. */
function splitPattern(path: string): { readonly folder: string; readonly pattern: string } {
  const parts = path.split('/');
  const at = parts.findIndex((part) => GLOB.test(part));
  const folder = parts.slice(0, at).join('/');
  const isRoot = path.startsWith('/') && folder === '';
  return { folder: isRoot ? '/' : folder === '' ? '.' : folder, pattern: parts.slice(at).join('/') };
}

async function matches(
  pattern: string,
  folder: string,
  onLeft: (left: LeftOut) => void,
): Promise<LocalFile[]> {
  const { glob } = await import('tinyglobby');
  const names = await glob(pattern, {
    cwd: folder,
    dot: true,
    onlyFiles: true,
    expandDirectories: false,
    fs: { readdir: linksAsFiles },
  });
  const files: LocalFile[] = [];
  for (const name of names.sort()) {
    const path = resolve(folder, name);
    const found = await stat(path).catch(() => undefined);
    const local = relative(resolve(folder), path).split(sep).join('/');
    if (found?.isFile() === true) files.push({ path, name: local, size: found.size });
    // Sockets and pipes have no content, which nobody expects of them.
    else if (found === undefined) onLeft({ name: local, why: 'a link that leads nowhere' });
    else if (found.isDirectory()) onLeft({ name: local, why: 'a link to a directory: name it to upload it' });
  }
  return files;
}

/** Reads a directory for the search, which would walk into links to directories, in circles too, and pass over broken ones. */
const linksAsFiles = ((path: string, options: { withFileTypes: true }, done: ReadDone) => {
  readDirectory(path, options, (error, entries = []) => {
    for (const entry of entries) {
      if (!entry.isSymbolicLink()) continue;
      entry.isSymbolicLink = () => false;
      entry.isFile = () => true;
    }
    done(error, entries);
  });
}) as typeof readDirectory;

type ReadDone = (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void;

/** The paths that a path could go on to, as they would be typed; directories end with a slash. */
export async function completePath(typed: string, home: string): Promise<string[]> {
  const isInside = typed.endsWith('/') || typed === '';
  const folder = isInside ? typed : `${typed.slice(0, typed.length - basename(typed).length)}`;
  const start = isInside ? '' : basename(typed);
  const directory = expandHome(folder === '' ? '.' : folder, home);
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: Error) => {
    throw new AzbError(`${dirname(typed)} cannot be read: ${error.message}`, { cause: error });
  });
  return entries
    .filter(({ name }) => name.startsWith(start) && (start !== '' || !name.startsWith('.')))
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
    .sort();
}

/** What kind of content a file of this name has; undefined where its name does not tell. */
export async function contentTypeOf(name: string): Promise<string | undefined> {
  const { lookup } = await import('mrmime');
  return lookup(name) ?? (/\.(log|out|err)$/i.test(name) ? 'text/plain' : undefined);
}
