import { isMissing } from '../lib/errors.ts';
import {
  type FailedTask,
  type FailureGroup,
  FailureGroups,
  type ListedNode,
  withNodes,
} from '../lib/failure-groups.ts';
import { countText } from '../lib/units.ts';
import { need, pathOf, type ResourceAdapter } from './adapter.ts';
import { findInList } from './find-in-list.ts';
import { fetchPage } from './paging.ts';
import type { Transport } from './wire/transport.ts';

const QUERY = {
  filter: "state eq 'completed' and executionInfo/result eq 'failure'",
  select: ['id', 'executionInfo', 'nodeInfo'],
};
const NODE_SELECT = ['id', 'state', 'schedulingState', 'totalTasksRun', 'totalTasksSucceeded'];

/** Pages of failed tasks, of 1,000, that are read at a look, and pools whose nodes are, a page each. */
const MOST_PAGES = 10;
const MOST_POOLS = 3;

/** The service cannot group: the failed tasks of the job are read, a page at a time, and counted here. */
const listFailures: ResourceAdapter['listPage'] = async (transport, scope, _query, signal) => {
  const path = pathOf('jobs', need(scope, 'job', 'failures'), 'tasks');
  const groups = new FailureGroups();
  let page = await fetchPage(transport, path, QUERY, signal);
  const { serverTime } = page;
  let read = page.rows.length;
  for (const task of page.rows) groups.add(task as FailedTask);
  for (let pages = 1; pages < MOST_PAGES && page.next !== undefined; pages += 1) {
    page = await fetchPage(transport, path, { next: page.next }, signal);
    read += page.rows.length;
    for (const task of page.rows) groups.add(task as FailedTask);
  }
  const rows = await withPools(transport, groups.all(), signal);
  const note = page.next === undefined ? undefined : `of the first ${countText(read)} failed tasks`;
  return { rows, next: undefined, serverTime, note };
};

/** What the nodes are now on which tasks failed. */
async function withPools(
  transport: Transport,
  groups: readonly FailureGroup[],
  signal: AbortSignal,
): Promise<readonly FailureGroup[]> {
  const pools = new Set(groups.flatMap(({ pool }) => pool ?? []));
  let known = groups;
  for (const pool of [...pools].slice(0, MOST_POOLS)) {
    const { nodes, isWhole } = await nodesOf(transport, pool, signal);
    known = withNodes(known, pool, nodes, isWhole);
  }
  return known;
}

/** The nodes of a pool, and whether these are all. */
async function nodesOf(
  transport: Transport,
  pool: string,
  signal: AbortSignal,
): Promise<{ readonly nodes: readonly ListedNode[]; readonly isWhole: boolean }> {
  try {
    const path = pathOf('pools', pool, 'nodes');
    const { rows, next } = await fetchPage(transport, path, { select: NODE_SELECT }, signal);
    return { nodes: rows as readonly ListedNode[], isWhole: next === undefined };
  } catch (error) {
    // With the pool its nodes are gone.
    if (isMissing(error)) return { nodes: [], isWhole: true };
    throw error;
  }
}

/** Failed tasks of a job in groups: nothing that the service has, but that it can be asked for. */
export const failures: ResourceAdapter = {
  listPage: listFailures,
  get: findInList(listFailures, (row) => {
    const { by, value } = row as FailureGroup;
    return `${by} ${value}`;
  }),
  actions: {},
};
