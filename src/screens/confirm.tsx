import { Text } from 'ink';
import { ButtonRow } from '../components/button-row.tsx';
import { DialogBox } from '../components/dialog-box.tsx';
import type { Role } from '../components/palette.ts';
import { visible } from '../lib/sanitise.ts';
import { fit, fitMiddle } from '../lib/width.ts';
import { asksForAll } from '../store/actions/actions.ts';
import type { ConfirmDialog } from '../store/dialogs.ts';
import { confirmParts, restText } from './dialog-window.ts';
import { useScrollKeys } from './scroll-keys.ts';
import { useUi } from './ui-context.ts';

/** Asks before something is done: what, to what exactly, and with which choices. Cancel has the focus. */
export function Confirm({ dialog }: { readonly dialog: ConfirmDialog }) {
  const { palette, columns, rows } = useUi();
  const { width, facts, warnings, hidden, az, hasGap, list } = confirmParts(dialog, columns, rows);
  return (
    <DialogBox palette={palette} title={visible(dialog.title)} width={width} danger>
      <Lines ink="value" lines={facts} />
      <Lines ink="warn" lines={warnings} />
      {list !== undefined && <Targets dialog={dialog} list={list} room={width - 4} />}
      <Lines ink="error" lines={hidden === undefined ? [] : [hidden]} />
      <Options dialog={dialog} room={width - 4} />
      <Lines ink="dim" lines={az} />
      {hasGap && <Text> </Text>}
      <ButtonRow
        palette={palette}
        labels={['Cancel', asksForAll(dialog) ? 'Find them, then ask' : dialog.verb]}
        focus={dialog.focus}
        width={width - 4}
        danger={1}
      />
    </DialogBox>
  );
}

/** Ink cuts a text of several lines at the first one that is too long: each has to fit. */
function Lines({ ink, lines }: { readonly ink: Role; readonly lines: readonly string[] }) {
  const { palette } = useUi();
  if (lines.length === 0) return null;
  return <Text wrap="truncate">{lines.map((line) => palette.ink(ink, line)).join('\n')}</Text>;
}

/** Exactly what is touched: a part of it at a time where there is much. */
function Targets({
  dialog,
  list,
  room,
}: {
  readonly dialog: ConfirmDialog;
  readonly room: number;
  readonly list: NonNullable<ReturnType<typeof confirmParts>['list']>;
}) {
  const keys = useScrollKeys();
  const shown = dialog.targets.slice(list.first, list.first + list.height);
  const rest = restText(list, keys);
  const lines = [...shown, ...(rest === undefined ? [] : [rest])];
  return <Text>{lines.map((line) => `  ${fitMiddle(visible(line), room - 2)}`).join('\n')}</Text>;
}

function Options({ dialog, room }: { readonly dialog: ConfirmDialog; readonly room: number }) {
  const { palette } = useUi();
  return dialog.options.map((option, index) => {
    const value = `${option.label}: ‹ ${dialog.chosen[option.argument]} ›`;
    const isFocused = dialog.focus === index + 2;
    return (
      <Text key={option.argument} wrap="truncate">
        {palette.ink(isFocused ? 'focus' : 'value', fit(value, Math.min(room, 50)))}
        {palette.ink('dim', ' space changes it')}
      </Text>
    );
  });
}
