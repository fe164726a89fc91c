import type { Entity, Field, Form, FormValues } from '../../resources/types.ts';
import { feedKeyOf } from '../keys-of.ts';
import type { Services } from '../services.ts';
import type { ListView } from '../state.ts';
import { focusedField, updateForm } from './forms.ts';

/**
 * Gives the form that is open what it begins with as soon as the list that it was opened on has it. What was typed stays
 * as it is, and so does what was filled in once: it may have been read and meant.
 */
export function fillWhenListed(services: Services, view: ListView, begin: NonNullable<Form['begin']>): void {
  const { store } = services;
  const { overlay } = store.getState();
  if (overlay?.kind !== 'form') return;
  const { fields } = overlay;
  const key = feedKeyOf(view);
  let seen: readonly Entity[] | undefined;
  const stop = store.subscribe((state) => {
    const { overlay: open } = state;
    if (open?.kind !== 'form' || open.fields !== fields) return stop();
    const rows = state.feeds[key]?.rows;
    if (rows === seen || rows === undefined || open.sending || open.yaml !== undefined) return;
    seen = rows;
    const begun = begin(rows, open.values);
    const late = fields.filter(
      (field) => (open.values[field.name] ?? '') === '' && (begun[field.name] ?? '') !== '',
    );
    if (late.length === 0) return;
    stop();
    fill(services, late, begun);
  });
}

function fill(services: Services, late: readonly Field[], begun: FormValues): void {
  updateForm(services, (dialog) => {
    const filled = new Map(late.map(({ name }) => [name, begun[name] ?? '']));
    const caret = filled.get(focusedField(dialog)?.name ?? '')?.length ?? dialog.caret;
    const fields = dialog.fields.map((field) => ({
      ...field,
      initial: filled.get(field.name) ?? field.initial,
    }));
    return { ...dialog, caret, fields, values: { ...dialog.values, ...Object.fromEntries(filled) } };
  });
}
