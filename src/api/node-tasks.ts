import { need, pathOf, type ResourceAdapter } from './adapter.ts';
import { findInList } from './find-in-list.ts';
import { fetchEntity } from './paging.ts';

/**
 * The tasks that a node remembers. The service has no list of them: they are a property of the node.
 * @see https://learn.microsoft.com/rest/api/batchservice/compute-node/get
 */
const listNodeTasks: ResourceAdapter['listPage'] = async (transport, scope, _query, signal) => {
  const path = pathOf(
    'pools',
    need(scope, 'pool', 'tasks of a node'),
    'nodes',
    need(scope, 'node', 'tasks of a node'),
  );
  const node: { recentTasks?: readonly object[] } = await fetchEntity(transport, path, signal);
  return { rows: node.recentTasks ?? [], next: undefined, serverTime: Date.now() };
};

export const nodeTasks: ResourceAdapter = {
  listPage: listNodeTasks,
  get: findInList(listNodeTasks, (row) => {
    const { jobId, taskId, subtaskId } = row as { jobId?: string; taskId?: string; subtaskId?: number };
    return [jobId, taskId, subtaskId].filter((part) => part !== undefined).join('/');
  }),
  actions: {},
};
