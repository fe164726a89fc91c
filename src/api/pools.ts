import { ServiceError } from '../lib/errors.ts';
import type { Entity } from '../resources/types.ts';
import { defined, integerArgument, pathOf, type ResourceAdapter, textArgument } from './adapter.ts';
import { askByPost, changeEntity, postEntity } from './changes.ts';
import { deallocationOption } from './deallocation.ts';
import { fetchEntity, fetchPage } from './paging.ts';
import type { Transport } from './wire/transport.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/pool */
export const pools: ResourceAdapter = {
  listPage: (transport, _scope, query, signal) => fetchPage(transport, '/pools', query, signal),
  get: (transport, _scope, id, signal) => fetchEntity(transport, pathOf('pools', id), signal),
  add: (transport, _scope, body, signal) => postEntity(transport, '/pools', body, signal),
  update: (transport, _scope, id, patch, etag, signal) =>
    'startTask' in patch && patch.startTask === null
      ? replaceWithoutStartTask(transport, id, patch, etag, signal)
      : changeEntity(transport, 'PATCH', pathOf('pools', id), patch, etag, signal),
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

/**
 * Only the operation that replaces all properties can take a start task away: PATCH knows no null. It takes no
 * condition, so the ETag is compared here.
 * @see https://learn.microsoft.com/rest/api/batchservice/pool/update-properties
 */
async function replaceWithoutStartTask(
  transport: Transport,
  id: string,
  patch: Entity,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const pool = (await fetchEntity(transport, pathOf('pools', id), signal)) as Readonly<
    Record<string, unknown>
  >;
  if (etag !== undefined && pool.eTag !== etag) {
    const message = 'The pool was changed by someone else meanwhile.';
    throw new ServiceError({ status: 412, code: 'ConditionNotMet', message });
  }
  const { startTask: _gone, ...changes } = patch as { startTask?: unknown };
  const body = {
    certificateReferences: pool.certificateReferences ?? [],
    applicationPackageReferences: pool.applicationPackageReferences ?? [],
    metadata: pool.metadata ?? [],
    ...defined({ targetNodeCommunicationMode: pool.targetNodeCommunicationMode }),
    ...changes,
  };
  await postEntity(transport, pathOf('pools', id, 'updateproperties'), body, signal);
}
