import type { Page } from '../api/port.ts';
import type { AzbError } from '../lib/errors.ts';
import { compare } from '../lib/odata.ts';
import { resourceNamed } from '../resources/registry.ts';
import type { Entity, Resource } from '../resources/types.ts';
import { EMPTY_FEED } from './create.ts';
import { mergeDelta, mergeWhole } from './feed-merge.ts';
import { feedKeyOf } from './keys-of.ts';
import { failureStatus, type Source, type SourceContext } from './source.ts';
import type { Feed, ListView } from './state.ts';

/** Clocks of the service's machines differ a little, and a change may be listed a moment after it happened. */
const DELTA_OVERLAP = 10_000;

/** Keeps one list up to date: page by page at first, then by what changed, where the service can tell. */
export class FeedSource implements Source {
  readonly key: string;
  readonly #context: SourceContext;
  readonly #view: ListView;
  readonly #resource: Resource<Entity>;
  /** The service's clock at the last look; undefined until the list is whole. */
  #seen: number | undefined;

  constructor(context: SourceContext, view: ListView) {
    this.#context = context;
    this.#view = view;
    this.#resource = resourceNamed(view.resource);
    this.key = feedKeyOf(view);
  }

  async tick(signal: AbortSignal): Promise<void> {
    if (this.#resource.deltas && this.#seen !== undefined && this.#view.pushedFilter === undefined) {
      await this.#tickDelta(this.#seen, signal);
    } else {
      await this.#tickWhole(signal);
    }
  }

  failed(error: AzbError, retryAt: number): void {
    this.#set({ status: failureStatus(error), error, retryAt });
  }

  async #tickWhole(signal: AbortSignal): Promise<void> {
    const isFirst = this.#feed().updatedAt === undefined;
    const limit = this.#context.store.getState().session.rowLimit;
    const rows: Entity[] = [];
    let serverTime: number | undefined;
    let next: string | undefined;
    do {
      const page = await this.#page(next, undefined, signal);
      serverTime ??= page.serverTime;
      rows.push(...page.rows);
      next = page.next;
      if (isFirst) this.#set({ status: 'ready', rows: rows.slice(0, limit), updatedAt: this.#context.now() });
    } while (next !== undefined && rows.length < limit);
    const merge = mergeWhole(this.#resource, isFirst ? [] : this.#feed().rows, rows.slice(0, limit));
    const complete = next === undefined && rows.length <= limit;
    this.#settle(merge.rows, isFirst ? new Map() : merge.before, complete, await this.#total(signal));
    this.#seen = complete ? serverTime : undefined;
  }

  async #tickDelta(seen: number, signal: AbortSignal): Promise<void> {
    const filter = compare('stateTransitionTime', 'ge', new Date(seen - DELTA_OVERLAP));
    const limit = this.#context.store.getState().session.rowLimit;
    const delta: Entity[] = [];
    let serverTime = seen;
    let next: string | undefined;
    do {
      const page = await this.#page(next, filter, signal);
      if (next === undefined) serverTime = page.serverTime;
      delta.push(...page.rows);
      next = page.next;
    } while (next !== undefined);
    const merge = mergeDelta(this.#resource, this.#feed().rows, delta, limit);
    const total = await this.#total(signal);
    this.#settle(merge.rows, merge.before, true, total);
    // Deleted tasks never show up in a delta: when the counts disagree, the next tick looks at everything.
    this.#seen = total === undefined || total === merge.rows.length ? serverTime : undefined;
  }

  #page(next: string | undefined, filter: string | undefined, signal: AbortSignal): Promise<Page> {
    const asked = filter ?? this.#view.pushedFilter;
    const query = {
      ...(this.#resource.selectable ? { select: selectOf(this.#resource) } : {}),
      ...(asked === undefined ? {} : { filter: asked }),
      ...(next === undefined ? {} : { next }),
      ...(this.#resource.name === 'files' ? { recursive: true } : {}),
    };
    return this.#context.port.listPage(this.#resource.name, this.#view.scope, query, signal);
  }

  async #total(signal: AbortSignal): Promise<number | undefined> {
    const job = this.#view.scope.job;
    if (this.#resource.name !== 'tasks' || job === undefined) return undefined;
    const { tasks } = await this.#context.port.taskCounts(job, signal);
    return tasks.active + tasks.running + tasks.completed;
  }

  #settle(
    rows: readonly Entity[],
    before: Feed['before'],
    complete: boolean,
    total: number | undefined,
  ): void {
    this.#set({
      status: 'ready',
      rows,
      before,
      complete,
      total,
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

/** The properties that the columns, the tones and the actions read. */
export function selectOf(resource: Resource<Entity>): string[] {
  const wanted = resource.columns.flatMap((column) => column.select);
  return [...new Set([...wanted, ...resource.alsoSelect])];
}
