import type { BatchPort } from '../api/port.ts';
import type { Pool } from '../resources/pool.ts';
import type { AppStore } from './app-store.ts';
import { feedKey } from './keys-of.ts';
import type { AppState, Totals } from './state.ts';

const SELECT = ['id', 'currentDedicatedNodes', 'currentLowPriorityNodes'];

/** The totals as the list of pools has them, when it is held whole; it is newer than any count made apart. */
export function totalsFromFeed(state: AppState): Totals | undefined {
  const feed = state.feeds[feedKey('pools', {})];
  if (feed?.complete !== true) return undefined;
  return { pools: feed.rows.length, nodes: nodesIn(feed.rows as readonly Pool[]) };
}

/** Shows totals in the header; the same totals again change nothing. */
export function setTotals(store: AppStore, totals: Totals): void {
  const known = store.getState().totals;
  if (known?.pools !== totals.pools || known.nodes !== totals.nodes) store.setState({ totals });
}

function nodesIn(pools: readonly Pool[]): number {
  return pools.reduce(
    (sum, pool) => sum + (pool.currentDedicatedNodes ?? 0) + (pool.currentLowPriorityNodes ?? 0),
    0,
  );
}

/**
 * Counts the account's pools and nodes for the header. What cannot be asked stays as it was: the view on the
 * screen already says what is wrong.
 */
export async function refreshTotals(store: AppStore, port: BatchPort, signal: AbortSignal): Promise<void> {
  let pools = 0;
  let nodes = 0;
  let next: string | undefined;
  do {
    const query = { select: SELECT, ...(next === undefined ? {} : { next }) };
    const page = await port.listPage('pools', {}, query, signal);
    pools += page.rows.length;
    nodes += nodesIn(page.rows as readonly Pool[]);
    next = page.next;
  } while (next !== undefined);
  setTotals(store, { pools, nodes });
}
