import { Text } from 'ink';
import { ButtonRow } from '../components/button-row.tsx';
import { DialogBox } from '../components/dialog-box.tsx';
import { wrapWords } from '../components/pane-lines.ts';
import { describeError } from '../lib/errors.ts';
import { visible } from '../lib/sanitise.ts';
import { countText } from '../lib/units.ts';
import { fit } from '../lib/width.ts';
import type { PanelDialog } from '../store/dialogs.ts';
import { useUi } from './ui-context.ts';

/** Rows of the terminal that the lines leave to the frame, the buttons, an error and what is around the box. */
const OTHER_ROWS = 12;

/** Lines and buttons; what does not fit is counted. */
export function Panel({ dialog }: { readonly dialog: PanelDialog }) {
  const { palette, columns, rows } = useUi();
  const width = Math.min(100, columns - 2);
  const room = Math.max(4, rows - OTHER_ROWS);
  const shown = dialog.lines.slice(0, room);
  const more = dialog.lines.length - shown.length;
  const danger = dialog.buttons.findIndex((button) => button.danger === true);
  return (
    <DialogBox palette={palette} title={visible(dialog.title)} width={width}>
      <Text wrap="truncate">
        {shown
          .map((line) => palette.ink(line.role ?? 'value', fit(visible(line.text), width - 4)))
          .join('\n')}
      </Text>
      {more > 0 && <Text>{palette.ink('dim', `… and ${countText(more)} more lines`)}</Text>}
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
