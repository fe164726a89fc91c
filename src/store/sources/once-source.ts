import { drain } from '../../lib/drain.ts';
import type { AzbError } from '../../lib/errors.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { Entity, Resource } from '../../resources/types.ts';
import { type AppStore, EMPTY_FEED } from '../app-store.ts';
import { feedKeyOf } from '../keys-of.ts';
import type { Feed, ListView } from '../state.ts';
import { mergeWhole } from './feed-merge.ts';
import { FeedReader } from './feed-reader.ts';
import { failureStatus, type Source, type SourceContext } from './source.ts';
import { WholeRead } from './whole-read.ts';

/** Jobs that are looked at again at a time. */
const AT_ONCE = 4;
/** Milliseconds between two ticks while there is nothing to do: what is read once is not read again by itself. */
const AT_REST = 60_000;

/**
 * Reads a list once that takes many requests: what comes is shown as it comes, with how far it is. Leaving the view, and a
 * failure, interrupt it; it goes on where it was. When it is through, or was stopped, only {@link again} begins anew, or
 * looks once more at the jobs in which something was done.
 */
export class OnceSource implements Source {
  readonly key: string;
  readonly #context: SourceContext;
  readonly #view: ListView;
  readonly #resource: Resource<Entity>;
  readonly #reader: FeedReader;
  #reading: WholeRead | undefined;
  /** Jobs that are to be looked at again. */
  readonly #touched = new Set<string>();

  constructor(context: SourceContext, view: ListView) {
    this.#context = context;
    this.#view = view;
    this.#resource = resourceNamed(view.resource);
    this.#reader = new FeedReader(context.port, view);
    this.key = feedKeyOf(view);
  }

  async tick(signal: AbortSignal): Promise<void> {
    if (this.#feed().isAtRest !== true) await this.#read(signal);
    if (!signal.aborted && this.#feed().isAtRest === true) await this.#lookAgain(signal);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { now, store } = this.#context;
    // What was held before is shown until it is known anew.
    this.#reading ??= new WholeRead(this.#view.pushedFilter, this.#feed().updatedAt === undefined, now());
    const reading = this.#reading;
    const limit = store.getState().session.rowLimit;
    this.#set({ isAtRest: false });
    while (reading.isMore && reading.rows.length < limit) {
      await reading.turn((next) => this.#reader.page(next, reading.filter, signal));
      if (signal.aborted || this.#feed().isStopped === true) return;
      this.#show(reading, limit);
    }
  }

  again(jobs?: readonly string[]): void {
    for (const job of jobs ?? []) this.#touched.add(job);
    if (jobs !== undefined) return;
    this.#touched.clear();
    this.#reading = undefined;
    this.#set({ isAtRest: false, isStopped: false, note: undefined });
  }

  failed(error: AzbError, retryAt: number): void {
    this.#set({ status: failureStatus(error), error, retryAt });
  }

  forget(): void {
    this.#context.store.setState(({ feeds: { [this.key]: _, ...feeds } }) => ({ feeds }));
  }

  interval(): number {
    return AT_REST;
  }

  /** What was done to tasks of a job says nothing of the other jobs. */
  async #lookAgain(signal: AbortSignal): Promise<void> {
    const look = async (job: string): Promise<void> => {
      const reader = new FeedReader(this.#context.port, { ...this.#view, scope: { job } });
      const reading = new WholeRead(this.#view.pushedFilter, false, this.#context.now());
      const limit = this.#context.store.getState().session.rowLimit;
      while (reading.isMore && reading.rows.length < limit)
        await reading.turn((next) => reader.page(next, reading.filter, signal));
      this.#touched.delete(job);
      this.#replace(job, reading.rows, limit);
    };
    await drain([...this.#touched], AT_ONCE, look, () => !signal.aborted);
  }

  #replace(job: string, fresh: readonly Entity[], limit: number): void {
    const held = this.#feed();
    const others = held.rows.filter((row) => this.#resource.home?.(row).scope.job !== job);
    const { rows, before } = mergeWhole(this.#resource, held.rows, [...others, ...fresh].slice(0, limit));
    this.#set({ status: 'ready', rows, before, error: undefined, retryAt: undefined });
  }

  #show(reading: WholeRead, limit: number): void {
    const isOver = !reading.isMore || reading.rows.length >= limit;
    const held = this.#feed();
    const isShown = isOver || reading.isFresh;
    const merge = mergeWhole(this.#resource, held.rows, reading.rows.slice(0, limit));
    this.#set({
      status: 'ready',
      ...(isShown ? { rows: merge.rows, before: reading.isFresh ? new Map() : merge.before } : {}),
      complete: isOver ? !reading.isMore && reading.rows.length <= limit : held.complete && !reading.isFresh,
      note: reading.isMore ? reading.progress : (reading.note ?? reading.progress),
      isAtRest: isOver,
      updatedAt: this.#context.now(),
      error: undefined,
      retryAt: undefined,
    });
  }

  #feed(): Feed {
    return this.#context.store.getState().feeds[this.key] ?? EMPTY_FEED;
  }

  #set(change: Partial<Feed>): void {
    const feed = { ...this.#feed(), ...change };
    this.#context.store.setState(({ feeds }) => ({ feeds: { ...feeds, [this.key]: feed } }));
  }
}

/** Stops the reading of a list that is read once, where one is under way; says whether it was. */
export function stopReading(store: AppStore, view: ListView): boolean {
  const key = feedKeyOf(view);
  const feed = store.getState().feeds[key];
  const isReading = feed?.isAtRest === false && feed.updatedAt !== undefined;
  if (!isReading || resourceNamed(view.resource).once !== true) return false;
  const note = feed.note === undefined ? 'stopped' : `stopped: ${feed.note}`;
  const stopped: Feed = {
    ...feed,
    isStopped: true,
    isAtRest: true,
    complete: false,
    note,
    error: undefined,
    retryAt: undefined,
  };
  store.setState(({ feeds }) => ({ feeds: { ...feeds, [key]: stopped } }));
  return true;
}
