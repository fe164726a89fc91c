import type { BatchPort } from '../api/port.ts';
import type { Pool } from '../resources/pool.ts';
import type { AppStore } from './create.ts';

const SELECT = ['id', 'currentDedicatedNodes', 'currentLowPriorityNodes'];

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
    for (const row of page.rows as Pool[])
      nodes += (row.currentDedicatedNodes ?? 0) + (row.currentLowPriorityNodes ?? 0);
    next = page.next;
  } while (next !== undefined);
  const known = store.getState().totals;
  if (known?.pools !== pools || known.nodes !== nodes) store.setState({ totals: { pools, nodes } });
}
