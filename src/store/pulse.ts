import type { BatchPort } from '../api/port.ts';
import { drain } from '../lib/drain.ts';
import { AzbError, describeError } from '../lib/errors.ts';
import { counted, countText } from '../lib/units.ts';
import type { AccountRow } from '../resources/account.ts';
import type { AccountPulse } from '../resources/account-pulse.ts';
import { type PoolNodeCounts, uselessNodes } from '../resources/node-count.ts';
import type { Pool } from '../resources/pool.ts';
import { whileBusy } from './actions/subject.ts';
import { type AppStore, topView } from './app-store.ts';
import { flash } from './flash.ts';
import { feedKey } from './keys-of.ts';
import { targetIds } from './list-moves.ts';
import { type Services, serviceNow } from './services.ts';
import type { AppState } from './state.ts';

/** Accounts that are asked at once, and at a time. */
const MOST = 20;
const AT_ONCE = 2;
/** Pages of ten pools whose nodes are counted by state. */
const COUNT_PAGES = 3;

/**
 * Asks the marked accounts, or all on the screen, what goes on in them: their pools, their active jobs and the states of
 * their nodes, three to five requests each, and one for the key of an account that only Azure Resource Manager knows.
 * It is asked once, when the user wants it; the same key while that goes on stops it, and so does leaving the list.
 */
export async function takePulses(services: Services): Promise<void> {
  if (stopPulses(services)) return;
  const { store, listings } = services;
  const state = store.getState();
  const view = topView(state);
  if (view.kind !== 'list') return;
  const { rows, resource } = listings.of(state, view);
  const marked = new Set(view.marks.size === 0 ? [] : targetIds(view));
  const wanted = rows.filter(
    (row) => marked.size === 0 || marked.has(resource.idOf(row)),
  ) as readonly AccountRow[];
  const asked = wanted.slice(0, MOST);
  const some = `${MOST} of ${countText(wanted.length)} accounts`;
  const all = counted(asked.length, 'account');
  const isCut = asked.length < wanted.length;
  flash(store, 'info', `${isCut ? `${some} are asked: marks say which` : `asking ${all} …`}; esc stops it`);
  const asking = new AbortController();
  store.setState({ asking });
  const unsubscribe = store.subscribe((now) => {
    if (!isInSight(now)) stopPulses(services);
  });
  try {
    const answered = await whileBusy(services, () => askAll(services, asked, asking.signal));
    // What was said at the beginning would still offer a key that now leaves the list.
    if (!asking.signal.aborted)
      flash(store, 'info', isCut ? `${some} were asked: marks say which` : `asked ${all}`);
    else flash(store, 'info', `stopped: ${answered} of ${all} ${answered === 1 ? 'was' : 'were'} asked`);
  } finally {
    unsubscribe();
    if (store.getState().asking === asking) endAsking(store);
  }
}

/** Whether the list of accounts is on the screen; its keys may lie over it. */
function isInSight(state: AppState): boolean {
  const view = topView(state);
  const seen = view.kind === 'help' ? view.of : view;
  return seen.kind === 'list' && seen.resource === 'accounts';
}

/** Has no more accounts asked what goes on in them, and waits for none of them; says whether any was asked. */
export function stopPulses({ store }: Pick<Services, 'store'>): boolean {
  const { asking } = store.getState();
  if (asking === undefined) return false;
  endAsking(store);
  asking.abort();
  return true;
}

/** Gives how many have answered. */
async function askAll(services: Services, rows: readonly AccountRow[], signal: AbortSignal): Promise<number> {
  const { store } = services;
  const all = counted(rows.length, 'account');
  let answered = 0;
  const ask = async (row: AccountRow): Promise<void> => {
    if (!(await askOne(services, row, signal))) return;
    answered += 1;
    if (!signal.aborted) tell(store, `asked ${answered} of ${all}`);
  };
  tell(store, `asked 0 of ${all}`);
  await drain([...rows], AT_ONCE, ask, () => !signal.aborted);
  return answered;
}

function endAsking(store: AppStore): void {
  store.setState({ asking: undefined });
  tell(store, undefined);
}

/** That one account cannot be asked is told of that one. Says whether anything is known of it now. */
async function askOne(services: Services, row: AccountRow, signal: AbortSignal): Promise<boolean> {
  try {
    const port = await portTo(services, row, signal);
    if (port !== undefined)
      keep(services, row, { ...(await pulseOf(port, signal)), at: serviceNow(services) });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    if (!(error instanceof AzbError)) throw error;
    keep(services, row, { problem: describeError(error).message, at: serviceNow(services) });
    return true;
  }
}

/** Says beside the age of the list how far it has come. */
function tell(store: AppStore, note: string | undefined): void {
  const key = feedKey('accounts', {});
  store.setState(({ feeds }) => {
    const feed = feeds[key];
    return feed === undefined ? {} : { feeds: { ...feeds, [key]: { ...feed, note } } };
  });
}

async function portTo(
  { port, reach }: Services,
  row: AccountRow,
  signal: AbortSignal,
): Promise<BatchPort | undefined> {
  return row.isInUse === true
    ? port
    : reach?.(row.name, row.known !== undefined && row.known.problem === undefined, signal);
}

async function pulseOf(port: BatchPort, signal: AbortSignal): Promise<Omit<AccountPulse, 'at'>> {
  const select = ['id', 'currentDedicatedNodes', 'currentLowPriorityNodes', 'resizeErrors'];
  const [pools, jobs, useless] = await Promise.all([
    port.listPage('pools', {}, { select }, signal),
    port.listPage('jobs', {}, { filter: "state eq 'active'", select: ['id'] }, signal),
    countUseless(port, signal),
  ]);
  const found = pools.rows as readonly Pool[];
  return {
    pools: found.length,
    nodes: found.reduce(
      (sum, each) => sum + (each.currentDedicatedNodes ?? 0) + (each.currentLowPriorityNodes ?? 0),
      0,
    ),
    jobs: jobs.rows.length,
    faults: useless.count + found.filter(({ resizeErrors = [] }) => resizeErrors.length > 0).length,
    ...(pools.next !== undefined || jobs.next !== undefined || useless.isPart ? { isPart: true } : {}),
  };
}

async function countUseless(
  port: BatchPort,
  signal: AbortSignal,
): Promise<{ readonly count: number; readonly isPart: boolean }> {
  let count = 0;
  let next: string | undefined;
  for (let pages = 0; pages < COUNT_PAGES; pages += 1) {
    const page = await port.listPage('nodecounts', {}, next === undefined ? {} : { next }, signal);
    for (const counts of page.rows as readonly PoolNodeCounts[]) count += uselessNodes(counts);
    next = page.next;
    if (next === undefined) break;
  }
  return { count, isPart: next !== undefined };
}

function keep({ store }: Services, { name, id }: AccountRow, pulse: AccountPulse): void {
  const key = feedKey('accounts', {});
  store.setState(({ pulses, feeds }) => {
    const feed = feeds[key];
    const same = (row: AccountRow): boolean => row.name === name && row.id === id;
    const rows = (feed?.rows as readonly AccountRow[] | undefined)?.map((row) =>
      same(row) ? { ...row, pulse } : row,
    );
    return {
      pulses: { ...pulses, [pulseKey({ name, id })]: pulse },
      ...(feed === undefined || rows === undefined ? {} : { feeds: { ...feeds, [key]: { ...feed, rows } } }),
    };
  });
}

/** Names an account; names alone are free once a region. */
export function pulseKey({ name, id }: Pick<AccountRow, 'name' | 'id'>): string {
  return `${name}|${id ?? ''}`.toLowerCase();
}
