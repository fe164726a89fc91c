import type { Route } from './route.ts';

/** The operations on applications. */
export const APPLICATION_ROUTES = [
  { id: 'Application_List', method: 'GET', path: '/applications', success: 200, query: ['maxresults'] },
  { id: 'Application_Get', method: 'GET', path: '/applications/{applicationId}', success: 200 },
] as const satisfies readonly Route[];
