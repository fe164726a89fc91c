/** How often tasks failed on a node, or on several. */
export interface NodeTally {
  readonly failed: number;
  readonly ran: number;
}

/** Failures below which nothing is said of a node: two may be chance. */
const LEAST = 3;

/**
 * Whether a node looks bad: at least half of what it ran failed, and at least twice as often as on the other nodes.
 * Where there is no other node, or tasks fail as often everywhere, it is the tasks.
 */
export function isSuspect({ failed, ran }: NodeTally, others: NodeTally): boolean {
  if (failed < LEAST || ran === 0 || others.ran === 0) return false;
  const rate = failed / ran;
  return rate >= 0.5 && rate >= (2 * others.failed) / others.ran;
}

/** Failures of one job on a node below which nothing is said, and how many times those of the other nodes they have to be. */
const LEAST_OF_JOB = 5;
const TIMES = 3;

/** Whether far more of a job's failed tasks were on a node than, on average, on each of the pool's other nodes. */
export function standsOut(failed: number, onOthers: number, others: number): boolean {
  return others > 0 && failed >= LEAST_OF_JOB && failed >= TIMES * Math.max(1, onOthers / others);
}
