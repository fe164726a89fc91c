import { boxLines } from '../components/box.ts';
import type { Palette } from '../components/palette.ts';
import { lastTop, type PaneText, paneLines } from '../components/pane-lines.ts';
import { visible } from '../lib/sanitise.ts';
import type { PaneState } from '../store/state.ts';

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
    left: pane.left,
    wrap: pane.wrap,
    find: pane.find,
  };
  if (pane.full) return padToHeight(paneLines(palette, text, window, width, height), width, height);
  return boxLines(palette, width, height, titles, paneLines(palette, text, window, width - 2, height - 2));
}

/** The text's name, and which match of how many is looked at. */
export function paneTitle(palette: Palette, name: string, text: PaneText, pane: PaneState): string {
  const title = palette.ink('title', ` ${visible(name)} `);
  if (pane.find === '') return title;
  const matches = text.find(pane.find);
  const at = pane.match === undefined ? -1 : matches.indexOf(pane.match);
  return (
    title +
    palette.ink('filter', `</${visible(pane.find)}> `) +
    palette.ink('count', `[${at + 1}:${matches.length}] `)
  );
}

/** The area inside the frame. */
export function paneArea(pane: PaneState, width: number, height: number): { width: number; height: number } {
  return pane.full ? { width, height } : { width: width - 2, height: height - 2 };
}

/** The last line from which a text can still be scrolled. */
export function bottomTop(text: PaneText, pane: PaneState, width: number, height: number): number {
  const area = paneArea(pane, width, height);
  return lastTop(text, area.width, area.height, pane.wrap);
}

function clampedTop(count: number, top: number): number {
  return Math.min(Math.max(0, top), Math.max(0, count - 1));
}

function padToHeight(lines: readonly string[], width: number, height: number): string[] {
  const blank = ' '.repeat(Math.max(0, width));
  return Array.from({ length: height }, (_, index) => lines[index] ?? blank);
}
