import type { BatchPort } from '../../api/port.ts';
import { isMissing, ServiceError } from '../../lib/errors.ts';
import { splitJobTaskId } from '../../lib/job-task-id.ts';
import { shortId } from '../../lib/short-id.ts';
import { countText } from '../../lib/units.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { Action, Entity, Operation, Resource } from '../../resources/types.ts';
import type { AppStore } from '../app-store.ts';
import type { Failure } from '../dialogs.ts';
import { flash, flashError } from '../flash.ts';
import { feedKey } from '../keys-of.ts';
import { portOf, type Services } from '../services.ts';
import { updateList } from '../views.ts';
import { runBulk, type Unit } from './bulk.ts';
import { outlast } from './outlast.ts';
import { whileBusy } from './subject.ts';

/** What is said of a deletion where somebody else was faster. */
const GONE = 'it was gone already';
/** What is said where it had come to its end by itself. */
const ENDED = 'it had ended already';

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
  const noun = nounOf(operations);
  const work = async (): Promise<void> => {
    if (operations.length === 1) {
      // On a slow link the answer takes its time: that the key was heard shows at once.
      flash(store, 'info', `${verb} ${noun} …`);
      const said = await performHere(services, first);
      flash(store, 'info', `${verb} ${noun}: ${said}`);
      takeAway(store, first, operations.flatMap(targetsOf));
    } else {
      takeAway(store, first, await runMany(services, operations, verb));
    }
  };
  await whileBusy(services, () =>
    work().catch((error: unknown) => flashError(store, error, `${verb} ${noun}`)),
  );
  services.poller.refresh(jobsOf(operations));
}

/** The jobs in which something was done; undefined where it was done elsewhere. */
function jobsOf(operations: readonly Operation[]): readonly string[] | undefined {
  const jobs = new Set(operations.map(({ scope, id }) => scope.job ?? splitJobTaskId(id)?.job));
  return jobs.has(undefined) ? undefined : [...jobs].filter((job) => job !== undefined);
}

/** Does one operation where what it is about is: on this machine, or at the service. */
async function performHere(services: Services, operation: Operation): Promise<string> {
  const { resource, id } = operation;
  if (resourceNamed(resource).isLocal !== true) return perform(portOf(services), operation);
  return services.host.removeDump(id) ? 'done' : GONE;
}

/** Does one operation, and says what came of it. */
export async function perform(port: BatchPort, operation: Operation): Promise<string> {
  const { signal } = new AbortController();
  const action = actionOf(operation);
  if (action?.answer !== undefined) return action.answer(await port.ask(operation, signal));
  try {
    await port.act(operation, signal);
  } catch (error) {
    // Somebody else was faster, which comes to the same.
    if (action?.name === 'delete' && isMissing(error)) return GONE;
    if (action?.name === 'terminate' && hasEnded(error)) return ENDED;
    throw error;
  }
  return 'accepted';
}

/** The service will not end what has ended. */
function hasEnded(error: unknown): boolean {
  return error instanceof ServiceError && (error.code === 'TaskCompleted' || error.code === 'JobCompleted');
}

function actionOf({ resource, action }: Operation): Action<Entity> | undefined {
  return resourceNamed(resource).actions.find(({ name }) => name === action);
}

/** Takes the marks off what was done, and away what is no longer there: a long list is read anew only after a while. */
function takeAway(store: AppStore, operation: Operation, done: readonly string[]): void {
  unmark(store, operation, done);
  if (actionOf(operation)?.removes === true) dropRows(store, operation, new Set(done));
}

function dropRows(store: AppStore, { resource, scope }: Operation, gone: ReadonlySet<string>): void {
  const { idOf } = resourceNamed(resource);
  // The same list may be held as it is and as the service filtered it.
  const name = feedKey(resource, scope);
  store.setState(({ feeds }) => ({
    feeds: Object.fromEntries(
      Object.entries(feeds).map(([key, feed]) => {
        if (!key.startsWith(name)) return [key, feed];
        const rows = feed.rows.filter((row) => !gone.has(idOf(row)));
        const total = feed.total === undefined ? undefined : feed.total - (feed.rows.length - rows.length);
        return [key, rows.length === feed.rows.length ? feed : { ...feed, rows, total }];
      }),
    ),
  }));
}

/** What failed, or was not tried, stays marked for another try. */
function unmark(store: AppStore, { resource, scope }: Operation, done: readonly string[]): void {
  updateList(store, (view) => {
    if (feedKey(view.resource, view.scope) !== feedKey(resource, scope)) return view;
    const gone = new Set(done);
    return { ...view, marks: new Set([...view.marks].filter((id) => !gone.has(id))) };
  });
}

/** The ids that an operation is for: its own, or all that it takes together. */
function targetsOf(operation: Operation): readonly string[] {
  const together = actionOf(operation)?.together;
  const ids = together === undefined ? undefined : operation.args?.[together.argument];
  return Array.isArray(ids) ? ids.map(String) : [operation.id];
}

/** One unit an operation, made as it is needed: there may be a million. */
function* unitsOf(services: Services, operations: readonly Operation[], done: string[]): Generator<Unit> {
  for (const operation of operations) {
    const ids = targetsOf(operation);
    const run = async (signal: AbortSignal): Promise<readonly Failure[]> => {
      await outlast(services.timing, signal, () => performHere(services, operation));
      done.push(...ids);
      return [];
    };
    yield { size: ids.length, ids, run };
  }
}

function countTargets(operations: readonly Operation[]): number {
  return operations.reduce((sum, operation) => sum + targetsOf(operation).length, 0);
}

/** `job myjob`, or `12 tasks`. */
function nounOf(operations: readonly Operation[]): string {
  const [first] = operations;
  if (first === undefined) return 'nothing';
  const resource = resourceNamed(first.resource);
  const total = countTargets(operations);
  return total === 1
    ? nounFor(resource, targetsOf(first).map(shortId))
    : `${countText(total)} ${resource.name}`;
}

/** Does operations as a bulk job; gives the ids of what was done. */
async function runMany(
  services: Services,
  operations: readonly Operation[],
  verb: string,
): Promise<readonly string[]> {
  const done: string[] = [];
  const total = countTargets(operations);
  const again = (failed: readonly Failure[]): Promise<void> => {
    const ids = new Set(failed.map(({ id }) => id));
    return runOperations(
      services,
      operations.filter((operation) => targetsOf(operation).some((id) => ids.has(id))),
      verb,
    );
  };
  const title = `${verb} ${nounOf(operations)}`;
  const units = unitsOf(services, operations, done);
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
  if (cancelled)
    flash(store, 'warn', `${title}: cancelled after ${countText(overlay.done)} of ${countText(total)}`);
  else if (failed === 0) flash(store, 'info', `${title}: done`);
  else flash(store, 'error', `${title}: ${countText(failed)} of ${countText(total)} failed`);
}

/** `job myjob`, or `12 tasks`. */
export function nounFor(resource: Resource<Entity>, ids: readonly string[]): string {
  return ids.length === 1 ? `${resource.singular} ${ids[0]}` : `${countText(ids.length)} ${resource.name}`;
}
