import { lstat, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BatchPort, BlobRef } from '../../api/port.ts';
import { AzbError, UsageError } from '../../lib/errors.ts';
import { visible } from '../../lib/sanitise.ts';
import { beginFile, type WholeFile } from '../../lib/whole-file.ts';
import type { Arguments } from '../command-line.ts';
import type { ShellContext } from './context.ts';
import { failureTeller } from './failures.ts';
import { CHUNK, readBetween } from './file-ranges.ts';
import { storageOf } from './upload.ts';

/** `azb download`: saves a blob, or all that a folder or a container has in it, piece by piece. */
export async function download(args: Arguments, context: ShellContext): Promise<number> {
  const [source = '', destination] = args.operands;
  const { container, path } = partsOf(source);
  const port = await context.connect();
  await storageOf(port, context.signal);
  const overwrite = args.flag('overwrite');
  if (path !== '' && !path.endsWith('/')) {
    const blob = { kind: 'blob', container, path } as const;
    if (destination === '-') await print(port, blob, context);
    else await save(port, blob, await targetOf(destination, path), overwrite, context);
    return 0;
  }
  const tell = failureTeller(context);
  let failures = 0;
  let found = 0;
  for await (const name of namesUnder(port, container, path, context.signal)) {
    found += 1;
    try {
      const target = join(destination ?? '.', ...insideOnly(name.slice(path.length)));
      await save(port, { kind: 'blob', container, path: name }, target, overwrite, context);
    } catch (error) {
      if (!(error instanceof AzbError)) throw error;
      failures += 1;
      await tell(error, `${container}/${name}`);
    }
  }
  if (found === 0) {
    throw new AzbError(`there are no blobs in ${source}`, {
      next: `azb get blobs -c ${container} --recursive`,
    });
  }
  return failures === 0 ? 0 : 1;
}

/** Where one blob goes: into a directory under its own name, as `cp` has it. */
async function targetOf(destination: string | undefined, path: string): Promise<string> {
  const isFolder = destination === undefined || destination.endsWith('/') || (await isDirectory(destination));
  return isFolder ? join(destination ?? '.', ...insideOnly(leafOf(path))) : destination;
}

function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}

function leafOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function partsOf(source: string): { readonly container: string; readonly path: string } {
  const mark = source.indexOf('/');
  if (mark > 0) return { container: source.slice(0, mark), path: source.slice(mark + 1) };
  throw new UsageError(`${source} names no blob`, {
    next: `azb download CONTAINER/BLOB, or azb download ${source}/ for all of the container`,
  });
}

/** Names of blobs are not ours: none may lead out of the directory that was named. */
function insideOnly(name: string): string[] {
  const parts = name.split('/').filter((part) => part !== '');
  if (parts.length === 0 || parts.some((part) => part === '.' || part === '..' || part.includes('\0'))) {
    throw new AzbError('its name is none that a file can have here', {
      next: 'azb download CONTAINER/BLOB DEST',
    });
  }
  return parts;
}

async function* namesUnder(
  port: BatchPort,
  container: string,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let next: string | undefined;
  const scope = { container, ...(folder === '' ? {} : { folder }) };
  do {
    const query = { recursive: true, ...(next === undefined ? {} : { next }) };
    const page = await port.listPage('blobs', scope, query, signal);
    for (const { name } of page.rows as readonly { readonly name: string }[]) {
      // What stands for a folder has no content.
      if (!name.endsWith('/')) yield name;
    }
    next = page.next;
  } while (next !== undefined);
}

async function print(port: BatchPort, blob: BlobRef, { stdout, signal }: ShellContext): Promise<void> {
  const { size } = await port.statFile(blob, signal);
  for await (const bytes of readBetween(port, blob, 0, size, signal)) await stdout.write(bytes);
}

async function save(
  port: BatchPort,
  blob: BlobRef,
  target: string,
  overwrite: boolean,
  { stdout, signal }: ShellContext,
): Promise<void> {
  const before = await port.statFile(blob, signal);
  if (!overwrite && (await isThere(target))) throw existsAlready(target);
  const file = await begin(target, overwrite);
  try {
    let at = 0;
    for await (const bytes of readBetween(port, blob, 0, before.size, signal)) {
      await file.write(bytes, at);
      at += bytes.byteLength;
    }
    const after = at < CHUNK ? before : await port.statFile(blob, signal);
    if (at < before.size || after.version !== before.version) {
      throw new AzbError('the blob changed while it was read, and is not saved', { next: 'the same again' });
    }
  } catch (error) {
    await file.discard();
    throw notWritten(target, error);
  }
  await file.keep().catch((error: unknown) => {
    throw notWritten(target, error);
  });
  await stdout.write(`${stdout.isTerminal ? visible(target) : target}\n`);
}

async function begin(target: string, replace: boolean): Promise<WholeFile> {
  try {
    await mkdir(dirname(target), { recursive: true });
    return await beginFile(target, { replace });
  } catch (error) {
    throw notWritten(target, error);
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function existsAlready(target: string, cause?: unknown): AzbError {
  return new AzbError(`${target} exists already`, {
    next: 'the same with --overwrite, or another DEST',
    cause,
  });
}

/** What the disk says, in words; what the service or the user says stays as it is. */
function notWritten(target: string, error: unknown): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (error instanceof AzbError || syscall === undefined) return error;
  if (code === 'EEXIST' && syscall === 'link') return existsAlready(target, error);
  return new AzbError(`cannot write ${target}: ${message}`, { cause: error });
}
