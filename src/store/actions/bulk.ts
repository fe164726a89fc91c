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
  const progress = new BulkProgress(services, plan);
  const { signal } = progress.abort;
  progress.show('running');
  const queue = plan.units[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && !signal.aborted; next = queue.next()) {
      const { size } = next.value;
      const tell = progress.ofUnit();
      const failed = await attempt(next.value, signal, (soFar) => tell(Math.min(soFar, size)));
      progress.failures.push(...failed);
      tell(size);
    }
  };
  signal.addEventListener('abort', () => progress.show('running'));
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  progress.show(signal.aborted ? 'cancelled' : 'ended');
  return progress.failures;
}

/** How far bulk work is, and the dialog that shows it. */
class BulkProgress {
  readonly abort = new AbortController();
  readonly failures: Failure[] = [];
  readonly #services: Pick<Services, 'store' | 'timing'>;
  readonly #plan: BulkPlan;
  readonly #startedAt: number;
  #done = 0;
  #shown: { readonly at: number; readonly percent: number };

  constructor(services: Pick<Services, 'store' | 'timing'>, plan: BulkPlan) {
    this.#services = services;
    this.#plan = plan;
    this.#startedAt = services.timing.now();
    this.#shown = { at: this.#startedAt, percent: 0 };
  }

  /** Counts for one unit: it is told how much of the unit is done so far. Shown when a picture is due. */
  ofUnit(): (sizeSoFar: number) => void {
    let part = 0;
    return (sizeSoFar) => {
      this.#done += sizeSoFar - part;
      part = sizeSoFar;
      const isDue =
        this.#services.timing.now() - this.#shown.at >= PICTURE_PAUSE ||
        percentOf(this.#done, this.#plan.total) !== this.#shown.percent;
      if (isDue) this.show('running');
    };
  }

  show(state: BulkDialog['state']): void {
    const { title, total, measure, again } = this.#plan;
    const now = this.#services.timing.now();
    this.#shown = { at: now, percent: percentOf(this.#done, total) };
    const failed = [...this.failures];
    const { overlay } = this.#services.store.getState();
    const dialog: BulkDialog = {
      kind: 'bulk',
      title,
      total,
      done: this.#done,
      failures: failed,
      // Whoever reads what failed so far keeps the place.
      first: overlay?.kind === 'bulk' && overlay.abort === this.abort ? overlay.first : undefined,
      state,
      startedAt: this.#startedAt,
      elapsed: now - this.#startedAt,
      measure,
      again: again === undefined || failed.length === 0 ? undefined : () => again(failed),
      abort: this.abort,
    };
    this.#services.store.setState({ overlay: dialog });
  }
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
