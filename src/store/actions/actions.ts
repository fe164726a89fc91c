import { capital } from '../../lib/capital.ts';
import { shortId } from '../../lib/short-id.ts';
import { countText } from '../../lib/units.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { Action, ActionOption, Entity, Operation, Resource, Scope } from '../../resources/types.ts';
import { topView } from '../app-store.ts';
import type { ConfirmDialog } from '../dialogs.ts';
import { flash } from '../flash.ts';
import { openActionForm } from '../forms/forms.ts';
import { targetIds } from '../list-moves.ts';
import { filtersByDetails } from '../listing.ts';
import type { Services } from '../services.ts';
import type { ListView } from '../state.ts';
import { type Found, findAllMatching, nothingFound, type Refused, sortIn } from './find-all.ts';
import { nounFor, runOperations } from './run-operations.ts';
import { whileBusy } from './subject.ts';

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
  const candidates = candidatesHere(services, view, action);
  if (action.alone === true && candidates.wanted.length > 1) {
    const count = countText(candidates.wanted.length);
    flash(services.store, 'warn', `${count} are marked: one ${resource.singular} at a time, please`);
    return;
  }
  if (action.fields === undefined) askAbout(services, candidates);
  else askForValues(services, candidates);
}

/** The marked rows, or the one under the cursor. */
function candidatesHere(services: Services, view: ListView, action: Action<Entity>): Candidates {
  const listing = services.listings.of(services.store.getState(), view);
  const { resource, feed } = listing;
  const held = new Map(feed.rows.map((row) => [resource.idOf(row), row]));
  // What is no longer in a whole list is gone, and so are its marks.
  const isWhole = feed.complete && view.pushedFilter === undefined;
  const wanted = targetIds(view).filter((id) =>
    view.marks.size > 0 ? held.has(id) || !isWhole : listing.indexOf(id) >= 0,
  );
  // What is asked row by row of those that are loaded is not asked of all the others.
  const rest = feed.complete || filtersByDetails(view) ? [] : [WHICH];
  return { view, resource, action, held, wanted, rest, isShown: (id) => listing.indexOf(id) >= 0 };
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

/** Those that the action can be done to now, and why it cannot be done to the rest. Says so when there are none. */
function split(services: Services, { resource, action, held, wanted }: Candidates): Found {
  const found = nothingFound(resource, action);
  for (const id of wanted) {
    const row = held.get(id);
    if (row === undefined) found.refused.push({ id, reason: 'not among the rows that are loaded now' });
    else sortIn(found, resource, action, row);
  }
  explainNone(services, action, found);
  return found;
}

function explainNone({ store }: Services, action: Action<Entity>, { targets, refused }: Found): void {
  if (targets.length > 0) return;
  const [first] = refused;
  if (first === undefined) {
    flash(store, 'warn', `nothing to ${action.label}: there is no row under the cursor`);
    return;
  }
  const what = refused.length === 1 ? first.id : `any of the ${countText(refused.length)}`;
  const isOne = refused.every(({ reason }) => reason === first.reason);
  flash(
    store,
    'warn',
    `cannot ${action.label} ${what}: ${isOne ? first.reason : byReason(refused).slice(0, 3).join('; ')}`,
  );
}

/** Asks once for the values that hold for all targets; the first row gives those that the form begins with. */
function askForValues(services: Services, candidates: Candidates): void {
  const { view, resource, action, held } = candidates;
  const { targets, refused } = split(services, candidates);
  const [first] = targets;
  const row = first === undefined ? undefined : held.get(first);
  if (row === undefined) return;
  const note = leftOut(refused)[0];
  const title = `${capital(action.label)} ${nounFor(resource, targets.map(shortId))}`;
  openActionForm(services, { title, resource, scope: view.scope, action, row, ids: targets, note });
}

function askAbout(services: Services, candidates: Candidates): void {
  openConfirm(services, candidates, split(services, candidates));
}

type Question = Pick<Candidates, 'view' | 'resource' | 'action' | 'rest' | 'isShown'>;

function openConfirm(services: Services, question: Question, { targets, refused, tally }: Found): void {
  const { view, resource, action, rest, isShown } = question;
  if (targets.length === 0) return;
  const options = [...(action.options ?? []), ...rest];
  const dialog: ConfirmDialog = {
    kind: 'confirm',
    title: `${capital(action.label)} ${nounFor(resource, targets)}?`,
    facts: tally.lines(),
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
  const found = await whileBusy(services, () => findAllMatching(services, view, action));
  if (found === undefined) {
    flash(services.store, 'info', 'stopped looking: nothing was done');
    return;
  }
  explainNone(services, action, found);
  openConfirm(services, { view, resource, action, rest: [], isShown: () => true }, found);
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

/** What is left out of a question, in a line: how many for each reason, the first reasons only. */
function leftOut(refused: readonly Refused[]): string[] {
  if (refused.length === 0) return [];
  const reasons = byReason(refused);
  return [`Left out: ${reasons.slice(0, 3).join('; ')}${reasons.length > 3 ? ' …' : ''}`];
}

/** `the job is completed already (12, such as job-1)`, the reason of most first; one alone is named. */
function byReason(refused: readonly Refused[]): string[] {
  const found = new Map<string, { readonly first: string; readonly number: number }>();
  for (const { id, reason } of refused) {
    const known = found.get(reason);
    found.set(reason, { first: known?.first ?? id, number: (known?.number ?? 0) + 1 });
  }
  return [...found]
    .sort(([, left], [, right]) => right.number - left.number)
    .map(([reason, { first, number }]) => {
      const which = number === 1 ? first : `${countText(number)}, such as ${first}`;
      return `${reason} (${which})`;
    });
}

/** Whether the question is about rows that must be looked for first. */
export function asksForAll({ chosen }: ConfirmDialog): boolean {
  return chosen[WHICH.argument] === ALL;
}

/** Does what the dialog asked about. */
export async function acceptConfirm(services: Services, dialog: ConfirmDialog): Promise<void> {
  services.store.setState({ overlay: undefined });
  const { [WHICH.argument]: _which, ...args } = dialog.chosen;
  if (asksForAll(dialog)) {
    await askAboutAll(services, dialog);
    return;
  }
  const operations = dialog.operations.map((operation) =>
    Object.keys(args).length === 0 ? operation : { ...operation, args: { ...operation.args, ...args } },
  );
  await runOperations(services, operations, dialog.verb);
}
