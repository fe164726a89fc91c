import { boxLines, centred, upperBorder } from '../components/box.ts';
import type { ListFrame } from '../components/list-frames.ts';
import type { Palette, Role } from '../components/palette.ts';
import { wrapWords } from '../components/pane-lines.ts';
import type { MadeCells } from '../components/row-cells.ts';
import {
  headingLine,
  layOut,
  type TableCell,
  type TableColumn,
  type TableLayout,
  type TableRow,
} from '../components/table-lines.ts';
import { describeError, isMissing } from '../lib/errors.ts';
import { visible } from '../lib/sanitise.ts';
import { countText } from '../lib/units.ts';
import { cellWidth, fit } from '../lib/width.ts';
import { formatCell } from '../resources/format.ts';
import { isManaged } from '../resources/registry.ts';
import type { Cell, Column, Entity } from '../resources/types.ts';
import { feedKeyOf } from '../store/keys-of.ts';
import { cursorIndex } from '../store/list-moves.ts';
import type { Listing } from '../store/listing.ts';
import type { AppState, ListView } from '../store/state.ts';
import { shownColumns } from '../store/table-view.ts';
import { changeOf } from './change-marks.ts';
import { keyFor } from './key-table.ts';
import { freshness, listTitle, nextTry, scopeText, troubleTitle, watchesText } from './list-title.ts';
import { rowsShown } from './list-window.ts';
import { meantPlace } from './meant-place.ts';
import type { Paint, Painting } from './painting.ts';

/** Any table of resources: pools, tasks, files … */
export const paintList: Paint<ListView> = (painting, state, view, width, height) => {
  const listing = painting.listings.of(state, view);
  const refresh = Math.max(state.session.refreshSeconds, listing.resource.refreshEvery ?? 0);
  const right =
    watchesText(painting.palette, state) + freshness(painting.palette, listing.feed, painting.now(), refresh);
  if (listing.rows.length === 0) {
    const inner = width - 2;
    const content = centred(emptyPicture(painting, state, view, listing, inner), inner, height - 2);
    const titles = { title: listTitle(painting.palette, view, listing, width), right };
    return boxLines(painting.palette, width, height, titles, content, painting.boxed);
  }
  const { palette } = painting;
  const inputs = [listing, state.preferences, palette.skin, width, height];
  const ticking = { cursor: cursorIndex(view, listing) - view.top, right };
  const make = () => tableFrame(painting, state, view, listing, width, height);
  return painting.listFrames.of(inputs, view, ticking, clockOf(painting, listing), make);
};

/** What the ages in a list count from. */
function clockOf(painting: Painting, { resource }: Listing): number {
  return resource.isLocal === true ? painting.now() : painting.serviceNow();
}

/** The rows of a list in their frame, and how each looks under the cursor. */
function tableFrame(
  painting: Painting,
  state: AppState,
  view: ListView,
  listing: Listing,
  width: number,
  height: number,
): ListFrame {
  const { palette, widths, boxed } = painting;
  const columns = shownColumns(state, view);
  const inner = width - 2;
  const heads = columns.map((column, index) => narrowed(headOf(column, listing), index, inner));
  const now = clockOf(painting, listing);
  const rows = tableRows(painting, columns, view, listing, rowsShown(height), now);
  widths.reset(
    `${feedKeyOf(view)}|${columns.map(({ id }, index) => `${id}.${heads[index]?.maxWidth}`).join()}`,
  );
  const layout = layOut(
    widths.grow(
      heads,
      rows.map(({ row }) => row),
    ),
    inner,
    view.pan,
    widths.first,
  );
  const heading = headingLine(palette, heads, layout, inner, sortedColumn(columns, listing));
  const lineOf = (row: TableRow) => painting.rowLines.line(palette, heads, layout, row, inner);
  const title = listTitle(palette, view, listing, width);
  const content = [heading, ...rows.map(({ row }) => lineOf(row))];
  const bottom =
    sortText(palette, columns, listing, layout) + statesText(palette, listing) ||
    troubleText(painting, listing, inner);
  const [, ...lines] = boxLines(palette, width, height, { title, bottom }, content, boxed);
  const side = palette.ink('border', '│');
  return {
    lines,
    borderWith: (right) => upperBorder(palette, width, { title, right }),
    firstRow: FIRST_ROW,
    until: Math.min(...rows.map(({ until }) => until)),
    lineAt: (index, isCursor) => {
      const row = rows[index]?.row;
      return row === undefined ? undefined : boxed.of(side, lineOf({ ...row, isCursor }));
    },
  };
}

/** What the rows are sorted by, where the column that would say so is beside the screen. */
function sortText(
  palette: Palette,
  columns: readonly Column<Entity>[],
  { resource, sort }: Listing,
  { shown }: TableLayout,
): string {
  if (sort === undefined || shown.some(({ index }) => columns[index]?.id === sort.column)) return '';
  const title = resource.columns.find(({ id }) => id === sort.column)?.title ?? sort.column;
  return palette.ink('heading', ` by ${title}${sort.descending ? '↓' : '↑'} `);
}

/** How many there are in each state, whatever is filtered or loaded: `3,968 active, 12 running, 20 failed`. */
function statesText(palette: Palette, { feed: { states = {} } }: Listing): string {
  const parts = Object.entries(states).filter(([, count]) => count > 0);
  if (parts.length === 0) return '';
  const text = parts.map(([state, count]) => `${countText(count)} ${visible(state)}`).join(', ');
  return palette.ink('dim', ` ${text} `);
}

/**
 * Why a list is short that shows what is known without asking: the rest of it is not hidden, and neither is the reason.
 */
function troubleText({ palette }: Painting, { feed, resource }: Listing, width: number): string {
  if (feed.error === undefined || !isManaged(resource.name)) return '';
  const { message, next } = describeError(feed.error);
  const whole = visible(next === undefined ? message : `${message}; try: ${next}`);
  // Where there is no room for both, what can be done about it comes first.
  const isLong = cellWidth(whole) > width - 6 && next !== undefined;
  const text = isLong ? visible(`try: ${next}; ${message}`) : whole;
  return palette.ink('warn', ` ${fit(text, Math.min(width - 6, cellWidth(text)))} `);
}

/** The column titles stand above the rows. */
const FIRST_ROW = 1;

function headOf(column: Column<Entity>, { resource }: Listing): TableColumn {
  const isRight = column.kind === 'number' || column.kind === 'bytes' || column.kind === 'duration';
  return {
    title: column.title,
    align: isRight ? 'right' : 'left',
    maxWidth: column.maxWidth ?? USUAL_WIDTH,
    isLimited: column.maxWidth !== resource.columns.find(({ id }) => id === column.id)?.maxWidth,
  };
}

/** Cells that a column takes at most, unless it says otherwise. */
const USUAL_WIDTH = 40;

/** Cells for what is told of a row, before its id gets as many as usual. */
const OTHER_COLUMNS = 36;

/** Long ids leave room for what is told of them: unless everything fits, they take half of the width. */
function narrowed(head: TableColumn, index: number, width: number): TableColumn {
  const limit = Math.max(Math.min(USUAL_WIDTH, width - OTHER_COLUMNS), Math.floor(width / 2));
  if (index > 0 || head.maxWidth <= limit) return head;
  return { ...head, maxWidth: limit, cutsMiddle: true };
}

function sortedColumn(columns: readonly Column<Entity>[], { sort }: Listing) {
  const index = columns.findIndex((column) => column.id === sort?.column);
  return sort === undefined || index < 0 ? undefined : { index, descending: sort.descending };
}

/** The rows in the window, and until when each shows what it should. */
function tableRows(
  painting: Painting,
  columns: readonly Column<Entity>[],
  view: ListView,
  listing: Listing,
  height: number,
  now: number,
): { readonly row: TableRow; readonly until: number }[] {
  const { resource, feed } = listing;
  const signature = columns.map(({ id }) => id).join();
  const cursor = cursorIndex(view, listing);
  return listing.rows.slice(view.top, view.top + height).map((entity, index) => {
    const id = resource.idOf(entity);
    const before = feed.before.get(id);
    const make = () => rowCells(columns, entity, before, now);
    const { cells, until } = painting.rowCells.of(entity, signature, before, now, make);
    const isCursor = view.top + index === cursor;
    return {
      row: { key: entity, role: resource.tone(entity), isCursor, isMarked: view.marks.has(id), cells },
      until,
    };
  });
}

function rowCells(
  columns: readonly Column<Entity>[],
  row: Entity,
  before: Entity | undefined,
  now: number,
): MadeCells {
  let youngest = Number.POSITIVE_INFINITY;
  const cells = columns.map((column): TableCell => {
    const value = column.value(row);
    if (column.kind === 'age' && value instanceof Date) youngest = Math.min(youngest, now - value.getTime());
    const text = visible(formatCell(value, column.kind, now));
    const role: Role | undefined = value === undefined ? undefined : column.tone?.(row);
    const change = before === undefined ? undefined : changeIn(column, before, value);
    return change === undefined ? { text, role } : { text, ...change };
  });
  return { cells, until: nextTick(youngest, now) };
}

/** What was asked about later than the row has not changed when its first value comes. */
function changeIn(column: Column<Entity>, before: Entity, now: Cell): ReturnType<typeof changeOf> {
  const was = column.value(before);
  return column.detail === true && was === undefined ? undefined : changeOf(column.kind, was, now);
}

/**
 * When a row's ages are written again: each second while it is young. Later nobody waits for the seconds, and
 * over a slow link a screenful of them that ticks costs more than everything else.
 */
function nextTick(youngest: number, now: number): number {
  if (youngest === Number.POSITIVE_INFINITY) return youngest;
  const step = youngest < MINUTE ? SECOND : youngest < 10 * MINUTE ? 10 * SECOND : 30 * SECOND;
  return (Math.floor(now / step) + 1) * step;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Empty, loading, refused and unreachable are four different pictures. */
export function emptyPicture(
  painting: Painting,
  state: AppState,
  view: ListView,
  listing: Listing,
  width: number,
): string[] {
  const { palette } = painting;
  const { feed, resource } = listing;
  const where = scopeText(view.scope);
  const place = where === '' ? '' : ` in ${where}`;
  if (feed.error !== undefined && feed.updatedAt === undefined)
    return troublePicture(painting, state, view, listing, width);
  const wrapped = (role: Role, text: string) =>
    wrapWords(text, Math.max(20, width - 4)).map((line) => palette.ink(role, line));
  if (feed.updatedAt === undefined) return wrapped('busy', `loading ${resource.name}${place} …`);
  if (feed.rows.length > 0) {
    const hidden = `${countText(feed.rows.length)} ${feed.rows.length === 1 ? 'is' : 'are'} hidden by the filter`;
    const keys = `${keyFor(state, 'app.back')} clears the filter, ${keyFor(state, 'table.state0')} shows all states`;
    return [...wrapped('plain', `no ${resource.name} match: ${hidden}`), ...wrapped('dim', keys)];
  }
  const [binding, does] =
    MAKERS[resource.name] ?? (resource.form === undefined ? [] : ['table.new', 'makes one']);
  // In read-only mode there is no such key.
  const hint =
    binding === undefined || state.session.readOnly
      ? 'they appear here as soon as there are some'
      : `${keyFor(state, binding)} ${does}`;
  return [...wrapped('plain', `no ${resource.name}${place}`), ...wrapped('dim', hint)];
}

/** Keys that make what no form makes, and what they do. */
const MAKERS: Readonly<Record<string, readonly [binding: string, does: string]>> = {
  blobs: ['blobs.upload', 'uploads some'],
  applications: ['applications.publish', 'makes one'],
  packages: ['packages.publish', 'makes one'],
};

function troublePicture(
  painting: Painting,
  state: AppState,
  view: ListView,
  listing: Listing,
  width: number,
): string[] {
  const { palette } = painting;
  const { feed } = listing;
  const { message, details, next: step } = describeError(feed.error);
  const next = (isMissing(feed.error) ? meantPlace(state, view) : undefined) ?? step;
  const title = troubleTitle(feed.error);
  const room = Math.max(20, width - 8);
  const wait =
    feed.retryAt === undefined
      ? ''
      : `${nextTry(feed.retryAt - painting.now())}, ${keyFor(state, 'app.refresh')} tries now`;
  const leave = isMissing(feed.error) ? [`${keyFor(state, 'app.command')} goes elsewhere`] : [];
  return [
    palette.ink(feed.status === 'refused' ? 'error' : 'warn', title),
    '',
    ...wrapWords(visible(message), room),
    ...details.flatMap((detail) => wrapWords(visible(detail), room)).map((line) => palette.ink('dim', line)),
    ...(next === undefined
      ? []
      : ['', ...wrapWords(`try: ${next}`, room).map((line) => palette.ink('info', line))]),
    '',
    ...[wait, ...leave].map((line) => palette.ink('dim', line)),
  ];
}
