import { describeError } from '../../lib/errors.ts';
import type { BulkDialog, Failure } from '../dialogs.ts';
import type { Services } from '../services.ts';

/** Milliseconds between two pictures of the progress: to draw each of 25,000 steps costs more than the work. */
const PICTURE_PAUSE = 100;
/** Requests of one bulk job that are under way at a time. */
const CONCURRENCY = 8;

/** A piece of bulk work: one request, for one or many things. */
export interface Unit {
  /** How many things it is for, for the progress. */
  readonly size: number;
  /**
   * Does it; gives what failed of it, or rejects when all of it did. The signal says that no further request
   * is wanted; one that is under way is waited for, because only its answer tells whether it took effect. Who has
   * much to do may tell on the way how much of its size is done.
   */
  run(signal: AbortSignal, onPart: (size: number) => void): Promise<readonly Failure[]>;
  /** Names the things, when all of them failed. */
  readonly ids: readonly string[];
}

export interface BulkPlan {
  /** "Deleting 500 tasks". */
  readonly title: string;
  readonly total: number;
  readonly units: Iterable<Unit>;
  /** What `total` and the sizes count: things unless told. */
  readonly measure?: 'bytes';
  /** Does what failed once more. */
  again?(failures: readonly Failure[]): Promise<void>;
}

/**
 * Does many things with progress, at bounded concurrency, until they are done or cancelled: what is under way
 * then is still waited for. Failures are collected with their reasons and do not stop the rest. Resolves with
 * them.
 */
export async function runBulk(services: Services, plan: BulkPlan): Promise<readonly Failure[]> {
  const { store, timing } = services;
  const abort = new AbortController();
  const failures: Failure[] = [];
  let done = 0;
  const startedAt = timing.now();
  let shown = { at: startedAt, percent: 0 };
  const show = (state: BulkDialog['state']): void => {
    const { title, total, measure, again } = plan;
    shown = { at: timing.now(), percent: percentOf(done, total) };
    const failed = [...failures];
    const dialog: BulkDialog = {
      kind: 'bulk',
      title,
      total,
      done,
      failures: failed,
      state,
      startedAt,
      elapsed: timing.now() - startedAt,
      measure,
      again: again === undefined || failed.length === 0 ? undefined : () => again(failed),
      abort,
    };
    store.setState({ overlay: dialog });
  };
  show('running');
  const queue = plan.units[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && !abort.signal.aborted; next = queue.next()) {
      const { size } = next.value;
      let part = 0;
      const tell = (sizeSoFar: number): void => {
        done += sizeSoFar - part;
        part = sizeSoFar;
        const isDue =
          timing.now() - shown.at >= PICTURE_PAUSE || percentOf(done, plan.total) !== shown.percent;
        if (isDue) show('running');
      };
      failures.push(...(await attempt(next.value, abort.signal, (soFar) => tell(Math.min(soFar, size)))));
      tell(size);
    }
  };
  abort.signal.addEventListener('abort', () => show('running'));
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  show(abort.signal.aborted ? 'cancelled' : 'ended');
  return failures;
}

function percentOf(done: number, total: number): number {
  return Math.floor((done / Math.max(1, total)) * 100);
}

async function attempt(
  unit: Unit,
  signal: AbortSignal,
  onPart: (size: number) => void,
): Promise<readonly Failure[]> {
  try {
    return await unit.run(signal, onPart);
  } catch (error) {
    return allFailed(unit.ids, error);
  }
}

/** One failure for each of the ids, all for the same reason. */
export function allFailed(ids: readonly string[], error: unknown): Failure[] {
  const { message, details, next } = describeError(error);
  const reason = [message, ...details].join(', ');
  return ids.map((id) => ({ id, reason, next }));
}
