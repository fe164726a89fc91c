import { type CellLine, CONTINUATION } from './cells.ts';
import { FrameLine } from './frame.ts';
import { hasAgreedWidth, isAscii, Pen } from './pen.ts';
import { findShift, type Shift, shiftLines } from './scroll.ts';
import { PLAIN_ID, type StyleTable } from './style-table.ts';

/** What the differ must know of the terminal. */
export interface DiffContext {
  readonly width: number;
  readonly table: StyleTable;
  /** Whether erasing fills with the current background. */
  readonly bce: boolean;
}

/** A run of blanks shorter than this is written as spaces: erasing and moving on takes as many bytes. */
const ERASE_FROM = 10;

/** To go to a cell of the next row and to write a glyph there takes as many bytes, unless that is in the first column. */
const LEAST_FOR_ROW = 6;

/**
 * The shortest output we know that turns one frame into another on a terminal that shows the first: cell by
 * cell, or with the terminal's scroll region when rows have shifted and that is shorter. It leaves the style
 * plain and the cursor anywhere.
 */
export function diffFrames(
  old: readonly FrameLine[],
  next: readonly FrameLine[],
  context: DiffContext,
): string {
  const shift = findShift(old, next);
  if (shift === undefined) return diffLines(old, next, context);
  const shifted = shiftLines(old, shift, new FrameLine(''));
  const scrolled = diffLines(shifted, next, context, { shift });
  if (scrolled.length <= shift.changed * LEAST_FOR_ROW) return scrolled;
  const plain = diffLines(old, next, context, { below: scrolled.length });
  return plain.length < scrolled.length ? plain : scrolled;
}

interface DiffOptions {
  /** What the terminal is told to shift before the rest is written. */
  readonly shift?: Shift;
  /** Gives up when the output is not shorter than this; what it gives then is at least as long. */
  readonly below?: number;
}

function diffLines(
  old: readonly FrameLine[],
  next: readonly FrameLine[],
  context: DiffContext,
  { shift, below = Number.POSITIVE_INFINITY }: DiffOptions = {},
): string {
  const pen = new Pen(context.table);
  if (shift !== undefined) pen.scroll(shift.top, shift.bottom, shift.by);
  let row = -1;
  for (const line of next) {
    row += 1;
    const before = old[row];
    if (before !== undefined && (before === line || before.key === line.key)) continue;
    if (pen.output.length >= below) return pen.output;
    const cells = line.cells(context.width, context.table);
    const shown = before?.cells(context.width, context.table);
    new RowWriter(context, pen, row, shown, cells).write();
  }
  pen.setStyle(PLAIN_ID);
  return pen.output;
}

/** Writes what differs in one row. */
class RowWriter {
  readonly #context: DiffContext;
  readonly #pen: Pen;
  readonly #row: number;
  readonly #old: CellLine | undefined;
  readonly #next: CellLine;
  /** Set behind a glyph whose width terminals disagree about: it may have spoilt the cells after it. */
  #spoilt = false;

  constructor(context: DiffContext, pen: Pen, row: number, old: CellLine | undefined, next: CellLine) {
    this.#context = context;
    this.#pen = pen;
    this.#row = row;
    this.#old = old;
    this.#next = next;
  }

  write(): void {
    const { width } = this.#context;
    const tail = this.#blankFrom();
    let x = 0;
    while (x < tail) x = this.#differs(x) ? this.#writeAt(x, tail) : x + 1;
    while (x < width && !this.#differs(x)) x++;
    if (x < width) this.#writeTail(x);
  }

  /** The first cell of the blanks of one style that end the row, or the width when it ends otherwise. */
  #blankFrom(): number {
    const { glyphs, styles } = this.#next;
    const style = styles.at(-1) ?? PLAIN_ID;
    let x = this.#context.width;
    while (x > 0 && glyphs[x - 1] === ' ' && styles[x - 1] === style) x--;
    return x;
  }

  #differs(x: number): boolean {
    if (this.#spoilt || this.#old === undefined) return true;
    return this.#old.glyphs[x] !== this.#next.glyphs[x] || this.#old.styles[x] !== this.#next.styles[x];
  }

  /** Writes the glyph or the run of blanks at a cell; answers the cell after it. */
  #writeAt(x: number, tail: number): number {
    const { glyphs, styles } = this.#next;
    if (glyphs[x] === ' ') {
      const end = this.#blankRunEnd(x, tail);
      const style = styles[x] ?? PLAIN_ID;
      if (end - x >= ERASE_FROM && this.#context.table.erasable(style, this.#context.bce)) {
        this.#pen.erase(end - x, x, this.#row, style);
        return end;
      }
    }
    let end = this.#stretchEnd(x, tail);
    if (end > x + 1) {
      this.#pen.stretch(this.#next, x, end, this.#row);
      return end;
    }
    while (glyphs[end] === CONTINUATION) end++;
    this.#pen.glyph(this.#next, x, this.#row, end - x);
    if (!hasAgreedWidth(glyphs[x] ?? ' ')) this.#spoilt = true;
    return end;
  }

  /**
   * Behind the ASCII that differs from a cell on without a change of style and without blanks worth erasing: what can
   * be written as it is. Blanks at its beginning, whose style may be another one, are none of it.
   */
  #stretchEnd(x: number, tail: number): number {
    const { glyphs, styles } = this.#next;
    const { table, bce } = this.#context;
    const old = this.#spoilt ? undefined : this.#old;
    const style = styles[x] ?? PLAIN_ID;
    const blank = table.blank(style);
    const mostBlanks = table.erasable(blank, bce) ? ERASE_FROM - 1 : Number.POSITIVE_INFINITY;
    let blanks = 0;
    let cell = x;
    for (; cell < tail; cell++) {
      const glyph = glyphs[cell] ?? '';
      const isBlank = glyph === ' ';
      if (old !== undefined && old.glyphs[cell] === glyph && old.styles[cell] === styles[cell]) break;
      if (isBlank ? cell === x || styles[cell] !== blank : styles[cell] !== style || !isAscii(glyph)) break;
      blanks = isBlank ? blanks + 1 : 0;
      if (blanks > mostBlanks) return cell + 1 - blanks;
    }
    return Math.max(cell, x + 1);
  }

  /** Behind the last differing cell of the run of like blanks that starts at a cell. */
  #blankRunEnd(x: number, limit: number): number {
    const { glyphs, styles } = this.#next;
    let end = x + 1;
    for (let cell = x + 1; cell < limit && glyphs[cell] === ' ' && styles[cell] === styles[x]; cell++) {
      if (this.#differs(cell)) end = cell + 1;
    }
    return end;
  }

  #writeTail(x: number): void {
    const { width, table, bce } = this.#context;
    const style = this.#next.styles[x] ?? PLAIN_ID;
    const end = this.#blankRunEnd(x, width);
    if (end - x > 2 && table.erasable(style, bce)) this.#pen.eraseToEnd(x, this.#row, style);
    else for (let cell = x; cell < end; cell++) this.#pen.glyph(this.#next, cell, this.#row, 1);
  }
}
