import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AzbError } from './lib/errors.ts';
import type { Host } from './store/host.ts';
import { copySequence } from './terminal/clipboard.ts';
import type { TerminalScreen } from './terminal/screen.ts';
import type { Surface } from './terminal/surface.ts';

export interface HostParts {
  readonly screen: TerminalScreen;
  readonly surface: Surface;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where saved files go. */
  readonly dumpFolder: string;
  write(text: string): void;
  quit(): void;
}

/** What the store may ask of this machine: its editor, its clipboard, its disk. */
export function createHost(parts: HostParts): Host {
  return {
    editText: (text, fileName) => editText(parts, text, fileName),
    copy: (text) => {
      const sequence = copySequence(text, parts.env);
      if (sequence === undefined) {
        throw new AzbError('that is more than a terminal takes for its clipboard', {
          next: 'ctrl-s saves it in a file',
        });
      }
      parts.write(sequence);
    },
    saveFile: (name, text) => saveFile(parts.dumpFolder, name, text),
    viewSize: () => parts.surface.viewSize(),
    quit: parts.quit,
  };
}

/** Gives the terminal to $VISUAL or $EDITOR until it ends. The file has a folder that only this user can read. */
function editText({ screen, env }: HostParts, text: string, fileName: string): string | undefined {
  const editor = env.VISUAL || env.EDITOR;
  if (editor === undefined || editor.trim() === '') {
    throw new AzbError('no editor is set', {
      next: 'export EDITOR=vi (or nano, or "code --wait") and start azb again',
    });
  }
  const folder = mkdtempSync(join(tmpdir(), 'azb-edit-'));
  try {
    const path = join(folder, fileName);
    writeFileSync(path, text, { mode: 0o600 });
    // The editor's own words are the user's: "code --wait" is a command with an argument.
    const result = screen.suspend('/bin/sh', ['-c', `${editor} "$1"`, 'sh', path]);
    if (result.error !== undefined || result.status === 127) {
      throw new AzbError(`the editor ${editor} could not be started`, {
        next: 'export EDITOR=… with an editor that is installed',
      });
    }
    if (result.status !== 0) {
      throw new AzbError(`the editor ended with status ${result.status}, so nothing was taken over`, {
        next: 'save and leave the editor normally',
      });
    }
    const edited = readFileSync(path, 'utf8');
    return edited === text ? undefined : edited;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function saveFile(folder: string, name: string, text: string): string {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const path = join(folder, `${stamp}-${name.replace(/[^\w.-]/g, '_').slice(-100)}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new AzbError(`the file could not be written: ${error instanceof Error ? error.message : error}`, {
      next: `see that ${folder} can be written to`,
      cause: error,
    });
  }
  return path;
}
