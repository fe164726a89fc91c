import stringWidth from 'string-width';

/** Receives one grapheme cluster and its width in cells; returning false stops the walk. */
export type GraphemeVisitor = (cluster: string, width: number) => boolean;

/** Builds a value on first use: the segmenter costs milliseconds, and most text never needs it. */
function lazily<T>(build: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= build();
    return value;
  };
}

const segmenter = lazily(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));

/**
 * Code points (all of one UTF-16 unit) that form a cluster of their own unless something non-simple follows,
 * and whose width every terminal agrees on. First, last, width.
 */
const SIMPLE_RANGES: readonly (readonly [number, number, 1 | 2])[] = [
  [0xa0, 0xac, 1],
  [0xae, 0x2ff, 1],
  [0x370, 0x482, 1],
  [0x48a, 0x52f, 1],
  [0x2010, 0x2027, 1],
  [0x2030, 0x205e, 1],
  [0x2190, 0x2319, 1],
  [0x2400, 0x25fc, 1],
  [0x2800, 0x28ff, 1],
  [0x3041, 0x3096, 2],
  [0x30a1, 0x30fa, 2],
  [0x4e00, 0x9fff, 2],
  [0xac00, 0xd7a3, 2],
  // What separates the parts of the chrome: it is measured, and never reaches a terminal.
  [0xe000, 0xe000, 1],
  [0xff01, 0xff60, 2],
];

/**
 * Cells taken by a UTF-16 unit whose width does not depend on its neighbours, or 0 when it must be looked at
 * in context (combining marks, emoji, surrogates, control characters).
 */
export function simpleWidth(code: number): 0 | 1 | 2 {
  if (code < 0x7f) return code >= 0x20 ? 1 : 0;
  for (const [first, last, width] of SIMPLE_RANGES) {
    if (code < first) return 0;
    if (code <= last) return width;
  }
  return 0;
}

/** Those of the simple ones that take one cell, but for the space that is none to break a line at. */
const ONE_CELL_EACH =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u2319\u2400-\u25fc\u2800-\u28ff]*$/;

/** Whether each UTF-16 unit of the text is one cell: ASCII and, of what stands beside it, dashes, arrows, lines and blocks. */
export function isOneCellEach(text: string): boolean {
  return ONE_CELL_EACH.test(text);
}

/**
 * Walks the grapheme clusters of plain text (no SGR) with their widths. Control characters and lone
 * zero-width clusters come with width 0. Only stretches that need it go through `Intl.Segmenter`.
 */
export function eachGrapheme(text: string, visit: GraphemeVisitor): void {
  let index = 0;
  while (index < text.length) {
    const width = simpleWidth(text.charCodeAt(index));
    const next = index + 1;
    if (width > 0 && (next === text.length || simpleWidth(text.charCodeAt(next)) > 0)) {
      if (!visit(text.charAt(index), width)) return;
      index = next;
      continue;
    }
    const end = endOfComplexRun(text, next);
    if (!eachSegment(text.slice(index, end), visit)) return;
    index = end;
  }
}

/** A run that needs the segmenter ends at the next printable ASCII character, which never joins backwards. */
function endOfComplexRun(text: string, from: number): number {
  let end = from;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code >= 0x20 && code < 0x7f) break;
    end++;
  }
  return end;
}

function eachSegment(run: string, visit: GraphemeVisitor): boolean {
  for (const { segment } of segmenter().segment(run)) {
    const simple = segment.length === 1 ? simpleWidth(segment.charCodeAt(0)) : 0;
    if (!visit(segment, simple > 0 ? simple : stringWidth(segment, { countAnsiEscapeCodes: true })))
      return false;
  }
  return true;
}

/** The grapheme clusters of plain text, in order. */
export function graphemes(text: string): string[] {
  const clusters: string[] = [];
  eachGrapheme(text, (cluster) => {
    clusters.push(cluster);
    return true;
  });
  return clusters;
}

/** Terminal cells that plain text (no SGR) takes. Control characters count as nothing. */
export function cellWidth(text: string): number {
  if (isOneCellEach(text)) return text.length;
  let cells = 0;
  eachGrapheme(text, (_cluster, width) => {
    cells += width;
    return true;
  });
  return cells;
}

/**
 * Plain text in exactly `width` cells: padded with spaces, or cut so that `…` stands in the last cell. A
 * wide character that would stick out becomes a space.
 */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  if (width <= 0) return '';
  if (isOneCellEach(text)) {
    if (text.length > width) return `${text.slice(0, width - 1)}…`;
    return align === 'left' ? text.padEnd(width) : text.padStart(width);
  }
  const cells = cellWidth(text);
  const shown = cells <= width ? sliceCells(text, 0, width) : `${sliceCells(text, 0, width - 1)}…`;
  const padding = ' '.repeat(width - Math.min(width, cellWidth(shown)));
  return align === 'left' ? shown + padding : padding + shown;
}

/** Like {@link fit}, but what is cut is in the middle: names that are alike mostly differ at their end. */
export function fitMiddle(text: string, width: number): string {
  const cells = cellWidth(text);
  if (cells <= width || width < 3) return fit(text, width);
  const tail = Math.floor((width - 1) / 3);
  const head = `${sliceCells(text, 0, width - 1 - tail)}…`;
  return fit(head + sliceCells(text, cells - tail, tail), width);
}

/**
 * The cells `start` to `start + width` of plain text, not padded. A wide character cut by either edge becomes
 * spaces, so that columns stay aligned while a table is panned.
 */
export function sliceCells(text: string, start: number, width: number): string {
  if (width <= 0) return '';
  if (isOneCellEach(text)) return text.slice(Math.max(0, start), Math.max(0, start + width));
  const end = start + width;
  let out = '';
  let at = 0;
  eachGrapheme(text, (cluster, cells) => {
    const from = at;
    at += cells;
    if (cells === 0 || at <= start) return true;
    if (from >= end) return false;
    out += from >= start && at <= end ? cluster : ' '.repeat(Math.min(at, end) - Math.max(from, start));
    return true;
  });
  return out;
}
