import { cellOfMatch, panTo, placeBeyond, rowOfCell } from '../../components/pane-lines.ts';
import { flash } from '../../store/flash.ts';
import type { ScreenContext } from '../context.ts';
import { paneSize } from '../pane.ts';
import { moveTo, numberOf, setFollowing, type TextHere, textHere, updatePane } from './text-here.ts';

/** Goes to the next line that holds what is looked for; `/` sets it. */
export function nextMatch(context: ScreenContext, by: 1 | -1): void {
  const here = textHere(context);
  const { store } = context.services;
  if (here === undefined) return;
  const matches = here.text.find(here.pane.find);
  if (here.pane.find === '') flash(store, 'info', '/ finds a text first');
  else if (matches.length === 0) flash(store, 'warn', `not found: ${here.pane.find}`);
  const from = here.pane.match ?? (by > 0 ? here.pane.top - 1 : here.pane.top);
  const found =
    by > 0
      ? (matches.find((line) => line > from) ?? matches[0])
      : (matches.findLast((line) => line < from) ?? matches[matches.length - 1]);
  if (found === undefined) return;
  if (here.tail !== undefined) setFollowing(context, false);
  showMatch(context, here, found);
}

/** Brings what was found to the middle of the screen, and into what is panned to. */
export function showMatch(context: ScreenContext, here: TextHere, line: number): void {
  const { text, pane } = here;
  const { width, height } = context.services.host.viewSize();
  const size = paneSize(pane, width, height);
  const cell = cellOfMatch(text, line, pane.find) ?? 0;
  const row = { top: line, skip: pane.wrap ? rowOfCell(text, line, cell, size.width) : 0 };
  moveTo(context, here, placeBeyond(text, row, -Math.floor(size.height / 2), size));
  const match = numberOf(here, line);
  const left = pane.wrap ? 0 : panTo(text, pane.left, cell, cell + pane.find.length, size.width);
  updatePane(context.services.store, (shown) => ({ ...shown, match, left }));
}
