import { Text } from 'ink';
import { DialogBox } from '../components/dialog-box.tsx';
import { progressBar } from '../components/progress-bar.ts';
import { visible } from '../lib/sanitise.ts';
import { countText } from '../lib/units.ts';
import type { BulkDialog } from '../store/dialogs.ts';
import { progressText } from '../store/progress.ts';
import { bulkWindow, failureLines, restText } from './dialog-window.ts';
import { useScrollKeys } from './scroll-keys.ts';
import { useUi } from './ui-context.ts';

/** How far many operations have come, and what failed of them. */
export function Bulk({ dialog }: { readonly dialog: BulkDialog }) {
  const { palette, columns, rows } = useUi();
  const failed = dialog.failures.length > 0;
  // Why something failed takes more room than how far the rest has come.
  const width = Math.min(failed ? 100 : 76, columns - 4);
  const window = bulkWindow(dialog, rows);
  const failures = failureLines(dialog, window, width - 4, rows);
  const rest = restText(window, useScrollKeys());
  return (
    <DialogBox palette={palette} title={visible(dialog.title)} width={width} danger={failed}>
      <Text wrap="truncate">
        {dialog.total > 0
          ? palette.ink('good', progressBar(dialog.done, dialog.total, width - 4))
          : palette.ink('busy', `${countText(dialog.done)} found so far`)}
      </Text>
      {dialog.total > 0 && <Text wrap="truncate">{progressText(dialog)}</Text>}
      {failures.length > 0 && (
        <Text wrap="truncate">{failures.map((line) => palette.ink('error', line)).join('\n')}</Text>
      )}
      {rest !== undefined && <Text>{palette.ink('error', `  ${rest}`)}</Text>}
      <Text>{palette.ink('dim', hintOf(dialog))}</Text>
    </DialogBox>
  );
}

function hintOf({ state, abort, again, failures }: BulkDialog): string {
  const retry = again === undefined ? '' : `r tries the ${countText(failures.length)} that failed again, `;
  if (state === 'cancelled') return `stopped: ${retry}esc closes this`;
  if (state === 'ended') return `${retry}esc closes this`;
  return abort.signal.aborted ? 'stopping: waiting for the requests that are under way' : 'esc stops it';
}
