import type { Engine } from '../engine/engine.ts';
import type { ErrorCode } from '../errors.ts';
import { BatchFault } from '../errors.ts';
import { doneReply, entityReply } from '../http/reply.ts';
import type { BatchRequest } from '../http/request.ts';
import type { DeallocationOption, NodeRecord, NodeState } from '../model/entities.ts';
import { listReply, selection } from './query.ts';
import { bodyOf, findNode, findPool, type Handler } from './service.ts';
import { nodeView } from './views.ts';

export const listNodes: Handler = ({ world }, request) => {
  const { pool } = findPool(world, request);
  return listReply(request, {
    metadata: 'nodes',
    list: 'nodes',
    items: world.nodes.sorted(pool.id),
    keyOf: ({ node }) => node.id,
    view: (record) => nodeView(request, record, pool),
  });
};

export const getNode: Handler = ({ world }, request) => {
  const { pool } = findPool(world, request);
  return entityReply(request, 'nodes', selection(request)(nodeView(request, findNode(world, request), pool)));
};

interface RebootBody {
  readonly nodeRebootOption?: DeallocationOption;
}

export const rebootNode: Handler = (engine, request) => {
  const record = findNode(engine.world, request);
  demandUsable(record.node.state);
  engine.nodes.reboot(record, bodyOf<RebootBody>(request).nodeRebootOption ?? 'requeue');
  return doneReply(request);
};

interface ReimageBody {
  readonly nodeReimageOption?: DeallocationOption;
}

/** Only nodes of cloud services can be reimaged. */
export const reimageNode: Handler = (engine, request) => {
  const { pool } = findPool(engine.world, request);
  const record = findNode(engine.world, request);
  if (pool.virtualMachineConfiguration !== undefined) {
    throw new BatchFault('OperationNotValidOnNode', {
      Reason: 'Operation reimage can be invoked only on pools created with cloudServiceConfiguration',
    });
  }
  demandUsable(record.node.state);
  engine.nodes.reimage(record, bodyOf<ReimageBody>(request).nodeReimageOption ?? 'requeue');
  return doneReply(request);
};

interface DisableSchedulingBody {
  readonly nodeDisableSchedulingOption?: DeallocationOption;
}

export const disableScheduling: Handler = (engine, request) => {
  const record = findNode(engine.world, request);
  if (record.node.schedulingState === 'disabled') throw new BatchFault('NodeAlreadyInTargetSchedulingState');
  const { nodeDisableSchedulingOption } = bodyOf<DisableSchedulingBody>(request);
  engine.nodes.setScheduling(record, 'disabled', nodeDisableSchedulingOption ?? 'requeue');
  return doneReply(request);
};

export const enableScheduling: Handler = (engine, request) => {
  const record = findNode(engine.world, request);
  if (record.node.schedulingState === 'enabled') throw new BatchFault('NodeAlreadyInTargetSchedulingState');
  engine.nodes.setScheduling(record, 'enabled', 'requeue');
  return doneReply(request);
};

/** Why a node that is neither idle nor running takes no orders. */
const REFUSALS: Partial<Record<NodeState, ErrorCode>> = {
  creating: 'NodeBeingCreated',
  starting: 'NodeBeingStarted',
  waitingforstarttask: 'NodeBeingStarted',
  rebooting: 'NodeBeingRebooted',
  reimaging: 'NodeBeingReimaged',
  unusable: 'NodeStateUnusable',
};

/** A node whose start task failed can be rebooted: that is how it is tried again. */
const USABLE: readonly NodeState[] = ['idle', 'running', 'offline', 'starttaskfailed'];

/** The node that the request names, if it is in a state to take orders. */
export function usableNode(engine: Engine, request: BatchRequest): NodeRecord {
  const record = findNode(engine.world, request);
  demandUsable(record.node.state);
  return record;
}

/** Refuses what a node in this state cannot do. */
function demandUsable(state: NodeState): void {
  if (!USABLE.includes(state)) throw new BatchFault(REFUSALS[state] ?? 'NodeNotReady');
}
