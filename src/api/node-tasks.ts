import { need, pathOf, type ResourceAdapter } from './adapter.ts';
import { fetchEntity } from './paging.ts';

/**
 * The tasks that a node remembers. The service has no list of them: they are a property of the node.
 * @see https://learn.microsoft.com/rest/api/batchservice/compute-node/get
 */
export const nodeTasks: ResourceAdapter = {
  listPage: async (transport, scope, _query, signal) => {
    const path = pathOf(
      'pools',
      need(scope, 'pool', 'tasks of a node'),
      'nodes',
      need(scope, 'node', 'tasks of a node'),
    );
    const node: { recentTasks?: readonly object[] } = await fetchEntity(transport, path, signal);
    return { rows: node.recentTasks ?? [], next: undefined, serverTime: Date.now() };
  },
  actions: {},
};
