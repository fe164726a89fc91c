import { Box, Text } from 'ink';
import { ButtonRow } from '../components/button-row.tsx';
import { DialogBox } from '../components/dialog-box.tsx';
import { wrapWords } from '../components/pane-lines.ts';
import { inputLine } from '../components/text-input.ts';
import { describeError } from '../lib/errors.ts';
import { visible } from '../lib/sanitise.ts';
import { countText } from '../lib/units.ts';
import { fit } from '../lib/width.ts';
import { resourceNamed } from '../resources/registry.ts';
import type { Field, FormValues } from '../resources/types.ts';
import { bodyOf } from '../store/body.ts';
import type { FormDialog } from '../store/dialogs.ts';
import { azLines } from '../store/equivalents.ts';
import { fieldProblem, focusedField, formButtons, isTyped, shownFields } from '../store/forms.ts';
import { canPick } from '../store/pickers.ts';
import { keyFor } from './key-table.ts';
import { Picker } from './picker.tsx';
import { useAppState, useUi } from './ui-context.ts';

const LABEL_WIDTH = 16;

/** A form: its fields, what is wrong with them as it is typed, and what the service said. */
export function Form({ dialog }: { readonly dialog: FormDialog }) {
  const { palette, columns } = useUi();
  const width = Math.min(84, columns - 2);
  if (dialog.picker !== undefined) return <Picker picker={dialog.picker} width={width} />;
  const fields = shownFields(dialog);
  const focus = dialog.focus >= fields.length ? dialog.focus - fields.length : undefined;
  const names = { submit: submitLabel(dialog), edit: 'Edit as YAML (e)', cancel: 'Cancel' };
  const labels = formButtons(dialog).map((button) => names[button]);
  const az = equivalentOf(dialog);
  return (
    <DialogBox palette={palette} title={visible(dialog.title)} width={width}>
      {dialog.note !== undefined && (
        <Text>
          {wrapWords(visible(dialog.note), width - 4)
            .map((line) => palette.ink('warn', line))
            .join('\n')}
        </Text>
      )}
      {dialog.yaml === undefined ? (
        fields.map((field, index) => (
          <FieldRow
            key={field.name}
            dialog={dialog}
            field={field}
            isFocused={index === dialog.focus}
            width={width - 4}
          />
        ))
      ) : (
        <YamlPreview dialog={dialog} width={width - 4} />
      )}
      {az.length > 0 && (
        <Text wrap="truncate">
          {az
            .flatMap((line) => wrapWords(visible(line), width - 4))
            .map((line) => palette.ink('dim', line))
            .join('\n')}
        </Text>
      )}
      <ErrorLines dialog={dialog} width={width - 4} />
      <Text> </Text>
      <ButtonRow palette={palette} labels={labels} focus={focus} />
      <KeysHint editsBody={dialog.action === undefined} clears={isPrefilled(dialog)} />
    </DialogBox>
  );
}

/** What `az` would be told, with the values as they are now. */
function equivalentOf({ resource, scope, action, values, work }: FormDialog): string[] {
  if (action === undefined || work !== undefined) return [];
  return azLines([{ resource, action: action.name, scope, id: action.id }], values, 1);
}

/** Whether the field with the focus holds a text that nobody typed there. */
function isPrefilled(dialog: FormDialog): boolean {
  const field = focusedField(dialog);
  if (dialog.yaml !== undefined || field === undefined || !isTyped(field)) return false;
  return field.initial !== '' && dialog.values[field.name] === field.initial;
}

/** The keys of the form, as they are bound. */
function KeysHint({ editsBody, clears }: { readonly editsBody: boolean; readonly clears: boolean }) {
  const { palette } = useUi();
  const text = useAppState((state) => {
    const key = (id: string) => keyFor(state, `form.${id}`);
    const edit = editsBody ? `${key('edit')} edits the body  ` : '';
    const clear = clears ? `  ${key('clear')} clears` : '';
    return `${key('next')} next  ${key('submit')} sends  ${edit}${key('cancel')} leaves${clear}`;
  });
  return <Text wrap="truncate">{palette.ink('dim', text)}</Text>;
}

function submitLabel(dialog: FormDialog): string {
  if (dialog.sending) return 'Sending …';
  if (dialog.action !== undefined) return verbOf(dialog.action, dialog.values);
  const form = resourceNamed(dialog.resource).form;
  const count =
    dialog.yaml === undefined ? (form?.count?.(bodyOf(form, dialog.values, dialog.base)) ?? 1) : 1;
  return count > 1 ? `Create ${countText(count)}` : 'Create';
}

function verbOf({ verb }: NonNullable<FormDialog['action']>, values: FormValues): string {
  return typeof verb === 'function' ? verb(values) : verb;
}

interface FieldRowProps {
  readonly dialog: FormDialog;
  readonly field: Field;
  readonly isFocused: boolean;
  readonly width: number;
}

function FieldRow({ dialog, field, isFocused, width }: FieldRowProps) {
  const { palette } = useUi();
  const value = dialog.values[field.name] ?? '';
  const room = width - LABEL_WIDTH;
  const problem = dialog.touched.has(field.name) ? fieldProblem(field, dialog.values) : undefined;
  const label = palette.ink(
    isFocused ? 'key' : 'label',
    fit(`${isFocused ? '›' : ' '} ${field.label}`, LABEL_WIDTH),
  );
  const shown = field.kind === 'secret' ? '•'.repeat(value.length) : value;
  const input = isTyped(field)
    ? inputLine(palette, shown, isFocused ? dialog.caret : undefined, room)
    : palette.ink(isFocused ? 'focus' : 'value', `‹ ${visible(value)} ›`);
  const below = problem ?? (isFocused ? hintOf(field) : undefined);
  return (
    <Box flexDirection="column">
      <Text wrap="truncate">{label + input}</Text>
      {below !== undefined && (
        <Text wrap="truncate">
          {wrapWords(visible(below), room)
            .map(
              (line) => ' '.repeat(LABEL_WIDTH) + palette.ink(problem === undefined ? 'dim' : 'error', line),
            )
            .join('\n')}
        </Text>
      )}
    </Box>
  );
}

function hintOf(field: Field): string | undefined {
  if (canPick(field)) return field.hint ?? 'enter picks one';
  return isTyped(field) ? field.hint : [field.hint, '← → change it'].filter(Boolean).join('; ');
}

function YamlPreview({ dialog, width }: { readonly dialog: FormDialog; readonly width: number }) {
  const { yaml = '', copied } = dialog;
  const { palette, rows } = useUi();
  const lines = yaml.replace(/\n$/, '').split('\n');
  const shown = lines.slice(0, Math.max(4, rows - 14));
  return (
    <Box flexDirection="column">
      <Text wrap="truncate">
        {palette.ink(
          'dim',
          yaml === copied ? 'the copy; e edits it' : 'the body as edited; e opens it again',
        )}
      </Text>
      <Text wrap="truncate">
        {shown.map((line) => palette.ink('value', fit(visible(line), width))).join('\n')}
      </Text>
      {lines.length > shown.length && (
        <Text>{palette.ink('dim', `… ${lines.length - shown.length} more lines`)}</Text>
      )}
    </Box>
  );
}

function ErrorLines({ dialog, width }: { readonly dialog: FormDialog; readonly width: number }) {
  const { palette } = useUi();
  if (dialog.error === undefined) return null;
  const { message, details, next } = describeError(dialog.error);
  const lines = [message, ...details].flatMap((line) => wrapWords(visible(line), width));
  const steps = next === undefined ? [] : wrapWords(`try: ${next}`, width);
  return (
    <Text>
      {[
        ...lines.map((line) => palette.ink('error', line)),
        ...steps.map((line) => palette.ink('info', line)),
      ].join('\n')}
    </Text>
  );
}
