/** Moving beyond the part of a long list that is held. */
import { visible } from '../lib/sanitise.ts';
import { countText } from '../lib/units.ts';
import { isFoundByName } from '../resources/push-down.ts';
import { topView } from './app-store.ts';
import { flash } from './flash.ts';
import { cursorIndex } from './list-moves.ts';
import type { Listing } from './listing.ts';
import type { Services } from './services.ts';

/** Loads the next part in time, when the cursor comes within a screenful (`height` rows) of the edge. */
export function slideAlong(services: Services, direction: 'earlier' | 'later', height: number): void {
  const { store, listings, poller } = services;
  const state = store.getState();
  const view = topView(state);
  if (view.kind !== 'list') return;
  const listing = listings.of(state, view);
  if (listing.resource.seekable !== true) return;
  const row = cursorIndex(view, listing);
  const { cutStart, cutEnd } = listing.feed;
  if (direction === 'later' && cutEnd && row >= listing.rows.length - height) poller.slide('later');
  if (direction === 'earlier' && cutStart && row < height) poller.slide('earlier');
}

/** Goes to the beginning of the service's list, when the rows held begin somewhere else. */
export function slideToStart({ store, listings, poller }: Services): void {
  const state = store.getState();
  const view = topView(state);
  if (view.kind === 'list' && listings.of(state, view).feed.cutStart) poller.slide('start');
}

/** Goes to the end of the service's list without reading what is in between; says so where that cannot be. */
export function slideToEnd({ store, listings, poller }: Services): void {
  const state = store.getState();
  const view = topView(state);
  if (view.kind !== 'list') return;
  const listing = listings.of(state, view);
  if (!listing.feed.cutEnd) return;
  const reason = whyNoEnd(listing);
  if (reason === undefined) {
    flash(store, 'info', `looking for the last of the ${listing.resource.name}`);
    poller.slide('end');
  } else
    flash(store, 'info', `this is the last of the ${countText(listing.feed.rows.length)} held: ${reason}`);
}

function whyNoEnd({ resource, sort }: Listing): string | undefined {
  if (isFoundByName(resource)) return 'a filter such as /^data asks for the names that begin so';
  if (resource.seekable !== true) return `the service lists ${resource.name} in an order of its own`;
  if (sort === undefined || (sort.column === 'id' && !sort.descending)) return undefined;
  const title = resource.columns.find(({ id }) => id === sort.column)?.title ?? sort.column;
  return `the service lists ${resource.name} by id, and cannot tell which is last by ${visible(title)}`;
}
