import { Box, Text } from 'ink';
import { ButtonRow, buttonLines } from '../components/button-row.tsx';
import { DialogBox } from '../components/dialog-box.tsx';
import type { Palette } from '../components/palette.ts';
import { wrapWords } from '../components/pane-lines.ts';
import { inputLine } from '../components/text-input.ts';
import { describeError } from '../lib/errors.ts';
import { visible } from '../lib/sanitise.ts';
import { countText } from '../lib/units.ts';
import { fit } from '../lib/width.ts';
import { resourceNamed } from '../resources/registry.ts';
import type { Field, FormValues } from '../resources/types.ts';
import type { FormDialog } from '../store/dialogs.ts';
import { azLines } from '../store/equivalents.ts';
import { bodyOf } from '../store/forms/body.ts';
import {
  fieldProblem,
  focusedField,
  formButtons,
  isReplaced,
  isTyped,
  shownFields,
} from '../store/forms/forms.ts';
import { canPick } from '../store/forms/pickers.ts';
import { isLow } from './chrome-size.ts';
import { formLayout } from './form-layout.ts';
import { keyFor } from './key-table.ts';
import { Picker } from './picker.tsx';
import { useAppState, useUi } from './ui-context.ts';

const LABEL_WIDTH = 16;
/** Frame, title, a field with its hint, and which fields are shown. */
const OTHER_LINES = 6;

/** A form: its fields, what is wrong with them as it is typed, and what the service said. */
export function Form({ dialog }: { readonly dialog: FormDialog }) {
  const { palette, columns, rows } = useUi();
  const width = Math.min(84, columns - 2);
  if (dialog.picker !== undefined) return <Picker picker={dialog.picker} width={width} />;
  const room = width - 4;
  const { layout, labels, note, az, error } = formParts(palette, dialog, room, rows);
  const first = shownFields(dialog).length;
  const focus = dialog.focus >= first ? dialog.focus - first : undefined;
  return (
    <DialogBox palette={palette} title={visible(dialog.title)} width={width}>
      <Lines lines={note.map((line) => palette.ink('warn', line))} />
      {dialog.yaml === undefined ? (
        <Fields dialog={dialog} from={layout.from} to={layout.to} width={room} />
      ) : (
        <YamlPreview dialog={dialog} width={room} />
      )}
      {layout.hasAz && <Lines lines={az.map((line) => palette.ink('dim', line))} />}
      <Lines lines={error} />
      {layout.hasGap && <Text> </Text>}
      <ButtonRow palette={palette} labels={labels} focus={focus} width={room} />
      {layout.hasHint && (
        <KeysHint
          editsBody={dialog.action === undefined}
          clears={isPrefilled(dialog)}
          replaces={isReplaced(dialog)}
        />
      )}
    </DialogBox>
  );
}

/** The texts of a form in lines of a width, and which parts of it a terminal of so many rows has room for. */
function formParts(palette: Palette, dialog: FormDialog, room: number, rows: number) {
  const names = { submit: submitLabel(dialog), edit: 'Edit as YAML (e)', cancel: 'Cancel' };
  const labels = formButtons(dialog).map((button) => names[button]);
  const wrapped = (lines: readonly string[]) => lines.flatMap((line) => wrapWords(visible(line), room));
  const note = wrapped(dialog.note === undefined ? [] : [dialog.note]);
  const az = wrapped(equivalentOf(dialog));
  const buttons = buttonLines(labels, room).length;
  // A field, its hint and the buttons stay in sight, however much the service has to say.
  const error = errorLines(palette, dialog, room).slice(0, Math.max(1, rows - buttons - OTHER_LINES));
  const heights = shownFields(dialog).map((_, index) => fieldHeight(dialog, index, room, rows));
  const layout = formLayout({
    rows,
    fields: dialog.yaml === undefined ? heights : [],
    focus: dialog.focus,
    note: note.length,
    az: az.length,
    error: error.length,
    buttons,
  });
  return { layout, labels, note, az, error };
}

interface FieldsProps {
  readonly dialog: FormDialog;
  /** Those that there is room for. */
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

function Fields({ dialog, from, to, width }: FieldsProps) {
  const { palette } = useUi();
  const fields = shownFields(dialog);
  const part = `fields ${from + 1} to ${to} of ${fields.length}`;
  return (
    <>
      {fields.slice(from, to).map((field, index) => (
        <FieldRow
          key={field.name}
          dialog={dialog}
          field={field}
          isFocused={from + index === dialog.focus}
          width={width}
        />
      ))}
      <Lines lines={to - from < fields.length ? [palette.ink('dim', part)] : []} />
    </>
  );
}

/** Lines that are styled already; nothing where there are none. */
function Lines({ lines }: { readonly lines: readonly string[] }) {
  return lines.length === 0 ? null : <Text wrap="truncate">{lines.join('\n')}</Text>;
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

interface KeysHintProps {
  readonly editsBody: boolean;
  /** The field holds what nobody typed there. */
  readonly clears: boolean;
  /** What is typed takes its place. */
  readonly replaces: boolean;
}

/** The keys of the form, as they are bound. */
function KeysHint({ editsBody, clears, replaces }: KeysHintProps) {
  const { palette } = useUi();
  const text = useAppState((state) => {
    const key = (id: string) => keyFor(state, `form.${id}`);
    const edit = editsBody ? `${key('edit')} edits the body  ` : '';
    const clear = replaces ? '  typing replaces' : clears ? `  ${key('clear')} clears` : '';
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
  const { palette, rows } = useUi();
  const value = dialog.values[field.name] ?? '';
  const room = width - LABEL_WIDTH;
  const { lines: below, problem } = belowField(dialog, field, isFocused, room, mostBelow(rows));
  const label = palette.ink(
    isFocused ? 'key' : 'label',
    fit(`${isFocused ? '›' : ' '} ${field.label}`, LABEL_WIDTH),
  );
  const input = isTyped(field)
    ? typedInput(palette, dialog, field, isFocused, room)
    : palette.ink(isFocused ? 'focus' : 'value', `‹ ${visible(value)} ›`);
  return (
    <Box flexDirection="column">
      <Text wrap="truncate">{label + input}</Text>
      <Lines
        lines={below.map(
          (line) => ' '.repeat(LABEL_WIDTH) + palette.ink(problem === undefined ? 'dim' : 'error', line),
        )}
      />
    </Box>
  );
}

/** A text with its cursor; what typing will replace is under the cursor as a whole. */
function typedInput(
  palette: Palette,
  dialog: FormDialog,
  field: Field,
  isFocused: boolean,
  room: number,
): string {
  const value = dialog.values[field.name] ?? '';
  if (isFocused && isReplaced(dialog)) return palette.ink('focus', fit(visible(value), room).trimEnd());
  const shown = field.kind === 'secret' ? '•'.repeat(value.length) : value;
  return inputLine(palette, shown, isFocused ? dialog.caret : undefined, room);
}

/** What is said below a field: what is wrong with it, or else what it is for, while it has the focus. */
function belowField(
  dialog: FormDialog,
  field: Field,
  isFocused: boolean,
  room: number,
  most: number,
): { readonly lines: readonly string[]; readonly problem: string | undefined } {
  const problem = dialog.touched.has(field.name) ? fieldProblem(field, dialog.values) : undefined;
  const text = problem ?? (isFocused ? hintOf(field) : undefined);
  if (text === undefined) return { lines: [], problem };
  const lines = wrapWords(visible(text), room);
  return { lines: lines.length > most ? [fit(visible(text), room)] : lines, problem };
}

/** Lines that are said below a field at most: on a low terminal the other fields need them. */
function mostBelow(rows: number): number {
  return isLow(rows) ? 1 : Number.POSITIVE_INFINITY;
}

function fieldHeight(dialog: FormDialog, index: number, width: number, rows: number): number {
  const field = shownFields(dialog)[index];
  if (field === undefined) return 0;
  const room = width - LABEL_WIDTH;
  return 1 + belowField(dialog, field, index === dialog.focus, room, mostBelow(rows)).lines.length;
}

function hintOf(field: Field): string | undefined {
  if (canPick(field)) return field.hint ?? 'enter picks one';
  return isTyped(field) ? field.hint : [field.hint, '← → change it'].filter(Boolean).join('; ');
}

function YamlPreview({ dialog, width }: { readonly dialog: FormDialog; readonly width: number }) {
  const { yaml = '', copied } = dialog;
  const { palette, rows } = useUi();
  const lines = yaml.replace(/\n$/, '').split('\n');
  const shown = lines.slice(0, Math.max(2, rows - 14));
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

/** What the service said, styled. */
function errorLines(palette: Palette, dialog: FormDialog, width: number): string[] {
  if (dialog.error === undefined) return [];
  const { message, details, next } = describeError(dialog.error);
  const lines = [message, ...details].flatMap((line) => wrapWords(visible(line), width));
  const steps = next === undefined ? [] : wrapWords(`try: ${next}`, width);
  return [
    ...lines.map((line) => palette.ink('error', line)),
    ...steps.map((line) => palette.ink('info', line)),
  ];
}
