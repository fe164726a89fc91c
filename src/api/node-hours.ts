import { isMissing } from '../lib/errors.ts';
import { type HourNode, type HourPool, type PoolHours, poolHours } from '../lib/node-hours.ts';
import { countText } from '../lib/units.ts';
import { pathOf, type ResourceAdapter } from './adapter.ts';
import { findInList } from './find-in-list.ts';
import { fetchPage } from './paging.ts';
import type { Transport } from './transport.ts';

/** Pools whose nodes are looked at, and how many at a time; pages of 1,000 nodes of each. */
const MOST_POOLS = 50;
const AT_ONCE = 4;
const MOST_PAGES = 5;
const POOL_SELECT = ['id', 'vmSize', 'enableAutoScale', 'currentDedicatedNodes', 'currentLowPriorityNodes'];
const NODE_SELECT = ['id', 'state', 'stateTransitionTime', 'allocationTime', 'isDedicated'];

/** The service tells hours of the past only: those of the nodes that are there now are counted here, pool by pool. */
const listHours: ResourceAdapter['listPage'] = async (transport, _scope, _query, signal) => {
  const { rows, serverTime } = await fetchPage(transport, pathOf('pools'), { select: POOL_SELECT }, signal);
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
  const note =
    manned.length > MOST_POOLS
      ? `of ${MOST_POOLS} of ${countText(manned.length)} pools with nodes`
      : undefined;
  return { rows: hours, next: undefined, serverTime, note };
};

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
  let page = await fetchPage(transport, path, { select: NODE_SELECT }, signal);
  const nodes = [...page.rows];
  for (let pages = 1; pages < MOST_PAGES && page.next !== undefined; pages += 1) {
    page = await fetchPage(transport, path, { next: page.next }, signal);
    nodes.push(...page.rows);
  }
  return nodes as readonly HourNode[];
}

/** What nodes use, pool by pool: nothing that the service has, but that it can be asked for. */
export const nodeHours: ResourceAdapter = {
  listPage: listHours,
  get: findInList(listHours, (row) => (row as PoolHours).pool),
  actions: {},
};
