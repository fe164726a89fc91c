import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { Palette } from './palette.ts';

export interface DialogBoxProps {
  readonly palette: Palette;
  readonly title: string;
  /** Cells, borders included. */
  readonly width: number;
  readonly danger?: boolean;
  readonly children: ReactNode;
}

/** A framed box with a title, for anything that stands over a view. */
export function DialogBox({ palette, title, width, danger = false, children }: DialogBoxProps) {
  const colour = palette.depth === 'none' ? undefined : palette.style(danger ? 'danger' : 'border').bg;
  const border = danger ? colour : palette.style('title').fg;
  return (
    <Box
      flexDirection="column"
      width={width}
      borderStyle="round"
      paddingX={1}
      {...(typeof border === 'string' && palette.depth !== 'none' && palette.depth !== 'mono'
        ? { borderColor: border }
        : {})}
    >
      <Text wrap="truncate">{palette.ink(danger ? 'error' : 'title', title)}</Text>
      {children}
    </Box>
  );
}
