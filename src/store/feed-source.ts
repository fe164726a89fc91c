import type { Page } from '../api/port.ts';
import type { AzbError } from '../lib/errors.ts';
import { compare } from '../lib/odata.ts';
import { resourceNamed } from '../resources/registry.ts';
import type { Entity, Resource } from '../resources/types.ts';
import { EMPTY_FEED } from './create.ts';
import { type ListBounds, type Merge, mergeDelta, mergeWhole } from './feed-merge.ts';
import { feedKeyOf } from './keys-of.ts';
import { pushable } from './push-filter.ts';
import { failureStatus, type Source, type SourceContext } from './source.ts';
import type { Feed, ListView } from './state.ts';

/** Clocks of the service's machines differ a little, and a change may be listed a moment after it happened. */
const DELTA_OVERLAP = 10_000;
/** After so long (ms) without a look, reading the list anew costs less than reading what changed. */
const DELTA_REACH = 300_000;
/** A list of more than a page is read anew at most this often (ms), however much its counts disagree. */
const WHOLE_PAUSE = 15_000;
const ONE_PAGE = 1000;

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

  constructor(context: SourceContext, view: ListView) {
    this.#context = context;
    this.#view = view;
    this.#resource = resourceNamed(view.resource);
    const pushed = pushable(view);
    this.#keep = (row) => pushed === undefined || pushed.odata !== view.pushedFilter || pushed.test(row);
    this.key = feedKeyOf(view);
  }

  async tick(signal: AbortSignal): Promise<void> {
    const feed = this.#feed();
    if (feed.syncedTo === undefined || !this.#resource.deltas || this.#isWholeDue(feed)) {
      await this.#tickWhole(signal);
    } else {
      await this.#tickDelta(feed, feed.syncedTo, signal);
    }
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
    return Math.max(refreshEvery, this.#context.store.getState().session.refreshSeconds) * 1000;
  }

  #isWholeDue(feed: Feed): boolean {
    const now = this.#context.now();
    if (feed.updatedAt === undefined || now - feed.updatedAt > DELTA_REACH) return true;
    return this.#isDoubtful && (feed.rows.length <= ONE_PAGE || now - this.#wholeAt >= WHOLE_PAUSE);
  }

  async #tickWhole(signal: AbortSignal): Promise<void> {
    const isFirst = this.#feed().updatedAt === undefined;
    const limit = this.#limit();
    const rows: Entity[] = [];
    let serverTime: number | undefined;
    let next: string | undefined;
    do {
      const page = await this.#page(next, this.#view.pushedFilter, signal);
      const isFirstPage = serverTime === undefined;
      serverTime ??= page.serverTime;
      rows.push(...page.rows);
      next = page.next;
      if (isFirst) this.#set({ status: 'ready', rows: rows.slice(0, limit), updatedAt: this.#context.now() });
      // A long list says early how long it is.
      if (isFirst && isFirstPage && next !== undefined) this.#set({ total: await this.#total(signal) });
    } while (next !== undefined && rows.length < limit);
    const merge = mergeWhole(this.#resource, isFirst ? [] : this.#feed().rows, rows.slice(0, limit));
    const complete = next === undefined && rows.length <= limit;
    const total = await this.#total(signal);
    this.#backlog = undefined;
    this.#isDoubtful = false;
    this.#accepted = total === undefined ? 0 : merge.rows.length - total;
    this.#wholeAt = this.#context.now();
    this.#settle(isFirst ? { ...merge, before: new Map() } : merge, complete, total, serverTime);
  }

  async #tickDelta(feed: Feed, syncedTo: number, signal: AbortSignal): Promise<void> {
    const page = await this.#changes(feed, syncedTo, signal);
    const askedAt = this.#backlog?.askedAt ?? page.serverTime;
    this.#backlog = page.next === undefined ? undefined : { next: page.next, askedAt };
    const isBusy = this.#backlog !== undefined;
    const visible = isBusy ? await this.#visibleRows(signal) : [];
    const bounds: ListBounds = { limit: this.#limit(), complete: feed.complete, keep: this.#keep };
    const merge = mergeDelta(this.#resource, feed.rows, [...page.rows, ...visible], bounds);
    // Counted after the changes were read: what was added meanwhile makes the count the larger one. While
    // nothing changes, every second look does without.
    this.#isCounted = merge.changed || !this.#isCounted;
    const total = this.#isCounted ? await this.#total(signal) : feed.total;
    const complete = feed.complete && !merge.overflowed;
    if (!isBusy && this.#isCounted) this.#isDoubtful = this.#isDisagreed(feed, merge, complete, total);
    this.#settle(merge, complete, total, isBusy ? syncedTo : askedAt);
  }

  /** The first page of what changed, or the next page of a delta that one page could not hold. */
  #changes(feed: Feed, syncedTo: number, signal: AbortSignal): Promise<Page> {
    if (this.#backlog !== undefined) return this.#page(this.#backlog.next, undefined, signal);
    const since = compare('stateTransitionTime', 'ge', new Date(syncedTo - DELTA_OVERLAP));
    const last = feed.rows[feed.rows.length - 1];
    const filter =
      feed.complete || last === undefined
        ? since
        : `${since} and ${compare('id', 'le', this.#resource.idOf(last))}`;
    return this.#page(undefined, filter, signal);
  }

  /** Rows on the screen, when they stand in the order of their ids: then one range holds them all. */
  async #visibleRows(signal: AbortSignal): Promise<readonly Entity[]> {
    const ids = this.#context.visibleIds?.() ?? [];
    const [first, last] = [ids[0], ids[ids.length - 1]];
    if (first === undefined || last === undefined || !isAscending(ids)) return [];
    const range = `${compare('id', 'ge', first)} and ${compare('id', 'le', last)}`;
    return (await this.#page(undefined, range, signal)).rows;
  }

  /** Deleted tasks never show up in a delta; that there are fewer than before tells of them. */
  #isDisagreed(feed: Feed, merge: Merge, complete: boolean, total: number | undefined): boolean {
    if (total === undefined) return false;
    if (complete) {
      const difference = merge.rows.length - total;
      return difference !== 0 && difference !== this.#accepted;
    }
    const isThinned = merge.rows.length < this.#limit() && merge.rows.length < total;
    // Of the tasks in one state there may be fewer without any being deleted.
    const isShrunk = this.#view.pushedFilter === undefined && feed.total !== undefined && total < feed.total;
    return this.#isDoubtful || isThinned || isShrunk;
  }

  #page(next: string | undefined, filter: string | undefined, signal: AbortSignal): Promise<Page> {
    const query = {
      ...(this.#resource.selectable ? { select: selectOf(this.#resource) } : {}),
      ...(filter === undefined ? {} : { filter }),
      ...(next === undefined ? {} : { next }),
      ...(this.#resource.name === 'files' ? { recursive: true } : {}),
    };
    return this.#context.port.listPage(this.#resource.name, this.#view.scope, query, signal);
  }

  /** How many rows the service counts for this list; undefined where it does not count. */
  async #total(signal: AbortSignal): Promise<number | undefined> {
    const job = this.#view.scope.job;
    if (this.#resource.name !== 'tasks' || job === undefined) return undefined;
    const { tasks } = await this.#context.port.taskCounts(job, signal);
    if (this.#view.pushedFilter === undefined) return tasks.active + tasks.running + tasks.completed;
    const filter = this.#resource.stateFilters.find(({ odata }) => odata === this.#view.pushedFilter);
    const label = filter?.label ?? '';
    return label in tasks ? tasks[label as keyof typeof tasks] : undefined;
  }

  #limit(): number {
    return this.#context.store.getState().session.rowLimit;
  }

  #settle(
    { rows, before }: Merge,
    complete: boolean,
    total: number | undefined,
    syncedTo: number | undefined,
  ): void {
    this.#set({
      status: 'ready',
      rows,
      before,
      complete,
      total,
      syncedTo,
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
    this.#context.store.setState((state) => ({ feeds: { ...state.feeds, [this.key]: feed } }));
  }
}

function isAscending(ids: readonly string[]): boolean {
  return ids.every((id, index) => index === 0 || (ids[index - 1] ?? '') < id);
}

/** The properties that the columns, the tones and the actions read. */
export function selectOf(resource: Resource<Entity>): string[] {
  const wanted = resource.columns.flatMap((column) => column.select);
  return [...new Set([...wanted, ...resource.alsoSelect])];
}
