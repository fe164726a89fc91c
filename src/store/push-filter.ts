import { joined, type PushDown, pushDownText } from '../resources/push-down.ts';
import { resourceNamed } from '../resources/registry.ts';
import { EMPTY_FEED } from './app-store.ts';
import { feedKey } from './keys-of.ts';
import type { AppState, ListView } from './state.ts';

/** What of a list's filters the service can do, part by part. */
export interface PushableParts {
  readonly state: PushDown | undefined;
  readonly text: PushDown | undefined;
}

/** Of the view's state filter and of its text filter, what the service can do. */
export function pushableParts(view: ListView): PushableParts {
  const resource = resourceNamed(view.resource);
  const state = resource.stateFilters[view.stateFilter - 1];
  return {
    state: state?.odata === undefined ? undefined : { odata: state.odata, test: (row) => state.test(row) },
    text: pushDownText(resource, view.filter),
  };
}

/** All that the service can do of a list's filters, as one. */
export function pushable(view: ListView): PushDown | undefined {
  if (view.filter === '' && view.stateFilter === 0) return undefined;
  const { state, text } = pushableParts(view);
  return joined([state, text].filter((part) => part !== undefined));
}

/** The list with the service asked to filter, where not all of it could be held; elsewhere azb filters alone. */
export function withPushedFilter(state: AppState, view: ListView): ListView {
  const whole = state.feeds[feedKey(view.resource, view.scope)] ?? EMPTY_FEED;
  const isCut = whole.cutStart || whole.cutEnd;
  const pushedFilter = isCut ? pushable(view)?.odata : undefined;
  return pushedFilter === view.pushedFilter ? view : { ...view, pushedFilter };
}
