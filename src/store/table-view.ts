import { withCost } from '../resources/cost.ts';
import { layoutColumns } from '../resources/layout.ts';
import type { Sort } from '../resources/order.ts';
import { resourceNamed } from '../resources/registry.ts';
import type { Column, Entity } from '../resources/types.ts';
import type { AppStore } from './app-store.ts';
import type { AppState, ListView } from './state.ts';
import { updateList } from './views.ts';

/** The columns that a list shows, as the user wants them. */
export function shownColumns(
  { preferences }: Pick<AppState, 'preferences'>,
  view: Pick<ListView, 'resource' | 'wide'>,
): readonly Column<Entity>[] {
  const columns = withCost(resourceNamed(view.resource), preferences.prices);
  return layoutColumns({ columns }, preferences.views[view.resource]?.columns, view.wide);
}

/** What a list is sorted by: as the user said here, or the last time anywhere, or in views.yaml, or as usual. */
export function sortOf(
  { preferences, memory }: Pick<AppState, 'preferences' | 'memory'>,
  view: Pick<ListView, 'resource' | 'sort'>,
): Sort | undefined {
  const { resource } = view;
  return (
    view.sort ??
    memory.sorts[resource] ??
    preferences.views[resource]?.sort ??
    resourceNamed(resource).defaultSort
  );
}

/** Sorts the list on the screen, and remembers it for the next table of that resource. */
export function setSort(store: AppStore, sort: Sort): void {
  updateList(store, (view) => {
    if (view.layout === 'map') return { ...view, sort };
    store.setState(({ memory }) => ({
      memory: { ...memory, sorts: { ...memory.sorts, [view.resource]: sort } },
    }));
    return { ...view, sort };
  });
}

/** Sorts by a column; asked for the same column again, the other way round. */
export function sortByColumn(store: AppStore, view: ListView, column: string): void {
  const now = sortOf(store.getState(), view);
  setSort(store, { column, descending: now?.column === column ? !now.descending : false });
}
