import { ServiceError } from '../lib/errors.ts';
import { equals } from '../lib/odata.ts';
import type { ResourceAdapter } from './adapter.ts';
import { fetchPage } from './paging.ts';

/** This list's pages are smaller than all others. */
const PAGE_LIMIT = 10;

/** @see https://learn.microsoft.com/rest/api/batchservice/account/list-pool-node-counts */
export const nodeCounts: ResourceAdapter = {
  listPage: (transport, _scope, query, signal) => {
    const { select: _select, ...understood } = query;
    return fetchPage(transport, '/nodecounts', understood, signal, { limit: PAGE_LIMIT });
  },
  async get(transport, _scope, id, signal) {
    const query = { filter: equals('poolId', id) };
    const page = await fetchPage(transport, '/nodecounts', query, signal, { limit: PAGE_LIMIT });
    const counts = page.rows[0];
    if (counts !== undefined) return counts;
    throw new ServiceError({
      status: 404,
      code: 'PoolNotFound',
      message: `there are no node counts of pool ${id}`,
    });
  },
  actions: {},
};
