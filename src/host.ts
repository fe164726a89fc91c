import {
  type Dirent,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AzbError } from './lib/errors.ts';
import type { LeftOut } from './lib/local-files.ts';
import type { FoundFile, Host, NewFile, PublicKey } from './store/host.ts';
import { copySequence } from './terminal/clipboard.ts';
import { findEditor } from './terminal/find-editor.ts';
import { notifySequence } from './terminal/notify.ts';
import type { TerminalScreen } from './terminal/screen.ts';
import type { Surface } from './terminal/surface.ts';

export interface HostParts {
  readonly screen: TerminalScreen;
  readonly surface: Surface;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where saved files go. */
  readonly dumpFolder: string;
  /** What a call for the user is to be. */
  notify(): { readonly ring: 'bell' | 'desktop' | 'off'; readonly webhook?: string | undefined };
  /** Sends what was seen to the address of a webhook. */
  post(webhook: string, notice: object): Promise<void>;
  write(text: string): void;
  quit(): void;
  openAccount: Host['openAccount'];
}

/** What the store may ask of this machine: its editor, its clipboard, its disk. */
export function createHost(parts: HostParts): Host {
  return {
    editText: (text, fileName) => editText(parts, text, fileName),
    editFile: (path) => editFile(parts, path),
    dumps: () => listDumps(parts.dumpFolder),
    removeDump: (path) => removeDump(parts.dumpFolder, path),
    runProgram: (command, args) => runProgram(parts, command, args),
    runInBackground: (command, args) => runInBackground(parts, command, args),
    publicKey: () => findPublicKey(parts.env.HOME ?? homedir()),
    copy: (text) => {
      const sequence = copySequence(text, parts.env);
      if (sequence === undefined) {
        throw new AzbError('that is more than a terminal takes for its clipboard', {
          next: 'ctrl-s saves it in a file',
        });
      }
      parts.write(sequence);
    },
    ring: (text) => {
      const { ring } = parts.notify();
      if (ring !== 'off') parts.write(notifySequence(text, ring, parts.env));
    },
    post: async (notice) => {
      const { webhook } = parts.notify();
      if (webhook !== undefined) await parts.post(webhook, notice);
    },
    saveFile: (name, text) => saveFile(parts.dumpFolder, name, text),
    createFile: (name) => createFile(parts.dumpFolder, name),
    findFiles: (path, onLeft) => findFiles(path, parts.env.HOME ?? homedir(), onLeft),
    completePath: async (path) =>
      (await import('./lib/local-files.ts')).completePath(path, parts.env.HOME ?? homedir()),
    viewSize: () => parts.surface.viewSize(),
    screenSize: () => ({ width: parts.surface.sink.columns, height: parts.surface.sink.rows }),
    redraw: () => parts.surface.invalidate(),
    quit: parts.quit,
    // As the terminal does with ctrl-z: to the whole job.
    suspend: () => void process.kill(0, 'SIGTSTP'),
    openAccount: parts.openAccount,
  };
}

/** Gives a text to an editor. The file has a folder that only this user can read. */
function editText(parts: HostParts, text: string, fileName: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'azb-edit-'));
  try {
    const path = join(folder, fileName);
    writeFileSync(path, text, { mode: 0o600 });
    editFile(parts, path);
    const edited = readFileSync(path, 'utf8');
    return edited === text ? undefined : edited;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives the terminal to an editor until it ends. */
function editFile({ screen, env }: HostParts, path: string): void {
  const editor = findEditor(env);
  if (editor === undefined) {
    throw new AzbError('no editor is set, and neither vi nor nano is installed', {
      next: 'export EDITOR=vi (or nano, or "code --wait") and start azb again',
    });
  }
  // The editor's own words are the user's: "code --wait" is a command with an argument.
  const result = screen.suspend('/bin/sh', ['-c', `${editor} "$1"`, 'sh', path], { env: withoutKey(env) });
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
}

/** The files of the folder; none where there is no folder yet, or none that can be read: saving in it says why. */
function listDumps(folder: string): ReturnType<Host['dumps']> {
  return entriesOf(folder)
    .filter((entry) => entry.isFile())
    .flatMap(({ name }) => {
      const path = join(folder, name);
      // Somebody may just have removed it.
      const facts = statSync(path, { throwIfNoEntry: false });
      return facts === undefined ? [] : [{ name, path, size: facts.size, modified: facts.mtime }];
    });
}

function removeDump(folder: string, path: string): boolean {
  if (dirname(path) !== folder) throw new AzbError(`${path} was not saved by azb`);
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw new AzbError(`${path} could not be removed: ${error instanceof Error ? error.message : error}`, {
      next: `see that ${folder} can be written to`,
      cause: error,
    });
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function runInBackground({ env }: HostParts, command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    // Loaded when it is needed: the first paint does not wait for it.
    const { spawn } = process.getBuiltinModule('node:child_process');
    const child = spawn(command, [...args], { stdio: 'ignore', detached: true, env: withoutKey(env) });
    child.once('error', (error) => reject(notStarted(command, error)));
    child.once('exit', (status) => resolve(status ?? BY_SIGNAL));
    child.unref();
  });
}

function notStarted(command: string, error: Error): AzbError {
  return new AzbError(`${command} could not be started: ${error.message}`, {
    next: `see that ${command} is installed and in your PATH`,
    cause: error,
  });
}

const SECRETS: readonly string[] = [
  'AZURE_BATCH_ACCESS_KEY',
  'AZURE_STORAGE_CONNECTION_STRING',
  'AZURE_STORAGE_KEY',
  'AZURE_STORAGE_SAS_TOKEN',
];

/** Other programs get no secret of ours. */
function withoutKey(env: HostParts['env']): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SECRETS.includes(name)));
}

function saveFile(folder: string, name: string, text: string): string {
  const path = dumpPath(folder, name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    // What fitted on the disk looks like a whole file. One that was there is somebody else's.
    if (!isThere(error)) rmSync(path, { force: true });
    throw notWritten(folder, error);
  }
  return path;
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

/** A name that tells when, so that saving twice never overwrites. */
function dumpPath(folder: string, name: string): string {
  const stamp = new Date().toISOString().replace(/[^\dT]/g, '');
  return join(folder, `${stamp}-${name.replace(/[^\w.-]/g, '_').slice(-100)}`);
}

function notWritten(folder: string, error: unknown): AzbError {
  return new AzbError(`the file could not be written: ${error instanceof Error ? error.message : error}`, {
    next: `see that ${folder} can be written to`,
    cause: error,
  });
}

async function createFile(folder: string, name: string): Promise<NewFile> {
  const path = dumpPath(folder, name);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Loaded when it is needed: the first paint does not wait for it.
    const { beginFile } = await import('./lib/whole-file.ts');
    const file = await beginFile(path, { mode: 0o600 });
    const refuse = (error: unknown): never => {
      throw notWritten(folder, error);
    };
    return {
      path,
      write: (bytes, at) => file.write(bytes, at).catch(refuse),
      close: () => file.keep().catch(refuse),
      discard: () => file.discard(),
    };
  } catch (error) {
    throw notWritten(folder, error);
  }
}

/** What searches for files is loaded when something is uploaded. */
async function findFiles(
  path: string,
  home: string,
  onLeft: ((left: LeftOut) => void) | undefined,
): Promise<readonly FoundFile[]> {
  const { findLocalFiles, contentTypeOf } = await import('./lib/local-files.ts');
  const files = await findLocalFiles(path, home, onLeft);
  return Promise.all(files.map(async (file) => ({ ...file, contentType: await contentTypeOf(file.name) })));
}

function runProgram({ screen, env }: HostParts, command: string, args: readonly string[]): number {
  const { status, error } = screen.suspend(command, args, { env: withoutKey(env) });
  if (error !== undefined) throw notStarted(command, error);
  return status ?? BY_SIGNAL;
}

/** Ended by a signal: not the program's own doing, but no success either. */
const BY_SIGNAL = 1;

/** In the order in which ssh itself prefers them. */
const KEY_NAMES = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

function findPublicKey(home: string): PublicKey | undefined {
  for (const name of KEY_NAMES) {
    const identityFile = join(home, '.ssh', name);
    try {
      return { text: readFileSync(`${identityFile}.pub`, 'utf8').trim(), identityFile };
    } catch {
      // Not there, or not ours to read: the next one may be.
    }
  }
  return undefined;
}
