import { simpleWidth } from '../lib/width.ts';
import type { CellLine } from './cells.ts';
import { PLAIN_ID, type StyleTable } from './style-table.ts';

/** Whether all terminals draw this glyph with the width that we count. */
export function hasAgreedWidth(glyph: string): boolean {
  return glyph.length === 1 && simpleWidth(glyph.charCodeAt(0)) > 0;
}

/** Whether it is one printable character that every terminal draws one cell wide. */
export function isAscii(glyph: string): boolean {
  return glyph.length === 1 && glyph.charCodeAt(0) < 0x7f;
}

/**
 * Collects the output of one paint. It knows cursor and style, moves by the shortest way, and trusts the
 * cursor's column only after ASCII: terminals disagree about the width of everything else.
 */
export class Pen {
  readonly #table: StyleTable;
  #out = '';
  /** Cell and row of the cursor, -1 when unknown: where an earlier paint left it is not relied on. */
  #x = -1;
  #y = -1;
  #style = PLAIN_ID;
  /** The cell after a run of non-ASCII glyphs of agreed width, where one more such glyph may follow. */
  #runEnd = -1;

  constructor(table: StyleTable) {
    this.#table = table;
  }

  get output(): string {
    return this.#out;
  }

  setStyle(style: number): void {
    this.#out += this.#table.between(this.#style, style);
    this.#style = style;
  }

  /** Makes blanks of the given (blank) style possible without a change of style where they look the same. */
  setBlankStyle(style: number): void {
    if (this.#table.blank(this.#style) !== style) this.setStyle(style);
  }

  /** Writes one glyph of the line at a cell. */
  glyph(line: CellLine, x: number, y: number, width: number): void {
    const glyph = line.glyphs[x] ?? ' ';
    const style = line.styles[x] ?? PLAIN_ID;
    const ascii = isAscii(glyph);
    const agreed = ascii || hasAgreedWidth(glyph);
    const continuesRun = !ascii && agreed && this.#runEnd === x && this.#y === y;
    if (!continuesRun) this.moveTo(x, y, line);
    if (glyph === ' ') this.setBlankStyle(style);
    else this.setStyle(style);
    // A glyph that a terminal draws narrower than we count must not leave an old one beside it.
    if (!agreed) this.#out += `\x1b[${width}X`;
    this.#out += glyph;
    this.#x = ascii ? x + 1 : -1;
    this.#y = y;
    this.#runEnd = !ascii && agreed ? x + width : -1;
  }

  /** Writes the cells from one to before another, which are ASCII; those that are not blank are of the first one's style. */
  stretch(line: CellLine, from: number, to: number, y: number): void {
    this.moveTo(from, y, line);
    this.setStyle(line.styles[from] ?? PLAIN_ID);
    this.#out += line.glyphs.slice(from, to).join('');
    this.#x = to;
    this.#y = y;
    this.#runEnd = -1;
  }

  /** Erases a number of cells from a cell on, leaving the cursor where it is. */
  erase(cells: number, x: number, y: number, style: number): void {
    this.moveTo(x, y);
    this.setBlankStyle(style);
    this.#out += cells === 1 ? '\x1b[X' : `\x1b[${cells}X`;
  }

  /** Erases from a cell to the end of its row. */
  eraseToEnd(x: number, y: number, style: number): void {
    this.moveTo(x, y);
    this.setBlankStyle(style);
    this.#out += '\x1b[K';
  }

  /** Shifts the rows `top` to `bottom` by some rows, upwards when positive; what is laid bare is blank. */
  scroll(top: number, bottom: number, by: number): void {
    this.setStyle(PLAIN_ID);
    const count = Math.abs(by) === 1 ? '' : Math.abs(by);
    this.#out += `\x1b[${top + 1};${bottom + 1}r\x1b[${count}${by > 0 ? 'S' : 'T'}\x1b[r`;
    this.#x = 0;
    this.#y = 0;
    this.#runEnd = -1;
  }

  /** Moves to a cell by the shortest way; small gaps on a known line are written again instead. */
  moveTo(x: number, y: number, line?: CellLine): void {
    if (this.#x === x && this.#y === y) return;
    const gap = line === undefined ? undefined : this.#rewrite(line, x, y);
    this.#out += gap ?? this.#shortestMove(x, y);
    this.#x = x;
    this.#y = y;
    this.#runEnd = -1;
  }

  /** The up to four cells between the cursor and a cell, when writing them again is no longer than moving. */
  #rewrite(line: CellLine, x: number, y: number): string | undefined {
    if (this.#y !== y || this.#x < 0 || this.#x >= x || x - this.#x > 4) return undefined;
    let text = '';
    for (let cell = this.#x; cell < x; cell++) {
      const glyph = line.glyphs[cell] ?? '';
      const style = line.styles[cell];
      const same = glyph === ' ' ? this.#table.blank(this.#style) === style : this.#style === style;
      if (!same || !isAscii(glyph)) return undefined;
      text += glyph;
    }
    return text;
  }

  #shortestMove(x: number, y: number): string {
    const column = x === 0 ? '\r' : `\x1b[${x + 1}G`;
    if (this.#y === y) return this.#x < 0 ? column : shorter(column, alongRow(this.#x, x));
    const absolute = x === 0 ? `\x1b[${y + 1}H` : `\x1b[${y + 1};${x + 1}H`;
    if (this.#y < 0 || this.#y + 1 !== y) return absolute;
    return shorter(absolute, x === 0 ? '\r\n' : `\n${column}`);
  }
}

function alongRow(from: number, to: number): string {
  const by = Math.abs(to - from);
  return `\x1b[${by === 1 ? '' : by}${to > from ? 'C' : 'D'}`;
}

function shorter(a: string, b: string): string {
  return b.length < a.length ? b : a;
}
