import { boxLines, centred } from '../components/box.ts';
import { linesBefore, onlyLines } from '../components/found-lines.ts';
import type { Palette } from '../components/palette.ts';
import {
  earlier,
  lastPlace,
  type PanePlace,
  type PaneSize,
  type PaneText,
  type PaneWindow,
  paneLines,
} from '../components/pane-lines.ts';
import { visible } from '../lib/sanitise.ts';
import { stripSgr } from '../lib/style.ts';
import { cellWidth, fitMiddle } from '../lib/width.ts';
import type { PaneState } from '../store/state.ts';

/** A text as it is looked at: all of its lines, or only those found. */
export interface SeenText {
  readonly text: PaneText;
  /** Its numbers are those of the lines that are seen. */
  readonly pane: PaneState;
  /** The numbers in the whole text of the lines that are seen; undefined when all are. */
  readonly lines: readonly number[] | undefined;
}

/** Leaves out the lines without what is looked for, when that is wanted; the line at the top stays as near as can be. */
export function seenText(text: PaneText, pane: PaneState): SeenText {
  if (pane.only !== true || pane.find === '') return { text, pane, lines: undefined };
  const lines = text.find(pane.find);
  const top = linesBefore(lines, pane.top);
  const match = pane.match === undefined ? undefined : linesBefore(lines, pane.match);
  const skip = lines[top] === pane.top ? pane.skip : 0;
  return { text: onlyLines(text, lines, pane.find), pane: { ...pane, top, skip, match }, lines };
}

/** A text with a frame: the shared drawing of describe, YAML, tail and help. */
export function paintPane(
  palette: Palette,
  titles: { readonly title: string; readonly right: string; readonly bottom?: string },
  text: PaneText,
  pane: PaneState,
  width: number,
  height: number,
): string[] {
  const window = {
    top: clampedTop(text.count, pane.top),
    skip: pane.skip,
    left: pane.left,
    wrap: pane.wrap,
    find: pane.find,
  };
  if (text.count === 0) {
    const { width: cells, height: rows } = paneArea(pane, width, height);
    const lines = centred([palette.ink('dim', `no line holds ${visible(pane.find)}`)], cells, rows);
    return pane.full ? lines : boxLines(palette, width, height, titles, lines);
  }
  if (pane.full) return padToHeight(paneLines(palette, text, window, width, height), width, height);
  const bottom = titles.bottom ?? (goesOn(text, window, paneSize(pane, width, height)) ? MORE : '');
  const shown = { ...titles, bottom: bottom === MORE ? palette.ink('key', MORE) : bottom };
  return boxLines(palette, width, height, shown, paneLines(palette, text, window, width - 2, height - 2));
}

/** Stands in the lower border while there is more below it; the same at every line, so that scrolling costs nothing more. */
const MORE = ' ↓ more ';

/** Whether the end of the text is below the screen. */
function goesOn(text: PaneText, { top, skip = 0 }: PaneWindow, size: PaneSize): boolean {
  const place = { top, skip };
  return earlier(place, lastPlace(text, size)) === place;
}

/** Cells of a name that still tell what a text is. */
const LEAST_NAME = 16;

/**
 * The text's name, and which match of how many is looked at, in a frame of `width` cells with `right` beside it. A long
 * name is cut in the middle: its end says which file it is.
 */
export function paneTitle(
  palette: Palette,
  name: string,
  text: PaneText,
  pane: PaneState,
  { width, right }: { readonly width: number; readonly right: string },
): string {
  const matches = pane.find === '' ? [] : text.find(pane.find);
  const at = pane.match === undefined ? -1 : matches.indexOf(pane.match);
  const only = pane.only === true ? 'only ' : '';
  const find = pane.find === '' ? '' : `</${visible(pane.find)}> ${only}`;
  const count = pane.find === '' ? '' : `[${at + 1}:${matches.length}] `;
  const beside = cellWidth(stripSgr(right)) + cellWidth(find) + count.length + BORDER;
  const room = Math.max(LEAST_NAME, width - beside);
  const whole = visible(name);
  const shown = cellWidth(whole) > room ? fitMiddle(whole, room) : whole;
  return palette.ink('title', ` ${shown} `) + palette.ink('filter', find) + palette.ink('count', count);
}

/** Cells of a border that are neither the title nor what is at its right: corners, lines, a blank at both ends. */
const BORDER = 6;

/** The area inside the frame. */
export function paneArea(pane: PaneState, width: number, height: number): { width: number; height: number } {
  return pane.full ? { width, height } : { width: width - 2, height: height - 2 };
}

/** How a text is laid out in a view of this size. */
export function paneSize(pane: PaneState, width: number, height: number): PaneSize {
  return { ...paneArea(pane, width, height), wrap: pane.wrap };
}

/** Where the screen begins that shows the end of a text. */
export function bottomPlace(text: PaneText, pane: PaneState, width: number, height: number): PanePlace {
  return lastPlace(text, paneSize(pane, width, height));
}

function clampedTop(count: number, top: number): number {
  return Math.min(Math.max(0, top), Math.max(0, count - 1));
}

function padToHeight(lines: readonly string[], width: number, height: number): string[] {
  const blank = ' '.repeat(Math.max(0, width));
  return Array.from({ length: height }, (_, index) => lines[index] ?? blank);
}
