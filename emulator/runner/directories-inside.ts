import { lstat, mkdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

/**
 * The parts of a relative path; nothing for one that is absolute, leads upwards, or could be read in two ways.
 * Both kinds of slash separate.
 */
export function relativeParts(path: string): string[] | undefined {
  if (/^[/\\]|^[a-z]:|\0/i.test(path)) return undefined;
  const parts = path.split(/[/\\]+/).filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : parts;
}

/** Whether a path is another or below it. Both are absolute and real: no links are followed. */
export function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}${sep}`);
}

/**
 * Makes the directories `parts` below `root`, one in the other, and gives the real path of the last. A link on the
 * way is followed only if it does not lead out of `root`.
 * @throws RangeError when it does, or the error of the file system
 */
export async function makeDirectoriesInside(root: string, parts: readonly string[]): Promise<string> {
  const base = await realpath(root);
  let current = base;
  for (const part of parts) {
    const next = join(current, part);
    const known = await lstat(next).catch(() => undefined);
    if (known === undefined) await mkdir(next);
    current = known?.isSymbolicLink() === true ? await realpath(next) : next;
    if (!isInside(current, base)) throw new RangeError(`${part} leads out of the directory`);
  }
  return current;
}
