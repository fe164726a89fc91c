import { Text } from 'ink';
import { DialogBox } from '../components/dialog-box.tsx';
import type { Palette } from '../components/palette.ts';
import { wrapWords } from '../components/pane-lines.ts';
import { inputLine } from '../components/text-input.ts';
import { type AzbError, describeError } from '../lib/errors.ts';
import { visible } from '../lib/sanitise.ts';
import { cellWidth, fit } from '../lib/width.ts';
import type { Choice, FieldPicker } from '../store/dialogs.ts';
import { matchingChoices } from '../store/forms/pickers.ts';
import { useUi } from './ui-context.ts';

/** Cells between what may be chosen and what is said of it. */
const GAP = 2;

/** A list to choose a field's value from; typing narrows it. */
export function Picker({ picker, width }: { readonly picker: FieldPicker; readonly width: number }) {
  const { palette, rows } = useUi();
  const choices = matchingChoices(picker);
  const height = Math.max(4, Math.min(16, rows - 10));
  const first = Math.max(0, Math.min(picker.cursor - Math.floor(height / 2), choices.length - height));
  const shown = choices.slice(first, first + height);
  const room = width - 4;
  const valueWidth = Math.max(0, ...choices.map(({ value }) => cellWidth(visible(value)))) + GAP;
  return (
    <DialogBox palette={palette} title={visible(picker.title)} width={width}>
      <Text wrap="truncate">
        {palette.ink('prompt', '/') + inputLine(palette, picker.query, picker.query.length, width - 6)}
      </Text>
      {picker.status === 'loading' && <Text>{palette.ink('busy', 'asking the service …')}</Text>}
      {picker.problem !== undefined && <Text>{problemLines(palette, picker.problem, room).join('\n')}</Text>}
      {picker.status === 'ready' && choices.length === 0 && (
        <Text>{palette.ink('dim', 'nothing matches')}</Text>
      )}
      {shown.map((choice, index) => (
        <Text key={choice.value} wrap="truncate">
          {palette.ink(
            first + index === picker.cursor ? 'focus' : 'value',
            choiceLine(choice, valueWidth, room),
          )}
        </Text>
      ))}
      <Text wrap="truncate">{palette.ink('dim', keysHint(picker, choices.length))}</Text>
    </DialogBox>
  );
}

function choiceLine({ value, about }: Choice, valueWidth: number, width: number): string {
  const text = visible(value);
  return fit(about === undefined ? text : fit(text, valueWidth) + visible(about), width);
}

function problemLines(palette: Palette, problem: AzbError, width: number): string[] {
  const { message, next } = describeError(problem);
  return [
    ...wrapWords(visible(message), width).map((line) => palette.ink('error', line)),
    ...(next === undefined ? [] : wrapWords(`try: ${next}`, width).map((line) => palette.ink('info', line))),
  ];
}

function keysHint({ status }: FieldPicker, count: number): string {
  if (status === 'failed') return 'esc, and type it into the field: it need not be picked';
  return `${count} ${count === 1 ? 'choice' : 'choices'}  enter picks  esc leaves the field as it is`;
}
