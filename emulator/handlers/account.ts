import { SUPPORTED_IMAGES } from '../data/images.ts';
import type { NodeRecord, NodeState } from '../model/entities.ts';
import { listReply } from './query.ts';
import type { Handler } from './service.ts';

export const listSupportedImages: Handler = (_engine, request) =>
  listReply(request, {
    metadata: 'supportedimages',
    list: 'supportedImages',
    items: SUPPORTED_IMAGES.map((image, index) => ({ image, key: String(index).padStart(6, '0') })),
    keyOf: ({ key }) => key,
    view: ({ image }) => image,
  });

/** This list gives ten pools at a time. */
const NODE_COUNTS_PAGE = 10;

export const listNodeCounts: Handler = ({ world }, request) =>
  listReply(request, {
    metadata: 'poolnodecounts',
    list: 'nodeCounts',
    items: world.pools.all(),
    keyOf: ({ pool }) => pool.id,
    view: ({ pool }) => {
      const nodes = [...world.nodes.inPool(pool.id)];
      return {
        poolId: pool.id,
        dedicated: countStates(nodes.filter(({ node }) => node.isDedicated)),
        lowPriority: countStates(nodes.filter(({ node }) => !node.isDedicated)),
      };
    },
    largestPage: NODE_COUNTS_PAGE,
  });

/** Member of the counts for each state of a node. */
const COUNTED_AS: Readonly<Record<NodeState, string>> = {
  creating: 'creating',
  idle: 'idle',
  leavingpool: 'leavingPool',
  offline: 'offline',
  preempted: 'preempted',
  rebooting: 'rebooting',
  reimaging: 'reimaging',
  running: 'running',
  starting: 'starting',
  starttaskfailed: 'startTaskFailed',
  unusable: 'unusable',
  unknown: 'unknown',
  waitingforstarttask: 'waitingForStartTask',
};

function countStates(nodes: readonly NodeRecord[]): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(
    Object.values(COUNTED_AS).map((member) => [member, 0]),
  );
  for (const { node } of nodes) {
    const member = COUNTED_AS[node.state];
    counts[member] = (counts[member] ?? 0) + 1;
  }
  return { ...counts, total: nodes.length };
}
