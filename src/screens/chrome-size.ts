import type { AppState } from '../store/state.ts';

/** Rows of the large header. */
export const LARGE_HEADER = 6;
const SMALL_HEADER = 2;
/** Rows of the crumbs and the message. */
const FOOTER = 2;

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
  state: Pick<AppState, 'headerShown' | 'preferences'>,
  columns: number,
  rows: number,
): { top: number; bottom: number } {
  const header = isLargeHeader(state, columns, rows) ? LARGE_HEADER : SMALL_HEADER;
  return { top: state.headerShown ? header : 0, bottom: FOOTER };
}
