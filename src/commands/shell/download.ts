import { mkdir, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { BatchPort, BlobRef } from '../../api/port.ts';
import { AzbError, formatError, UsageError } from '../../lib/errors.ts';
import type { Arguments } from '../command-line.ts';
import type { ShellContext } from './context.ts';
import { readBetween } from './file-ranges.ts';
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
    else await save(port, blob, destination ?? basename(path), overwrite, context);
    return 0;
  }
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
      await context.stderr.write(formatError(error, `${container}/${name}`));
    }
  }
  if (found === 0) {
    throw new AzbError(`there are no blobs in ${source}`, {
      next: `azb get blobs -c ${container} --recursive`,
    });
  }
  return failures === 0 ? 0 : 1;
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
  const { size } = await port.statFile(blob, signal);
  await mkdir(dirname(target), { recursive: true });
  const file = await open(target, overwrite ? 'w' : 'wx').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw new AzbError(`cannot write ${target}: ${cause.message}`, { cause });
    throw new AzbError(`${target} exists already`, {
      next: 'the same with --overwrite, or another DEST',
      cause,
    });
  });
  try {
    for await (const bytes of readBetween(port, blob, 0, size, signal)) await file.write(bytes);
  } finally {
    await file.close();
  }
  await stdout.write(`${target}\n`);
}
