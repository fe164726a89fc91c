import { Text } from 'ink';
import { ButtonRow } from '../components/button-row.tsx';
import { DialogBox } from '../components/dialog-box.tsx';
import { wrapWords } from '../components/pane-lines.ts';
import { describeError } from '../lib/errors.ts';
import { visible } from '../lib/sanitise.ts';
import { fit } from '../lib/width.ts';
import type { PanelDialog } from '../store/dialogs.ts';
import { panelWindow, restText } from './dialog-window.ts';
import { useScrollKeys } from './scroll-keys.ts';
import { useUi } from './ui-context.ts';

/** Lines and buttons; what does not fit is counted, and scrolled to. */
export function Panel({ dialog }: { readonly dialog: PanelDialog }) {
  const { palette, columns, rows } = useUi();
  const width = Math.min(100, columns - 2);
  const window = panelWindow(dialog, rows);
  const shown = dialog.lines.slice(window.first, window.first + window.height);
  const rest = restText(window, useScrollKeys(), ' lines');
  const danger = dialog.buttons.findIndex((button) => button.danger === true);
  return (
    <DialogBox palette={palette} title={visible(dialog.title)} width={width}>
      <Text wrap="truncate">
        {shown
          .map((line) => palette.ink(line.role ?? 'value', fit(visible(line.text), width - 4)))
          .join('\n')}
      </Text>
      {rest !== undefined && <Text>{palette.ink('dim', rest)}</Text>}
      {dialog.error !== undefined && (
        <Text>
          {errorLines(dialog.error, width - 4)
            .map((line) => palette.ink('error', line))
            .join('\n')}
        </Text>
      )}
      <Text> </Text>
      {dialog.sending ? (
        <Text>{palette.ink('busy', 'asking the service …')}</Text>
      ) : (
        <ButtonRow
          palette={palette}
          labels={dialog.buttons.map((button) => button.label)}
          focus={dialog.focus}
          width={width - 4}
          {...(danger < 0 ? {} : { danger })}
        />
      )}
    </DialogBox>
  );
}

function errorLines(error: unknown, width: number): string[] {
  const { message, details, next } = describeError(error);
  return [message, ...details, ...(next === undefined ? [] : [`try: ${next}`])].flatMap((line) =>
    wrapWords(visible(line), width),
  );
}
