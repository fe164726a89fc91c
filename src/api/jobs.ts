import { defined, pathOf, type ResourceAdapter, textArgument } from './adapter.ts';
import { changeEntity, postEntity } from './changes.ts';
import { disableTasksOption } from './deallocation.ts';
import { fetchEntity, fetchPage } from './paging.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/job */
export const jobs: ResourceAdapter = {
  listPage: (transport, _scope, query, signal) => fetchPage(transport, '/jobs', query, signal),
  get: (transport, _scope, id, signal) => fetchEntity(transport, pathOf('jobs', id), signal),
  add: (transport, _scope, body, signal) => postEntity(transport, '/jobs', body, signal),
  update: (transport, _scope, id, patch, etag, signal) =>
    changeEntity(transport, 'PATCH', pathOf('jobs', id), patch, etag, signal),
  actions: {
    delete: (transport, _scope, id, _args, signal) =>
      transport.call((client, options) => client.job.deleteMethod(id, options), signal),
    terminate: (transport, _scope, id, args, signal) => {
      const extra = defined({ terminateReason: textArgument(args, 'terminateReason') });
      return transport.call((client, options) => client.job.terminate(id, { ...extra, ...options }), signal);
    },
    disable: (transport, _scope, id, args, signal) => {
      const tasks = disableTasksOption(args);
      return transport.call((client, options) => client.job.disable(id, tasks, options), signal);
    },
    enable: (transport, _scope, id, _args, signal) =>
      transport.call((client, options) => client.job.enable(id, options), signal),
  },
};
