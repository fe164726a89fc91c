import { eachGrapheme, isOneCellEach } from '../lib/width.ts';
import { PLAIN_ID, type StyleTable } from './style-table.ts';

/** The glyph of the second cell of a wide character. */
export const CONTINUATION = '';

/** Longest cluster kept in a cell: longer than any real emoji, and a bound on stacked accents. */
const MAX_CLUSTER = 32;

/**
 * One row of the terminal, always `width` cells: a glyph for each cell (a space where nothing is,
 * {@link CONTINUATION} behind a wide character) and the id of its style.
 */
export interface CellLine {
  readonly glyphs: readonly string[];
  readonly styles: readonly number[];
}

/**
 * Reads a styled line (text and SGR sequences) into exactly `width` cells. What does not fit is cut, a wide
 * character on the edge becomes a blank, and any other escape sequence or control character is dropped.
 */
export function parseLine(line: string, width: number, table: StyleTable): CellLine {
  const cells = new CellBuffer(width);
  let style = PLAIN_ID;
  let at = 0;
  while (at < line.length && cells.room > 0) {
    const next = line.indexOf('\x1b', at);
    const end = next === -1 ? line.length : next;
    if (end > at) addText(line.slice(at, end), cells, style, table.blank(style));
    if (next === -1) break;
    const sequence = sequenceAt(line, next);
    if (sequence.sgr !== undefined) style = table.apply(style, sequence.sgr);
    at = sequence.end;
  }
  cells.pad(PLAIN_ID);
  return cells;
}

/** A row that is filled from the left. It has its size from the start, so that it is not copied as it grows. */
class CellBuffer {
  readonly glyphs: string[];
  readonly styles: number[];
  #taken = 0;

  constructor(width: number) {
    this.glyphs = new Array<string>(width);
    this.styles = new Array<number>(width);
  }

  /** Cells that are still free. */
  get room(): number {
    return this.glyphs.length - this.#taken;
  }

  put(glyph: string, style: number): void {
    this.glyphs[this.#taken] = glyph;
    this.styles[this.#taken] = style;
    this.#taken += 1;
  }

  /** Fills what is free with blanks. */
  pad(style: number): void {
    while (this.room > 0) this.put(' ', style);
  }
}

function addText(text: string, into: CellBuffer, style: number, blank: number): void {
  if (isOneCellEach(text)) {
    const end = Math.min(text.length, into.room);
    for (let index = 0; index < end; index++) {
      const glyph = text.charAt(index);
      into.put(glyph, glyph === ' ' ? blank : style);
    }
    return;
  }
  eachGrapheme(text, (cluster, cells) => {
    if (cells === 0) return true;
    if (cells > into.room) {
      into.pad(blank);
      return false;
    }
    if (cluster === ' ' || cluster === '\u00a0') into.put(' ', blank);
    else into.put(boundedCluster(cluster), style);
    for (let cell = 1; cell < cells; cell++) into.put(CONTINUATION, style);
    return true;
  });
}

function boundedCluster(cluster: string): string {
  if (cluster.length <= MAX_CLUSTER) return cluster;
  return cluster.slice(0, MAX_CLUSTER).replace(/[\ud800-\udbff]$/, '');
}

/** The sequence that starts with the ESC at an index: its SGR parameters if it is one, and where it ends. */
function sequenceAt(line: string, start: number): { sgr: string | undefined; end: number } {
  if (line.charAt(start + 1) !== '[') return { sgr: undefined, end: start + 1 };
  let end = start + 2;
  while (end < line.length) {
    const code = line.charCodeAt(end);
    if (code >= 0x40 && code <= 0x7e) break;
    if (code < 0x20 || code > 0x7e) return { sgr: undefined, end };
    end++;
  }
  const parameters = line.slice(start + 2, end);
  const isSgr = line.charAt(end) === 'm' && /^[\d;:]*$/.test(parameters);
  return { sgr: isSgr ? parameters : undefined, end: end + 1 };
}

/**
 * Lays a stretch of one line's cells over another line. Wide characters that an edge would cut in half are
 * replaced by blanks.
 */
export function overlayCells(
  base: CellLine,
  over: CellLine,
  from: number,
  at: number,
  width: number,
): CellLine {
  const glyphs = base.glyphs.slice();
  const styles = base.styles.slice();
  for (let cell = 0; cell < width && at + cell < glyphs.length; cell++) {
    glyphs[at + cell] = over.glyphs[from + cell] ?? ' ';
    styles[at + cell] = over.styles[from + cell] ?? PLAIN_ID;
  }
  blankBefore(glyphs, styles, base, at);
  blankAfter(glyphs, styles, base, at + width);
  return { glyphs, styles };
}

/** Blanks a wide character of the base whose second half was covered. */
function blankBefore(glyphs: string[], styles: number[], base: CellLine, edge: number): void {
  if (base.glyphs[edge] !== CONTINUATION) return;
  for (let cell = edge - 1; cell >= 0; cell--) {
    const wasHead = base.glyphs[cell] !== CONTINUATION;
    glyphs[cell] = ' ';
    styles[cell] = PLAIN_ID;
    if (wasHead) return;
  }
}

/** Blanks what is left of a wide character of the base whose first half was covered. */
function blankAfter(glyphs: string[], styles: number[], base: CellLine, edge: number): void {
  for (let cell = edge; base.glyphs[cell] === CONTINUATION; cell++) {
    glyphs[cell] = ' ';
    styles[cell] = PLAIN_ID;
  }
}
