import { sliceStyled, stripSgr } from '../lib/style.ts';
import { cellWidth } from '../lib/width.ts';
import type { Palette } from './palette.ts';

export interface BoxTitle {
  /** Styled text in the middle of the upper border. */
  readonly title: string;
  /** Styled text at the right of the upper border. */
  readonly right?: string;
  /** Styled text in the lower border. */
  readonly bottom?: string;
}

/** Lines between borders, remembered: the same line again is the same string, which compares at no cost. */
export class BoxedLines {
  readonly #boxed = new Map<string, string>();
  #side = '';

  of(side: string, line: string): string {
    if (side !== this.#side || this.#boxed.size > MOST_BOXED) this.#boxed.clear();
    this.#side = side;
    const known = this.#boxed.get(line);
    if (known !== undefined) return known;
    const boxed = side + line + side;
    this.#boxed.set(line, boxed);
    return boxed;
  }
}

/** Several screens full. */
const MOST_BOXED = 500;

/** A frame around lines that are `width - 2` cells wide; as many lines as fit `height - 2`. */
export function boxLines(
  palette: Palette,
  width: number,
  height: number,
  titles: BoxTitle,
  content: readonly string[],
  boxed: BoxedLines = new BoxedLines(),
): string[] {
  const side = palette.ink('border', '│');
  const lines = [upperBorder(palette, width, titles)];
  for (let index = 0; index < height - 2; index += 1) {
    lines.push(boxed.of(side, content[index] ?? ' '.repeat(Math.max(0, width - 2))));
  }
  lines.push(lowerBorder(palette, width, titles.bottom));
  return lines.slice(0, Math.max(0, height));
}

/** Cells of a title that still tell what a view is. */
const LEAST_TITLE = 16;

/** The first line of a frame; what is at its right goes before the title where there is no room for both. */
export function upperBorder(palette: Palette, width: number, titles: BoxTitle): string {
  const { title, right = '' } = titles;
  // What is at the right may say that the connection is lost: a long title gives way before it.
  const room = width - 4 - shownWidth(right);
  if (shownWidth(title) <= room || right === '') return border(palette, '┌', title, right, '┐', width);
  if (room < LEAST_TITLE) return upperBorder(palette, width, { title });
  return border(palette, '┌', `${sliceStyled(title, 0, room - 1)}…`, right, '┐', width);
}

/** The last line of a frame. */
export function lowerBorder(palette: Palette, width: number, title = ''): string {
  return border(palette, '└', title, '', '┘', width);
}

function border(
  palette: Palette,
  start: string,
  title: string,
  right: string,
  end: string,
  width: number,
): string {
  const inner = Math.max(0, width - 2);
  const taken = shownWidth(title) + shownWidth(right);
  if (taken > inner) {
    const cut = `${sliceStyled(title, 0, Math.max(0, inner - 1))}…`;
    return palette.ink('border', start) + (inner > 0 ? cut : '') + palette.ink('border', end);
  }
  const rest = inner - taken;
  // The title stands in the middle as long as what is at the right leaves room for it.
  const before = Math.min(Math.floor((inner - shownWidth(title)) / 2), rest - (right === '' ? 0 : 1));
  const left = title === '' ? 0 : Math.max(0, before);
  const tail = right === '' ? 0 : 1;
  return (
    palette.ink('border', start + '─'.repeat(left)) +
    title +
    palette.ink('border', '─'.repeat(Math.max(0, rest - left - tail))) +
    right +
    palette.ink('border', '─'.repeat(tail) + end)
  );
}

function shownWidth(styled: string): number {
  return cellWidth(stripSgr(styled));
}

/** Lines of text in the middle of an area. */
export function centred(lines: readonly string[], width: number, height: number): string[] {
  const above = Math.max(0, Math.floor((height - lines.length) / 2));
  const blank = ' '.repeat(Math.max(0, width));
  const middle = lines.map((whole) => {
    const line = shownWidth(whole) > width ? `${sliceStyled(whole, 0, Math.max(0, width - 1))}…` : whole;
    const gap = Math.max(0, width - shownWidth(line));
    const left = Math.floor(gap / 2);
    return ' '.repeat(left) + line + ' '.repeat(gap - left);
  });
  return [...Array.from({ length: above }, () => blank), ...middle];
}
