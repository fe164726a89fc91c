import { topView } from './create.ts';
import { settle } from './list-moves.ts';
import type { Services } from './services.ts';
import { updateList } from './views.ts';

/** Keeps the cursor of the list on the screen on its resource, and the resource in the window. */
export function settleList(services: Services, height: number): void {
  const { store, listings } = services;
  const state = store.getState();
  const view = topView(state);
  if (view.kind !== 'list') return;
  const settled = settle(view, listings.of(state, view), height);
  if (settled !== view) updateList(store, () => settled);
}
