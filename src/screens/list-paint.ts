import { boxLines, centred } from '../components/box.ts';
import type { Role } from '../components/palette.ts';
import { wrapWords } from '../components/pane-lines.ts';
import type { MadeCells } from '../components/row-cells.ts';
import {
  headingLine,
  layOut,
  type TableCell,
  type TableColumn,
  type TableRow,
} from '../components/table-lines.ts';
import { describeError } from '../lib/errors.ts';
import { visible } from '../lib/sanitise.ts';
import { ageText } from '../lib/units.ts';
import { formatCell } from '../resources/format.ts';
import type { Column, Entity } from '../resources/types.ts';
import { feedKeyOf } from '../store/keys-of.ts';
import { cursorIndex } from '../store/list-moves.ts';
import type { Listing } from '../store/listing.ts';
import type { AppState, ListView } from '../store/state.ts';
import { shownColumns } from '../store/table-view.ts';
import { changeOf } from './change-marks.ts';
import { keyFor } from './key-table.ts';
import { freshness, listTitle, scopeText } from './list-title.ts';
import type { Paint, Painting } from './painting.ts';

/** Rows of the frame that hold no resource: two borders and the column titles. */
const FRAME_ROWS = 3;

/** How many resources a list shows in an area of this height. */
export function rowsShown(height: number): number {
  return Math.max(0, height - FRAME_ROWS);
}

/** Any list of resources: pools, tasks, files … */
export const paintList: Paint<ListView> = (painting, state, view, width, height) => {
  const { palette } = painting;
  const listing = painting.listings.of(state, view);
  const inner = width - 2;
  const content =
    listing.rows.length > 0
      ? tableLines(painting, shownColumns(state, view), view, listing, inner, rowsShown(height))
      : centred(emptyPicture(painting, state, view, listing, inner), inner, height - 2);
  const titles = {
    title: listTitle(palette, view, listing),
    right: freshness(palette, listing.feed, painting.now()),
  };
  return boxLines(palette, width, height, titles, content, painting.boxed);
};

function tableLines(
  painting: Painting,
  columns: readonly Column<Entity>[],
  view: ListView,
  listing: Listing,
  width: number,
  height: number,
): string[] {
  const { palette, widths } = painting;
  const heads: TableColumn[] = columns.map((column) => ({
    title: column.title,
    align:
      column.kind === 'number' || column.kind === 'bytes' || column.kind === 'duration' ? 'right' : 'left',
    maxWidth: column.maxWidth ?? 40,
    isLimited: column.maxWidth !== listing.resource.columns.find(({ id }) => id === column.id)?.maxWidth,
  }));
  const cursor = cursorIndex(view, listing);
  const window = listing.rows.slice(view.top, view.top + height);
  const now = painting.now();
  const signature = columns.map(({ id }) => id).join();
  const rows = window.map((row, index): TableRow => {
    const id = listing.resource.idOf(row);
    const before = listing.feed.before.get(id);
    return {
      key: row,
      role: listing.resource.tone(row),
      isCursor: view.top + index === cursor,
      isMarked: view.marks.has(id),
      cells: painting.rowCells.of(row, signature, before, now, () => rowCells(columns, row, before, now)),
    };
  });
  widths.reset(`${feedKeyOf(view)}|${columns.map(({ id, maxWidth }) => `${id}.${maxWidth}`).join()}`);
  const layout = layOut(widths.grow(heads, rows), width, view.pan, widths.first);
  const { sort } = listing;
  const sortIndex = columns.findIndex((column) => column.id === sort?.column);
  const sorted =
    sort === undefined || sortIndex < 0 ? undefined : { index: sortIndex, descending: sort.descending };
  return [
    headingLine(palette, heads, layout, width, sorted),
    ...rows.map((row) => painting.rowLines.line(palette, heads, layout, row, width)),
  ];
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
    const change = before === undefined ? undefined : changeOf(column.kind, column.value(before), value);
    return change === undefined ? { text, role } : { text, ...change };
  });
  return { cells, until: nextTick(youngest, now) };
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
function emptyPicture(
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
    return troublePicture(painting, state, listing, width);
  if (feed.updatedAt === undefined) return [palette.ink('busy', `loading ${resource.name}${place} …`)];
  if (feed.rows.length > 0) {
    return [
      palette.ink('plain', `no ${resource.name} match: ${feed.rows.length} are hidden by the filter`),
      palette.ink(
        'dim',
        `${keyFor(state, 'app.back')} clears the filter, ${keyFor(state, 'table.state0')} shows all states`,
      ),
    ];
  }
  const hint =
    resource.form === undefined
      ? 'they appear here as soon as there are some'
      : `${keyFor(state, 'table.new')} makes one`;
  return [palette.ink('plain', `no ${resource.name}${place}`), palette.ink('dim', hint)];
}

function troublePicture(painting: Painting, state: AppState, listing: Listing, width: number): string[] {
  const { palette } = painting;
  const { feed } = listing;
  const { message, details, next } = describeError(feed.error);
  const title = feed.status === 'refused' ? 'the service refused' : 'the service cannot be reached';
  const room = Math.max(20, width - 8);
  const wait =
    feed.retryAt === undefined
      ? ''
      : `next try in ${ageText(feed.retryAt - painting.now())}, ${keyFor(state, 'app.refresh')} tries now`;
  return [
    palette.ink(feed.status === 'refused' ? 'error' : 'warn', title),
    '',
    ...wrapWords(visible(message), room),
    ...details.flatMap((detail) => wrapWords(visible(detail), room)).map((line) => palette.ink('dim', line)),
    ...(next === undefined
      ? []
      : ['', ...wrapWords(`try: ${next}`, room).map((line) => palette.ink('info', line))]),
    '',
    palette.ink('dim', wait),
  ];
}
