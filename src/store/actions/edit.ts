import { asAzbError, describeError, ServiceError } from '../../lib/errors.ts';
import type { EditableProperty, Entity } from '../../resources/types.ts';
import type { PanelLine } from '../dialogs.ts';
import { flash, flashError } from '../flash.ts';
import { openPanel } from '../panel.ts';
import { portOf, type Services } from '../services.ts';
import {
  type Change,
  changesOf,
  type Edit,
  editText,
  patched,
  readEdit,
  withNotes,
  withoutNotes,
} from './edit-text.ts';
import { isStillHere, loadSubject, type Subject, subjectHere, subjectName } from './subject.ts';

/** An edit under way: what it is about, and the entity that it started from. */
interface Editing {
  readonly subject: Subject;
  readonly editable: readonly EditableProperty[];
  readonly base: Entity;
}

/** Opens what can be changed of the resource here in $EDITOR, and asks about the difference. */
export function startEdit(services: Services): void {
  const subject = subjectHere(services);
  if (subject === undefined) {
    flash(services.store, 'warn', 'there is nothing here to edit');
    return;
  }
  const { editable, name } = subject.resource;
  if (editable === undefined) flash(services.store, 'warn', `the service lets nothing of ${name} be changed`);
  else services.background(loadAndEdit(services, subject, editable));
}

async function loadAndEdit(
  services: Services,
  subject: Subject,
  editable: readonly EditableProperty[],
): Promise<void> {
  const base = await loadSubject(services, subject);
  if (!isStillHere(services, subject)) return;
  openEditor(services, { subject, editable, base }, editText(subjectName(subject), base, editable));
}

/**
 * Lets the text be edited until it can be read, or until the user gives up by changing nothing; where changes are
 * in it already, changing nothing keeps them.
 */
function openEditor(services: Services, editing: Editing, text: string, keepsWhenSame = false): void {
  const { store, host } = services;
  let shown = text;
  let refused: string | undefined;
  for (;;) {
    try {
      const saved = host.editText(shown, fileName(editing.subject));
      const edited = saved ?? (keepsWhenSame ? shown : undefined);
      if (edited === undefined || withoutNotes(edited) === refused) {
        flash(store, 'info', `${subjectName(editing.subject)} stays as it is`);
        return;
      }
      const problem = askToSave(services, editing, edited);
      if (problem === undefined) return;
      refused = withoutNotes(edited);
      shown = withNotes(edited, notesOf(problem));
    } catch (error) {
      flashError(store, error);
      return;
    }
  }
}

function fileName({ resource, id }: Subject): string {
  return `${resource.singular}-${id.replace(/[^\w.-]/g, '_')}.yaml`;
}

/** Asks about the difference; gives what is wrong with the text instead, when something is. */
function askToSave(services: Services, editing: Editing, text: string): unknown {
  let edit: Edit;
  try {
    edit = readEdit(text, editing.base, editing.editable);
  } catch (error) {
    return error;
  }
  if (Object.keys(edit.patch).length === 0) {
    flash(services.store, 'info', `nothing differs: ${subjectName(editing.subject)} stays as it is`);
    return undefined;
  }
  openPanel(services, {
    title: `Change ${subjectName(editing.subject)}?`,
    lines: changeLines(edit.changes),
    buttons: [
      { label: 'Cancel' },
      { label: 'Edit again', work: async () => openEditor(services, editing, withoutNotes(text), true) },
      { label: 'Save', danger: true, work: () => save(services, editing, text, edit) },
    ],
  });
  return undefined;
}

/** One line a value: what it was, what it becomes. */
function changeLines(changes: readonly Change[]): PanelLine[] {
  return changes.map(({ path, before, after }): PanelLine => {
    if (before === undefined) return { text: `+ ${path}: ${after}`, role: 'good' };
    if (after === undefined) return { text: `- ${path}: ${before}`, role: 'error' };
    return { text: `~ ${path}: ${before} → ${after}`, role: 'warn' };
  });
}

/** Sends what differs. What the service refuses goes back to the editor; other failures stay in the panel. */
async function save(services: Services, editing: Editing, text: string, edit: Edit): Promise<void> {
  const { resource, scope, id } = editing.subject;
  const { eTag } = editing.base as { eTag?: string };
  try {
    await portOf(services).update(resource.name, scope, id, edit.patch, eTag, new AbortController().signal);
  } catch (error) {
    if (!(error instanceof ServiceError) || !isAboutTheValues(error)) throw error;
    if (error.status === 412) await editConflict(services, editing, edit);
    else openEditor(services, editing, withNotes(text, notesOf(error)));
    return;
  }
  const hints = editing.editable.flatMap(({ name, after }) =>
    name in edit.patch && after !== undefined ? [after] : [],
  );
  flash(services.store, 'info', [`${subjectName(editing.subject)} was changed`, ...hints].join('; '));
  services.poller.refresh(scope.job === undefined ? undefined : [scope.job]);
}

function isAboutTheValues({ status }: ServiceError): boolean {
  return [400, 409, 412, 413].includes(status);
}

/** Somebody else was faster: the same changes on what is there now, with what differs from before on top. */
async function editConflict(services: Services, editing: Editing, edit: Edit): Promise<void> {
  const base = await loadSubject(services, editing.subject);
  const theirs = editing.editable.flatMap(({ name }) =>
    changesOf(name, propertyOf(editing.base, name), propertyOf(base, name)),
  );
  const notes = [
    'it was changed by someone else meanwhile; your changes are kept below, on what is there now',
    ...changeLines(theirs).map(({ text }) => `  ${text}`),
    'leave as it is to be asked about your changes again',
  ];
  const { subject, editable } = editing;
  const text = editText(subjectName(subject), patched(base, edit.patch), editable, notes);
  openEditor(services, { ...editing, base }, text, true);
}

function propertyOf(entity: Entity, name: string): unknown {
  return (entity as Readonly<Record<string, unknown>>)[name];
}

function notesOf(error: unknown): string[] {
  const { message, details, next } = describeError(asAzbError(error));
  const lines = [message, ...details, ...(next === undefined ? [] : [`try: ${next}`])];
  return lines.flatMap((line) => line.split('\n'));
}
