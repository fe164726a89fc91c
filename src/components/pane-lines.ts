import { sliceStyled, stripSgr } from '../lib/style.ts';
import { cellWidth, eachGrapheme, isOneCellEach } from '../lib/width.ts';
import type { Palette } from './palette.ts';

export interface PaneWindow {
  /** Number of the first line shown. */
  readonly top: number;
  /** Screen rows of that line that are scrolled away; only while wrapping. */
  readonly skip?: number | undefined;
  /** Cells panned out at the left; 0 while wrapping. */
  readonly left: number;
  readonly wrap: boolean;
  /** Text that is highlighted, in any case; empty for none. */
  readonly find: string;
}

/** A text that may be long: only lines that are looked at are made fit to be shown. */
export interface PaneText {
  /** Lines in it. */
  readonly count: number;
  /** A line as it may be shown: styled, and safe for the terminal. */
  show(index: number): string;
  /** A line as it is copied and saved. */
  plain(index: number): string;
  /** Indexes of the lines that hold a text, in any case. */
  find(text: string): readonly number[];
  /** What stands in front of every line, whatever is panned out or wrapped. */
  readonly lead?: PaneLead | undefined;
}

export interface PaneLead {
  /** Cells that each takes. */
  readonly width: number;
  of(index: number): string;
}

/** A text whose lines are styled already. */
export function styledText(lines: readonly string[]): PaneText {
  return {
    count: lines.length,
    show: (index) => lines[index] ?? '',
    plain: (index) => stripSgr(lines[index] ?? ''),
    find: (wanted) => findLines(lines, wanted),
  };
}

/**
 * The lines of a text that fit into an area, from `top` on, panned or wrapped, with matches highlighted. A line
 * that goes on behind the right edge ends in a sign that says so.
 */
export function paneLines(
  palette: Palette,
  text: PaneText,
  window: PaneWindow,
  width: number,
  height: number,
): string[] {
  const shown: string[] = [];
  const room = roomBehind(text.lead, width);
  for (let index = window.top; index < text.count && shown.length < height; index += 1) {
    const line = highlighted(palette, text.show(index), window.find);
    const skip = index === window.top ? (window.skip ?? 0) : 0;
    const rows = window.wrap
      ? wrapped(line, room, skip, height - shown.length)
      : [cut(palette, line, window.left, room)];
    const leads = [
      skip === 0 ? (text.lead?.of(index) ?? '') : ' '.repeat(width - room),
      ' '.repeat(width - room),
    ];
    shown.push(...rows.map((row, at) => leads[Math.min(at, 1)] + row));
  }
  return shown.slice(0, height);
}

function roomBehind(lead: PaneLead | undefined, width: number): number {
  return Math.max(1, width - (lead?.width ?? 0));
}

/** Screen rows that one line takes. */
export function rowsOf(line: string, width: number, wrap: boolean): number {
  return wrap ? rowStarts(line, width).length : 1;
}

/** Cells at which the screen rows of a wrapped line begin, `most` at most. No wide character is cut. */
function rowStarts(line: string, width: number, most = Number.POSITIVE_INFINITY): number[] {
  const plain = stripSgr(line);
  const starts = [0];
  if (isOneCellEach(plain)) {
    for (let at = width; at < plain.length && starts.length < most; at += width) starts.push(at);
    return starts;
  }
  let at = 0;
  let start = 0;
  eachGrapheme(plain, (_, cells) => {
    if (at + cells - start > width && at > start) {
      start = at;
      starts.push(at);
    }
    at += cells;
    return starts.length < most;
  });
  return starts;
}

/** Where a screen begins: a line, and how many screen rows of it are above the screen. */
export interface PanePlace {
  readonly top: number;
  readonly skip: number;
}

/** How a text is laid out on the screen. */
export interface PaneSize {
  readonly width: number;
  readonly height: number;
  readonly wrap: boolean;
}

/** Where the screen begins when the last row of the text stands at the bottom. */
export function lastPlace(text: PaneText, { width, height, wrap }: PaneSize): PanePlace {
  if (!wrap) return { top: Math.max(0, text.count - height), skip: 0 };
  let room = height;
  for (let top = text.count - 1; top >= 0; top -= 1) {
    const rows = rowsOf(text.show(top), roomBehind(text.lead, width), wrap);
    if (rows >= room) return { top, skip: rows - room };
    room -= rows;
  }
  return { top: 0, skip: 0 };
}

/** The place so many screen rows further down, or up where `by` is below 0; within the text. */
export function placeBeyond(text: PaneText, place: PanePlace, by: number, size: PaneSize): PanePlace {
  const last = lastPlace(text, size);
  if (!size.wrap) return { top: Math.min(last.top, Math.max(0, place.top + by)), skip: 0 };
  if (by === Number.POSITIVE_INFINITY) return last;
  if (by === Number.NEGATIVE_INFINITY) return { top: 0, skip: 0 };
  const rows = (line: number) => rowsOf(text.show(line), roomBehind(text.lead, size.width), true);
  let { top } = place;
  let skip = place.skip + by;
  while (skip < 0 && top > 0) {
    top -= 1;
    skip += rows(top);
  }
  for (let here = rows(top); skip >= here && top < text.count - 1; here = rows(top)) {
    skip -= here;
    top += 1;
  }
  return earlier({ top, skip: Math.max(0, skip) }, last);
}

/** Of two places the one that comes first. */
export function earlier(one: PanePlace, other: PanePlace): PanePlace {
  return one.top < other.top || (one.top === other.top && one.skip < other.skip) ? one : other;
}

/** The cell of a line at which a text first stands in it, in any case; undefined where it is not shown. */
export function cellOfMatch(text: PaneText, line: number, find: string): number | undefined {
  const plain = stripSgr(text.show(line));
  const at = plain.toLowerCase().indexOf(find.toLowerCase());
  return at < 0 ? undefined : cellWidth(plain.slice(0, at));
}

/** The screen row of a wrapped line in which a cell stands. */
export function rowOfCell(text: PaneText, line: number, cell: number, width: number): number {
  const starts = rowStarts(text.show(line), roomBehind(text.lead, width));
  return Math.max(
    0,
    starts.findLastIndex((start) => start <= cell),
  );
}

/** Cells panned out so that the cells from `from` to `to` are seen: as before where they are already. */
export function panTo(text: PaneText, left: number, from: number, to: number, width: number): number {
  const room = roomBehind(text.lead, width);
  if (from >= left && to < left + room) return left;
  return to < room ? 0 : Math.max(0, from - Math.floor(room / 3));
}

/** Numbers of the lines that hold the text, in any case. */
export function findLines(lines: readonly string[], find: string): number[] {
  if (find === '') return [];
  const wanted = find.toLowerCase();
  return lines.flatMap((line, index) => (stripSgr(line).toLowerCase().includes(wanted) ? [index] : []));
}

function cut(palette: Palette, line: string, left: number, width: number): string {
  const seen = sliceStyled(line, left, width + 1);
  if (cellWidth(stripSgr(seen)) <= width) return padded(seen, width);
  return padded(sliceStyled(seen, 0, width - 1), width - 1) + palette.ink('key', '›');
}

function padded(line: string, width: number): string {
  return line + ' '.repeat(Math.max(0, width - cellWidth(stripSgr(line))));
}

function wrapped(line: string, width: number, skip: number, most: number): string[] {
  const starts = rowStarts(line, width, skip + most + 1);
  const first = Math.min(skip, starts.length - 1);
  const wanted = starts.slice(first, first + most);
  const start = wanted[0] ?? 0;
  const end = starts[first + most] ?? cellWidth(stripSgr(line));
  const seen = sliceStyled(line, start, end - start);
  return wanted.map((from, row) =>
    padded(sliceStyled(seen, from - start, (wanted[row + 1] ?? end) - from), width),
  );
}

/** A line with matches loses its own colours: the match must be seen, whatever stands around it. */
function highlighted(palette: Palette, line: string, find: string): string {
  if (find === '') return line;
  const plain = stripSgr(line);
  const lower = plain.toLowerCase();
  const wanted = find.toLowerCase();
  if (!lower.includes(wanted) || lower.length !== plain.length) return line;
  let out = '';
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    out += plain.slice(from, at) + palette.ink('match', plain.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  return out + plain.slice(from);
}

/** Plain text in rows of at most `width` cells, broken between words where it can be. */
export function wrapWords(text: string, width: number): string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(/\s+/)) {
    const joined = row === '' ? word : `${row} ${word}`;
    if (cellWidth(joined) <= width) row = joined;
    else {
      if (row !== '') rows.push(row);
      const parts = chopped(word, width);
      rows.push(...parts.slice(0, -1));
      row = parts[parts.length - 1] ?? '';
    }
  }
  return row === '' && rows.length > 0 ? rows : [...rows, row];
}

function chopped(word: string, width: number): string[] {
  const parts: string[] = [];
  let part = '';
  let taken = 0;
  eachGrapheme(word, (cluster, cells) => {
    if (taken + cells > width) {
      parts.push(part);
      part = '';
      taken = 0;
    }
    part += cluster;
    taken += cells;
    return true;
  });
  return [...parts, part];
}
