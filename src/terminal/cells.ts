import { eachGrapheme, isPlainAscii } from '../lib/width.ts';
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
  const glyphs: string[] = [];
  const styles: number[] = [];
  let style = PLAIN_ID;
  let at = 0;
  while (at < line.length && glyphs.length < width) {
    const next = line.indexOf('\x1b', at);
    const end = next === -1 ? line.length : next;
    if (end > at) addText(line.slice(at, end), width, { glyphs, styles }, style, table.blank(style));
    if (next === -1) break;
    const sequence = sequenceAt(line, next);
    if (sequence.sgr !== undefined) style = table.apply(style, sequence.sgr);
    at = sequence.end;
  }
  while (glyphs.length < width) {
    glyphs.push(' ');
    styles.push(PLAIN_ID);
  }
  return { glyphs, styles };
}

interface CellBuffer {
  readonly glyphs: string[];
  readonly styles: number[];
}

function addText(text: string, width: number, into: CellBuffer, style: number, blank: number): void {
  const { glyphs, styles } = into;
  if (isPlainAscii(text)) {
    const end = Math.min(text.length, width - glyphs.length);
    for (let index = 0; index < end; index++) {
      const glyph = text.charAt(index);
      glyphs.push(glyph);
      styles.push(glyph === ' ' ? blank : style);
    }
    return;
  }
  eachGrapheme(text, (cluster, cells) => {
    if (cells === 0) return true;
    if (glyphs.length + cells > width) {
      while (glyphs.length < width) {
        glyphs.push(' ');
        styles.push(blank);
      }
      return false;
    }
    const empty = cluster === ' ' || cluster === '\u00a0';
    glyphs.push(empty ? ' ' : boundedCluster(cluster));
    styles.push(empty ? blank : style);
    for (let cell = 1; cell < cells; cell++) {
      glyphs.push(CONTINUATION);
      styles.push(style);
    }
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
