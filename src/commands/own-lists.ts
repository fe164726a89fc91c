import type { Entity } from '../resources/types.ts';
import type { AppStore } from '../store/create.ts';
import { EMPTY_FEED, topView } from '../store/create.ts';
import { feedKey } from '../store/keys-of.ts';
import type { Source } from '../store/source.ts';
import type { AppState } from '../store/state.ts';
import { accountRows } from './accounts.ts';
import { directoryRows } from './directory.ts';

/** The rows of each of azb's own lists. */
const ROWS: Readonly<Record<string, (state: AppState) => readonly Entity[]>> = {
  commands: directoryRows,
  accounts: accountRows,
};

/** The source of a list of azb's own, which needs no service; undefined on every other view. */
export function ownListSource(store: AppStore, now: () => number, state: AppState): Source | undefined {
  const view = topView(state);
  const rowsOf = view.kind === 'list' ? ROWS[view.resource] : undefined;
  if (view.kind !== 'list' || rowsOf === undefined) return undefined;
  const key = feedKey(view.resource, {});
  return {
    key,
    tick: () => {
      const rows = rowsOf(store.getState());
      const feed = { ...EMPTY_FEED, status: 'ready' as const, rows, complete: true, updatedAt: now() };
      store.setState(({ feeds }) => ({ feeds: { ...feeds, [key]: feed } }));
      return Promise.resolve();
    },
    failed: () => undefined,
    forget: () => store.setState(({ feeds: { [key]: _, ...feeds } }) => ({ feeds })),
  };
}
