import type { BatchPort } from '../api/port.ts';
import { AzbError, describeError } from '../lib/errors.ts';
import { countText } from '../lib/units.ts';
import type { AccountRow } from '../resources/account.ts';
import type { AccountPulse } from '../resources/account-pulse.ts';
import type { PoolNodeCounts } from '../resources/node-count.ts';
import { topView } from './create.ts';
import { flash } from './flash.ts';
import { feedKey } from './keys-of.ts';
import { targetIds } from './list-moves.ts';
import { drain } from './output-search.ts';
import type { Services } from './services.ts';
import { whileBusy } from './subject.ts';

/** Accounts that are asked at once, and at a time. */
const MOST = 20;
const AT_ONCE = 2;
/** Pages of ten pools whose nodes are counted by state. */
const COUNT_PAGES = 3;
const USELESS = ['startTaskFailed', 'unusable'];

/**
 * Asks the marked accounts, or all on the screen, what goes on in them: their pools, their active jobs and the states of
 * their nodes, three to five requests each, and one for the key of an account that only Azure Resource Manager knows.
 * It is asked once, when the user wants it.
 */
export async function takePulses(services: Services): Promise<void> {
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
  if (asked.length < wanted.length)
    flash(store, 'info', `${MOST} of ${countText(wanted.length)} accounts are asked: marks say which`);
  const { signal } = new AbortController();
  await whileBusy(services, () =>
    drain(
      [...asked],
      AT_ONCE,
      (row) => askOne(services, row, signal),
      () => true,
    ),
  );
}

/** That one account cannot be asked is told of that one. */
async function askOne(services: Services, row: AccountRow, signal: AbortSignal): Promise<void> {
  const { timing } = services;
  try {
    const port = await portTo(services, row, signal);
    if (port !== undefined) keep(services, row, { ...(await pulseOf(port, signal)), at: timing.now() });
  } catch (error) {
    if (!(error instanceof AzbError)) throw error;
    keep(services, row, { problem: describeError(error).message, at: timing.now() });
  }
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

interface Pool {
  readonly currentDedicatedNodes?: number;
  readonly currentLowPriorityNodes?: number;
  readonly resizeErrors?: readonly unknown[];
}

async function pulseOf(port: BatchPort, signal: AbortSignal): Promise<Omit<AccountPulse, 'at'>> {
  const select = ['id', 'currentDedicatedNodes', 'currentLowPriorityNodes', 'resizeErrors'];
  const [pools, jobs, useless] = await Promise.all([
    port.listPage('pools', {}, { select }, signal),
    port.listPage('jobs', {}, { filter: "state eq 'active'", select: ['id'] }, signal),
    uselessNodes(port, signal),
  ]);
  const found = pools.rows as readonly Pool[];
  return {
    pools: found.length,
    nodes: found.reduce(
      (sum, each) => sum + (each.currentDedicatedNodes ?? 0) + (each.currentLowPriorityNodes ?? 0),
      0,
    ),
    jobs: jobs.rows.length,
    faults: useless + found.filter(({ resizeErrors = [] }) => resizeErrors.length > 0).length,
  };
}

async function uselessNodes(port: BatchPort, signal: AbortSignal): Promise<number> {
  let useless = 0;
  let next: string | undefined;
  for (let pages = 0; pages < COUNT_PAGES; pages += 1) {
    const page = await port.listPage('nodecounts', {}, next === undefined ? {} : { next }, signal);
    for (const { dedicated, lowPriority } of page.rows as readonly PoolNodeCounts[]) {
      for (const state of USELESS) useless += (dedicated?.[state] ?? 0) + (lowPriority?.[state] ?? 0);
    }
    next = page.next;
    if (next === undefined) break;
  }
  return useless;
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
