import { resourceNamed } from '../../resources/registry.ts';
import type { Field } from '../../resources/types.ts';
import { topView } from '../app-store.ts';
import { flash } from '../flash.ts';
import { knownIds } from '../known-ids.ts';
import type { Services } from '../services.ts';
import type { ListView } from '../state.ts';
import { openForm } from './forms.ts';
import { fillWhenListed } from './late-values.ts';

/** Opens the form that makes a new resource of the list on the screen. */
export function openCreateForm(services: Services): void {
  const view = topView(services.store.getState());
  if (view.kind !== 'list') return;
  const { form, name } = resourceNamed(view.resource);
  if (form === undefined) {
    flash(services.store, 'warn', `azb cannot make ${name} here: they come from the service`);
    return;
  }
  const rows = services.listings.of(services.store.getState(), view).feed.rows;
  const begun = form.begin?.(rows, {}) ?? {};
  const fields = form
    .fields(view.scope)
    .map((field) => ({ ...field, initial: begun[field.name] ?? firstValue(services, view, field) }));
  openForm(services, { title: form.title, resource: name, scope: view.scope, action: undefined, fields });
  const isLate = Object.values(begun).every((value) => value === '');
  if (form.begin !== undefined && isLate) fillWhenListed(services, view, form.begin);
}

/** What a field of a new resource begins with: an id that is not taken, and the pool where there is only one. */
function firstValue({ store }: Services, { resource, scope }: ListView, field: Field): string {
  const state = store.getState();
  if (field.name === 'id') {
    const taken = new Set(knownIds(state, resourceNamed(resource), scope).map((id) => id.toLowerCase()));
    return untaken(field.initial, (id) => taken.has(id.toLowerCase()));
  }
  if (field.kind !== 'reference' || field.resource === undefined || field.initial !== '')
    return field.initial;
  if (field.optional === true) return '';
  const [only, ...others] = knownIds(state, resourceNamed(field.resource), {});
  return others.length === 0 ? (only ?? '') : '';
}

/** `mypool`, or else `mypool2` and so on. */
function untaken(id: string, isTaken: (id: string) => boolean): string {
  let number = 1;
  const candidate = () => (number === 1 ? id : `${id}${number}`);
  while (isTaken(candidate())) number += 1;
  return candidate();
}
