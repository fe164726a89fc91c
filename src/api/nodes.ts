import {
  type ActionArguments,
  defined,
  need,
  pathOf,
  type ResourceAdapter,
  textArgument,
} from './adapter.ts';
import { askByPost } from './changes.ts';
import { deallocationOption, rebootOption, schedulingOption } from './deallocation.ts';
import { nodeUserActions } from './node-users.ts';
import { fetchEntity, fetchPage } from './paging.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/compute-node */
export const nodes: ResourceAdapter = {
  listPage: (transport, scope, query, signal) =>
    fetchPage(transport, pathOf('pools', need(scope, 'pool', 'nodes'), 'nodes'), query, signal),
  get: (transport, scope, id, signal) =>
    fetchEntity(transport, pathOf('pools', need(scope, 'pool', 'nodes'), 'nodes', id), signal),
  actions: {
    delete: (transport, scope, id, args, signal) => {
      const pool = need(scope, 'pool', 'nodes');
      const parameters = {
        nodeList: nodeList(id, args),
        ...defined({ nodeDeallocationOption: deallocationOption(args) }),
      };
      return transport.call((client, options) => client.pool.removeNodes(pool, parameters, options), signal);
    },
    reboot: (transport, scope, id, args, signal) => {
      const pool = need(scope, 'pool', 'nodes');
      const extra = defined({ nodeRebootOption: rebootOption(args, 'nodeRebootOption') });
      return transport.call(
        (client, options) => client.computeNode.reboot(pool, id, { ...extra, ...options }),
        signal,
      );
    },
    reimage: (transport, scope, id, args, signal) => {
      const pool = need(scope, 'pool', 'nodes');
      const extra = defined({ nodeReimageOption: rebootOption(args, 'nodeReimageOption') });
      return transport.call(
        (client, options) => client.computeNode.reimage(pool, id, { ...extra, ...options }),
        signal,
      );
    },
    disableScheduling: (transport, scope, id, args, signal) => {
      const pool = need(scope, 'pool', 'nodes');
      const extra = defined({ nodeDisableSchedulingOption: schedulingOption(args) });
      return transport.call(
        (client, options) => client.computeNode.disableScheduling(pool, id, { ...extra, ...options }),
        signal,
      );
    },
    enableScheduling: (transport, scope, id, _args, signal) => {
      const pool = need(scope, 'pool', 'nodes');
      return transport.call(
        (client, options) => client.computeNode.enableScheduling(pool, id, options),
        signal,
      );
    },
    ...nodeUserActions,
  },
  questions: {
    remoteLoginSettings: (transport, scope, id, _args, signal) =>
      fetchEntity(
        transport,
        pathOf('pools', need(scope, 'pool', 'nodes'), 'nodes', id, 'remoteloginsettings'),
        signal,
      ),
    remoteDesktop: async (transport, scope, id, _args, signal) => {
      const path = pathOf('pools', need(scope, 'pool', 'nodes'), 'nodes', id, 'rdp');
      const reply = await transport.download({ method: 'GET', path }, signal);
      return { file: new TextDecoder().decode(reply.bytes) };
    },
    uploadServiceLogs: (transport, scope, id, args, signal) =>
      askByPost(
        transport,
        pathOf('pools', need(scope, 'pool', 'nodes'), 'nodes', id, 'uploadbatchservicelogs'),
        {
          containerUrl: textArgument(args, 'containerUrl') ?? '',
          startTime: textArgument(args, 'startTime') ?? '',
          ...defined({ endTime: textArgument(args, 'endTime') }),
        },
        signal,
      ),
  },
};

/**
 * The nodes of one removal: the operation's own, or all of `args.nodeList` (at most 100). Removing several
 * must be one call, since the pool resizes meanwhile and refuses a second.
 */
function nodeList(id: string, args: ActionArguments): string[] {
  const list = args.nodeList;
  return Array.isArray(list) && list.length > 0 ? list.map(String) : [id];
}
