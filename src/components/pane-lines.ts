import { sliceStyled, stripSgr } from '../lib/style.ts';
import { cellWidth, eachGrapheme } from '../lib/width.ts';
import type { Palette } from './palette.ts';

export interface PaneWindow {
  /** Number of the first line shown. */
  readonly top: number;
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
    const rows = window.wrap
      ? wrapped(line, room, height - shown.length)
      : [cut(palette, line, window.left, room)];
    const leads = [text.lead?.of(index) ?? '', ' '.repeat(width - room)];
    shown.push(...rows.map((row, at) => leads[Math.min(at, 1)] + row));
  }
  return shown.slice(0, height);
}

function roomBehind(lead: PaneLead | undefined, width: number): number {
  return Math.max(1, width - (lead?.width ?? 0));
}

/** Screen rows that one line takes. */
export function rowsOf(line: string, width: number, wrap: boolean): number {
  return wrap ? Math.max(1, Math.ceil(cellWidth(stripSgr(line)) / Math.max(1, width))) : 1;
}

/** The first line to show so that the last line stands at the bottom. */
export function lastTop(text: PaneText, width: number, height: number, wrap: boolean): number {
  if (!wrap) return Math.max(0, text.count - height);
  let room = height;
  let top = text.count;
  while (top > 0) {
    room -= rowsOf(text.show(top - 1), roomBehind(text.lead, width), wrap);
    if (room < 0) break;
    top -= 1;
  }
  return Math.min(top, Math.max(0, text.count - 1));
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

function wrapped(line: string, width: number, most: number): string[] {
  const total = Math.min(cellWidth(stripSgr(line)), most * width);
  const rows: string[] = [];
  for (let start = 0; start === 0 || start < total; start += width) {
    rows.push(padded(sliceStyled(line, start, width), width));
  }
  return rows;
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
