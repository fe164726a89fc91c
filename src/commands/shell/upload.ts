import { homedir } from 'node:os';
import type { BatchPort, StoragePort } from '../../api/port.ts';
import { AzbError, ServiceError, UsageError } from '../../lib/errors.ts';
import { contentTypeOf, findLocalFiles, type LeftOut, type LocalFile } from '../../lib/local-files.ts';
import { visible } from '../../lib/sanitise.ts';
import { shellQuote } from '../../lib/shell-quote.ts';
import type { Arguments } from '../command-line.ts';
import { refuseReadOnly, type ShellContext } from './context.ts';
import { failureTeller } from './failures.ts';

/** Files that are sent at a time. */
const SIDE_BY_SIDE = 4;

/** `azb upload`: sends files, directories and what patterns match to a container; goes on after a failure. */
export async function upload(args: Arguments, context: ShellContext): Promise<number> {
  const [container = '', ...paths] = args.operands;
  refuseReadOnly(args, context);
  checkContainer(container);
  const home = process.env.HOME ?? homedir();
  const left: LeftOut[] = [];
  const found = await Promise.all(paths.map((path) => findLocalFiles(path, home, (each) => left.push(each))));
  for (const { name, why } of left) await context.stderr.write(`azb: ${visible(name)} is left out: ${why}\n`);
  const port = await context.connect();
  const storage = await storageOf(port, context.signal);
  if (args.flag('create')) await makeContainer(port, container, context.signal);
  const prefix = folderOf(args.text('prefix') ?? '');
  const overwrite = args.flag('overwrite');
  const queue = found.flat()[Symbol.iterator]();
  const tell = failureTeller(context);
  let failures = 0;
  let missing: AzbError | undefined;
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && missing === undefined; next = queue.next()) {
      const name = prefix + next.value.name;
      try {
        await send(storage, container, name, next.value, overwrite, context.signal);
        await context.stdout.write(`${container}/${name}\n`);
      } catch (error) {
        failures += 1;
        const { code } = error as Partial<ServiceError>;
        if (code === 'ContainerNotFound') missing = noContainer(container, error);
        else await tell(code === 'BlobAlreadyExists' ? taken(error) : error, name);
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  if (missing !== undefined) throw missing;
  // Who asked for all of a directory did not get all of it.
  return failures === 0 && left.length === 0 ? 0 : 1;
}

/** `CONTAINER/FOLDER`, as `azb download` takes it, is not what this takes. */
function checkContainer(container: string): void {
  const [name = '', ...folder] = container.split('/');
  if (folder.length === 0) return;
  const prefix = folder.join('/');
  throw new UsageError(`${container} does not name a container`, {
    next:
      prefix === '' ? `azb upload ${name} PATH` : `azb upload ${name} PATH --prefix ${shellQuote(prefix)}`,
  });
}

function taken(cause: unknown): AzbError {
  return new AzbError('there is a blob of that name already', { next: 'the same with --overwrite', cause });
}

/** What can be done with blobs. Rejects with the reason when there is no storage account. */
export async function storageOf(port: BatchPort, signal: AbortSignal): Promise<StoragePort> {
  if (port.storage !== undefined) return port.storage;
  await port.listPage('containers', {}, { pageSize: 1 }, signal);
  throw new AzbError('no storage account is configured');
}

async function send(
  storage: StoragePort,
  container: string,
  path: string,
  file: LocalFile,
  overwrite: boolean,
  signal: AbortSignal,
): Promise<void> {
  const contentType = await contentTypeOf(file.name);
  const options = { overwrite, onProgress: () => {} };
  await storage.upload({ kind: 'blob', container, path }, { ...file, contentType }, options, signal);
}

async function makeContainer(port: BatchPort, name: string, signal: AbortSignal): Promise<void> {
  const body: { readonly name: string } = { name };
  await port.add('containers', {}, body, signal).catch((error: unknown) => {
    if (!(error instanceof ServiceError) || error.code !== 'ContainerAlreadyExists') throw error;
  });
}

function noContainer(container: string, cause: unknown): AzbError {
  return new AzbError(`there is no container ${container}`, { next: 'the same with --create', cause });
}

function folderOf(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}
