import { createStore, type StoreApi } from 'zustand/vanilla';
import { NO_MEMORY, NO_PREFERENCES } from './preferences.ts';
import type { AppState, Feed, PaneState, Session, View } from './state.ts';

export type AppStore = StoreApi<AppState>;

/** A list of which nothing is known yet. */
export const EMPTY_FEED: Feed = {
  status: 'loading',
  rows: [],
  complete: false,
  cutStart: false,
  cutEnd: false,
  total: undefined,
  updatedAt: undefined,
  error: undefined,
  retryAt: undefined,
  syncedTo: undefined,
  before: new Map(),
};

export const FRESH_PANE: PaneState = {
  top: 0,
  left: 0,
  wrap: false,
  full: false,
  find: '',
  match: undefined,
};

/** The store of a session, on its first view, with what the user's files say and what is remembered. */
export function createAppStore(
  session: Session,
  first: View,
  {
    preferences = NO_PREFERENCES,
    memory = NO_MEMORY,
  }: Partial<Pick<AppState, 'preferences' | 'memory'>> = {},
): AppStore {
  return createStore<AppState>()(() => ({
    session,
    preferences,
    memory,
    knownIds: {},
    askedIds: [],
    views: [first],
    past: [],
    future: [],
    feeds: {},
    documents: {},
    tails: {},
    overlay: undefined,
    prompt: undefined,
    flash: undefined,
    headerShown: true,
    crumbsShown: true,
    opening: undefined,
    asking: undefined,
    totals: undefined,
    pulses: {},
    watches: [],
    requestsPerMinute: 0,
    busy: 0,
  }));
}

/** The view on the screen. */
export function topView(state: AppState): View {
  return state.views[state.views.length - 1] as View;
}

/** Replaces the view on the screen. */
export function setTopView(store: AppStore, view: View): void {
  // Done with every key: V8 copies an object as a whole several times as fast as one member after the other.
  store.setState((state) => ({ ...state, views: state.views.with(-1, view) }), true);
}
