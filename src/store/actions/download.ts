import type { FileRef } from '../../api/port.ts';
import type { Blob } from '../../resources/blob.ts';
import type { NodeFile } from '../../resources/file.ts';
import type { Scope } from '../../resources/types.ts';
import { topView } from '../app-store.ts';
import type { Failure } from '../dialogs.ts';
import { flash } from '../flash.ts';
import type { NewFile } from '../host.ts';
import { feedKey } from '../keys-of.ts';
import { cursorIndex, targetIds } from '../list-moves.ts';
import { portOf, type Services } from '../services.ts';
import { ownerOf } from '../tail-names.ts';
import { runBulk, type Unit } from './bulk.ts';
import { whileBusy } from './subject.ts';

/** Bytes asked for in one request. */
const CHUNK = 4 * 1024 * 1024;

/** A file of the service that is being saved. */
interface Download {
  readonly ref: FileRef;
  readonly size: number;
  readonly version: string | undefined;
  /** Made when its first bytes are there: a directory may have more files than can be open at a time. */
  file: Promise<NewFile> | undefined;
  /** Pieces that are not written yet. */
  missing: number;
  /** Where it is, once it is whole. */
  path: string | undefined;
}

/** Saves the marked files, or the one under the cursor, on this machine; a directory with all that is in it. */
export function startDownload(services: Services): void {
  const chosen = chosenNames(services);
  const scope = scopeHere(services);
  if (chosen.length === 0 || scope === undefined) {
    flash(services.store, 'warn', 'there is no file under the cursor');
    return;
  }
  const work = async (): Promise<void> => {
    const paths = await pathsOf(services, scope, chosen);
    if (paths === undefined) flash(services.store, 'warn', 'stopped, nothing was saved');
    else if (paths.length > 0) await download(services, scope, paths);
    else flash(services.store, 'warn', 'there is no file in it');
  };
  services.background(whileBusy(services, work));
}

function scopeHere({ store }: Services): Scope | undefined {
  const view = topView(store.getState());
  return view.kind === 'list' ? view.scope : undefined;
}

function chosenNames(services: Services): string[] {
  const state = services.store.getState();
  const view = topView(state);
  if (view.kind !== 'list') return [];
  const listing = services.listings.of(state, view);
  const here = listing.rows[cursorIndex(view, listing)];
  return targetIds({ ...view, cursor: here === undefined ? undefined : listing.resource.idOf(here) });
}

/**
 * The files of the names: a list of files has all that is in directories, one of blobs has to be asked for it. Undefined
 * when that was stopped.
 */
async function pathsOf(
  services: Services,
  scope: Scope,
  names: readonly string[],
): Promise<string[] | undefined> {
  if (scope.container !== undefined) return blobsUnder(services, scope, names);
  const state = services.store.getState();
  const rows = state.feeds[feedKey('files', scope)]?.rows ?? [];
  return filesUnder(names, rows as readonly NodeFile[]);
}

/** The blobs of the names, with those in folders; shows how many it has found, and stops when it is told. */
async function blobsUnder(
  services: Services,
  { container = '' }: Scope,
  names: readonly string[],
): Promise<string[] | undefined> {
  const abort = new AbortController();
  const found = names.filter((name) => !name.endsWith('/'));
  const folders = names.filter((name) => name.endsWith('/'));
  const startedAt = services.timing.now();
  const show = () => {
    const elapsed = services.timing.now() - startedAt;
    const progress = { total: 0, done: found.length, failures: [], startedAt, elapsed };
    const title = 'Looking for the files in it';
    services.store.setState({ overlay: { kind: 'bulk', title, ...progress, state: 'running', abort } });
  };
  try {
    for (const folder of folders) {
      let next: string | undefined;
      do {
        show();
        const query = { recursive: true, ...(next === undefined ? {} : { next }) };
        const page = await portOf(services).listPage('blobs', { container, folder }, query, abort.signal);
        const blobs = page.rows as readonly Blob[];
        found.push(...blobs.map(({ name }) => name).filter((each) => !each.endsWith('/')));
        next = page.next;
      } while (next !== undefined);
    }
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  } finally {
    if (folders.length > 0) services.store.setState({ overlay: undefined });
  }
  return abort.signal.aborted ? undefined : found;
}

/** The files that are named, and those inside the directories that are named. */
export function filesUnder(names: readonly string[], files: readonly NodeFile[]): string[] {
  return files
    .filter((file) => file.isDirectory !== true)
    .map((file) => file.name)
    .filter((name) => names.some((wanted) => name === wanted || name.startsWith(`${wanted}/`)));
}

async function download(services: Services, scope: Scope, paths: readonly string[]): Promise<void> {
  const what = paths.length === 1 ? paths[0] : `${paths.length} files`;
  const title = `Saving ${what}`;
  const again = (failed: readonly Failure[]): Promise<void> => {
    const names = new Set(failed.map(({ id }) => id));
    return download(
      services,
      scope,
      paths.filter((path) => names.has(path)),
    );
  };
  const { downloads, failures } = await lookAt(services, scope, paths, `Looking at ${what}`);
  if (!isStopped(services)) {
    const total = downloads.reduce((sum, { size }) => sum + size, 0);
    const units = downloads.flatMap((one) => [...piecesOf(services, one)]);
    failures.push(...(await runBulk(services, { title, total, units, measure: 'bytes' })));
  }
  await finish(services, downloads, failures, title, again);
}

/** How long each file is, which of thousands of files takes its time, too. */
async function lookAt(
  services: Services,
  scope: Scope,
  paths: readonly string[],
  title: string,
): Promise<{ readonly downloads: readonly Download[]; readonly failures: Failure[] }> {
  const found = new Map<string, Download>();
  const units = paths.map((path): Unit => {
    const look = async (signal: AbortSignal): Promise<readonly Failure[]> => {
      found.set(path, await begin(services, fileRef(scope, path), signal));
      return [];
    };
    return { size: 1, ids: [path], run: (signal) => unlessStopped(signal, () => look(signal)) };
  });
  const failures = [...(await runBulk(services, { title, total: paths.length, units }))];
  return { downloads: paths.flatMap((path) => found.get(path) ?? []), failures };
}

/** What comes to nothing because the user stopped it has not failed. */
async function unlessStopped(
  signal: AbortSignal,
  work: () => Promise<readonly Failure[]>,
): Promise<readonly Failure[]> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
}

function isStopped({ store }: Services): boolean {
  const { overlay } = store.getState();
  return overlay?.kind === 'bulk' && overlay.state === 'cancelled';
}

/** The file of a list's row. */
export function fileRef({ job, task, pool, node, container }: Scope, path: string): FileRef {
  if (container !== undefined) return { kind: 'blob', container, path };
  if (job !== undefined && task !== undefined) return { kind: 'task', job, task, path };
  return { kind: 'node', pool: pool ?? '', node: node ?? '', path };
}

async function begin(services: Services, ref: FileRef, signal: AbortSignal): Promise<Download> {
  const { size, version } = await portOf(services).statFile(ref, signal);
  return {
    ref,
    size,
    version,
    file: undefined,
    missing: Math.max(1, Math.ceil(size / CHUNK)),
    path: undefined,
  };
}

function fileOf({ host }: Services, one: Download): Promise<NewFile> {
  const { ref } = one;
  const owner = ref.kind === 'node' ? ref.node.slice(0, 14) : ownerOf(ref);
  one.file ??= host.createFile(`${owner}-${ref.path}`);
  return one.file;
}

/** The pieces are asked for side by side, and each is written where it belongs: none is held for long. */
function* piecesOf(services: Services, one: Download): Generator<Unit> {
  let start = 0;
  do {
    const [from, end] = [start, Math.min(one.size, start + CHUNK)];
    yield {
      size: end - from,
      ids: [one.ref.path],
      run: (signal) => unlessStopped(signal, () => savePiece(services, one, from, end, signal)),
    };
    start = end;
  } while (start < one.size);
}

async function savePiece(
  services: Services,
  one: Download,
  start: number,
  end: number,
  signal: AbortSignal,
): Promise<readonly Failure[]> {
  const id = one.ref.path;
  const bytes =
    end > start ? await portOf(services).readFile(one.ref, { start, end }, signal) : new Uint8Array();
  if (bytes.length < end - start) return [{ id, reason: 'the file became shorter while it was read' }];
  const file = await fileOf(services, one);
  await file.write(bytes, start);
  if (one.missing === 1 && (await isChanged(services, one, signal))) {
    return [{ id, reason: 'the file changed while it was read' }];
  }
  one.missing -= 1;
  if (one.missing > 0) return [];
  await file.close();
  one.path = file.path;
  return [];
}

/** Whether pieces of it may be of another content than the others. */
async function isChanged(
  services: Services,
  { ref, size, version }: Download,
  signal: AbortSignal,
): Promise<boolean> {
  if (version === undefined || size <= CHUNK) return false;
  return (await portOf(services).statFile(ref, signal)).version !== version;
}

/** Keeps the files that are whole; a part of a file is no file. */
async function finish(
  services: Services,
  downloads: readonly Download[],
  failures: readonly Failure[],
  title: string,
  again: (failed: readonly Failure[]) => Promise<void>,
): Promise<void> {
  const { store } = services;
  const isGivenUp = isStopped(services);
  const whole = downloads.filter(({ path }) => path !== undefined);
  for (const { file, path } of downloads) if (path === undefined) await discard(file);
  const { overlay } = store.getState();
  const failed = new Set(failures.map(({ id }) => id)).size;
  if (overlay?.kind === 'bulk') {
    if (failed === 0) store.setState({ overlay: undefined });
    else {
      const told = { failures: onePerFile(failures), again: () => again(failures) };
      store.setState({ overlay: { ...overlay, ...told } });
    }
  }
  const [first] = whole;
  if (failed > 0) flash(store, 'error', `${title}: ${failed} could not be saved`);
  else if (isGivenUp || whole.length < downloads.length)
    flash(store, 'warn', `${title}: stopped, nothing half is kept`);
  else if (whole.length === 1 && first !== undefined) flash(store, 'info', `saved ${first.path}`);
  else if (first !== undefined) flash(store, 'info', `saved ${whole.length} files beside ${first.path}`);
}

/** What was begun of a file, if anything was. */
async function discard(file: Download['file']): Promise<void> {
  const begun = await file?.catch(() => undefined);
  await begun?.discard();
}

/** Several pieces of one file may fail, for one reason. */
function onePerFile(failures: readonly Failure[]): Failure[] {
  return [...new Map(failures.map((failure) => [failure.id, failure])).values()];
}
