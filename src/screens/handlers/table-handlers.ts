import { visible } from '../../lib/sanitise.ts';
import { countText } from '../../lib/units.ts';
import { isOwnList, resourceNamed } from '../../resources/registry.ts';
import { startAction } from '../../store/actions/actions.ts';
import { startClone } from '../../store/actions/clone.ts';
import { fileRef } from '../../store/actions/download.ts';
import { startEdit } from '../../store/actions/edit.ts';
import { saveRows } from '../../store/actions/save-rows.ts';
import { topView } from '../../store/app-store.ts';
import { slideAlong, slideToEnd, slideToStart } from '../../store/beyond.ts';
import { drilledView } from '../../store/drill.ts';
import { flash, flashError } from '../../store/flash.ts';
import { openCreateForm } from '../../store/forms/create-form.ts';
import {
  markAll,
  markRange,
  moveBy,
  moveLines,
  moveTo,
  targetIds,
  toggleMark,
} from '../../store/list-moves.ts';
import type { Listing } from '../../store/listing.ts';
import { withPushedFilter } from '../../store/push-filter.ts';
import type { RowWindow } from '../../store/row-window.ts';
import type { Services } from '../../store/services.ts';
import type { ListView } from '../../store/state.ts';
import { setSort, shownColumns, sortByColumn, sortOf } from '../../store/table-view.ts';
import { pushView, tailView, textView, updateList } from '../../store/views.ts';
import type { Handlers, ScreenContext } from '../context.ts';
import { rowsShown, windowIn } from '../list-window.ts';
import { openOwnRow } from '../own-lists.ts';
import { type Here, rowHere } from '../row-here.ts';

export const TABLE_HANDLERS: Handlers = {
  'table.down': (context) => moveAlong(context, 'later', () => 1),
  'table.up': (context) => moveAlong(context, 'earlier', () => 1),
  'table.top': (context) => {
    move(context, (view, listing, window) => moveTo(view, listing, 0, window));
    slideToStart(context.services);
  },
  'table.bottom': (context) => {
    move(context, toEnd);
    slideToEnd(context.services);
  },
  'table.pageDown': (context) => moveAlong(context, 'later', ({ height }) => height),
  'table.pageUp': (context) => moveAlong(context, 'earlier', ({ height }) => height),
  'table.left': (context) => pan(context, -1),
  'table.right': (context) => pan(context, 1),
  'table.drill': drill,
  'table.describe': (context) => openText(context, 'describe'),
  'table.yaml': (context) => openText(context, 'yaml'),
  'table.edit': ({ services }) => startEdit(services),
  'table.new': ({ services }) => openCreateForm(services),
  'table.clone': ({ services }) => startClone(services),
  'table.delete': ({ services }) => startAction(services, 'delete'),
  'table.mark': (context) => {
    updateList(context.services.store, toggleMark);
    move(context, (view, listing, window) => moveBy(view, listing, 1, window));
  },
  'table.markAll': (context) => move(context, markAll),
  'table.markRange': (context) => move(context, (view, listing) => markRange(view, listing)),
  'table.unmark': ({ services }) => updateList(services.store, (view) => ({ ...view, marks: new Set() })),
  'table.copy': copyIds,
  'table.save': ({ services }) => saveRows(services, 'csv'),
  'table.wide': ({ services }) =>
    updateList(services.store, (view) => ({ ...view, wide: !view.wide, pan: 0 })),
  'table.faults': ({ services }) => {
    updateList(services.store, (view) => ({ ...view, faults: !view.faults }));
    askSoon(services);
  },
  'table.sortNext': (context) => sortNeighbour(context, 1),
  'table.sortPrevious': (context) => sortNeighbour(context, -1),
  'table.sortReverse': reverseSort,
  'table.state0': (context) => filterState(context, 0),
  'table.state1': (context) => filterState(context, 1),
  'table.state2': (context) => filterState(context, 2),
  'table.state3': (context) => filterState(context, 3),
  'table.state4': (context) => filterState(context, 4),
};

type Move = (view: ListView, listing: Listing, window: RowWindow) => ListView;

/** Moves by lines, and loads what lies beyond in time. */
function moveAlong(
  context: ScreenContext,
  direction: 'earlier' | 'later',
  linesOf: (window: RowWindow) => number,
): void {
  const sign = direction === 'later' ? 1 : -1;
  move(context, (view, listing, window) => moveLines(view, listing, sign * linesOf(window), window));
  slideAlong(context.services, direction, rowsShown(context.services.host.viewSize().height));
}

/** Moves in the list on the screen. */
export function move({ services }: ScreenContext, change: Move): void {
  const windowOf = windowIn(services.host.viewSize());
  const state = services.store.getState();
  updateList(services.store, (view) => {
    const listing = services.listings.of(state, view);
    return change(view, listing, windowOf(view, listing));
  });
}

const toEnd: Move = (view, listing, window) => moveTo(view, listing, listing.rows.length - 1, window);

function pan({ services, painting }: ScreenContext, by: number): void {
  const inner = services.host.viewSize().width - 2;
  updateList(services.store, (view) => {
    // Where the last column is shown there is nothing more to come into view.
    if (by > 0 && !painting.widths.goesOn(inner, view.pan)) return view;
    const last = shownColumns(services.store.getState(), view).length - 2;
    return { ...view, pan: Math.min(Math.max(view.pan + by, 0), Math.max(0, last)) };
  });
}

function drill(context: ScreenContext): void {
  const here = rowHere(context);
  if (here === undefined) return;
  const { view, listing, row, id } = here;
  if (openOwnRow(context, view.resource, row, id)) return;
  const { store } = context.services;
  const target = listing.resource.drill?.(row, view.scope);
  if (target !== undefined) pushView(store, drilledView(store.getState(), target));
  else if (view.resource === 'files' || view.resource === 'blobs') openFile(context, here);
  else if (listing.resource.name !== 'images') openSubject(context, 'describe', here);
}

/** Tails a file; a directory narrows the list to what is in it. */
export function openFile({ services }: ScreenContext, { view, id, row }: Here): void {
  if ((row as { isDirectory?: boolean }).isDirectory === true) {
    updateList(services.store, (list) => ({
      ...list,
      filter: `name:^${id}/`,
      cursor: undefined,
      cursorRow: 0,
    }));
    return;
  }
  pushView(services.store, tailView(fileRef(view.scope, id)));
}

function openText(context: ScreenContext, format: 'describe' | 'yaml'): void {
  const here = rowHere(context);
  if (here === undefined || isOwnList(here.view.resource)) return;
  openSubject(context, format, here);
}

function openSubject({ services: { store } }: ScreenContext, format: 'describe' | 'yaml', here: Here): void {
  const { resource, scope, id } = here.subject;
  pushView(store, textView(format, resource.name, scope, id));
}

function copyIds(context: ScreenContext): void {
  const here = rowHere(context);
  if (here === undefined) return;
  const ids = targetIds({ ...here.view, cursor: here.id });
  const { host, store } = context.services;
  try {
    host.copy(ids.join('\n'));
    flash(
      store,
      'info',
      ids.length === 1 ? `copied ${visible(here.id)}` : `copied ${countText(ids.length)} ids`,
    );
  } catch (error) {
    flashError(store, error);
  }
}

/** For terminals and multiplexers that keep shift-letters for themselves. */
function sortNeighbour({ services: { store } }: ScreenContext, by: number): void {
  const state = store.getState();
  const view = topView(state);
  if (view.kind !== 'list') return;
  const columns = shownColumns(state, view);
  const at = columns.findIndex((column) => column.id === sortOf(state, view)?.column);
  const next = columns[(at < 0 && by < 0 ? columns.length - 1 : at + by + columns.length) % columns.length];
  if (next !== undefined) setSort(store, { column: next.id, descending: false });
}

function reverseSort({ services: { store } }: ScreenContext): void {
  const state = store.getState();
  const view = topView(state);
  const sort = view.kind === 'list' ? sortOf(state, view) : undefined;
  if (view.kind === 'list' && sort !== undefined) sortByColumn(store, view, sort.column);
}

/** Filters what is held when all of it is held; otherwise the service filters. */
function filterState({ services }: ScreenContext, number: number): void {
  const { store } = services;
  const state = store.getState();
  updateList(store, (view) => {
    const resource = resourceNamed(view.resource);
    const filter = resource.stateFilters[number - 1];
    if (number > 0 && filter === undefined) {
      flash(store, 'info', `${resource.name} have no state filter ${number}`);
      return view;
    }
    return withPushedFilter(state, { ...view, stateFilter: number });
  });
  askSoon(services);
}

/** What a filter cannot judge yet is asked about now, and not at the next refresh. */
function askSoon({ store, listings, poller }: Services): void {
  const state = store.getState();
  const view = topView(state);
  if (view.kind === 'list' && listings.of(state, view).unjudged > 0) poller.refresh();
}
