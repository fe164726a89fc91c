import { BatchFault } from '../errors.ts';
import type { NodeRecord } from '../model/entities.ts';
import type { ControlHandler } from './types.ts';

/**
 * Takes low-priority nodes away from a pool, as the service does when the machines are wanted elsewhere: the node
 * that `?node=` names, or as many as `?count=` says, or one.
 */
export const preempt: ControlHandler = ({ world, nodes }, request) => {
  const pool = world.pools.get(request.parameters[0] ?? '')?.pool;
  if (pool === undefined) throw new BatchFault('PoolNotFound');
  const named = request.query.get('node');
  const chosen =
    named === null
      ? world.nodes
          .sorted(pool.id)
          .filter(canBePreempted)
          .slice(0, countOf(request.query.get('count')))
      : [demandNode(world.nodes.get(pool.id, named))];
  for (const record of chosen) nodes.preempt(record);
  return { status: 202, json: { preempted: chosen.map(({ node }) => node.id) } };
};

function canBePreempted({ node }: NodeRecord): boolean {
  return !node.isDedicated && !['creating', 'preempted', 'leavingpool'].includes(node.state);
}

function demandNode(record: NodeRecord | undefined): NodeRecord {
  if (record === undefined) throw new BatchFault('NodeNotFound');
  if (canBePreempted(record)) return record;
  throw new BatchFault('OperationNotValidOnNode', {
    Reason: record.node.isDedicated
      ? 'Only low-priority nodes can be preempted'
      : `The node is ${record.node.state}`,
  });
}

function countOf(text: string | null): number {
  if (text === null) return 1;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new BatchFault('InvalidInput', { Reason: 'count is a whole number' });
}
