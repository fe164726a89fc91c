import { centred } from '../components/box.ts';
import type { Palette } from '../components/palette.ts';

const MIN_COLUMNS = 40;
const MIN_ROWS = 10;

/** Whether the terminal has no room for the smallest screen. */
export function isTooSmall(columns: number, rows: number): boolean {
  return columns < MIN_COLUMNS || rows < MIN_ROWS;
}

/** Says that the terminal is too small, in as few cells as there are. */
export function tooSmallLines(palette: Palette, columns: number, rows: number): string[] {
  const size = `${columns}x${rows}`;
  const is = `this terminal is ${size}`;
  const lines = [
    palette.ink('warn', is.length <= columns ? is : `${size} now`),
    `azb needs ${MIN_COLUMNS}x${MIN_ROWS}`,
    palette.ink('info', 'try: make it larger'),
    palette.ink('dim', 'ctrl-c quits'),
  ];
  return centred(lines, columns, rows);
}
