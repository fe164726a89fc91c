import { topView } from './app-store.ts';
import { settle } from './list-moves.ts';
import type { WindowOf } from './listing.ts';
import { withPushedFilter } from './push-filter.ts';
import type { Services } from './services.ts';
import { updateList } from './views.ts';

/**
 * Keeps the cursor of the list on the screen on its resource, and the resource in the window; has the service
 * filter what is too long to hold.
 */
export function settleList(services: Services, windowOf: WindowOf): void {
  const { store, listings } = services;
  const state = store.getState();
  const view = topView(state);
  if (view.kind !== 'list') return;
  // While a filter is typed the service is not asked at every letter.
  const asked = state.prompt === undefined ? withPushedFilter(state, view) : view;
  const listing = listings.of(state, asked);
  const settled = settle(asked, listing, windowOf(asked, listing));
  if (settled !== view) updateList(store, () => settled);
}
