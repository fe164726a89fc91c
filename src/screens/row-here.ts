import { type Subject, subjectOf } from '../store/actions/subject.ts';
import { topView } from '../store/app-store.ts';
import { flash } from '../store/flash.ts';
import { cursorIndex } from '../store/list-moves.ts';
import type { Listing } from '../store/listing.ts';
import type { ListView } from '../store/state.ts';
import type { ScreenContext } from './context.ts';

/** The row that a key is about. */
export interface Here {
  readonly view: ListView;
  readonly listing: Listing;
  readonly id: string;
  readonly row: object;
  /** What the row is, by where it lives. */
  readonly subject: Subject;
}

/** The row under the cursor; when there is none it says so, because a key was pressed for it. */
export function rowHere({ services }: ScreenContext): Here | undefined {
  const state = services.store.getState();
  const view = topView(state);
  if (view.kind !== 'list') return undefined;
  const listing = services.listings.of(state, view);
  const row = listing.rows[cursorIndex(view, listing)];
  if (row !== undefined) {
    const { resource } = listing;
    return { view, listing, row, id: resource.idOf(row), subject: subjectOf(resource, view.scope, row) };
  }
  flash(services.store, 'warn', `there is no ${listing.resource.singular} under the cursor`);
  return undefined;
}

/** The job of the list on the screen, or else of the row under the cursor. */
export function jobHere(context: ScreenContext): string | undefined {
  const view = topView(context.services.store.getState());
  if (view.kind !== 'list') return undefined;
  return view.scope.job ?? rowHere(context)?.subject.scope.job;
}
