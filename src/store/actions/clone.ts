import { stringify } from 'yaml';
import type { Entity } from '../../resources/types.ts';
import { topView } from '../app-store.ts';
import { flash } from '../flash.ts';
import { copyOf, freeId } from '../forms/body.ts';
import { openCopyForm } from '../forms/forms.ts';
import type { Services } from '../services.ts';
import { isStillHere, loadSubject, type Subject, subjectHere, subjectName } from './subject.ts';

/** Opens the form that makes another resource like the one under the cursor. */
export function startClone(services: Services): void {
  const subject = subjectHere(services);
  if (subject === undefined) {
    flash(services.store, 'warn', 'there is nothing here to clone');
    return;
  }
  const { form, copied, name } = subject.resource;
  if (form === undefined || copied === undefined) {
    flash(services.store, 'warn', `azb cannot make ${name}: they come from the service`);
  } else services.background(clone(services, subject));
}

async function clone(services: Services, subject: Subject): Promise<void> {
  const { resource, scope } = subject;
  const entity = await loadSubject(services, subject);
  if (!isStillHere(services, subject) || resource.form === undefined) return;
  const body = copyOf(entity, resource.copied ?? [], freeId(subject.id, taken(services, subject)));
  const title = `Clone ${subjectName(subject)}`;
  const values = resource.form.read?.(body);
  openCopyForm(services, {
    title,
    resource: resource.name,
    scope,
    base: body,
    values,
    yaml: stringify(body),
  });
  const lost = leftOut(entity);
  if (lost !== undefined) flash(services.store, 'warn', lost);
}

/** A job that ends when all of its tasks have would end at once, because its copy has none yet. */
function leftOut(entity: Entity): string | undefined {
  const { onAllTasksComplete } = entity as { onAllTasksComplete?: string };
  if (onAllTasksComplete?.toLowerCase() !== 'terminatejob') return undefined;
  return 'onAllTasksComplete: terminatejob is left out: it ends a job without tasks; e sets it later';
}

function taken(services: Services, subject: Subject): (id: string) => boolean {
  const state = services.store.getState();
  const view = topView(state);
  const rows = view.kind === 'list' ? services.listings.of(state, view).feed.rows : [];
  const ids = new Set(rows.map((row) => subject.resource.idOf(row).toLowerCase()));
  return (id) => ids.has(id.toLowerCase());
}
