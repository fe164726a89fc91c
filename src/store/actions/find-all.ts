import { resourceNamed } from '../../resources/registry.ts';
import type { Action, Entity, Resource } from '../../resources/types.ts';
import type { BulkDialog } from '../dialogs.ts';
import { pushable } from '../push-filter.ts';
import type { Services } from '../services.ts';
import { portOf } from '../services.ts';
import { selectOf } from '../sources/feed-reader.ts';
import type { ListView } from '../state.ts';
import { outlast } from './outlast.ts';
import { Tally } from './tally.ts';

/** Rows of a list by what an action makes of them. A list may be far longer than what can be held: ids only. */
export interface Found {
  readonly targets: string[];
  /** The others, and why they are left out. */
  readonly refused: Refused[];
  /** What stands in the targets. */
  readonly tally: Tally;
}

/** Before the first row is looked at. */
export function nothingFound(resource: Resource<Entity>, action: Action<Entity>): Found {
  return { targets: [], refused: [], tally: new Tally(resource, action) };
}

/** Puts a row to the targets, or to what is left out. */
export function sortIn(found: Found, resource: Resource<Entity>, action: Action<Entity>, row: Entity): void {
  const id = resource.idOf(row);
  const reason = action.disabled?.(row);
  if (reason === undefined) {
    found.targets.push(id);
    found.tally.add(row);
  } else {
    found.refused.push({ id, reason });
  }
}

/** What an action cannot be done to, and why. */
export interface Refused {
  readonly id: string;
  readonly reason: string;
}

/**
 * Reads the whole list behind a view, however much of it is loaded, and sorts the rows that its filters let
 * through by whether there is a reason against the action; the service filters as far as it can. Shows how far it is,
 * and gives undefined when it was stopped.
 */
export async function findAllMatching(
  services: Services,
  view: ListView,
  action: Action<Entity>,
): Promise<Found | undefined> {
  const { store, listings, timing } = services;
  const resource = resourceNamed(view.resource);
  const abort = new AbortController();
  const filter = pushable(view)?.odata;
  const startedAt = timing.now();
  const found = nothingFound(resource, action);
  let next: string | undefined;
  const show = (): void => {
    const dialog: BulkDialog = {
      kind: 'bulk',
      title: `Looking for all ${view.resource} that match`,
      total: 0,
      done: found.targets.length,
      failures: [],
      state: 'running',
      startedAt,
      elapsed: timing.now() - startedAt,
      abort,
    };
    store.setState({ overlay: dialog });
  };
  try {
    do {
      show();
      const query = {
        ...(resource.selectable ? { select: selectOf(resource) } : {}),
        ...(filter === undefined ? {} : { filter }),
        ...(resource.name === 'files' ? { recursive: true } : {}),
        ...(next === undefined ? {} : { next }),
      };
      const page = await stoppable(
        abort.signal,
        outlast(timing, abort.signal, () =>
          portOf(services).listPage(resource.name, view.scope, query, abort.signal),
        ),
      );
      for (const row of listings.keep(store.getState(), view, page?.rows ?? []))
        sortIn(found, resource, action, row);
      next = page?.next;
    } while (next !== undefined && !abort.signal.aborted);
  } finally {
    store.setState({ overlay: undefined });
  }
  return abort.signal.aborted ? undefined : found;
}

/** Undefined when the signal ended it, which is no failure. */
async function stoppable<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
