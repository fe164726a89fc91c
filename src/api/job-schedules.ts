import { pathOf, type ResourceAdapter } from './adapter.ts';
import { changeEntity, postEntity } from './changes.ts';
import { fetchEntity, fetchPage } from './paging.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/job-schedule */
export const jobSchedules: ResourceAdapter = {
  listPage: (transport, _scope, query, signal) => fetchPage(transport, '/jobschedules', query, signal),
  get: (transport, _scope, id, signal) => fetchEntity(transport, pathOf('jobschedules', id), signal),
  add: (transport, _scope, body, signal) => postEntity(transport, '/jobschedules', body, signal),
  update: (transport, _scope, id, patch, etag, signal) =>
    changeEntity(transport, 'PATCH', pathOf('jobschedules', id), patch, etag, signal),
  actions: {
    delete: (transport, _scope, id, _args, signal) =>
      transport.call((client, options) => client.jobSchedule.deleteMethod(id, options), signal),
    terminate: (transport, _scope, id, _args, signal) =>
      transport.call((client, options) => client.jobSchedule.terminate(id, options), signal),
    disable: (transport, _scope, id, _args, signal) =>
      transport.call((client, options) => client.jobSchedule.disable(id, options), signal),
    enable: (transport, _scope, id, _args, signal) =>
      transport.call((client, options) => client.jobSchedule.enable(id, options), signal),
  },
};
