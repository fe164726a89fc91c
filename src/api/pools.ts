import { defined, integerArgument, pathOf, type ResourceAdapter, textArgument } from './adapter.ts';
import { askByPost, changeEntity, postEntity } from './changes.ts';
import { deallocationOption } from './deallocation.ts';
import { fetchEntity, fetchPage } from './paging.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/pool */
export const pools: ResourceAdapter = {
  listPage: (transport, _scope, query, signal) => fetchPage(transport, '/pools', query, signal),
  get: (transport, _scope, id, signal) => fetchEntity(transport, pathOf('pools', id), signal),
  add: (transport, _scope, body, signal) => postEntity(transport, '/pools', body, signal),
  update: (transport, _scope, id, patch, etag, signal) =>
    changeEntity(transport, 'PATCH', pathOf('pools', id), patch, etag, signal),
  actions: {
    delete: (transport, _scope, id, _args, signal) =>
      transport.call((client, options) => client.pool.deleteMethod(id, options), signal),
    resize: (transport, _scope, id, args, signal) => {
      const parameters = defined({
        targetDedicatedNodes: integerArgument(args, 'targetDedicatedNodes'),
        targetLowPriorityNodes: integerArgument(args, 'targetLowPriorityNodes'),
        resizeTimeout: textArgument(args, 'resizeTimeout'),
        nodeDeallocationOption: deallocationOption(args),
      });
      return transport.call((client, options) => client.pool.resize(id, parameters, options), signal);
    },
    stopResize: (transport, _scope, id, _args, signal) =>
      transport.call((client, options) => client.pool.stopResize(id, options), signal),
    enableAutoScale: (transport, _scope, id, args, signal) => {
      const parameters = defined({
        autoScaleFormula: textArgument(args, 'autoScaleFormula'),
        autoScaleEvaluationInterval: textArgument(args, 'autoScaleEvaluationInterval'),
      });
      return transport.call(
        (client, options) => client.pool.enableAutoScale(id, parameters, options),
        signal,
      );
    },
    disableAutoScale: (transport, _scope, id, _args, signal) =>
      transport.call((client, options) => client.pool.disableAutoScale(id, options), signal),
  },
  questions: {
    // Wire JSON, because the SDK's operation gives times of its own kind.
    evaluateAutoScale: (transport, _scope, id, args, signal) =>
      askByPost(
        transport,
        pathOf('pools', id, 'evaluateautoscale'),
        { autoScaleFormula: textArgument(args, 'autoScaleFormula') ?? '' },
        signal,
      ),
  },
};
