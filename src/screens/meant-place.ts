import { nearest } from '../lib/nearest.ts';
import { RESOURCES } from '../resources/registry.ts';
import type { ScopePart } from '../resources/types.ts';
import { knownIds } from '../store/known-ids.ts';
import type { AppState, ListView } from '../store/state.ts';
import { commandOf } from '../store/views.ts';

/** Ids that are compared: the picture is painted every second. */
const LOOKED_AT = 1000;

/**
 * The command for the place that was perhaps meant, where a list's place is not there: the nearest id of those that are
 * known, as in `:tasks render` for `:tasks rendre`.
 */
export function meantPlace(state: AppState, view: ListView): string | undefined {
  const { scope } = view;
  // The outermost one decides: what is within it is not known where it does not exist.
  const part = (['pool', 'job', 'container'] as const satisfies readonly ScopePart[]).find(
    (candidate) => scope[candidate] !== undefined,
  );
  const owner = RESOURCES.find((resource) => part !== undefined && resource.part === part);
  if (part === undefined || owner === undefined) return undefined;
  const typed = scope[part] ?? '';
  const ids = knownIds(state, owner, {}).slice(0, LOOKED_AT);
  if (ids.includes(typed)) return undefined;
  const meant = nearest(typed, ids);
  return meant === undefined ? undefined : `:${commandOf({ ...view, scope: { ...scope, [part]: meant } })}`;
}
