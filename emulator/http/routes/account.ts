import type { Route } from './route.ts';

/** The operations on the account. */
export const ACCOUNT_ROUTES = [
  {
    id: 'Account_ListSupportedImages',
    method: 'GET',
    path: '/supportedimages',
    success: 200,
    query: ['$filter', 'maxresults'],
  },
  {
    id: 'Account_ListPoolNodeCounts',
    method: 'GET',
    path: '/nodecounts',
    success: 200,
    query: ['$filter', 'maxresults'],
  },
] as const satisfies readonly Route[];
