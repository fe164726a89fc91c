import type { AppState } from '../store/state.ts';

/** Rows of the large header. */
export const LARGE_HEADER = 6;
const SMALL_HEADER = 2;
/** In fewer rows, such as those of half a terminal, the view gets all of them but one. */
const LOW = 16;

/** Whether there is no room for a header, and one line for the crumbs or the message. */
export function isLow(rows: number): boolean {
  return rows < LOW;
}

/** Whether the header is the large one: the user wants it, and the terminal has room for it. */
export function isLargeHeader(
  { preferences }: Pick<AppState, 'preferences'>,
  columns: number,
  rows: number,
): boolean {
  return preferences.header !== 'small' && rows >= 30 && columns >= 100;
}

/** Rows that the chrome takes above and below the view at the start, when nothing is open yet. */
export function chromeSize(
  state: Pick<AppState, 'headerShown' | 'crumbsShown' | 'preferences'>,
  columns: number,
  rows: number,
): { top: number; bottom: number } {
  const crumbs = state.crumbsShown ? 1 : 0;
  if (isLow(rows)) return { top: 0, bottom: crumbs };
  const header = isLargeHeader(state, columns, rows) ? LARGE_HEADER : SMALL_HEADER;
  return { top: state.headerShown ? header : 0, bottom: crumbs + 1 };
}
