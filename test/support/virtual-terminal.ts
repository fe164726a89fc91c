import headless from '@xterm/headless';
import { cellWidth, graphemes } from '../../src/lib/width.ts';

const { Terminal } = headless;
export type VirtualTerminal = InstanceType<typeof Terminal>;

/** A cell as a user sees it: its glyph ('' for the second half of a wide one) and its look. */
export interface SeenCell {
  readonly glyph: string;
  /** Colours as `default`, `palette:n` or `#rrggbb`. */
  readonly fg: string;
  readonly bg: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
  readonly strike: boolean;
}

/**
 * A terminal without a window. A `modern` one joins grapheme clusters and gives emoji two cells, as current
 * terminals do; the other one counts widths as terminals did before emoji.
 */
export function virtualTerminal(cols: number, rows: number, modern = true): VirtualTerminal {
  const terminal = new Terminal({ cols, rows, allowProposedApi: true, scrollback: 0 });
  if (modern) {
    terminal.unicode.register(clusterWidths());
    terminal.unicode.activeVersion = 'clusters';
  }
  return terminal;
}

/** Resolves when the terminal has shown the bytes. */
export function show(terminal: VirtualTerminal, bytes: string): Promise<void> {
  return new Promise((resolve) => terminal.write(bytes, resolve));
}

/** One row's text, without trailing blanks. */
export function rowText(terminal: VirtualTerminal, row: number): string {
  const buffer = terminal.buffer.active;
  // A line that was longer before the terminal shrank may still hold what nobody sees.
  return buffer.getLine(buffer.baseY + row)?.translateToString(true, 0, terminal.cols) ?? '';
}

/** The screen's text: rows without trailing blanks, joined by line breaks. */
export function screenText(terminal: VirtualTerminal): string {
  return Array.from({ length: terminal.rows }, (_, row) => rowText(terminal, row)).join('\n');
}

/** The cell at a column and row, counted from 0. */
export function cellAt(terminal: VirtualTerminal, x: number, y: number): SeenCell {
  const buffer = terminal.buffer.active;
  const cell = buffer.getLine(buffer.baseY + y)?.getCell(x);
  if (cell === undefined) throw new Error(`No cell at ${x},${y}`);
  return {
    glyph: cell.getWidth() === 0 ? '' : cell.getChars() || ' ',
    fg: colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
    bg: colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
    strike: cell.isStrikethrough() !== 0,
  };
}

function colour(isDefault: boolean, isRgb: boolean, value: number): string {
  if (isDefault) return 'default';
  return isRgb ? `#${value.toString(16).padStart(6, '0')}` : `palette:${value}`;
}

/** Joins code points as grapheme clusters do. The second value of a result is its state for the next call. */
function clusterWidths() {
  let cluster = '';
  return {
    version: 'clusters',
    wcwidth: (codePoint: number) => Math.min(2, cellWidth(String.fromCodePoint(codePoint))) as 0 | 1 | 2,
    charProperties(codePoint: number, preceding: number): number {
      const character = String.fromCodePoint(codePoint);
      const joined = preceding !== 0 && graphemes(cluster + character).length === 1;
      cluster = joined ? cluster + character : character;
      return (1 << 3) | (Math.min(3, cellWidth(cluster)) << 1) | (joined ? 1 : 0);
    },
  };
}
