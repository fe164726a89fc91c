import { isMissing } from '../lib/errors.ts';
import { type HourNode, type HourPool, type PoolHours, poolHours } from '../lib/node-hours.ts';
import { countText } from '../lib/units.ts';
import { pathOf, type ResourceAdapter } from './adapter.ts';
import { findInList } from './find-in-list.ts';
import { fetchPage } from './paging.ts';
import type { Transport } from './wire/transport.ts';

/** Pages of 1,000 pools that are read. */
const MOST_POOL_PAGES = 10;
/** Pools whose nodes are looked at, and how many at a time; pages of 1,000 nodes of each. */
const MOST_POOLS = 50;
const AT_ONCE = 4;
const MOST_PAGES = 5;
const POOL_SELECT = ['id', 'vmSize', 'enableAutoScale', 'currentDedicatedNodes', 'currentLowPriorityNodes'];
const NODE_SELECT = ['id', 'state', 'stateTransitionTime', 'allocationTime', 'isDedicated'];

/** The service tells hours of the past only: those of the nodes that are there now are counted here, pool by pool. */
const listHours: ResourceAdapter['listPage'] = async (transport, _scope, _query, signal) => {
  const { rows, serverTime, isMore } = await readAlong(
    transport,
    pathOf('pools'),
    POOL_SELECT,
    MOST_POOL_PAGES,
    signal,
  );
  const manned = (rows as readonly HourPool[]).filter(
    ({ currentDedicatedNodes = 0, currentLowPriorityNodes = 0 }) =>
      currentDedicatedNodes + currentLowPriorityNodes > 0,
  );
  const looked = manned.slice(0, MOST_POOLS);
  const hours: PoolHours[] = [];
  for (let first = 0; first < looked.length; first += AT_ONCE) {
    const some = looked.slice(first, first + AT_ONCE);
    const read = some.map((pool) => hoursOf(transport, pool, serverTime, signal));
    hours.push(...(await Promise.all(read)).flat());
  }
  const note = noteOf(manned.length, isMore ? rows.length : undefined);
  return { rows: hours, next: undefined, serverTime, note };
};

/** What is left out: pools with nodes beyond those that are looked at, pools beyond the first that were `read`. */
function noteOf(manned: number, read: number | undefined): string | undefined {
  const looked = manned > MOST_POOLS ? `${MOST_POOLS} of ${countText(manned)} pools with nodes` : undefined;
  const listed = read === undefined ? undefined : `the first ${countText(read)} pools`;
  if (looked === undefined && listed === undefined) return undefined;
  return `of ${[looked, listed].filter((part) => part !== undefined).join(' among ')}`;
}

/** The hours of a pool; nothing of one that was deleted since it was listed. */
async function hoursOf(
  transport: Transport,
  pool: HourPool,
  now: number,
  signal: AbortSignal,
): Promise<readonly PoolHours[]> {
  try {
    return [poolHours(pool, await nodesOf(transport, pool.id, signal), now)];
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function nodesOf(
  transport: Transport,
  pool: string,
  signal: AbortSignal,
): Promise<readonly HourNode[]> {
  const path = pathOf('pools', pool, 'nodes');
  const { rows } = await readAlong(transport, path, NODE_SELECT, MOST_PAGES, signal);
  return rows as readonly HourNode[];
}

/** So many pages of a list at most, and whether there is more. */
async function readAlong(
  transport: Transport,
  path: string,
  select: readonly string[],
  most: number,
  signal: AbortSignal,
) {
  let page = await fetchPage(transport, path, { select }, signal);
  const { serverTime } = page;
  const rows = [...page.rows];
  for (let pages = 1; pages < most && page.next !== undefined; pages += 1) {
    page = await fetchPage(transport, path, { next: page.next }, signal);
    rows.push(...page.rows);
  }
  return { rows, serverTime, isMore: page.next !== undefined };
}

/** What nodes use, pool by pool: nothing that the service has, but that it can be asked for. */
export const nodeHours: ResourceAdapter = {
  listPage: listHours,
  get: findInList(listHours, (row) => (row as PoolHours).pool),
  actions: {},
};
