import { Text } from 'ink';
import { cellWidth } from '../lib/width.ts';
import type { Palette } from './palette.ts';

export interface ButtonRowProps {
  readonly palette: Palette;
  readonly labels: readonly string[];
  /** Number of the button that has the focus; undefined when none has it. */
  readonly focus: number | undefined;
  /** Number of the button that does harm. */
  readonly danger?: number;
  /** Cells to a line. */
  readonly width: number;
}

const GAP = '  ';

/** Buttons side by side, on as many lines as they take; the one with the focus is filled. */
export function ButtonRow({ palette, labels, focus, danger, width }: ButtonRowProps) {
  const lines = buttonLines(labels, width).map((line) =>
    line
      .map(({ text, index }) => {
        if (index !== focus) return palette.ink('label', text);
        return palette.ink(index === danger ? 'danger' : 'focus', text);
      })
      .join(GAP),
  );
  return <Text wrap="truncate">{lines.join('\n')}</Text>;
}

/** The buttons of each line. */
export function buttonLines(
  labels: readonly string[],
  width: number,
): { readonly text: string; readonly index: number }[][] {
  const lines: { text: string; index: number }[][] = [];
  let left = 0;
  for (const [index, label] of labels.entries()) {
    const text = `[ ${label} ]`;
    const line = lines.at(-1);
    const taken = cellWidth(text) + GAP.length;
    left -= taken;
    if (line !== undefined && left >= 0) {
      line.push({ text, index });
    } else {
      lines.push([{ text, index }]);
      left = width + GAP.length - taken;
    }
  }
  return lines;
}
