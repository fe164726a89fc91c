import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Editors that are there on most machines; Debian's `editor` is the one that its user chose. */
const USUAL = ['editor', 'vi', 'nano'];

/** The user's editor, which may be a command with arguments, or else one that is installed; undefined where none is. */
export function findEditor(env: NodeJS.ProcessEnv): string | undefined {
  const own = [env.VISUAL, env.EDITOR].find((text) => text !== undefined && text.trim() !== '');
  return own ?? USUAL.find((name) => isInstalled(name, env.PATH ?? ''));
}

function isInstalled(name: string, path: string): boolean {
  return path.split(delimiter).some((folder) => folder !== '' && isExecutable(join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
