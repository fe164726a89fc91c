import { counted } from '../lib/units.ts';
import type { FailureInfo } from './wire.ts';
import { sameWord } from './wire.ts';

/** A reason why something does not run, or what speaks for that it soon will. The gravest come first. */
export interface Finding {
  /** `stop`: nothing happens until somebody acts. `wait`: it passes by itself. `fine`: no hindrance. */
  readonly kind: 'stop' | 'wait' | 'fine';
  readonly text: string;
  /** What can be done about it. */
  readonly next?: string;
}

/** What counts of a pool here. */
export interface WhyPool {
  readonly id: string;
  readonly state?: string;
  readonly allocationState?: string;
  readonly currentDedicatedNodes?: number;
  readonly currentLowPriorityNodes?: number;
  readonly targetDedicatedNodes?: number;
  readonly targetLowPriorityNodes?: number;
  readonly taskSlotsPerNode?: number;
  readonly enableAutoScale?: boolean;
  readonly enableInterNodeCommunication?: boolean;
  readonly resizeErrors?: readonly { readonly code?: string; readonly message?: string }[];
  readonly autoScaleRun?: { readonly error?: { readonly code?: string; readonly message?: string } };
}

/** Nodes of a pool by state, both kinds together: `idle`, `running`, `startTaskFailed` … */
export type NodeStates = Readonly<Record<string, number>>;

/** What counts of a job here. */
export interface WhyJob {
  readonly id: string;
  readonly state?: string;
  readonly priority?: number;
  readonly maxParallelTasks?: number;
  readonly usesTaskDependencies?: boolean;
  readonly jobPreparationTask?: object;
  readonly jobManagerTask?: { readonly id?: string };
  readonly creationTime?: string;
  readonly executionInfo?: {
    readonly startTime?: string;
    readonly poolId?: string;
    readonly terminateReason?: string;
    readonly schedulingError?: FailureInfo;
  };
  readonly poolInfo?: { readonly poolId?: string };
}

/** Where the tasks of a job would run, as far as it could be found out. */
export interface Place {
  readonly poolId: string | undefined;
  /** Undefined when there is no such pool. */
  readonly pool: WhyPool | undefined;
  readonly nodes: NodeStates;
  /** Jobs of a higher priority that are active on the same pool. */
  readonly rivals: readonly string[];
  /** Nodes on which the job's preparation task failed. */
  readonly failedPreparations: number;
}

/** Reasons in the job itself. */
export function jobHindrances(job: WhyJob): Finding[] {
  const findings: Finding[] = [];
  const error = job.executionInfo?.schedulingError;
  if (error !== undefined) {
    const text = `the service could not schedule the job: ${error.message ?? error.code} (${error.code})`;
    findings.push({ kind: 'stop', text, next: 'mend what it says and make the job again: ctrl-n clones it' });
  }
  if (sameWord(job.state, 'disabled') || sameWord(job.state, 'disabling')) {
    findings.push({
      kind: 'stop',
      text: 'the job is disabled: none of its tasks starts',
      next: 'p enables it',
    });
  }
  for (const state of ['completed', 'terminating', 'deleting']) {
    if (!sameWord(job.state, state)) continue;
    const reason = job.executionInfo?.terminateReason;
    const why = reason === undefined ? '' : ` (${reason})`;
    findings.push({ kind: 'stop', text: `the job is ${state}${why}: its waiting tasks never start` });
  }
  if (sameWord(job.state, 'enabling')) findings.push({ kind: 'wait', text: 'the job is being enabled' });
  return findings;
}

/** At its own limit a job takes no further places, whoever has some. */
export function limitHindrance({ maxParallelTasks }: WhyJob, running: number): Finding[] {
  if (maxParallelTasks === undefined || maxParallelTasks < 0 || running < maxParallelTasks) return [];
  const text = `the job runs at most ${counted(maxParallelTasks, 'task')} at a time, and ${running} do`;
  return [{ kind: 'wait', text, next: 'e changes maxParallelTasks' }];
}

/** Reasons in the pool and its nodes, and in who else uses them. */
export function placeHindrances(place: Place): Finding[] {
  const { pool, poolId } = place;
  if (poolId === undefined)
    return [{ kind: 'wait', text: 'the job has no pool yet: the service makes one for it' }];
  if (pool === undefined) {
    const text = `the pool ${poolId} does not exist`;
    return [
      { kind: 'stop', text, next: `make a pool of that id, or disable the job and give it another pool` },
    ];
  }
  return [
    ...poolHindrances(pool),
    ...nodeHindrances(pool, place.nodes),
    ...(place.failedPreparations === 0
      ? []
      : [
          {
            kind: 'stop' as const,
            text: `the job's preparation task failed on ${counted(place.failedPreparations, 'node')}: no task starts there`,
            next: 'r on the job lists them; enter leads to the files of the node',
          },
        ]),
    ...(place.rivals.length === 0
      ? []
      : [
          {
            kind: 'wait' as const,
            text: `${counted(place.rivals.length, 'job')} of higher priority ${place.rivals.length === 1 ? 'goes' : 'go'} first on this pool: ${place.rivals.slice(0, 3).join(', ')}`,
            next: "e changes a job's priority",
          },
        ]),
  ];
}

/** What to do about the errors that a resize can end with. */
const RESIZE_STEPS: Readonly<Record<string, string>> = {
  AccountCoreQuotaReached: 'ask for a higher quota of dedicated cores, or make other pools smaller',
  AccountVMSeriesCoreQuotaReached: 'ask for a higher quota of this family of sizes, or take another size',
  AccountLowPriorityCoreQuotaReached: 'ask for a higher quota of Spot cores, or make other pools smaller',
  AllocationFailed: 'the region has none of this size now: try later, or another size',
  AllocationTimedout: 'resize again, with a longer time-out',
  ResizeStopped: 'somebody stopped the resize: z resizes again',
};

/** Reasons in the pool itself. */
export function poolHindrances(pool: WhyPool): Finding[] {
  const findings: Finding[] = [];
  if (sameWord(pool.state, 'deleting')) {
    findings.push({ kind: 'stop', text: `the pool ${pool.id} is being deleted` });
  }
  for (const { code = '', message } of pool.resizeErrors ?? []) {
    const next = RESIZE_STEPS[code];
    const text = `the last resize of pool ${pool.id} failed: ${message ?? code} (${code})`;
    findings.push({ kind: 'stop', text, ...(next === undefined ? {} : { next }) });
  }
  const fault = pool.autoScaleRun?.error;
  if (fault !== undefined && pool.enableAutoScale === true) {
    const text = `the pool's formula fails: ${fault.message ?? fault.code} (${fault.code})`;
    findings.push({ kind: 'stop', text, next: 'a on the pool edits and evaluates it' });
  }
  const wanted = (pool.targetDedicatedNodes ?? 0) + (pool.targetLowPriorityNodes ?? 0);
  const there = (pool.currentDedicatedNodes ?? 0) + (pool.currentLowPriorityNodes ?? 0);
  if (wanted === 0 && there === 0) {
    findings.push(
      pool.enableAutoScale === true
        ? {
            kind: 'wait',
            text: 'the pool has no nodes, and its formula asks for none',
            next: 'a on the pool evaluates it',
          }
        : { kind: 'stop', text: 'the pool has no nodes, and none are asked for', next: 'z resizes the pool' },
    );
  } else if (there < wanted) {
    const state = sameWord(pool.allocationState, 'resizing') ? 'is resizing' : 'is smaller than asked for';
    findings.push({
      kind: 'wait',
      text: `the pool ${state}: ${there} of ${counted(wanted, 'node')} are there`,
    });
  }
  return findings;
}

/** States in which a node takes no task, the ones that do not pass by themselves first. */
const NODE_STATES: readonly (readonly [
  state: string,
  kind: Finding['kind'],
  says: string,
  next?: (pool: string) => string,
])[] = [
  [
    'startTaskFailed',
    'stop',
    'the start task failed',
    (pool) => `:nodes ${pool}, where L shows its stderr and b tries it again; e on the pool mends it`,
  ],
  [
    'unusable',
    'stop',
    'unusable',
    (pool) => `:nodes ${pool}, where d says why and ctrl-d removes them; the service tries to mend them too`,
  ],
  [
    'unknown',
    'stop',
    'out of touch with the service',
    (pool) => `wait a little; then :nodes ${pool}, where ctrl-d removes them`,
  ],
  ['offline', 'stop', 'offline: scheduling is off', (pool) => `:nodes ${pool}, where o turns it on`],
  ['preempted', 'wait', 'preempted: Spot capacity went to others'],
  ['waitingForStartTask', 'wait', 'running their start task'],
  ['creating', 'wait', 'being created'],
  ['starting', 'wait', 'starting'],
  ['rebooting', 'wait', 'rebooting'],
  ['reimaging', 'wait', 'being reimaged'],
  ['leavingPool', 'wait', 'leaving the pool'],
];

/** Reasons in the states of its nodes. */
export function nodeHindrances(pool: WhyPool, nodes: NodeStates): Finding[] {
  const findings = NODE_STATES.flatMap(([state, kind, says, next]): Finding[] => {
    const number = countOf(nodes, state);
    if (number === 0) return [];
    const text = `${counted(number, 'node')}: ${says}`;
    return [
      {
        kind: hasOthers(nodes) && kind === 'stop' ? 'wait' : kind,
        text,
        ...(next === undefined ? {} : { next: next(pool.id) }),
      },
    ];
  });
  const busy = countOf(nodes, 'running');
  const idle = countOf(nodes, 'idle');
  if (busy > 0 && idle === 0) {
    const slots = pool.taskSlotsPerNode ?? 1;
    findings.push({
      kind: 'wait',
      text: `all ${counted(busy, 'working node')} run tasks, ${counted(slots, 'slot')} each: a task starts when one ends`,
      next: 'z resizes the pool',
    });
  }
  return findings;
}

/** With other nodes at work, a broken one is no full stop. */
function hasOthers(nodes: NodeStates): boolean {
  return countOf(nodes, 'idle') + countOf(nodes, 'running') > 0;
}

/** The service's counts come in differing case. */
export function countOf(nodes: NodeStates, state: string): number {
  return Object.entries(nodes)
    .filter(([name]) => sameWord(name, state))
    .reduce((sum, [, number]) => sum + number, 0);
}

const ORDER: readonly Finding['kind'][] = ['stop', 'wait', 'fine'];

/** The gravest first, otherwise as they were found. */
export function ordered(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}
