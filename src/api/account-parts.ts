import { UsageError } from '../lib/errors.ts';
import { pathOf, type ResourceAdapter } from './adapter.ts';
import { postEntity } from './changes.ts';
import { findInList } from './find-in-list.ts';
import { fetchEntity, fetchPage } from './paging.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/application */
export const applications: ResourceAdapter = {
  listPage: (transport, _scope, { select: _, filter: _filter, ...query }, signal) =>
    fetchPage(transport, '/applications', query, signal),
  get: (transport, _scope, id, signal) => fetchEntity(transport, pathOf('applications', id), signal),
  actions: {},
};

/** The service takes a certificate by both parts of its name. */
function certificatePath(id: string): string {
  const [, algorithm, thumbprint] = /^(\w+)-(\w+)$/.exec(id) ?? [];
  if (thumbprint === undefined)
    throw new UsageError(`a certificate is named ALGORITHM-THUMBPRINT, not ${id}`);
  return `/certificates(thumbprintAlgorithm=${algorithm},thumbprint=${thumbprint})`;
}

/** @see https://learn.microsoft.com/rest/api/batchservice/certificate */
export const certificates: ResourceAdapter = {
  listPage: (transport, _scope, query, signal) => fetchPage(transport, '/certificates', query, signal),
  get: (transport, _scope, id, signal) => fetchEntity(transport, certificatePath(id), signal),
  add: (transport, _scope, body, signal) => postEntity(transport, '/certificates', body, signal),
  actions: {
    delete: async (transport, _scope, id, _args, signal) => {
      await transport.send({ method: 'DELETE', path: certificatePath(id) }, signal);
    },
    cancelDeletion: async (transport, _scope, id, _args, signal) => {
      await transport.send({ method: 'POST', path: `${certificatePath(id)}/canceldelete` }, signal);
    },
  },
};

const USAGE_DAYS = 30;
const DAY = 24 * 3_600_000;

/** @see https://learn.microsoft.com/rest/api/batchservice/pool/list-usage-metrics */
const listUsage: ResourceAdapter['listPage'] = (transport, _scope, { select: _, ...query }, signal) =>
  fetchPage(transport, '/poolusagemetrics', query, signal, {
    params: { starttime: new Date(Date.now() - USAGE_DAYS * DAY).toISOString() },
  });

/** Core hours of pools in the last 30 days. */
export const usage: ResourceAdapter = {
  listPage: listUsage,
  get: findInList(listUsage, (row) => {
    const { poolId, startTime } = row as { poolId?: string; startTime?: string };
    return `${poolId} ${startTime}`;
  }),
  actions: {},
};

const STATISTICS = { pools: '/lifetimepoolstats', jobs: '/lifetimejobstats' } as const;

/** One row of each kind, as the service has no list of them. */
export const statistics: ResourceAdapter = {
  listPage: async (transport, _scope, _query, signal) => {
    const rows = await Promise.all(
      Object.entries(STATISTICS).map(async ([of, path]) => ({
        of,
        ...(await fetchEntity(transport, path, signal)),
      })),
    );
    return { rows, next: undefined, serverTime: Date.now() };
  },
  get: async (transport, _scope, id, signal) => {
    const path = STATISTICS[id as keyof typeof STATISTICS];
    if (path === undefined) throw new UsageError(`there are statistics of pools and jobs, not of ${id}`);
    return { of: id, ...(await fetchEntity(transport, path, signal)) };
  },
  actions: {},
};
