import { Text } from 'ink';
import type { Palette } from './palette.ts';

export interface ButtonRowProps {
  readonly palette: Palette;
  readonly labels: readonly string[];
  /** Number of the button that has the focus; undefined when none has it. */
  readonly focus: number | undefined;
  /** Number of the button that does harm. */
  readonly danger?: number;
}

/** Buttons side by side; the one with the focus is filled. */
export function ButtonRow({ palette, labels, focus, danger }: ButtonRowProps) {
  const buttons = labels.map((label, index) => {
    if (index !== focus) return palette.ink('label', `[ ${label} ]`);
    return palette.ink(index === danger ? 'danger' : 'focus', `[ ${label} ]`);
  });
  return <Text wrap="truncate">{buttons.join('  ')}</Text>;
}
