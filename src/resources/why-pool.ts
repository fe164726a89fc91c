import { counted } from '../lib/units.ts';
import {
  countOf,
  type Finding,
  type NodeStates,
  nodeHindrances,
  ordered,
  poolHindrances,
  type WhyPool,
} from './why.ts';

/** What {@link explainPool} goes by. */
export interface PoolFacts {
  readonly pool: WhyPool;
  readonly nodes: NodeStates;
}

/** Why a pool has not the nodes that were asked for, or why they take no tasks. */
export function explainPool({ pool, nodes }: PoolFacts): Finding[] {
  const hindrances = ordered([...poolHindrances(pool), ...nodeHindrances(pool, nodes)]);
  return [...hindrances, summary(nodes)];
}

function summary(nodes: NodeStates): Finding {
  const all = Object.values(nodes).reduce((sum, number) => sum + number, 0);
  const idle = countOf(nodes, 'idle');
  const text = `${counted(all, 'node')}: ${countOf(nodes, 'running')} running tasks, ${idle} idle`;
  return idle === 0
    ? { kind: 'fine', text }
    : { kind: 'fine', text, next: 'u on the pool says since when they are idle' };
}
