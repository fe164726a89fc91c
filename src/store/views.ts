import type { FileRef } from '../api/port.ts';
import type { Scope } from '../resources/types.ts';
import { type AppStore, FRESH_PANE, setTopView, topView } from './app-store.ts';
import { tailKey } from './keys-of.ts';
import type { AppState, HelpView, ListView, TailView, TextView, View } from './state.ts';

/** Stacks that the history keys can go back to. */
const HISTORY = 50;

/** A list as it opens: unfiltered, at its first row. */
export function listView(resource: string, scope: Scope, filter = ''): ListView {
  return {
    kind: 'list',
    layout: undefined,
    resource,
    scope,
    cursor: undefined,
    cursorRow: 0,
    awaited: undefined,
    top: 0,
    marks: new Set(),
    anchor: undefined,
    sort: undefined,
    filter,
    stateFilter: 0,
    pushedFilter: undefined,
    wide: false,
    faults: false,
    pan: 0,
  };
}

/** The nodes of a pool as a map, in the order of their ids, so that each keeps its place whatever happens to it. */
export function mapView(scope: Scope, filter = ''): ListView {
  return asMap(listView('nodes', scope, filter));
}

/** The same list as a map. */
export function asMap(view: ListView): ListView {
  return { ...view, layout: 'map', sort: BY_ID, top: 0 };
}

/** The same list as a table, sorted as tables of the resource were the last time. */
export function asTable(view: ListView): ListView {
  return { ...view, layout: undefined, sort: undefined, top: 0 };
}

const BY_ID = { column: 'id', descending: false };
const BY_STATE = { column: 'state', descending: false };

/** A map with each state on lines of its own, or, when it is that already, in the order of ids. */
export function regrouped(view: ListView): ListView {
  return { ...view, sort: view.sort?.column === BY_STATE.column ? BY_ID : BY_STATE };
}

/** Whether two states of a view are of the same place, whatever of it is shown: they differ in neither name nor scope. */
export function isSamePlace(one: View, other: View | undefined): boolean {
  if (one === other) return true;
  if (one.kind !== 'list' || other?.kind !== 'list') return false;
  return one.resource === other.resource && one.layout === other.layout && one.scope === other.scope;
}

/** The `:` command that opens a list, without what narrows it. */
export function commandOf({ layout, resource, scope }: ListView): string {
  const { account, pool, node, job, task, application, container, folder, file, pattern } = scope;
  if (pattern !== undefined) return `grep ${job} ${file} /${pattern}`;
  const parts = [account, pool, node, job, task, application, container, folder].filter(
    (part) => part !== undefined,
  );
  return [layout ?? resource, ...parts].join(' ');
}

/** One entity as text, at its beginning. */
export function textView(format: TextView['format'], resource: string, scope: Scope, id: string): TextView {
  return { kind: 'text', format, resource, scope, id, pane: FRESH_PANE };
}

/** Why something does not run: sentences, so that they are wrapped from the start. */
export function whyView(resource: string, scope: Scope, id: string): TextView {
  return { ...textView('why', resource, scope, id), pane: { ...FRESH_PANE, wrap: true } };
}

/** The ends of the files, as one text. */
export function tailView(...files: FileRef[]): TailView {
  return { kind: 'tail', files, pane: FRESH_PANE };
}

/** The keys of a view. */
export function helpView(of: HelpView['of']): HelpView {
  return { kind: 'help', of, pane: FRESH_PANE };
}

/** Shows the keys of the view on the screen, or goes back to it. */
export function toggleHelp(store: AppStore): void {
  const view = topView(store.getState());
  if (view.kind === 'help') popView(store);
  else pushView(store, helpView(view));
}

/** Goes deeper: the new view stands on the one that is shown. */
export function pushView(store: AppStore, view: View): void {
  store.setState((state) => ({
    views: [...state.views, view],
    ...remembered(state),
    ...(view.kind === 'tail' ? { tails: atItsEnd(state, view) } : {}),
  }));
}

/** Whoever opens a file again wants to see its end, also when it was paused the last time. */
function atItsEnd({ tails }: AppState, view: TailView): AppState['tails'] {
  const tail = tails[tailKey(view)];
  return tail === undefined ? tails : { ...tails, [tailKey(view)]: { ...tail, following: true } };
}

/** Opens one of azb's own lists, once: where it is open already, it is only filtered. */
export function openOwnList(store: AppStore, name: string, filter = ''): void {
  const view = topView(store.getState());
  if (view.kind !== 'list' || view.resource !== name) pushView(store, listView(name, {}, filter));
  else updateList(store, (list) => ({ ...list, filter }));
}

/** Goes back one view; on the first one it stays. Says whether there was one to go back to. */
export function popView(store: AppStore): boolean {
  const { views } = store.getState();
  if (views.length < 2) return false;
  store.setState((state) => ({ views: state.views.slice(0, -1), ...remembered(state) }));
  return true;
}

/** Starts a new stack, as a `:` command does. */
export function resetViews(store: AppStore, views: readonly View[]): void {
  store.setState((state) => ({ views, ...remembered(state) }));
}

/** The stack that was shown before this one. */
export function historyBack(store: AppStore): boolean {
  const { past, views, future } = store.getState();
  const before = past[past.length - 1];
  if (before === undefined) return false;
  store.setState({ views: before, past: past.slice(0, -1), future: [views, ...future] });
  return true;
}

/** The stack before this one, in place of this one: done again it leads back here. */
export function lastView(store: AppStore): boolean {
  const { past, views } = store.getState();
  const before = past[past.length - 1];
  if (before === undefined) return false;
  store.setState({ views: before, past: [...past.slice(0, -1), views], future: [] });
  return true;
}

/** The opposite of {@link historyBack}; says whether there was somewhere to go. */
export function historyForward(store: AppStore): boolean {
  const { past, views, future } = store.getState();
  const [after, ...rest] = future;
  if (after === undefined) return false;
  store.setState({ views: after, past: [...past, views], future: rest });
  return true;
}

/** Changes the list on the screen; does nothing when another kind of view is shown. */
export function updateList(store: AppStore, change: (view: ListView) => ListView): void {
  const view = topView(store.getState());
  if (view.kind !== 'list') return;
  const changed = change(view);
  if (changed !== view) setTopView(store, changed);
}

function remembered(state: AppState): Pick<AppState, 'past' | 'future'> {
  return { past: [...state.past, state.views].slice(-HISTORY), future: [] };
}
