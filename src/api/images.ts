import type { ResourceAdapter } from './adapter.ts';
import { fetchPage } from './paging.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/account/list-supported-images */
export const images: ResourceAdapter = {
  listPage: (transport, _scope, query, signal) => {
    const { select: _select, ...understood } = query;
    return fetchPage(transport, '/supportedimages', understood, signal);
  },
  actions: {},
};
