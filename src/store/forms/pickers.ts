import { asAzbError } from '../../lib/errors.ts';
import { type Image, imageUrn } from '../../resources/image.ts';
import type { Quota } from '../../resources/quota.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { Entity, Field, Scope } from '../../resources/types.ts';
import { aboutSize, type VmSize, vmSizes } from '../../resources/vm-size.ts';
import { whileBusy } from '../actions/subject.ts';
import type { Choice, FieldPicker } from '../dialogs.ts';
import { feedKey } from '../keys-of.ts';
import { portOf, type Services } from '../services.ts';
import { focusedField, setFieldValue, updateForm } from './forms.ts';

/** Opens the list of what a field may hold: VM images, or live ids. Does nothing on other fields. */
export async function openPicker(services: Services): Promise<void> {
  const { overlay } = services.store.getState();
  if (overlay?.kind !== 'form' || overlay.sending) return;
  const field = focusedField(overlay);
  if (field === undefined || !canPick(field)) return;
  const picker: FieldPicker = {
    field: field.name,
    title: `Pick: ${field.label}`,
    query: '',
    choices: [],
    cursor: 0,
    status: 'loading',
    problem: undefined,
    abort: new AbortController(),
  };
  const { signal } = picker.abort;
  updateForm(services, (dialog) => ({ ...dialog, picker }));
  // Another picker may have been opened by the time the answer comes, even of the same field.
  const answer = (change: Partial<FieldPicker>): void =>
    setPicker(services, (open) => (open.abort === picker.abort ? { ...open, ...change } : open));
  const scope = field.pickFrom?.(overlay.values) ?? {};
  const ask = async (): Promise<void> => {
    try {
      const choices = await loadChoices(services, field, scope, signal);
      if (signal.aborted) return;
      answer({ choices, status: 'ready' });
      if (openPickerOf(services)?.isAccepted === true) acceptPicker(services);
    } catch (error) {
      answer({ status: 'failed', problem: asAzbError(error) });
    }
  };
  await whileBusy(services, ask);
}

/** Whether there is a list of what the field may hold. */
export function canPick(field: Field): boolean {
  return field.kind === 'image' || field.kind === 'reference' || field.kind === 'path';
}

async function loadChoices(
  services: Services,
  field: Field,
  scope: Scope,
  signal: AbortSignal,
): Promise<readonly Choice[]> {
  if (field.kind === 'path') {
    const paths = await services.host.completePath(typedIn(services, field));
    return paths.map((value) => ({ value }));
  }
  const resource = resourceNamed(field.kind === 'image' ? 'images' : (field.resource ?? ''));
  const rows: Entity[] = [];
  let next: string | undefined;
  do {
    const query = {
      ...(next === undefined ? {} : { next }),
      ...(resource.selectable ? { select: ['id'] } : {}),
    };
    const page = await portOf(services).listPage(resource.name, scope, query, signal);
    rows.push(...page.rows);
    next = page.next;
  } while (next !== undefined);
  if (field.kind === 'image') return rows.map((row) => ({ value: imageChoice(row as Image) }));
  if (resource.name === vmSizes.name) return sizeChoices(services, rows as VmSize[]);
  return rows.map((row) => ({ value: resource.idOf(row) }));
}

/** Quotas that were not looked at are not asked for: the sizes then say what the account itself tells. */
function sizeChoices({ store }: Services, sizes: readonly VmSize[]): readonly Choice[] {
  const known = store.getState().feeds[feedKey('quotas', {})]?.rows ?? [];
  return sizes.map((size) => ({ value: size.name, about: aboutSize(size, known as readonly Quota[]) }));
}

function typedIn({ store }: Services, field: Field): string {
  const { overlay } = store.getState();
  return overlay?.kind === 'form' ? (overlay.values[field.name] ?? '') : '';
}

function imageChoice(image: Image): string {
  return `${imageUrn(image)} ${image.nodeAgentSKUId}`;
}

/** The choices that hold every word of what was typed, in themselves or in what is said of them. */
export function matchingChoices(picker: FieldPicker): readonly Choice[] {
  const words = picker.query.toLowerCase().split(/\s+/).filter(Boolean);
  return picker.choices.filter(({ value, about = '' }) => {
    const text = `${value} ${about}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The cursor so many choices on, or back, within those that match. */
export function movePicker(services: Services, by: number): void {
  setPicker(services, (picker) => {
    const last = matchingChoices(picker).length - 1;
    const cursor = Math.min(Math.max(picker.cursor + by, 0), Math.max(0, last));
    return { ...picker, cursor, isAccepted: false };
  });
}

/** Changes what is looked for; the cursor is on the first match again. */
export function typeInPicker(services: Services, change: (query: string) => string): void {
  setPicker(services, (picker) => ({
    ...picker,
    query: change(picker.query),
    cursor: 0,
    isAccepted: false,
  }));
}

/** Takes the choice under the cursor. Who was faster than the service gets it when the choices are there. */
export function acceptPicker(services: Services): void {
  const picker = openPickerOf(services);
  if (picker === undefined) return;
  if (picker.status === 'loading') {
    setPicker(services, (open) => ({ ...open, isAccepted: true }));
    return;
  }
  const choice = matchingChoices(picker)[picker.cursor];
  if (choice !== undefined) setFieldValue(services, picker.field, choice.value);
  closePicker(services);
}

/** Closes it. Who closes it before the choices are there does not want them any more. */
export function closePicker(services: Services): void {
  openPickerOf(services)?.abort.abort();
  updateForm(services, (dialog) => ({ ...dialog, picker: undefined }));
}

function openPickerOf({ store }: Services): FieldPicker | undefined {
  const { overlay } = store.getState();
  return overlay?.kind === 'form' ? overlay.picker : undefined;
}

/** Changes the picker; one that was closed meanwhile stays closed. */
function setPicker(services: Services, change: (picker: FieldPicker) => FieldPicker): void {
  updateForm(services, (dialog) =>
    dialog.picker === undefined ? dialog : { ...dialog, picker: change(dialog.picker) },
  );
}
