import { stringify } from 'yaml';
import { AzbError, asAzbError, UsageError } from '../../lib/errors.ts';
import { countText } from '../../lib/units.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { Entity, Form } from '../../resources/types.ts';
import { addOne } from '../actions/add-one.ts';
import { addTaskUnits } from '../actions/add-tasks.ts';
import { runBulk } from '../actions/bulk.ts';
import { finishBulk, perform, runOperations } from '../actions/run-operations.ts';
import { whileBusy } from '../actions/subject.ts';
import type { Failure, FormDialog } from '../dialogs.ts';
import { flash, flashError } from '../flash.ts';
import { isWithin } from '../keys-of.ts';
import { portOf, type Services, serviceNow } from '../services.ts';
import { updateList } from '../views.ts';
import { bodyOf } from './body.ts';
import { readBody } from './form-body.ts';
import { fieldProblem, shownFields, updateForm } from './forms.ts';
import { withOutputContainers } from './output-containers.ts';

/** Opens the whole body in $EDITOR; what is saved there is what will be sent. */
export function editBody(services: Services): void {
  const { overlay } = services.store.getState();
  if (overlay?.kind !== 'form' || overlay.action !== undefined || overlay.sending) return;
  const form = resourceNamed(overlay.resource).form;
  if (form === undefined) return;
  const text = overlay.yaml ?? stringify(bodyOf(form, overlay.values, overlay.base));
  try {
    const edited = services.host.editText(text, `new-${overlay.resource}.yaml`);
    if (edited === undefined) {
      flash(services.store, 'info', 'the body is as it was');
      return;
    }
    const error = problemOf(edited, form);
    updateForm(services, (dialog) => ({ ...dialog, yaml: edited, error, focus: shownFields(dialog).length }));
  } catch (error) {
    flashError(services.store, error);
  }
}

function problemOf(text: string, form: Form): AzbError | undefined {
  try {
    const body = readBody(text);
    const problem = form.check?.(body);
    return problem === undefined ? undefined : new UsageError(problem);
  } catch (error) {
    return asAzbError(error);
  }
}

/** Sends what the form says. Problems are shown inside the form, which stays as it is. */
export async function submitForm(services: Services): Promise<void> {
  const { overlay } = services.store.getState();
  if (overlay?.kind !== 'form' || overlay.sending) return;
  const wrong = overlay.yaml === undefined ? firstProblem(overlay) : undefined;
  if (wrong !== undefined) {
    const name = shownFields(overlay)[wrong]?.name ?? '';
    const touched = new Set(overlay.fields.map((field) => field.name));
    const caret = (overlay.values[name] ?? '').length;
    updateForm(services, (dialog) => ({ ...dialog, focus: wrong, touched, caret }));
    return;
  }
  updateForm(services, (dialog) => ({ ...dialog, sending: true, error: undefined }));
  await whileBusy(services, () => send(services, overlay));
}

/** Does what the form is for; what fails stays in the form with its reason. */
async function send(services: Services, dialog: FormDialog): Promise<void> {
  try {
    if (dialog.work !== undefined) await dialog.work(dialog.values);
    else if (dialog.action === undefined) await create(services, dialog);
    else await act(services, dialog, dialog.action);
  } catch (error) {
    services.store.setState({ overlay: { ...dialog, error: asAzbError(error), sending: false } });
  }
}

function firstProblem(dialog: FormDialog): number | undefined {
  const at = shownFields(dialog).findIndex((field) => fieldProblem(field, dialog.values) !== undefined);
  return at < 0 ? undefined : at;
}

async function create(services: Services, dialog: FormDialog): Promise<void> {
  const resource = resourceNamed(dialog.resource);
  const { form } = resource;
  if (form === undefined) throw new Error(`${resource.name} have no form`);
  const written =
    dialog.yaml === undefined ? bodyOf(form, dialog.values, dialog.base) : readBody(dialog.yaml);
  const problem = form.check?.(written);
  if (problem !== undefined) throw new UsageError(problem);
  const [template = written] = await withOutputContainers(portOf(services), serviceNow(services), [written]);
  const count = form.count?.(template) ?? 1;
  const bodies = (): Iterable<Entity> => form.expand?.(template) ?? [template];
  if (count > 1) await createMany(services, dialog, bodies, count);
  else await createOne(services, dialog, [...bodies()][0] ?? template);
}

async function createOne(services: Services, dialog: FormDialog, body: Entity): Promise<void> {
  const resource = resourceNamed(dialog.resource);
  await addOne(services, dialog.resource, dialog.scope, body);
  const id = resource.idOf(body);
  // What is held of an earlier one of the same id is not this one's.
  services.store.setState(({ feeds }) => ({
    overlay: undefined,
    feeds: Object.fromEntries(Object.entries(feeds).filter(([key]) => !isWithin(key, dialog.resource, id))),
  }));
  const { accepted = 'was created' } = resource.form ?? {};
  flash(services.store, 'info', `${resource.singular} ${id} ${accepted}`);
  const awaited = { id, since: services.timing.now() };
  updateList(services.store, (view) => (view.resource === dialog.resource ? { ...view, awaited } : view));
  services.poller.refresh();
}

async function createMany(
  services: Services,
  dialog: FormDialog,
  bodies: () => Iterable<Entity>,
  total: number,
): Promise<void> {
  const { timing } = services;
  const wait = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      timing.setTimer(resolve, milliseconds);
    });
  const title = `Adding ${countText(total)} ${dialog.resource}`;
  const units = addTaskUnits(portOf(services), dialog.scope.job ?? '', bodies(), wait);
  const again = (failed: readonly Failure[]): Promise<void> => {
    const ids = new Set(failed.map(({ id }) => id));
    return createMany(services, dialog, () => withIds(dialog.resource, bodies(), ids), failed.length);
  };
  const failures = await runBulk(services, { title, total, units, again });
  const [failure] = failures;
  // When nothing was added at all, what was typed is still to be done.
  if (failure !== undefined && failures.length === total) {
    throw new AzbError(
      `none of the ${countText(total)} ${dialog.resource} was added: ${failure.reason}`,
      failure.next === undefined ? {} : { next: failure.next },
    );
  }
  finishBulk(services, title, total, failures.length);
  services.poller.refresh();
}

function* withIds(resource: string, bodies: Iterable<Entity>, ids: ReadonlySet<string>): Generator<Entity> {
  const { idOf } = resourceNamed(resource);
  for (const body of bodies) if (ids.has(idOf(body))) yield body;
}

async function act(
  services: Services,
  dialog: FormDialog,
  { name, id, ids = [id] }: NonNullable<FormDialog['action']>,
): Promise<void> {
  const { resource, scope } = dialog;
  const action = resourceNamed(resource).actions.find((candidate) => candidate.name === name);
  const values = Object.fromEntries(
    shownFields(dialog).map((field) => [field.name, dialog.values[field.name] ?? '']),
  );
  const meant = action?.resolve?.(values, serviceNow(services)) ?? { name, args: argumentsOf(dialog) };
  const operations = ids.map((one) => ({
    resource,
    scope,
    id: one,
    action: meant.name,
    args: meant.args ?? {},
  }));
  const [first] = operations;
  if (operations.length > 1) {
    services.store.setState({ overlay: undefined });
    await runOperations(services, operations, dialog.title.split(' ')[0] ?? name);
  } else if (first !== undefined) {
    const said = await perform(portOf(services), first);
    services.store.setState({ overlay: undefined });
    flash(services.store, 'info', `${dialog.title}: ${said}`);
    services.poller.refresh();
  }
}

function argumentsOf(dialog: FormDialog): Record<string, unknown> {
  return Object.fromEntries(
    shownFields(dialog).map((field) => {
      const value = dialog.values[field.name] ?? '';
      return [field.name, field.kind === 'integer' ? Number(value) : value];
    }),
  );
}
