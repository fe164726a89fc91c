import { compareNatural } from '../lib/natural.ts';
import { isSuspect } from '../lib/suspect-node.ts';
import { coresOfSize } from '../lib/vm-cores.ts';
import { type Pace, paceOf, recentPace, timeLeft } from './pace.ts';

/** Tasks of a job by state, as the service counts them. */
type Counts = Readonly<Record<'active' | 'running' | 'completed' | 'succeeded' | 'failed', number>>;

/** One run of a task; times in milliseconds, by the service's clock. */
export interface Run {
  readonly task: string;
  readonly node: string | undefined;
  readonly slots: number;
  readonly created: number | undefined;
  readonly start: number;
  /** Undefined while it runs. */
  readonly end: number | undefined;
  readonly failed: boolean;
}

/** The pool that a job runs on, as far as times and costs go by it. */
export interface ProgressPool {
  readonly vmSize?: string;
  readonly taskSlotsPerNode?: number;
  readonly currentDedicatedNodes?: number;
  readonly targetDedicatedNodes?: number;
  readonly currentLowPriorityNodes?: number;
  readonly targetLowPriorityNodes?: number;
}

/** What is known of a job's tasks. */
export interface ProgressFacts {
  readonly job: string;
  readonly state: string;
  readonly began: number | undefined;
  readonly ended: number | undefined;
  readonly counts: Counts;
  /** Tasks that have completed and ran before. */
  readonly completed: readonly Run[];
  readonly running: readonly Run[];
  /** Not all completed tasks are known. */
  readonly isSample: boolean;
  /** From when on all that completed are known; undefined where that is not so. */
  readonly knownFrom: number | undefined;
  readonly pool: ProgressPool | undefined;
  /** The service's clock. */
  readonly now: number;
}

export interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly longest: number;
}

/** What a node did over the time: how busy it was, from 0 to 1, and how many tasks failed in each part of it. */
export interface Lane {
  readonly node: string;
  readonly ran: number;
  readonly failed: number;
  readonly isSuspect: boolean;
  readonly busy: readonly number[];
  readonly failures: readonly number[];
}

export interface JobProgress extends Pick<ProgressFacts, 'job' | 'state' | 'counts' | 'isSample'> {
  /** Tasks whose times are known. */
  readonly known: number;
  readonly elapsed: number | undefined;
  readonly recent: Pace | undefined;
  readonly whole: Pace | undefined;
  /** Until all tasks have completed at the recent pace, and when that is. */
  readonly left: { readonly milliseconds: number; readonly at: number } | undefined;
  readonly ran: (Spread & { readonly task: string }) | undefined;
  readonly waited: Spread | undefined;
  /** Milliseconds, of the sample put up to all tasks. */
  readonly taskTime: number;
  readonly nodeTime: number;
  readonly coreTime: number | undefined;
  readonly vmSize: string | undefined;
  /** The pool has nodes of the kind, or is to have some. */
  readonly hasDedicated: boolean;
  readonly hasSpot: boolean;
  /** Those that have run longest, and longer than nearly all that have completed; of {@link FEW}, longer than all. */
  readonly slow: readonly {
    readonly task: string;
    readonly node: string | undefined;
    readonly took: number;
  }[];
  readonly from: number;
  readonly until: number;
  readonly lanes: readonly Lane[];
}

/** Parts of the time in which a node is looked at. */
const PARTS = 120;
const MOST_SLOW = 5;

/** Of fewer tasks nobody can say what 95 of 100 take. */
export const FEW = 20;

/** What the times of a job's tasks say of its pace, its end, and its nodes. */
export function jobProgress(facts: ProgressFacts): JobProgress {
  const { job, state, counts, isSample, completed, running, began, ended, pool, now } = facts;
  const durations = completed.map(({ start, end = start }) => end - start);
  const ran = spread(durations);
  const isOver = ended !== undefined || counts.active + counts.running === 0;
  const recent = isOver ? undefined : paceOfLate(facts);
  const elapsed = began === undefined ? undefined : Math.max(0, (ended ?? now) - began);
  const hours = timesOf(facts);
  const milliseconds = timeLeft(state, counts, recent);
  const cores = coresOfSize(pool?.vmSize);
  const { from, until, lanes } = lanesOf(facts);
  return {
    job,
    state,
    counts,
    isSample,
    known: completed.length,
    elapsed,
    recent,
    whole: wholePace(facts),
    left: milliseconds === undefined ? undefined : { milliseconds, at: now + milliseconds },
    ran: ran && { ...ran, task: longestOf(completed) },
    waited: spread(
      completed.flatMap(({ created, start }) =>
        created === undefined ? [] : [Math.max(0, start - created)],
      ),
    ),
    ...hours,
    coreTime: cores === undefined ? undefined : hours.nodeTime * cores,
    vmSize: pool?.vmSize,
    hasDedicated: (pool?.currentDedicatedNodes ?? 0) + (pool?.targetDedicatedNodes ?? 0) > 0,
    hasSpot: (pool?.currentLowPriorityNodes ?? 0) + (pool?.targetLowPriorityNodes ?? 0) > 0,
    slow: slowOf(running, durations.length < FEW ? ran?.longest : ran?.p95, now),
    from,
    until,
    lanes,
  };
}

function spread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((left, right) => left - right);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { median: at(0.5), p95: at(0.95), longest: sorted[sorted.length - 1] ?? 0 };
}

function longestOf(runs: readonly Run[]): string {
  const took = ({ start, end = start }: Run): number => end - start;
  return runs.reduce((longest, run) => (took(run) > took(longest) ? run : longest), runs[0] as Run).task;
}

/** The pace of late of a job that is not over. */
export function paceOfLate(
  facts: Pick<ProgressFacts, 'completed' | 'began' | 'isSample' | 'knownFrom' | 'now'>,
) {
  const { completed, began, isSample, knownFrom, now } = facts;
  const known = knownFrom === undefined ? undefined : Math.max(knownFrom, began ?? knownFrom);
  const first = isSample ? known : (began ?? completed[0]?.start);
  return recentPace(
    completed.map(({ end = 0 }) => end),
    first,
    now,
  );
}

function wholePace({ counts, completed, began, ended, now }: ProgressFacts): Pace | undefined {
  if (began === undefined || counts.completed === 0) return undefined;
  const last = completed.reduce((latest, { end = 0 }) => Math.max(latest, end), 0);
  // What completed last tells more than when somebody terminated the job, or looked at it.
  const until = counts.active + counts.running > 0 ? (ended ?? now) : last || (ended ?? now);
  const over = until - began;
  return over <= 0 ? undefined : paceOf(counts.completed, over);
}

function timesOf({ completed, running, counts, isSample, pool, now }: ProgressFacts): {
  taskTime: number;
  nodeTime: number;
} {
  const scale = isSample && completed.length > 0 ? counts.completed / completed.length : 1;
  const sum = (of: (run: Run) => number): number =>
    scale * completed.reduce((total, run) => total + of(run), 0) +
    running.reduce((total, run) => total + of(run), 0);
  const took = ({ start, end = now }: Run): number => Math.max(0, end - start);
  const perNode = pool?.taskSlotsPerNode ?? 1;
  return { taskTime: sum(took), nodeTime: sum((run) => (took(run) * run.slots) / perNode) };
}

function slowOf(running: readonly Run[], usual: number | undefined, now: number): JobProgress['slow'] {
  if (usual === undefined) return [];
  return running
    .map(({ task, node, start }) => ({ task, node, took: now - start }))
    .filter(({ took }) => took > usual)
    .sort((left, right) => right.took - left.took)
    .slice(0, MOST_SLOW);
}

function lanesOf({
  completed,
  running,
  pool,
  now,
}: ProgressFacts): Pick<JobProgress, 'from' | 'until' | 'lanes'> {
  const runs = [...completed, ...running].filter(({ node }) => node !== undefined);
  const from = runs.reduce((first, { start }) => Math.min(first, start), Number.POSITIVE_INFINITY);
  if (runs.length === 0) return { from: now, until: now, lanes: [] };
  const last = runs.reduce((latest, { end = now }) => Math.max(latest, end), from);
  const until = Math.max(last, from + 1);
  const part = (until - from) / PARTS;
  const slots = pool?.taskSlotsPerNode ?? 1;
  const found = new Map<string, { ran: number; failed: number; busy: number[]; failures: number[] }>();
  for (const { node = '', start, end = now, slots: taken, failed } of runs) {
    const lane = found.get(node) ?? { ran: 0, failed: 0, busy: zeros(), failures: zeros() };
    found.set(node, lane);
    lane.ran += 1;
    const final = Math.min(PARTS - 1, Math.max(0, Math.floor((end - from) / part)));
    for (let at = Math.max(0, Math.floor((start - from) / part)); at <= final; at += 1) {
      const overlap = Math.min(end, from + (at + 1) * part) - Math.max(start, from + at * part);
      lane.busy[at] = (lane.busy[at] ?? 0) + (Math.max(0, overlap) * taken) / (part * slots);
    }
    if (!failed) continue;
    lane.failed += 1;
    lane.failures[final] = (lane.failures[final] ?? 0) + 1;
  }
  const all = [...found.values()].reduce(
    (sum, { ran, failed }) => ({ ran: sum.ran + ran, failed: sum.failed + failed }),
    {
      ran: 0,
      failed: 0,
    },
  );
  const lanes = [...found]
    .map(([node, lane]) => {
      const others = { ran: all.ran - lane.ran, failed: all.failed - lane.failed };
      return {
        node,
        ...lane,
        busy: lane.busy.map((busy) => Math.min(1, busy)),
        isSuspect: isSuspect(lane, others),
      };
    })
    .sort((left, right) => compareNatural(left.node, right.node));
  return { from, until, lanes };
}

function zeros(): number[] {
  return Array.from({ length: PARTS }, () => 0);
}
