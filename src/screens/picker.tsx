import { Text } from 'ink';
import { DialogBox } from '../components/dialog-box.tsx';
import { inputLine } from '../components/text-input.ts';
import { visible } from '../lib/sanitise.ts';
import { fit } from '../lib/width.ts';
import type { FieldPicker } from '../store/dialogs.ts';
import { matchingChoices } from '../store/forms/pickers.ts';
import { useUi } from './ui-context.ts';

/** A list to choose a field's value from; typing narrows it. */
export function Picker({ picker, width }: { readonly picker: FieldPicker; readonly width: number }) {
  const { palette, rows } = useUi();
  const choices = matchingChoices(picker);
  const height = Math.max(4, Math.min(16, rows - 10));
  const first = Math.max(0, Math.min(picker.cursor - Math.floor(height / 2), choices.length - height));
  const shown = choices.slice(first, first + height);
  return (
    <DialogBox palette={palette} title={visible(picker.title)} width={width}>
      <Text wrap="truncate">
        {palette.ink('prompt', '/') + inputLine(palette, picker.query, picker.query.length, width - 6)}
      </Text>
      {picker.status === 'loading' && <Text>{palette.ink('busy', 'asking the service …')}</Text>}
      {picker.problem !== undefined && <Text>{palette.ink('error', visible(picker.problem))}</Text>}
      {picker.status === 'ready' && choices.length === 0 && (
        <Text>{palette.ink('dim', 'nothing matches')}</Text>
      )}
      {shown.map((choice, index) => (
        <Text key={choice} wrap="truncate">
          {palette.ink(first + index === picker.cursor ? 'focus' : 'value', fit(visible(choice), width - 4))}
        </Text>
      ))}
      <Text wrap="truncate">
        {palette.ink(
          'dim',
          `${choices.length} ${choices.length === 1 ? 'choice' : 'choices'}  enter picks  esc leaves the field as it is`,
        )}
      </Text>
    </DialogBox>
  );
}
