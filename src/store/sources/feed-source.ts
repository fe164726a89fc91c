import type { Page } from '../../api/port.ts';
import type { AzbError } from '../../lib/errors.ts';
import { allOf, compare } from '../../lib/odata.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { Entity, Resource } from '../../resources/types.ts';
import { EMPTY_FEED } from '../app-store.ts';
import { feedKeyOf } from '../keys-of.ts';
import { pushable } from '../push-filter.ts';
import type { Feed, ListView } from '../state.ts';
import { type ListBounds, type Merge, mergeDelta, mergeWhole } from './feed-merge.ts';
import { FeedReader } from './feed-reader.ts';
import { boundsFilter, type Held, slide } from './feed-window.ts';
import { RowDetails } from './row-details.ts';
import { failureStatus, type Slide, type Source, type SourceContext } from './source.ts';
import { WholeRead } from './whole-read.ts';

/** Clocks of the service's machines differ a little, and a change may be listed a moment after it happened. */
const DELTA_OVERLAP = 10_000;
/** After so long (ms) without a look, reading the list anew costs less than reading what changed. */
const DELTA_REACH = 300_000;
/** A list of more than a page is read anew at most this often (ms), however much its counts disagree. */
const WHOLE_PAUSE = 15_000;
const ONE_PAGE = 1000;
/** Pages up to which a list that cannot tell what changed is read at its usual pace. */
const PAGES_AT_ONCE = 4;
/** Rows up to which a list that drifts is read whole: no more costly than to ask what changed. */
const SHORT = 200;
/** Milliseconds between two pages of a long list that drifts. */
const DRIFT_PAUSE = 15_000;

/** A delta of more than a page, read one page a tick. */
interface Backlog {
  readonly next: string;
  /** The service's clock when the delta was asked for. */
  readonly askedAt: number;
}

/**
 * Keeps one list up to date: page by page at first, then by what changed, where the service can tell. The cost
 * of a tick is then one page of changes at most, and the count of the rows, whatever the size of the list.
 */
export class FeedSource implements Source {
  readonly key: string;
  readonly #context: SourceContext;
  readonly #view: ListView;
  readonly #resource: Resource<Entity>;
  readonly #keep: (row: Entity) => boolean;
  #backlog: Backlog | undefined;
  /** The last look asked how many rows there are. */
  #isCounted = false;
  /** The service's count disagrees with what is held: something was deleted. */
  #isDoubtful = false;
  /** Rows held less rows counted, right after a whole read: such a difference is the count's, not ours. */
  #accepted = 0;
  /** Our clock at the last whole read. */
  #wholeAt = Number.NEGATIVE_INFINITY;
  /** Rows held after the last whole read or slide: where there are fewer, some of them went. */
  #filled = 0;
  /** A reading of the whole list that is not over. */
  #reading: WholeRead | undefined;
  readonly #reader: FeedReader;
  readonly #details: RowDetails;
  /** Where the renewal of a list that drifts goes on, and our clock when it last went on. */
  #drift: { readonly next: string | undefined; readonly at: number };

  constructor(context: SourceContext, view: ListView) {
    this.#context = context;
    this.#view = view;
    this.#resource = resourceNamed(view.resource);
    const pushed = pushable(view);
    this.#keep = (row) => pushed === undefined || pushed.odata !== view.pushedFilter || pushed.test(row);
    this.key = feedKeyOf(view);
    this.#drift = { next: undefined, at: context.now() };
    this.#reader = new FeedReader(context.port, view);
    this.#details = new RowDetails(this.#resource);
  }

  async tick(signal: AbortSignal): Promise<void> {
    const feed = this.#feed();
    if (feed.syncedTo === undefined || !this.#resource.deltas || this.#isWholeDue(feed)) {
      await this.#tickWhole(signal, feed.updatedAt === undefined);
    } else {
      await this.#tickDelta(feed, feed.syncedTo, signal);
    }
    await this.#askDetails(signal);
  }

  async slide(to: Slide, signal: AbortSignal): Promise<void> {
    const feed = this.#feed();
    this.#reading = undefined;
    if (to === 'start') {
      this.#set({ cutStart: false, cutEnd: true });
      await this.#tickWhole(signal, true);
      return;
    }
    const context = {
      resource: this.#resource,
      limit: this.#limit(),
      total: this.#view.pushedFilter === undefined ? feed.total : undefined,
      read: this.#reader.rows(signal),
    };
    const held = await slide(context, feed, to);
    if (held === feed) return;
    this.#backlog = undefined;
    this.#filled = held.rows.length;
    const { rows, cutStart, cutEnd } = held;
    this.#set({ rows, cutStart, cutEnd, complete: !cutStart && !cutEnd, before: new Map() });
    if (to === 'end') this.#putCursorOnLast(rows);
  }

  failed(error: AzbError, retryAt: number): void {
    this.#set({ status: failureStatus(error), error, retryAt });
  }

  forget(): void {
    this.#context.store.setState(({ feeds: { [this.key]: _, ...feeds } }) => ({ feeds }));
  }

  interval(): number | undefined {
    const { refreshEvery } = this.#resource;
    if (refreshEvery === undefined) return undefined;
    const usual = Math.max(refreshEvery, this.#context.store.getState().session.refreshSeconds) * 1000;
    // A list of many pages is read whole every time: so that it costs no more than a short one, it is read less often.
    return usual * Math.max(1, this.#feed().rows.length / (PAGES_AT_ONCE * ONE_PAGE));
  }

  #isWholeDue(feed: Feed): boolean {
    const now = this.#context.now();
    if (feed.updatedAt === undefined || now - feed.updatedAt > DELTA_REACH) return true;
    if (this.#resource.drifts === true && feed.rows.length <= SHORT) return true;
    return this.#isDoubtful && (feed.rows.length <= ONE_PAGE || now - this.#wholeAt >= WHOLE_PAUSE);
  }

  /** Reads what is held anew; `isFresh` shows each page as it comes, instead of what was held. */
  async #tickWhole(signal: AbortSignal, isFresh: boolean): Promise<void> {
    const limit = this.#limit();
    const { cutStart } = this.#feed();
    const reading = this.#goOn(isFresh, cutStart);
    while (reading.isMore && reading.rows.length < limit) {
      const isFirst = await reading.turn((next) => this.#reader.page(next, reading.filter, signal));
      if (!reading.isFresh) continue;
      const rows = this.#details.on(reading.rows.slice(0, limit));
      this.#set({
        status: 'ready',
        rows,
        updatedAt: this.#context.now(),
        error: undefined,
        retryAt: undefined,
      });
      // A long list says early how long it is.
      if (isFirst && reading.isMore) this.#set({ total: await this.#reader.total(signal) });
    }
    if (cutStart && reading.rows.length === 0) return this.slide('start', signal);
    const total = await this.#reader.total(signal);
    this.#reading = undefined;
    const rows = this.#details.on(reading.rows.slice(0, limit));
    const merge = mergeWhole(this.#resource, reading.isFresh ? [] : this.#feed().rows, rows);
    const cutEnd = reading.isMore || reading.rows.length > limit;
    this.#backlog = undefined;
    this.#isDoubtful = false;
    this.#accepted = total === undefined ? 0 : merge.rows.length - total;
    this.#filled = merge.rows.length;
    this.#wholeAt = this.#context.now();
    if (reading.note !== this.#feed().note) this.#set({ note: reading.note });
    const shown = reading.isFresh ? { ...merge, before: new Map() } : merge;
    this.#settle(shown, { cutStart, cutEnd }, total, reading.serverTime);
  }

  /** The reading that a failure cut short, where it is not too long ago, or a new one. */
  #goOn(isFresh: boolean, cutStart: boolean): WholeRead {
    const now = this.#context.now();
    if (this.#reading === undefined || now - this.#reading.begunAt > DELTA_REACH) {
      const bounds = cutStart ? this.#bounds({ cutEnd: false }) : undefined;
      this.#reading = new WholeRead(allOf([this.#view.pushedFilter, bounds]), isFresh, now);
    }
    return this.#reading;
  }

  /** What the list itself does not say of the rows on the screen. */
  async #askDetails(signal: AbortSignal): Promise<void> {
    const { port, visibleIds, weighedIds, now } = this.#context;
    const ids = { visible: visibleIds?.() ?? [], weighed: weighedIds?.() ?? [] };
    await this.#details.ask(port, ids, now, signal, () => {
      const held = this.#feed().rows;
      const { rows, before } = mergeWhole(this.#resource, held, this.#details.on(held));
      this.#set({ rows, before: new Map([...this.#feed().before, ...before]) });
    });
  }

  async #tickDelta(feed: Feed, syncedTo: number, signal: AbortSignal): Promise<void> {
    const page = await this.#changes(syncedTo, signal);
    const askedAt = this.#backlog?.askedAt ?? page.serverTime;
    this.#backlog = page.next === undefined ? undefined : { next: page.next, askedAt };
    const isBusy = this.#backlog !== undefined;
    const visible = isBusy ? await this.#reader.range(this.#context.visibleIds?.() ?? [], signal) : [];
    const drifted = await this.#drifted(signal);
    const { cutStart, cutEnd } = feed;
    const bounds: ListBounds = { limit: this.#limit(), cutStart, cutEnd, keep: this.#keep };
    // Rows may have been taken away meanwhile, as by a deletion.
    const held = this.#feed().rows;
    const merge = mergeDelta(this.#resource, held, [...page.rows, ...visible, ...drifted], bounds);
    // Counted after the changes were read: what was added meanwhile makes the count the larger one. While
    // nothing changes, every second look does without.
    this.#isCounted = merge.changed || !this.#isCounted;
    const total = this.#isCounted ? await this.#reader.total(signal) : feed.total;
    // The end of a list that grows stays its end.
    const cut = { cutStart, cutEnd: cutEnd || (merge.overflowed && !cutStart) };
    if (!isBusy && this.#isCounted) this.#isDoubtful = this.#isDisagreed(feed, merge, cut, total);
    this.#settle(merge, cut, total, isBusy ? syncedTo : askedAt);
  }

  /** The first page of what changed, or the next page of a delta that one page could not hold. */
  #changes(syncedTo: number, signal: AbortSignal): Promise<Page> {
    if (this.#backlog !== undefined) return this.#reader.page(this.#backlog.next, undefined, signal);
    const since = compare('stateTransitionTime', 'ge', new Date(syncedTo - DELTA_OVERLAP));
    return this.#reader.page(undefined, allOf([since, this.#bounds({})]), signal);
  }

  /** What says where in the list the rows held are; undefined where all of it is held, or cannot be told. */
  #bounds(change: Partial<Held>): string | undefined {
    return this.#resource.seekable === true
      ? boundsFilter(this.#resource, { ...this.#feed(), ...change })
      : undefined;
  }

  /** The next page of a list that drifts, from time to time. */
  async #drifted(signal: AbortSignal): Promise<readonly Entity[]> {
    const now = this.#context.now();
    if (this.#resource.drifts !== true || now - this.#drift.at < DRIFT_PAUSE) return [];
    const page = await this.#reader.page(this.#drift.next, this.#view.pushedFilter, signal);
    this.#drift = { next: page.next, at: now };
    return page.rows;
  }

  /** Deleted tasks never show up in a delta; that there are fewer than before tells of them. */
  #isDisagreed(
    feed: Feed,
    merge: Merge,
    { cutStart, cutEnd }: Pick<Held, 'cutStart' | 'cutEnd'>,
    total: number | undefined,
  ): boolean {
    if (total === undefined) return false;
    if (!cutStart && !cutEnd) {
      const difference = merge.rows.length - total;
      return difference !== 0 && difference !== this.#accepted;
    }
    const isThinned = merge.rows.length < this.#filled && merge.rows.length < total;
    // Of the tasks in one state there may be fewer without any being deleted.
    const isShrunk = this.#view.pushedFilter === undefined && feed.total !== undefined && total < feed.total;
    return this.#isDoubtful || isThinned || isShrunk;
  }

  #limit(): number {
    return this.#context.store.getState().session.rowLimit;
  }

  #settle(
    { rows, before }: Merge,
    { cutStart, cutEnd }: Pick<Held, 'cutStart' | 'cutEnd'>,
    total: number | undefined,
    syncedTo: number | undefined,
  ): void {
    this.#set({
      status: 'ready',
      rows,
      before,
      complete: !cutStart && !cutEnd,
      cutStart,
      cutEnd,
      total,
      states: this.#reader.states,
      syncedTo,
      updatedAt: this.#context.now(),
      error: undefined,
      retryAt: undefined,
    });
  }

  #putCursorOnLast(rows: readonly Entity[]): void {
    const last = rows[rows.length - 1];
    if (last === undefined) return;
    const cursor = this.#resource.idOf(last);
    this.#context.store.setState(({ views }) => ({
      views: views.map((view) =>
        view.kind === 'list' && feedKeyOf(view) === this.key
          ? { ...view, cursor, cursorRow: rows.length - 1, top: rows.length - 1 }
          : view,
      ),
    }));
  }

  #feed(): Feed {
    return this.#context.store.getState().feeds[this.key] ?? EMPTY_FEED;
  }

  #set(change: Partial<Feed>): void {
    const feed = { ...this.#feed(), ...change };
    this.#context.store.setState((state) => ({ feeds: { ...state.feeds, [this.key]: feed } }));
  }
}
