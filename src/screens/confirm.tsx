import { Text } from 'ink';
import { ButtonRow } from '../components/button-row.tsx';
import { DialogBox } from '../components/dialog-box.tsx';
import { wrapWords } from '../components/pane-lines.ts';
import { visible } from '../lib/sanitise.ts';
import { countText } from '../lib/units.ts';
import { cellWidth, fit } from '../lib/width.ts';
import { asksForAll } from '../store/actions.ts';
import type { ConfirmDialog } from '../store/dialogs.ts';
import { azLines } from '../store/equivalents.ts';
import { useUi } from './ui-context.ts';

/** Asks before something is done: what, to what exactly, and with which choices. Cancel has the focus. */
export function Confirm({ dialog }: { readonly dialog: ConfirmDialog }) {
  const { palette, columns, rows } = useUi();
  const width = Math.min(78, columns - 2);
  const room = width - 4;
  const listed = dialog.targets.slice(0, Math.max(3, rows - 16));
  const more = dialog.targets.length - listed.length;
  const warnings = dialog.lines.flatMap((line) => wrapWords(visible(line), room));
  const hidden = dialog.hidden === 0 ? [] : [hiddenText(dialog)];
  const isListed = dialog.targets.length > 1 || cellWidth(dialog.title) > room;
  const az = azLines(dialog.operations, dialog.chosen, rows < 30 ? 1 : 3);
  const others = dialog.operations.length - az.length;
  if (az.length > 0 && others > 0) az.push(`… and ${countText(others)} more like it`);
  return (
    <DialogBox palette={palette} title={visible(dialog.title)} width={width} danger>
      {warnings.map((line) => (
        <Text key={line}>{palette.ink('warn', line)}</Text>
      ))}
      {isListed && (
        <Text wrap="truncate">
          {[
            ...listed.map((id) => `  ${visible(id)}`),
            ...(more > 0 ? [`  … and ${countText(more)} more`] : []),
          ].join('\n')}
        </Text>
      )}
      {hidden.map((line) => (
        <Text key={line}>{palette.ink('error', line)}</Text>
      ))}
      {dialog.options.map((option, index) => {
        const value = `${option.label}: ‹ ${dialog.chosen[option.argument]} ›`;
        const isFocused = dialog.focus === index + 2;
        return (
          <Text key={option.argument} wrap="truncate">
            {palette.ink(isFocused ? 'focus' : 'value', fit(value, Math.min(room, 50)))}
            {palette.ink('dim', ' space changes it')}
          </Text>
        );
      })}
      {az.length > 0 && (
        <Text wrap="truncate">
          {az
            // One line is there to be read whole; of several, the beginnings tell what is done.
            .flatMap((line) =>
              dialog.operations.length === 1 ? wrapWords(visible(line), room) : [visible(line)],
            )
            .map((line) => palette.ink('dim', line))
            .join('\n')}
        </Text>
      )}
      <Text> </Text>
      <ButtonRow
        palette={palette}
        labels={['Cancel', asksForAll(dialog) ? 'Find them, then ask' : dialog.verb]}
        focus={dialog.focus}
        danger={1}
      />
    </DialogBox>
  );
}

function hiddenText({ targets, hidden }: ConfirmDialog): string {
  if (targets.length === 1) return 'The filter hides it.';
  return hidden === 1
    ? '1 of them is hidden by the filter.'
    : `${countText(hidden)} of them are hidden by the filter.`;
}
