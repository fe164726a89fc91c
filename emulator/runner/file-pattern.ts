import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { isInside } from './directories-inside.ts';
import { compileWildcard, hasWildcard } from './wildcard.ts';

/** A file found by a pattern. */
export interface FoundFile {
  /** Absolute, with no links in it. */
  readonly path: string;
  /** From the last directory of the pattern that is no wildcard, with `/`; the bare name for a pattern without any. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** Where to look. */
export interface PatternPlace {
  /** What relative patterns are relative to. */
  readonly working: string;
  /** What no file may be outside of. */
  readonly root: string;
}

/**
 * Finds the files that a pattern stands for: a path with `*`, `?` and `[…]` in its parts, and `**` for directories of
 * any depth. What vanishes meanwhile is left out, and so is whatever lies, or leads by a link, outside the root.
 */
export async function* findFiles(pattern: string, place: PatternPlace): AsyncGenerator<FoundFile> {
  const root = await realpath(place.root).catch(() => undefined);
  if (root === undefined) return;
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
  const firstWild = parts.findIndex(hasWildcard);
  const fixed = firstWild < 0 ? parts.slice(0, -1) : parts.slice(0, firstWild);
  const start = isAbsolute(pattern) ? '/' : place.working;
  const base = await realpath(resolve(start, ...fixed)).catch(() => undefined);
  if (base === undefined || !isInside(base, root)) return;
  yield* findBelow(base, '', parts.slice(fixed.length), root);
}

async function* findBelow(
  directory: string,
  prefix: string,
  parts: readonly string[],
  root: string,
): AsyncGenerator<FoundFile> {
  const [part, ...rest] = parts;
  if (part === undefined) return;
  if (part === '**' && rest.length > 0) {
    yield* findBelow(directory, prefix, rest, root);
    for (const entry of await entriesOf(directory)) {
      if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
      yield* findBelow(join(directory, entry.name), `${prefix}${entry.name}/`, parts, root);
    }
    return;
  }
  const matches = hasWildcard(part) ? compileWildcard(part) : (name: string) => name === part;
  for (const entry of await entriesOf(directory)) {
    if (!matches(entry.name)) continue;
    const name = `${prefix}${entry.name}`;
    if (rest.length > 0) {
      if (entry.isDirectory()) yield* findBelow(join(directory, entry.name), `${name}/`, rest, root);
      continue;
    }
    const file = await describe(join(directory, entry.name), root);
    if (file !== undefined) yield { ...file, name };
  }
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function describe(path: string, root: string): Promise<{ path: string; size: number } | undefined> {
  try {
    const real = await realpath(path);
    const stats = await stat(real);
    return stats.isFile() && isInside(real, root) ? { path: real, size: stats.size } : undefined;
  } catch {
    return undefined;
  }
}
