import { resourceNamed } from '../resources/registry.ts';
import type { Drill } from '../resources/types.ts';
import { withPushedFilter } from './push-filter.ts';
import type { AppState, ListView } from './state.ts';
import { listView } from './views.ts';

/** The list that a row leads to, filtered as the row says. */
export function drilledView(state: AppState, { resource, scope, filter, stateFilter }: Drill): ListView {
  const labels = resourceNamed(resource).stateFilters.map(({ label }) => label);
  const number = stateFilter === undefined ? 0 : labels.indexOf(stateFilter) + 1;
  return withPushedFilter(state, { ...listView(resource, scope, filter), stateFilter: number });
}
