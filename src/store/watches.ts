import type { BatchPort } from '../api/port.ts';
import { AzbError, describeError } from '../lib/errors.ts';
import { resourceNamed } from '../resources/registry.ts';
import { subjectHere } from './actions/subject.ts';
import { type AppStore, topView } from './app-store.ts';
import { flash, flashError } from './flash.ts';
import type { Host } from './host.ts';
import { type Notice, noticeOf } from './notice.ts';
import type { Timing } from './poller.ts';
import type { Services } from './services.ts';
import { type Awaited, nameOf, type Sighting, sight } from './sighting.ts';

/** Milliseconds between two looks at what is watched, and after a failed one. */
const INTERVAL = 15_000;
const AFTER_FAILURE = 60_000;
/** Watched at most: each costs one or two requests a look, whatever is on the screen. */
const MOST = 5;

/** Something that rings when it is over, or when something of it fails. */
export interface Watch extends Awaited {
  /** Troubles that are known. */
  readonly troubles: number;
}

/** Watches what the cursor is on, or stops watching it. Rejects when the service could not be asked. */
export async function toggleWatch(services: Services): Promise<void> {
  const { store, port } = services;
  const state = store.getState();
  const view = topView(state);
  if (view.kind !== 'list' || port === undefined) return;
  const subject = subjectHere(services);
  if (subject === undefined)
    return flash(store, 'warn', `there is no ${resourceNamed(view.resource).singular} under the cursor`);
  const { scope, id } = subject;
  const resource = subject.resource.name;
  if (resource !== 'jobs' && resource !== 'pools' && resource !== 'tasks') return;
  const awaited = { resource, scope, id } as const;
  const known = state.watches.find((watch) => isSame(watch, awaited));
  if (known !== undefined) {
    drop(store, known);
    flash(store, 'info', `${nameOf(known)} is watched no more`);
  } else if (state.watches.length >= MOST) {
    flash(store, 'warn', `${MOST} are watched already: the same key stops one`);
  } else await begin(services, port, { ...awaited, until: resource === 'pools' ? 'ready' : 'done' });
}

/** Of a pool that is ready, that it has nothing more to do is what there is to wait for. */
async function begin({ store }: Services, port: BatchPort, awaited: Awaited): Promise<void> {
  const { signal } = new AbortController();
  let wanted = awaited;
  let seen = await sight(port, wanted, signal);
  if (seen.isOver && wanted.until === 'ready') {
    wanted = { ...wanted, until: 'idle' };
    seen = await sight(port, wanted, signal);
  }
  if (seen.isOver) return flash(store, 'info', `nothing to wait for: ${seen.text}`);
  const watch = { ...wanted, troubles: seen.troubles };
  store.setState(({ watches }) => ({
    watches: [...watches.filter((other) => !isSame(other, watch)), watch],
  }));
  flash(store, 'info', `it rings when ${END[wanted.until]}, or something fails; ${seen.text}`);
}

const END = { done: 'it is done', ready: 'all nodes are there', idle: 'no node has anything to do' } as const;

export interface WatchesOptions {
  readonly store: AppStore;
  readonly port: BatchPort | undefined;
  readonly timing: Timing;
  readonly host: Pick<Host, 'ring' | 'post'>;
}

/** Looks at what is watched while there is something, and at nothing otherwise. Gives what ends it. */
export function keepWatch({ store, port, timing, host }: WatchesOptions): () => void {
  const account = port?.account.name ?? '';
  const abort = new AbortController();
  let cancel: (() => void) | undefined;
  const look = async (watch: Watch): Promise<boolean> => {
    try {
      const seen = await sight(port as BatchPort, watch, abort.signal);
      if (store.getState().watches.includes(watch) && tell({ store, host }, watch, seen))
        await post({ store, host }, seen, noticeOf(watch, seen, account, timing.now()));
      return true;
    } catch (error) {
      if (!(error instanceof AzbError) && !abort.signal.aborted) throw error;
      // What is on the screen says that the service cannot be asked; the watch outlasts it.
      return false;
    }
  };
  const round = async (): Promise<void> => {
    let isWell = true;
    try {
      for (const watch of store.getState().watches) isWell = (await look(watch)) && isWell;
    } finally {
      cancel = undefined;
      if (!abort.signal.aborted) arm(isWell ? INTERVAL : AFTER_FAILURE);
    }
  };
  const arm = (wait: number): void => {
    if (cancel !== undefined || store.getState().watches.length === 0) return;
    cancel = timing.setTimer(() => void round().catch((error: unknown) => flashError(store, error)), wait);
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (state.watches !== before.watches && port !== undefined) arm(INTERVAL);
  });
  return () => {
    unsubscribe();
    abort.abort();
    cancel?.();
  };
}

/** Says whether the user was called. */
function tell(
  { store, host }: Pick<WatchesOptions, 'store' | 'host'>,
  watch: Watch,
  seen: Sighting,
): boolean {
  const isWorse = seen.troubles > watch.troubles;
  if (seen.isOver) drop(store, watch);
  else if (seen.troubles !== watch.troubles) {
    // Also when there are fewer: what fails again after that rings again.
    const known = { ...watch, troubles: seen.troubles };
    store.setState(({ watches }) => ({ watches: watches.map((other) => (other === watch ? known : other)) }));
  }
  if (!seen.isOver && !isWorse) return false;
  flash(store, seen.isBad || isWorse ? 'warn' : 'info', seen.text);
  host.ring(`azb: ${seen.text}`);
  return true;
}

/** What was seen stays said, whatever becomes of the webhook. */
async function post(
  { store, host }: Pick<WatchesOptions, 'store' | 'host'>,
  seen: Sighting,
  notice: Notice,
): Promise<void> {
  try {
    await host.post(notice);
  } catch (error) {
    const { message, next } = describeError(error);
    flash(store, 'warn', `${seen.text}; ${message}${next === undefined ? '' : ` – try: ${next}`}`);
  }
}

function drop(store: AppStore, watch: Watch): void {
  store.setState(({ watches }) => ({ watches: watches.filter((other) => !isSame(other, watch)) }));
}

function isSame(
  left: Pick<Awaited, 'resource' | 'scope' | 'id'>,
  right: Pick<Awaited, 'resource' | 'scope' | 'id'>,
): boolean {
  return left.resource === right.resource && left.id === right.id && left.scope.job === right.scope.job;
}
