import { Box, Text } from 'ink';
import { visible } from '../lib/sanitise.ts';
import { cellWidth, fit } from '../lib/width.ts';
import { isLow } from './chrome-size.ts';
import { ghostOf } from './handlers/prompt-handlers.ts';
import { useAppState, useUi } from './ui-context.ts';

const SUGGESTIONS = 6;
const LOW_SUGGESTIONS = 3;
const LEAST_WIDTH = 40;

/** The line behind `:` or `/`, with what could be meant below it. */
export function PromptLine() {
  const { palette, columns, rows } = useUi();
  const prompt = useAppState((state) => state.prompt);
  if (prompt === undefined) return null;
  const sign = prompt.kind === 'command' ? ':' : '/';
  const ghost = ghostOf(prompt);
  const line =
    palette.ink('prompt', ` ${sign}`) +
    palette.ink('value', visible(prompt.text)) +
    palette.ink('focus', ghost.charAt(0) || ' ') +
    palette.ink('ghost', visible(ghost.slice(1)));
  const most = isLow(rows) ? LOW_SUGGESTIONS : SUGGESTIONS;
  const first = Math.max(0, Math.min(prompt.chosen - most, prompt.suggestions.length - most));
  const shown = prompt.suggestions.slice(first, first + most);
  const longest = Math.max(0, ...shown.map((suggestion) => cellWidth(visible(suggestion)) + 2));
  const width = Math.min(columns, Math.max(LEAST_WIDTH, longest));
  return (
    <Box flexDirection="column" width={columns}>
      <Text wrap="truncate">{line}</Text>
      {shown.map((suggestion, index) => (
        <Text key={suggestion} wrap="truncate">
          {palette.ink(
            first + index + 1 === prompt.chosen ? 'focus' : 'dim',
            fit(`  ${visible(suggestion)}`, width),
          )}
        </Text>
      ))}
    </Box>
  );
}
