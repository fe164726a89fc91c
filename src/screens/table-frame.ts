/** A table of resources in its frame, and the same when it is scrolled. */
import { lowerBorder, upperBorder } from '../components/box.ts';
import type { ListFrame } from '../components/list-frames.ts';
import type { Palette, Role } from '../components/palette.ts';
import type { MadeCells } from '../components/row-cells.ts';
import {
  headingLine,
  layOut,
  type TableCell,
  type TableColumn,
  type TableLayout,
  type TableRow,
} from '../components/table-lines.ts';
import { describeError } from '../lib/errors.ts';
import { visible } from '../lib/sanitise.ts';
import { countText } from '../lib/units.ts';
import { cellWidth, fit } from '../lib/width.ts';
import { formatCell } from '../resources/format.ts';
import { isManaged } from '../resources/registry.ts';
import type { Cell, Column, Entity } from '../resources/types.ts';
import { feedKeyOf } from '../store/keys-of.ts';
import type { Listing } from '../store/listing.ts';
import type { AppState, ListView } from '../store/state.ts';
import { shownColumns } from '../store/table-view.ts';
import { changeOf } from './change-marks.ts';
import { listTitle } from './list-title.ts';
import { rowsShown } from './list-window.ts';
import { clockOf, type Painting } from './painting.ts';

/** What all rows of a table have in common. */
interface Setting {
  readonly painting: Painting;
  readonly view: ListView;
  readonly listing: Listing;
  readonly columns: readonly Column<Entity>[];
  readonly heads: readonly TableColumn[];
  /** Cells between the borders. */
  readonly inner: number;
  readonly height: number;
}

/** A row in the window, and the time by the service's clock (ms) until which it shows what it should. */
interface ShownRow {
  readonly row: TableRow;
  readonly until: number;
}

interface LinedRow extends ShownRow {
  readonly line: string;
}

/** The rows of a list in their frame. */
export function tableFrame(
  painting: Painting,
  state: AppState,
  view: ListView,
  listing: Listing,
  width: number,
  height: number,
): ListFrame {
  const columns = shownColumns(state, view);
  const inner = width - 2;
  const heads = columns.map((column, index) => narrowed(headOf(column, listing), index, inner));
  const setting = { painting, view, listing, columns, heads, inner, height };
  painting.widths.reset(
    `${feedKeyOf(view)}|${columns.map(({ id }, index) => `${id}.${heads[index]?.maxWidth}`).join()}`,
  );
  painting.rowCells.reset(state.preferences.prices);
  const rows = shownRows(setting, view.top, rowsShown(height));
  const around = surroundings(setting, layoutFor(setting, rows));
  return frameOf(setting, around, withLines(around, rows), view.top);
}

/** How the columns are laid out once these rows are shown. */
function layoutFor(setting: Setting, rows: readonly ShownRow[]): TableLayout {
  const { widths } = setting.painting;
  const cells = rows.map(({ row }) => row);
  return layOut(widths.grow(setting.heads, cells), setting.inner, setting.view.pan, widths.first);
}

/** What stands around the rows, and makes lines of them. */
interface Surroundings {
  readonly layout: TableLayout;
  readonly heading: string;
  readonly blank: string;
  readonly bottom: string;
  borderWith(right: string): string;
  lineOf(row: TableRow): string;
}

function surroundings(setting: Setting, layout: TableLayout): Surroundings {
  const { painting, view, listing, columns, heads, inner } = setting;
  const { palette, boxed, rowLines } = painting;
  const width = inner + 2;
  const side = palette.ink('border', '│');
  const title = listTitle(palette, view, listing, width);
  const bottom =
    sortText(palette, columns, listing, layout) + statesText(palette, listing) ||
    troubleText(painting, listing, inner);
  return {
    layout,
    heading: boxed.of(side, headingLine(palette, heads, layout, inner, sortedColumn(columns, listing))),
    blank: boxed.of(side, ' '.repeat(Math.max(0, inner))),
    bottom: lowerBorder(palette, width, bottom),
    borderWith: (right) => upperBorder(palette, width, { title, right }),
    lineOf: (row) => boxed.of(side, rowLines.line(palette, heads, layout, row, inner)),
  };
}

function frameOf(setting: Setting, around: Surroundings, rows: readonly LinedRow[], top: number): ListFrame {
  const room = rowsShown(setting.height);
  const blanks = Array.from({ length: Math.max(0, room - rows.length) }, () => around.blank);
  const lines = [around.heading, ...rows.map(({ line }) => line), ...blanks, around.bottom];
  return {
    lines: lines.slice(0, Math.max(0, setting.height - 1)),
    borderWith: around.borderWith,
    firstRow: FIRST_ROW,
    until: Math.min(...rows.map(({ until }) => until)),
    cursorLine: (index) => {
      const row = rows[index]?.row;
      return row === undefined ? undefined : around.lineOf({ ...row, isCursor: true });
    },
    scrolledBy: (by) => {
      const coming = Math.abs(by);
      if (coming >= rows.length) return undefined;
      const fresh = shownRows(setting, by > 0 ? top + room : top + by, coming);
      // A row that comes in may need wider columns than all before it.
      if (layoutFor(setting, fresh).signature !== around.layout.signature) return undefined;
      const lined = withLines(around, fresh);
      const next = by > 0 ? [...rows.slice(by), ...lined] : [...lined, ...rows.slice(0, by)];
      return frameOf(setting, around, next, top + by);
    },
  };
}

function withLines({ lineOf }: Surroundings, rows: readonly ShownRow[]): readonly LinedRow[] {
  return rows.map(({ row, until }) => ({ row, until, line: lineOf(row) }));
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

/** Some of the rows, from a row number on. */
function shownRows(
  { painting, columns, view, listing }: Setting,
  from: number,
  count: number,
): readonly ShownRow[] {
  const { resource, feed } = listing;
  const now = clockOf(painting, listing);
  const signature = columns.map(({ id }) => id).join();
  return listing.rows.slice(from, from + count).map((entity) => {
    const id = resource.idOf(entity);
    const before = feed.before.get(id);
    const make = (outdated: MadeCells | undefined) => rowCells(columns, entity, before, now, outdated);
    const { cells, until } = painting.rowCells.of(entity, signature, before, now, make);
    const isMarked = view.marks.has(id);
    return { row: { key: entity, role: resource.tone(entity), isCursor: false, isMarked, cells }, until };
  });
}

function rowCells(
  columns: readonly Column<Entity>[],
  row: Entity,
  before: Entity | undefined,
  now: number,
  outdated: MadeCells | undefined,
): MadeCells {
  let youngest = Number.POSITIVE_INFINITY;
  const cells = columns.map((column, index): TableCell => {
    const held = column.kind === 'age' ? undefined : outdated?.cells[index];
    if (held !== undefined) return held;
    const value = column.value(row);
    let at = now;
    if (column.kind === 'age' && value instanceof Date) {
      const age = now - value.getTime();
      youngest = Math.min(youngest, age);
      at = lastTick(age, now);
    }
    const text = visible(formatCell(value, column.kind, at));
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
  const step = stepOf(youngest);
  return (Math.floor(now / step) + 1) * step;
}

/** When an age was last to be written: of rows of one time, one that comes into sight between two ticks tells the same. */
function lastTick(age: number, now: number): number {
  const step = stepOf(age);
  return Math.floor(now / step) * step;
}

function stepOf(age: number): number {
  return age < MINUTE ? SECOND : age < 10 * MINUTE ? 10 * SECOND : 30 * SECOND;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
