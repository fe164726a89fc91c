import { findImage } from '../data/images.ts';
import { findVmSize, maxTaskSlots } from '../data/vm-sizes.ts';
import { parseDuration } from '../duration.ts';
import type { Engine } from '../engine/engine.ts';
import { BatchFault, invalidProperty } from '../errors.ts';
import { changedReply, createdReply, entityReply, type Reply, versionHeaders } from '../http/reply.ts';
import type { BatchRequest } from '../http/request.ts';
import type { DeallocationOption, Pool, PoolRecord, StartTask } from '../model/entities.ts';
import { type PoolDefinition, scalesItself, withStartTaskDefaults } from '../model/pool.ts';
import { checkAutoscale } from './autoscale.ts';
import { checkMachineMembers } from './pool-rules.ts';
import { listReply, selection } from './query.ts';
import {
  bodyOf,
  checkId,
  demand,
  findPool,
  findPoolToChange,
  type Handler,
  NOT_MODIFIED,
  unchanged,
} from './service.ts';
import { withPoolStatistics } from './statistics.ts';
import { checkStartTask } from './task-files.ts';
import { poolUrl, poolView } from './views.ts';

const MIN_RESIZE_TIMEOUT_MS = 5 * 60 * 1000;

export const addPool: Handler = (engine, request) => {
  const definition = bodyOf<PoolDefinition>(request);
  checkId(definition.id);
  checkPoolDefinition(definition);
  const { pool } = engine.pools.add(definition);
  return createdReply(request, poolUrl(request, pool.id), pool);
};

export const listPools: Handler = (engine, request) =>
  listReply(request, {
    metadata: 'pools',
    list: 'pools',
    items: engine.world.pools.all(),
    keyOf: ({ pool }) => pool.id,
    view: (record) => view(engine, request, record),
  });

function view(engine: Engine, request: BatchRequest, record: PoolRecord): object {
  return withPoolStatistics(engine, request, record.pool, poolView(request, record));
}

export const getPool: Handler = (engine, request) => {
  const record = findPool(engine.world, request);
  if (unchanged(request, record.pool)) return NOT_MODIFIED;
  return withVersion(
    record.pool,
    entityReply(request, 'pools', selection(request)(view(engine, request, record))),
  );
};

export const poolExists: Handler = ({ world }, request) => {
  const { pool } = findPool(world, request);
  if (unchanged(request, pool)) return NOT_MODIFIED;
  return { status: 200, headers: versionHeaders(pool) };
};

export const deletePool: Handler = (engine, request) => {
  engine.pools.delete(findPoolToChange(engine.world, request));
  return { status: request.route.success };
};

interface PoolChanges {
  readonly startTask?: StartTask;
}

/** Each member given replaces the pool's; members not given stay. */
export const patchPool: Handler = (engine, request) => {
  const record = findPoolToChange(engine.world, request);
  const { startTask, ...rest } = bodyOf<PoolChanges>(request);
  const members: Partial<Pool> = { ...rest, ...startTaskMember(startTask) };
  return changedReply(request, engine.pools.change(record, members).pool);
};

/** All of these members are replaced; a start task not given is removed. */
export const updatePoolProperties: Handler = (engine, request) => {
  const record = findPoolToChange(engine.world, request);
  const { startTask, ...rest } = bodyOf<PoolChanges>(request);
  const members = {
    targetNodeCommunicationMode: undefined,
    ...rest,
    startTask: undefined,
    ...startTaskMember(startTask),
  } as Partial<Pool>;
  return changedReply(request, engine.pools.change(record, members).pool);
};

function startTaskMember(startTask: StartTask | undefined): Partial<Pool> {
  if (startTask === undefined) return {};
  checkStartTask(startTask);
  return { startTask: startTask.commandLine === '' ? undefined : withStartTaskDefaults(startTask) };
}

interface ResizeBody {
  readonly targetDedicatedNodes?: number;
  readonly targetLowPriorityNodes?: number;
  readonly resizeTimeout?: string;
  readonly nodeDeallocationOption?: DeallocationOption;
}

export const resizePool: Handler = (engine, request) => {
  const record = findPoolToChange(engine.world, request);
  const body = bodyOf<ResizeBody>(request);
  if (body.targetDedicatedNodes === undefined && body.targetLowPriorityNodes === undefined) {
    throw new BatchFault('MissingRequiredProperty', { PropertyName: 'targetDedicatedNodes' });
  }
  checkCount('targetDedicatedNodes', body.targetDedicatedNodes);
  checkCount('targetLowPriorityNodes', body.targetLowPriorityNodes);
  checkResizeTimeout(body.resizeTimeout);
  if (record.pool.enableAutoScale) {
    throw new BatchFault('OperationNotValidOnPool', { Reason: 'The pool has autoscaling enabled' });
  }
  if (record.pool.allocationState !== 'steady') throw new BatchFault('PoolBeingResized');
  const { pool } = engine.pools.resize(record, {
    dedicated: body.targetDedicatedNodes ?? record.pool.targetDedicatedNodes,
    lowPriority: body.targetLowPriorityNodes ?? record.pool.targetLowPriorityNodes,
    deallocation: body.nodeDeallocationOption ?? 'requeue',
    timeout: body.resizeTimeout,
  });
  return changedReply(request, pool);
};

export const stopResizePool: Handler = (engine, request) => {
  const record = findPool(engine.world, request);
  demand(request, record.pool);
  if (record.pool.state === 'deleting') throw new BatchFault('PoolBeingDeleted');
  if (record.pool.allocationState !== 'resizing') {
    throw new BatchFault('OperationInvalidForCurrentState', { Reason: 'The pool is not being resized' });
  }
  return changedReply(request, engine.pools.stopResize(record).pool);
};

interface RemoveNodesBody {
  readonly nodeList: readonly string[];
  readonly nodeDeallocationOption?: DeallocationOption;
  readonly resizeTimeout?: string;
}

const MOST_NODES_REMOVED = 100;

export const removeNodes: Handler = (engine, request) => {
  const record = findPoolToChange(engine.world, request);
  const { nodeList, nodeDeallocationOption, resizeTimeout } = bodyOf<RemoveNodesBody>(request);
  if (nodeList.length < 1 || nodeList.length > MOST_NODES_REMOVED) {
    throw invalidProperty('nodeList', undefined, `The list must have 1 to ${MOST_NODES_REMOVED} nodes`);
  }
  checkResizeTimeout(resizeTimeout);
  if (record.pool.enableAutoScale) {
    throw new BatchFault('OperationNotValidOnPool', { Reason: 'The pool has autoscaling enabled' });
  }
  if (record.pool.allocationState !== 'steady') throw new BatchFault('PoolBeingResized');
  const nodes = nodeList.map((nodeId) => {
    const node = engine.world.nodes.get(record.pool.id, nodeId);
    if (node === undefined) throw new BatchFault('NodeNotFound');
    return node;
  });
  return changedReply(
    request,
    engine.pools.removeNodes(record, nodes, nodeDeallocationOption ?? 'requeue', resizeTimeout).pool,
  );
};

function withVersion(pool: Pool, reply: Reply): Reply {
  return { ...reply, headers: versionHeaders(pool) };
}

/** Refuses a definition that the service would refuse. */
export function checkPoolDefinition(definition: PoolDefinition): void {
  const machine = definition.virtualMachineConfiguration;
  const cloudService = (definition as { cloudServiceConfiguration?: object }).cloudServiceConfiguration;
  if ((machine === undefined) === (cloudService === undefined)) {
    throw invalidProperty(
      'virtualMachineConfiguration',
      undefined,
      'Exactly one of cloudServiceConfiguration and virtualMachineConfiguration must be specified',
    );
  }
  if (findVmSize(definition.vmSize) === undefined) {
    throw invalidProperty('vmSize', definition.vmSize, 'The specified vmSize is not supported');
  }
  checkMachineMembers(definition);
  if (machine !== undefined) checkImage(machine);
  checkCount('targetDedicatedNodes', definition.targetDedicatedNodes);
  checkCount('targetLowPriorityNodes', definition.targetLowPriorityNodes);
  checkResizeTimeout(definition.resizeTimeout);
  checkSlots(definition);
  checkScaling(definition);
  checkStartTask(definition.startTask);
}

/** A pool has either a formula or targets. */
function checkScaling(definition: PoolDefinition): void {
  const { autoScaleFormula, autoScaleEvaluationInterval } = definition;
  if (!scalesItself(definition)) {
    if (autoScaleFormula === undefined && autoScaleEvaluationInterval === undefined) return;
    throw new BatchFault('InvalidAutoScalingSettings', {
      Reason: 'A formula needs enableAutoScale to be true',
    });
  }
  if (autoScaleFormula === undefined) {
    throw new BatchFault('InvalidAutoScalingSettings', { Reason: 'Autoscaling needs a formula' });
  }
  if (definition.targetDedicatedNodes !== undefined || definition.targetLowPriorityNodes !== undefined) {
    throw new BatchFault('InvalidAutoScalingSettings', {
      Reason: 'A pool with autoscaling cannot have targetDedicatedNodes or targetLowPriorityNodes',
    });
  }
  checkAutoscale(autoScaleFormula, autoScaleEvaluationInterval);
}

type Machine = NonNullable<Pool['virtualMachineConfiguration']> & {
  readonly containerConfiguration?: object;
};

function checkImage({ imageReference, nodeAgentSKUId, containerConfiguration }: Machine): void {
  if (imageReference.virtualMachineImageId !== undefined) return;
  const { publisher = '', offer = '', sku = '' } = imageReference;
  const image = findImage(publisher, offer, sku);
  if (image === undefined) {
    throw invalidProperty(
      'imageReference',
      undefined,
      `The specified imageReference with publisher ${publisher} offer ${offer} sku ${sku} is not supported.`,
    );
  }
  if (image.nodeAgentSKUId.toLowerCase() !== nodeAgentSKUId.toLowerCase()) {
    throw invalidProperty(
      'nodeAgentSKUId',
      nodeAgentSKUId,
      `The specified imageReference with publisher ${publisher} offer ${offer} sku ${sku} does not match the node agent SKU; it needs ${image.nodeAgentSKUId}`,
    );
  }
  if (containerConfiguration !== undefined && image.capabilities?.includes('DockerCompatible') !== true) {
    throw invalidProperty(
      'containerConfiguration',
      undefined,
      `The specified imageReference with publisher ${publisher} offer ${offer} sku ${sku} does not support container feature.`,
    );
  }
}

function checkSlots(definition: PoolDefinition): void {
  const { taskSlotsPerNode } = definition;
  if (taskSlotsPerNode === undefined) return;
  const limit = maxTaskSlots(definition.vmSize);
  if (taskSlotsPerNode >= 1 && taskSlotsPerNode <= limit) return;
  throw invalidProperty(
    'taskSlotsPerNode',
    String(taskSlotsPerNode),
    `The value must be between 1 and ${limit} for the VM size ${definition.vmSize}`,
  );
}

function checkCount(name: string, count: number | undefined): void {
  if (count !== undefined && count < 0) {
    throw invalidProperty(name, String(count), 'The value cannot be negative');
  }
}

function checkResizeTimeout(timeout: string | undefined): void {
  if (timeout === undefined) return;
  const milliseconds = parseDuration(timeout);
  if (milliseconds !== undefined && milliseconds >= MIN_RESIZE_TIMEOUT_MS) return;
  throw invalidProperty('resizeTimeout', timeout, 'The value must be at least 5 minutes');
}
