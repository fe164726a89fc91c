import { type FailedTask, type FailureGroup, FailureGroups } from '../lib/failure-groups.ts';
import { need, pathOf, type ResourceAdapter } from './adapter.ts';
import { findInList } from './find-in-list.ts';
import { fetchPage } from './paging.ts';

const QUERY = {
  filter: "state eq 'completed' and executionInfo/result eq 'failure'",
  select: ['id', 'executionInfo', 'nodeInfo'],
};

/** The service cannot group: all failed tasks of the job are read, a page at a time, and counted here. */
const listFailures: ResourceAdapter['listPage'] = async (transport, scope, _query, signal) => {
  const path = pathOf('jobs', need(scope, 'job', 'failures'), 'tasks');
  const groups = new FailureGroups();
  let serverTime: number | undefined;
  let next: string | undefined;
  do {
    const query = next === undefined ? QUERY : { next };
    const page = await fetchPage(transport, path, query, signal);
    serverTime ??= page.serverTime;
    for (const task of page.rows) groups.add(task as FailedTask);
    next = page.next;
  } while (next !== undefined);
  return { rows: groups.all(), next: undefined, serverTime };
};

/** Failed tasks of a job in groups: nothing that the service has, but that it can be asked for. */
export const failures: ResourceAdapter = {
  listPage: listFailures,
  get: findInList(listFailures, (row) => {
    const { by, value } = row as FailureGroup;
    return `${by} ${value}`;
  }),
  actions: {},
};
