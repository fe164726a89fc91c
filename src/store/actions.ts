import { resourceNamed } from '../resources/registry.ts';
import type { Action, ActionOption, Entity, Operation, Resource, Scope } from '../resources/types.ts';
import { type Failure, runBulk, type Unit } from './bulk.ts';
import { type AppStore, topView } from './create.ts';
import { findAllMatching } from './find-all.ts';
import { flash, flashError } from './flash.ts';
import { openActionForm } from './forms.ts';
import { feedKey } from './keys-of.ts';
import { cursorIndex, targetIds } from './list-moves.ts';
import type { Listing } from './listing.ts';
import { portOf, type Services } from './services.ts';
import type { ConfirmDialog, ListView } from './state.ts';
import { whileBusy } from './subject.ts';
import { updateList } from './views.ts';

/** Starts an action on the marked rows, or on the one under the cursor: asks first, in a dialog or a form. */
export function startAction(services: Services, name: string): void {
  const view = topView(services.store.getState());
  if (view.kind !== 'list') return;
  const resource = resourceNamed(view.resource);
  const action = resource.actions.find((candidate) => candidate.name === name);
  if (action === undefined) {
    flash(services.store, 'warn', `${resource.name} have no action ${name}`);
    return;
  }
  const listing = services.listings.of(services.store.getState(), view);
  const row = listing.rows[cursorIndex(view, listing)];
  if (action.fields !== undefined && view.marks.size > 0) {
    flash(
      services.store,
      'warn',
      `${action.label} asks for values, so it takes one at a time: ctrl-\\ unmarks`,
    );
    return;
  }
  if (row !== undefined && action.fields !== undefined) {
    const reason = action.disabled?.(row);
    if (reason === undefined) openActionForm(services, view, resource, action, row);
    else flash(services.store, 'warn', `cannot ${action.label} ${resource.idOf(row)}: ${reason}`);
    return;
  }
  confirmAction(services, view, listing, action);
}

function confirmAction(services: Services, view: ListView, listing: Listing, action: Action<Entity>): void {
  const { resource, feed } = listing;
  const held = new Map(feed.rows.map((row) => [resource.idOf(row), row]));
  const wanted = targetIds(view).filter(
    (id) => held.has(id) && (view.marks.size > 0 || listing.indexOf(id) >= 0),
  );
  const rest = feed.complete ? [] : [WHICH];
  askAbout(services, {
    view,
    resource,
    action,
    held,
    wanted,
    rest,
    isShown: (id) => listing.indexOf(id) >= 0,
  });
}

/** What an action may be done to, and what is known of it. */
interface Candidates {
  readonly view: ListView;
  readonly resource: Resource<Entity>;
  readonly action: Action<Entity>;
  readonly held: ReadonlyMap<string, Entity>;
  readonly wanted: readonly string[];
  /** Offered beside the action's own options. */
  readonly rest: readonly ActionOption[];
  isShown(id: string): boolean;
}

const ALL = 'all that match the filter, loaded or not';
/** Asked where not every row is loaded. No operation has an argument of this name. */
const WHICH: ActionOption = { argument: '#which', label: 'For', values: ['these', ALL] };

function askAbout(services: Services, candidates: Candidates): void {
  const { view, resource, action, held, wanted, rest, isShown } = candidates;
  const refused = wanted
    .map((id) => reasonAgainst(action, held.get(id), id))
    .filter((text) => text !== undefined);
  const targets = wanted.filter((id) => reasonAgainst(action, held.get(id), id) === undefined);
  if (targets.length === 0) {
    flash(services.store, 'warn', refused[0] ?? `nothing to ${action.label}: move to a row first`);
    return;
  }
  const options = [...(action.options ?? []), ...rest];
  const dialog: ConfirmDialog = {
    kind: 'confirm',
    title: `${capital(action.label)} ${nounFor(resource, targets)}?`,
    lines: [action.warning, ...leftOut(refused)].filter((line) => line !== undefined),
    targets,
    hidden: targets.filter((id) => !isShown(id)).length,
    options,
    chosen: Object.fromEntries(options.map((option) => [option.argument, option.values[0] ?? ''])),
    focus: 0,
    verb: capital(action.label),
    operations: operationsFor(resource, action, view.scope, targets),
  };
  services.store.setState({ overlay: dialog });
}

/** Asks again, about everything that matches now that it is known what that is. */
async function askAboutAll(services: Services, dialog: ConfirmDialog): Promise<void> {
  const view = topView(services.store.getState());
  const name = dialog.operations[0]?.action;
  if (view.kind !== 'list') return;
  const resource = resourceNamed(view.resource);
  const action = resource.actions.find((candidate) => candidate.name === name);
  if (action === undefined) return;
  const rows = await whileBusy(services, () => findAllMatching(services, view));
  if (rows === undefined) {
    flash(services.store, 'info', 'stopped looking: nothing was done');
    return;
  }
  const held = new Map(rows.map((row) => [resource.idOf(row), row]));
  const wanted = [...held.keys()];
  askAbout(services, { view, resource, action, held, wanted, rest: [], isShown: () => true });
}

function operationsFor(
  resource: Resource<Entity>,
  action: Action<Entity>,
  scope: Scope,
  targets: readonly string[],
): Operation[] {
  const start = { resource: resource.name, action: action.name, scope };
  const { together } = action;
  if (together === undefined) return targets.map((id) => ({ ...start, id }));
  const operations: Operation[] = [];
  for (let from = 0; from < targets.length; from += together.most) {
    const ids = targets.slice(from, from + together.most);
    operations.push({ ...start, id: ids[0] ?? '', args: { [together.argument]: ids } });
  }
  return operations;
}

function leftOut(refused: readonly string[]): string[] {
  return refused.length === 0
    ? []
    : [`Left out: ${refused.slice(0, 3).join('; ')}${refused.length > 3 ? ' …' : ''}`];
}

function reasonAgainst(action: Action<Entity>, row: Entity | undefined, id: string): string | undefined {
  if (row === undefined) return `${id} is gone`;
  const reason = action.disabled?.(row);
  return reason === undefined ? undefined : `cannot ${action.label} ${id}: ${reason}`;
}

/** Does what the dialog asked about. */
export async function acceptConfirm(services: Services, dialog: ConfirmDialog): Promise<void> {
  services.store.setState({ overlay: undefined });
  const { [WHICH.argument]: which, ...args } = dialog.chosen;
  if (which === ALL) {
    await askAboutAll(services, dialog);
    return;
  }
  const operations = dialog.operations.map((operation) =>
    Object.keys(args).length === 0 ? operation : { ...operation, args: { ...operation.args, ...args } },
  );
  await runOperations(services, operations, dialog.verb);
}

/** Does what failed of a bulk job once more, and only that. */
export async function retryFailed(services: Services): Promise<void> {
  const { overlay } = services.store.getState();
  if (overlay?.kind !== 'bulk' || overlay.state === 'running' || overlay.again === undefined) return;
  services.store.setState({ overlay: undefined });
  await overlay.again();
}

/** Does operations: one at once, many as a bulk job with progress. Ends with a line that says how it went. */
export async function runOperations(
  services: Services,
  operations: readonly Operation[],
  verb: string,
): Promise<void> {
  const [first] = operations;
  if (first === undefined) return;
  const { store } = services;
  const noun = nounFor(resourceNamed(first.resource), operations.flatMap(targetsOf));
  store.setState((state) => ({ busy: state.busy + 1 }));
  try {
    if (operations.length === 1) {
      await portOf(services).act(first, new AbortController().signal);
      flash(store, 'info', `${verb} ${noun}: accepted`);
      unmark(store, first, operations.flatMap(targetsOf));
    } else {
      unmark(store, first, await runMany(services, operations, verb));
    }
  } catch (error) {
    flashError(store, error);
  } finally {
    store.setState((state) => ({ busy: state.busy - 1 }));
    services.poller.refresh();
  }
}

/** Takes the marks off what was done. What failed, or was not tried, stays marked for another try. */
function unmark(store: AppStore, { resource, scope }: Operation, done: readonly string[]): void {
  updateList(store, (view) => {
    if (feedKey(view.resource, view.scope) !== feedKey(resource, scope)) return view;
    const gone = new Set(done);
    return { ...view, marks: new Set([...view.marks].filter((id) => !gone.has(id))) };
  });
}

/** The ids that an operation is for: its own, or all that it takes together. */
function targetsOf(operation: Operation): readonly string[] {
  const together = resourceNamed(operation.resource).actions.find(
    ({ name }) => name === operation.action,
  )?.together;
  const ids = together === undefined ? undefined : operation.args?.[together.argument];
  return Array.isArray(ids) ? ids.map(String) : [operation.id];
}

/** Does operations as a bulk job; gives the ids of what was done. */
async function runMany(
  services: Services,
  operations: readonly Operation[],
  verb: string,
): Promise<readonly string[]> {
  const port = portOf(services);
  const done: string[] = [];
  const units = operations.map((operation): Unit => {
    const ids = targetsOf(operation);
    return {
      size: ids.length,
      ids,
      run: async () => {
        await port.act(operation, new AbortController().signal);
        done.push(...ids);
        return [];
      },
    };
  });
  const total = units.reduce((sum, unit) => sum + unit.size, 0);
  const again = (failed: readonly Failure[]): Promise<void> => {
    const ids = new Set(failed.map(({ id }) => id));
    return runOperations(
      services,
      operations.filter((operation) => targetsOf(operation).some((id) => ids.has(id))),
      verb,
    );
  };
  const title = `${verb} ${nounFor(resourceNamed(operations[0]?.resource ?? ''), operations.flatMap(targetsOf))}`;
  const failures = await runBulk(services, { title, total, units, again });
  finishBulk(services, title, total, failures.length);
  return done;
}

/** Closes the progress when all went well; failures stay on the screen until they are read. */
export function finishBulk(services: Services, title: string, total: number, failed: number): void {
  const { store } = services;
  const { overlay } = store.getState();
  const cancelled = overlay?.kind === 'bulk' && overlay.state === 'cancelled';
  if (failed === 0) store.setState({ overlay: undefined });
  if (cancelled) flash(store, 'warn', `${title}: cancelled after ${overlay.done} of ${total}`);
  else if (failed === 0) flash(store, 'info', `${title}: done`);
  else flash(store, 'error', `${title}: ${failed} of ${total} failed`);
}

/** `job myjob`, or `12 tasks`. */
export function nounFor(resource: Resource<Entity>, ids: readonly string[]): string {
  return ids.length === 1 ? `${resource.singular} ${ids[0]}` : `${ids.length} ${resource.name}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
