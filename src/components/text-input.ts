import { visible } from '../lib/sanitise.ts';
import { cellWidth, fit, sliceCells } from '../lib/width.ts';
import type { Palette } from './palette.ts';

/**
 * The styled line of a text field, which scrolls sideways so that the cursor is always seen; `…` stands for what is
 * beyond an edge.
 * @param caret in characters; undefined when the field has no focus
 */
export function inputLine(palette: Palette, text: string, caret: number | undefined, width: number): string {
  const shown = visible(text);
  if (caret === undefined) return palette.ink('value', cellWidth(shown) > width ? fit(shown, width) : shown);
  const before = visible(text.slice(0, caret));
  const rest = visible(text.slice(caret));
  const start = Math.max(0, cellWidth(before) - width + 1);
  const under = rest === '' ? ' ' : (rest.match(/^[\uD800-\uDBFF]?[\s\S]/)?.[0] ?? ' ');
  const left = start > 0 ? `…${sliceCells(before, start + 1, width - 2)}` : before;
  const behind = rest.slice(under.length);
  const room = Math.max(0, width - 1 - cellWidth(left));
  const right = cellWidth(behind) > room ? fit(behind, room) : behind;
  return palette.ink('value', left) + palette.ink('focus', under) + palette.ink('value', right);
}
