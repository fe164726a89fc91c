import type { Listing } from './listing.ts';
import type { RowWindow } from './row-window.ts';
import type { ListView } from './state.ts';

/** Pure moves on a list: each takes the view as it is and gives the view as it becomes. */

/** Puts the cursor on a row number, within the rows there are, and scrolls so that it is in the window. */
export function moveTo(view: ListView, listing: Listing, row: number, window: RowWindow): ListView {
  const last = listing.rows.length - 1;
  if (last < 0) return view;
  const target = Math.min(Math.max(row, 0), last);
  const entity = listing.rows[target];
  const cursor = entity === undefined ? undefined : listing.resource.idOf(entity);
  const top = scrolled(view.top, window.lineOf(target), window.lineOf(last), window.height);
  return { ...view, cursor, cursorRow: target, top, awaited: undefined };
}

/** The cursor so many rows on, or back; it stays within the rows. */
export function moveBy(view: ListView, listing: Listing, rows: number, window: RowWindow): ListView {
  return moveTo(view, listing, cursorIndex(view, listing) + rows, window);
}

/** Up or down by lines, which hold a row each in a table, and many in a map. */
export function moveLines(view: ListView, listing: Listing, lines: number, window: RowWindow): ListView {
  return moveTo(view, listing, window.below(cursorIndex(view, listing), lines), window);
}

/** Row number of the cursor; when its resource is gone, the row where it was, so that the eye stays. */
export function cursorIndex(view: ListView, listing: Listing): number {
  const there = listing.rows[view.cursorRow];
  // Most of the time it is where it was; to look it up, an index of all rows has to be made.
  if (there !== undefined && listing.resource.idOf(there) === view.cursor) return view.cursorRow;
  const found = listing.indexOf(view.cursor);
  if (found >= 0) return found;
  return Math.min(Math.max(view.cursorRow, 0), Math.max(0, listing.rows.length - 1));
}

/** The cursor and the window after the rows have changed under them. */
export function settle(view: ListView, listing: Listing, window: RowWindow): ListView {
  if (listing.rows.length === 0) return view;
  const arrived = listing.indexOf(view.awaited?.id);
  if (arrived >= 0) return moveTo(view, listing, arrived, window);
  const { awaited } = view;
  const row = cursorIndex(view, listing);
  const settled = { ...moveTo({ ...view, top: followed(view, row, window) }, listing, row, window), awaited };
  const same =
    settled.cursor === view.cursor && settled.cursorRow === view.cursorRow && settled.top === view.top;
  return same ? view : settled;
}

/**
 * The first line of the window when the cursor's resource has another row number than before: it stays on its line of
 * the screen. At the beginning of a list what is new there comes into view, unless it is more than a screenful.
 */
function followed({ top, cursorRow }: ListView, row: number, { height, lineOf }: RowWindow): number {
  const shift = lineOf(row) - lineOf(cursorRow);
  return top > 0 || shift >= height ? Math.max(0, top + shift) : top;
}

function scrolled(top: number, cursor: number, last: number, height: number): number {
  const rows = Math.max(1, height);
  const lowest = Math.max(0, last - rows + 1);
  const shown = Math.min(Math.max(top, cursor - rows + 1), cursor);
  return Math.min(shown, lowest);
}

/** Marks or unmarks the row under the cursor. */
export function toggleMark(view: ListView): ListView {
  if (view.cursor === undefined) return view;
  const marks = new Set(view.marks);
  if (!marks.delete(view.cursor)) marks.add(view.cursor);
  return { ...view, marks, anchor: view.cursor };
}

/** Marks every row that the filter shows, besides what is marked already. */
export function markAll(view: ListView, listing: Listing): ListView {
  const ids = listing.rows.map((row) => listing.resource.idOf(row));
  return { ...view, marks: new Set([...view.marks, ...ids]), anchor: view.cursor };
}

/** Marks everything between the row that was marked last and the cursor. */
export function markRange(view: ListView, listing: Listing): ListView {
  const here = cursorIndex(view, listing);
  const anchor = listing.indexOf(view.anchor);
  const [from, to] = anchor < 0 ? [here, here] : [Math.min(anchor, here), Math.max(anchor, here)];
  const ids = listing.rows.slice(from, to + 1).map((row) => listing.resource.idOf(row));
  return { ...view, marks: new Set([...view.marks, ...ids]), anchor: view.cursor };
}

/** The ids that an action is for: the marks, or else the row under the cursor. */
export function targetIds(view: ListView): string[] {
  if (view.marks.size > 0) return [...view.marks];
  return view.cursor === undefined ? [] : [view.cursor];
}
