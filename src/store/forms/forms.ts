import { capital } from '../../lib/capital.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { Action, Entity, Field, FormValues, Resource, Scope } from '../../resources/types.ts';
import type { FormDialog } from '../dialogs.ts';
import type { Services } from '../services.ts';
import { editText, insertText, type TextEdit, type TextField } from './text-field.ts';

export type FormButton = 'submit' | 'edit' | 'cancel';

/** The buttons below the fields: only what is made new has a body to edit. */
export function formButtons(dialog: Pick<FormDialog, 'action'>): readonly FormButton[] {
  return dialog.action === undefined ? ['submit', 'edit', 'cancel'] : ['submit', 'cancel'];
}

/** A form that starts from an existing body. Without values the fields cannot show it, and it is YAML at once. */
export interface CopyStart {
  readonly title: string;
  readonly resource: string;
  readonly scope: Scope;
  readonly base: Entity;
  readonly values: FormValues | undefined;
  readonly yaml: string;
}

/** Opens the form that makes a new resource out of another one's body. */
export function openCopyForm(services: Services, start: CopyStart): void {
  const { title, resource, scope, base, values, yaml } = start;
  const common = { title, resource, scope, action: undefined };
  if (values === undefined) {
    openForm(services, { ...common, fields: [] });
    updateForm(services, (dialog) => ({ ...dialog, yaml, copied: yaml }));
    return;
  }
  const fields = resourceNamed(resource).form?.fields(scope) ?? [];
  const filled = fields.map((field) => ({ ...field, initial: values[field.name] ?? field.initial }));
  openForm(services, { ...common, base, fields: filled });
}

/** An action that asks for values, and what it is to be done to. */
export interface ActionStart {
  readonly title: string;
  readonly resource: Resource<Entity>;
  readonly scope: Scope;
  readonly action: Action<Entity>;
  /** Gives the values that the form begins with. */
  readonly row: Entity;
  readonly ids: readonly string[];
  readonly note: string | undefined;
}

/** Opens the form that asks for the arguments of an action, once for all of its targets. */
export function openActionForm(services: Services, start: ActionStart): void {
  const { title, resource, scope, action, row, ids, note } = start;
  const fields = action.fields?.(row) ?? [];
  openForm(services, {
    title,
    resource: resource.name,
    scope,
    action: { name: action.name, id: ids[0] ?? '', ids, verb: action.button ?? capital(action.label) },
    fields,
    note,
  });
}

type FormStart = Pick<
  FormDialog,
  'title' | 'resource' | 'scope' | 'action' | 'fields' | 'base' | 'note' | 'work'
>;

/** Opens a form; what its fields take from this machine is filled in. */
export function openForm(services: Services, start: FormStart): void {
  const fields = start.fields.map((field) =>
    field.prefill === undefined ? field : { ...field, initial: services.host.publicKey()?.text ?? '' },
  );
  const values = Object.fromEntries(fields.map((field) => [field.name, field.initial]));
  const overlay: FormDialog = {
    kind: 'form',
    ...start,
    fields,
    values,
    focus: 0,
    caret: fields[0]?.initial.length ?? 0,
    fresh: true,
    yaml: undefined,
    touched: new Set(),
    error: undefined,
    sending: false,
    picker: undefined,
  };
  services.store.setState({ overlay });
}

/** The fields that are shown with these values. */
export function shownFields(dialog: Pick<FormDialog, 'fields' | 'values'>): Field[] {
  return dialog.fields.filter((field) => field.shown?.(dialog.values) ?? true);
}

/** The field that has the focus; undefined when a button has it. */
export function focusedField(dialog: FormDialog): Field | undefined {
  return shownFields(dialog)[dialog.focus];
}

/** Whether text can be typed into it; others are stepped through. */
export function isTyped(field: Field | undefined): boolean {
  return field !== undefined && field.kind !== 'flag' && field.kind !== 'choice';
}

/**
 * Whether what is typed takes the place of the focused field's value: a number that was only come to. Who types 8 where 4
 * stands means 8 nodes, and not 48.
 */
export function isReplaced(dialog: FormDialog): boolean {
  const field = focusedField(dialog);
  return dialog.fresh && field?.kind === 'integer' && (dialog.values[field.name] ?? '') !== '';
}

/** What is wrong with a field's value, or undefined. */
export function fieldProblem(field: Field, values: FormValues): string | undefined {
  return field.check?.(values[field.name] ?? '', values);
}

/** Changes the form that is open; a form that was closed meanwhile stays closed. */
export function updateForm(services: Services, change: (dialog: FormDialog) => FormDialog): void {
  const { overlay } = services.store.getState();
  if (overlay?.kind === 'form') services.store.setState({ overlay: change(overlay) });
}

/** Goes on by so many fields and buttons, round at the ends. */
export function moveFocus(services: Services, by: number): void {
  updateForm(services, (dialog) => {
    const places = shownFields(dialog).length + formButtons(dialog).length;
    const focus = (dialog.focus + by + places) % places;
    const field = shownFields(dialog)[focus];
    return { ...dialog, focus, fresh: true, caret: (dialog.values[field?.name ?? ''] ?? '').length };
  });
}

/** Types into the field in focus; a paste of several lines becomes one. */
export function typeText(services: Services, typed: string): void {
  const line = typed.replace(/[\r\n\t]+/g, ' ');
  changeField(services, (field, isWhole) => insertText(isWhole ? { text: '', caret: 0 } : field, line));
}

/** Moves in the field in focus, or erases. */
export function editField(services: Services, edit: TextEdit): void {
  changeField(services, (field) => editText(field, edit));
}

function changeField(services: Services, change: (field: TextField, isWhole: boolean) => TextField): void {
  updateForm(services, (dialog) => {
    const field = focusedField(dialog);
    if (field === undefined || !isTyped(field) || dialog.sending) return dialog;
    const old = { text: dialog.values[field.name] ?? '', caret: dialog.caret };
    const { text, caret } = change(old, isReplaced(dialog));
    return { ...dialog, caret, fresh: false, ...valueSet(dialog, field.name, text) };
  });
}

/** A value that is changed in a field is meant, so a body that was edited as YAML before gives way to it. */
function valueSet(dialog: FormDialog, name: string, value: string): Partial<FormDialog> {
  return {
    values: { ...dialog.values, [name]: value },
    touched: new Set([...dialog.touched, name]),
    error: undefined,
    leaving: false,
    yaml: value === dialog.values[name] ? dialog.yaml : undefined,
  };
}

/** The next choice of a choice or a flag. */
export function cycleChoice(services: Services, by: number): void {
  updateForm(services, (dialog) => {
    const field = focusedField(dialog);
    if (field === undefined || isTyped(field)) return dialog;
    const choices = field.kind === 'flag' ? ['no', 'yes'] : (field.choices ?? []);
    const at = choices.indexOf(dialog.values[field.name] ?? '');
    const value = choices[(at + by + choices.length) % choices.length] ?? '';
    return { ...dialog, ...valueSet(dialog, field.name, value) };
  });
}

/** Sets a field as if it had been typed, with the cursor behind it. */
export function setFieldValue(services: Services, name: string, value: string): void {
  updateForm(services, (dialog) => ({
    ...dialog,
    caret: value.length,
    fresh: false,
    ...valueSet(dialog, name, value),
  }));
}
