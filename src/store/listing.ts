import type { Prices } from '../lib/prices.ts';
import { withCost } from '../resources/cost.ts';
import { type Sort, sortRows } from '../resources/order.ts';
import { resourceNamed } from '../resources/registry.ts';
import type { Column, Entity, Resource } from '../resources/types.ts';
import { EMPTY_FEED, topView } from './app-store.ts';
import { type PatternCompiler, parseRowFilter, type RowFilter } from './filter.ts';
import { feedKeyOf } from './keys-of.ts';
import type { RowWindow } from './row-window.ts';
import type { AppState, Feed, ListView } from './state.ts';
import { sortOf } from './table-view.ts';

/** The rows of a list as they are shown: filtered and sorted. */
export interface Listing {
  readonly resource: Resource<Entity>;
  readonly feed: Feed;
  readonly rows: readonly Entity[];
  /** What the rows are sorted by; undefined for the service's order. */
  readonly sort: Sort | undefined;
  /** What is wrong with the filter's pattern; the rows are then unfiltered. */
  readonly problem: string | undefined;
  /** The filter compares ages: the rows that it lets through change by themselves. */
  readonly goesByAges: boolean;
  /** Rows held of which the filter cannot judge yet, because they are still to be asked about one by one. */
  readonly unjudged: number;
  /** Row number of an id, or -1. */
  indexOf(id: string | undefined): number;
  /** Numbers of the rows where another value of the column begins that the rows are sorted by; the first is 0. */
  starts(): readonly number[];
}

/** Where the rows of a list stand on the screen. */
export type WindowOf = (view: ListView, listing: Listing) => RowWindow;

interface Remembered {
  readonly inputs: readonly unknown[];
  readonly listing: Listing;
  /** Until when (ms) it holds although nothing changes: a filter may go by ages. */
  readonly until: number;
}

/** Reads what stands behind `/` for a resource. */
type FilterReader = (text: string, resource: Resource<Entity>) => RowFilter;

/** For so long (ms) a list is shown that is filtered by ages. */
const AGES_HOLD = 2000;

/** Makes listings, and remembers the last one of each list: a cursor move must not sort 20,000 rows again. */
export class Listings {
  readonly #remembered = new Map<string, Remembered>();
  readonly #read: FilterReader;
  readonly #now: () => number;

  constructor(compile: PatternCompiler, now: () => number = Date.now) {
    this.#read = (text, resource) => parseRowFilter(text, resource, compile, now);
    this.#now = now;
  }

  of(state: AppState, view: ListView): Listing {
    const key = feedKeyOf(view);
    const feed = state.feeds[key] ?? EMPTY_FEED;
    const sort = sortOf(state, view);
    const { prices } = state.preferences;
    const inputs = [feed.rows, view.filter, sort, view.stateFilter, view.faults, prices];
    const known = this.#remembered.get(key);
    const isSame =
      known?.inputs.every((input, index) => input === inputs[index]) === true &&
      (known.until === Number.POSITIVE_INFINITY || this.#now() < known.until);
    if (isSame && known.listing.feed === feed) return known.listing;
    // A refresh that brought nothing new must not filter and sort everything again.
    const listing = isSame ? { ...known.listing, feed } : makeListing(feed, view, sort, prices, this.#read);
    const holds = listing.goesByAges ? this.#now() + AGES_HOLD : Number.POSITIVE_INFINITY;
    const until = isSame ? known.until : holds;
    this.#remembered.set(key, { inputs, listing, until });
    return listing;
  }

  /** Those of some rows that the view's filters let through. */
  keep({ preferences }: AppState, view: ListView, rows: readonly Entity[]): readonly Entity[] {
    return filtered(rows, view, preferences.prices, this.#read).rows;
  }
}

/** Ids of the rows that the list on the screen shows; none on another view. */
export function idsOnScreen(listings: Listings, state: AppState, windowOf: WindowOf): readonly string[] {
  const view = topView(state);
  if (view.kind !== 'list') return [];
  const listing = listings.of(state, view);
  const { height, rowsOf } = windowOf(view, listing);
  const [from] = rowsOf(view.top);
  const [to] = rowsOf(view.top + height);
  return listing.rows.slice(from, to).map((row) => listing.resource.idOf(row));
}

/** Ids of all rows held, where the view's filter or order goes by what the service tells of one row at a time. */
export function weighedIds(state: AppState): readonly string[] {
  const view = topView(state);
  if (view.kind !== 'list' || !(filtersByDetails(view) || sortsByDetails(state, view))) return [];
  const { idOf } = resourceNamed(view.resource);
  return (state.feeds[feedKeyOf(view)] ?? EMPTY_FEED).rows.map(idOf);
}

/** Whether the view's filter goes by what the service tells of one row at a time. */
export function filtersByDetails({ resource: name, faults, stateFilter }: ListView): boolean {
  const resource = resourceNamed(name);
  if (resource.details === undefined) return false;
  return faults || resource.stateFilters[stateFilter - 1]?.detail === true;
}

function sortsByDetails(state: AppState, view: ListView): boolean {
  const sort = sortOf(state, view);
  return resourceNamed(view.resource).columns.some(
    ({ id, detail }) => detail === true && id === sort?.column,
  );
}

function unjudgedIn({ rows }: Feed, view: ListView): number {
  const { details } = resourceNamed(view.resource);
  if (details === undefined || !filtersByDetails(view)) return 0;
  return rows.filter((row) => (row as Partial<Record<typeof details, unknown>>)[details] === undefined)
    .length;
}

/** The rows that a view's filters let through, and what is wrong with its pattern. */
function filtered(
  all: readonly Entity[],
  view: ListView,
  prices: Prices | undefined,
  read: FilterReader,
): Pick<Listing, 'rows' | 'problem' | 'goesByAges'> {
  const resource = resourceNamed(view.resource);
  let rows = all;
  const stateFilter = resource.stateFilters[view.stateFilter - 1];
  if (stateFilter !== undefined) rows = rows.filter((row) => stateFilter.test(row));
  if (view.faults) rows = rows.filter((row) => resource.faulty(row));
  const filter = read(view.filter, { ...resource, columns: withCost(resource, prices) });
  if (filter.kind === 'rows') rows = filter.keep(rows);
  return {
    rows,
    problem: filter.kind === 'bad' ? filter.problem : undefined,
    goesByAges: filter.kind === 'rows' && filter.ages === true,
  };
}

function makeListing(
  feed: Feed,
  view: ListView,
  sort: Sort | undefined,
  prices: Prices | undefined,
  read: FilterReader,
): Listing {
  const resource = resourceNamed(view.resource);
  const { rows: kept, problem, goesByAges } = filtered(feed.rows, view, prices, read);
  const column = withCost(resource, prices).find(({ id }) => id === sort?.column);
  const rows = sorted(kept, sort, column, resource);
  return {
    resource,
    feed,
    rows,
    sort,
    problem,
    goesByAges,
    unjudged: unjudgedIn(feed, view),
    indexOf: indexer(rows, resource),
    starts: starter(rows, column),
  };
}

function starter(rows: readonly Entity[], column: Column<Entity> | undefined): () => readonly number[] {
  let starts: readonly number[] | undefined;
  return () => {
    if (starts !== undefined || column === undefined) return starts ?? [0];
    const values = rows.map((row) => column.value(row));
    starts = values.flatMap((value, row) => (row === 0 || value !== values[row - 1] ? [row] : []));
    return starts;
  };
}

function sorted(
  rows: readonly Entity[],
  sort: Sort | undefined,
  column: Column<Entity> | undefined,
  resource: Resource<Entity>,
): readonly Entity[] {
  if (sort === undefined || column === undefined) return rows;
  return sortRows(rows, column, sort.descending, (row) => resource.idOf(row));
}

function indexer(rows: readonly Entity[], resource: Resource<Entity>): (id: string | undefined) => number {
  let index: Map<string, number> | undefined;
  return (id) => {
    if (id === undefined) return -1;
    index ??= new Map(rows.map((row, number) => [resource.idOf(row), number]));
    return index.get(id) ?? -1;
  };
}
