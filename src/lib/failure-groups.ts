import { isSuspect, standsOut } from './suspect-node.ts';

/** What is read of a failed task to group it. */
export interface FailedTask {
  readonly id: string;
  readonly nodeInfo?: { readonly poolId?: string; readonly nodeId?: string };
  readonly executionInfo?: {
    readonly exitCode?: number;
    readonly endTime?: string;
    readonly failureInfo?: { readonly code?: string; readonly message?: string };
  };
}

export type GroupedBy = 'exit code' | 'failure' | 'node';

/** Failed tasks that have something in common. */
export interface FailureGroup {
  readonly by: GroupedBy;
  readonly value: string;
  readonly count: number;
  /** Of all failed tasks, from 0 to 1. */
  readonly share: number;
  /** When the first and the last of them ended, as the service writes it. */
  readonly first: string | undefined;
  readonly last: string | undefined;
  /** The one that ended last. */
  readonly example: string;
  readonly message: string | undefined;
  /** Of a node: its pool. */
  readonly pool?: string | undefined;
  /** Of a node: what is known of it now; undefined where nobody asked. */
  readonly node?: FailedNode | undefined;
}

/** A node on which tasks failed. */
export interface FailedNode {
  /** `running`, `offline`, `gone`. */
  readonly state: string;
  /** It takes no tasks. */
  readonly isOff: boolean;
  /** Tasks of all jobs that ended on it since it is in the pool, and those that failed. */
  readonly ran: number;
  readonly failed: number;
  /** Tasks fail on it far more often than on the pool's other nodes, of this job or of all. */
  readonly isSuspect: boolean;
}

/** A node as the service lists it, as far as it is told of here. */
export interface ListedNode {
  readonly id: string;
  readonly state?: string;
  readonly schedulingState?: string;
  readonly totalTasksRun?: number;
  readonly totalTasksSucceeded?: number;
}

type Growing = { -readonly [K in keyof FailureGroup]: FailureGroup[K] };

/** What the value is called where a task has none: it never ran, or never on a node. */
export const NONE = 'none';

const KEYS: readonly (readonly [GroupedBy, (task: FailedTask) => string])[] = [
  ['exit code', (task) => String(task.executionInfo?.exitCode ?? NONE)],
  ['failure', (task) => task.executionInfo?.failureInfo?.code ?? NONE],
  ['node', (task) => task.nodeInfo?.nodeId ?? NONE],
];

/** Counts failed tasks by exit code, by failure code and by node; holds groups, never the tasks. */
export class FailureGroups {
  readonly #groups = new Map<string, Growing>();
  #total = 0;

  add(task: FailedTask): void {
    this.#total += 1;
    for (const [by, read] of KEYS) this.#count(by, read(task), task);
  }

  #count(by: GroupedBy, value: string, task: FailedTask): void {
    const key = `${by}|${value}`;
    const endTime = task.executionInfo?.endTime;
    const known = this.#groups.get(key);
    const message = task.executionInfo?.failureInfo?.message;
    if (known === undefined) {
      const times = { first: endTime, last: endTime };
      const pool = by === 'node' ? { pool: task.nodeInfo?.poolId } : {};
      this.#groups.set(key, { by, value, count: 1, share: 0, ...times, example: task.id, message, ...pool });
      return;
    }
    known.count += 1;
    if (endTime === undefined) return;
    if (known.first === undefined || endTime < known.first) known.first = endTime;
    if (known.last === undefined || endTime >= known.last) {
      known.last = endTime;
      known.example = task.id;
      known.message = message;
    }
  }

  /** Kind by kind, the largest group of each first. */
  all(): FailureGroup[] {
    const order = KEYS.map(([by]) => by);
    return [...this.#groups.values()]
      .map((group) => ({ ...group, share: group.count / this.#total }))
      .sort((a, b) => order.indexOf(a.by) - order.indexOf(b.by) || b.count - a.count);
  }
}

/** The groups by node of one pool, with what its nodes are now. Of those that are not listed it says so if all are. */
export function withNodes(
  groups: readonly FailureGroup[],
  pool: string,
  nodes: readonly ListedNode[],
  isWhole: boolean,
): FailureGroup[] {
  const listed = new Map(nodes.map((node) => [node.id, node]));
  const tallies = nodes.map(tallyOf);
  const ran = tallies.reduce((sum, tally) => sum + tally.ran, 0);
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
  const ofPool = (group: FailureGroup) => group.by === 'node' && group.pool === pool;
  const ofJob = groups.filter(ofPool).reduce((sum, { count }) => sum + count, 0);
  return groups.map((group) => {
    if (!ofPool(group)) return group;
    const node = listed.get(group.value);
    if (node === undefined) return isWhole ? { ...group, node: GONE } : group;
    const own = tallyOf(node);
    const others = { ran: ran - own.ran, failed: failed - own.failed };
    const isOff = node.schedulingState?.toLowerCase() === 'disabled';
    const isBad = isSuspect(own, others) || standsOut(group.count, ofJob - group.count, nodes.length - 1);
    const known = { state: node.state ?? 'unknown', isOff, ...own, isSuspect: isBad };
    return { ...group, node: known };
  });
}

const GONE: FailedNode = { state: 'gone', isOff: false, ran: 0, failed: 0, isSuspect: false };

function tallyOf({ totalTasksRun = 0, totalTasksSucceeded = 0 }: ListedNode): {
  ran: number;
  failed: number;
} {
  return { ran: totalTasksRun, failed: Math.max(0, totalTasksRun - totalTasksSucceeded) };
}
