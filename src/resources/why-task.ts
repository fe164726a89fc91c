import { counted } from '../lib/units.ts';
import type { Task } from './task.ts';
import {
  type Finding,
  jobHindrances,
  limitHindrance,
  ordered,
  type Place,
  placeHindrances,
  type WhyJob,
} from './why.ts';
import { sameWord } from './wire.ts';

/** What counts of a task here. */
export interface WhyTask extends Task {
  readonly dependsOn?: {
    readonly taskIds?: readonly string[];
    readonly taskIdRanges?: readonly { readonly start?: number; readonly end?: number }[];
  };
  readonly multiInstanceSettings?: { readonly numberOfInstances?: number };
}

/** A task that another one depends on; undefined state where there is no such task. */
export interface Dependency {
  readonly id: string;
  readonly state: string | undefined;
  readonly result: string | undefined;
}

/** What {@link explainTask} goes by. */
export interface TaskFacts {
  readonly task: WhyTask;
  readonly job: WhyJob;
  readonly place: Place;
  /** Those that were looked at. */
  readonly dependencies: readonly Dependency[];
  /** How many more it depends on. */
  readonly unseenDependencies: number;
  /** Free task slots of each node that takes tasks. */
  readonly freeSlots: readonly number[];
  /** Tasks of the job that run. */
  readonly running: number;
}

/** Why a task does not run, or what became of it. */
export function explainTask(facts: TaskFacts): Finding[] {
  const { task } = facts;
  if (sameWord(task.state, 'completed')) return endOf(task);
  if (sameWord(task.state, 'running'))
    return [{ kind: 'fine', text: `it runs on node ${task.nodeInfo?.nodeId}` }];
  if (sameWord(task.state, 'preparing')) {
    const text = `it is being prepared on node ${task.nodeInfo?.nodeId}: its files and packages, or the job's preparation`;
    return [{ kind: 'wait', text }];
  }
  const findings = [
    ...jobHindrances(facts.job),
    ...dependencyHindrances(facts),
    ...sizeHindrances(facts),
    ...limitHindrance(facts.job, facts.running),
    ...placeHindrances(facts.place),
    ...triesBefore(task),
  ];
  if (findings.length > 0) return ordered(findings);
  return [{ kind: 'fine', text: 'nothing hinders it: it should start within seconds' }];
}

/** How a completed task ended, the word on its exit code first. */
export function endOf(task: WhyTask): Finding[] {
  const info = task.executionInfo;
  const exit = info?.exitCode === undefined ? 'without an exit code' : `with exit code ${info.exitCode}`;
  if (!sameWord(info?.result, 'failure')) return [{ kind: 'fine', text: `it ended well, ${exit}` }];
  const failure = info?.failureInfo;
  const code = failure?.code ?? '';
  return [
    {
      kind: 'stop',
      text: `it failed ${exit}`,
      next: NEVER_BEGAN.test(code)
        ? 'when what follows is mended, back in the list: a runs it again'
        : 'back in the list: l shows its stdout, shift-l its stderr, a runs it again',
    },
    ...(failure === undefined
      ? []
      : [
          {
            kind: 'stop' as const,
            text: `${failure.message ?? code} (${code})`,
            ...(FAILURE_STEPS[code] === undefined ? {} : { next: FAILURE_STEPS[code] }),
          },
        ]),
    ...(failure?.details ?? []).map(
      ({ name, value }): Finding => ({ kind: 'stop', text: `${name}: ${value}` }),
    ),
    ...retries(task),
  ];
}

/** What comes before the command line: a task that fails of it has written nothing to look at. */
const NEVER_BEGAN = /^(Blob|Resource|ApplicationPackage|CommandProgramNotFound)/;

const LINKED =
  'containers without a URL are those of the storage account that is linked to the Batch account';

/** What to do about the failures that tell little by themselves. */
const FAILURE_STEPS: Readonly<Record<string, string>> = {
  CommandProgramNotFound: 'no shell is added: begin the command line with /bin/bash -c or cmd /c',
  BlobNotFound: 'a resource file is not where the task looks for it',
  BlobAccessDenied: 'the signature of a resource file has ended, or does not allow reading',
  ResourceContainerNotFound: `:containers shows which there are; ${LINKED}`,
  ResourceContainerAccessDenied: 'the signature of the container has ended, or does not allow listing',
  FileUploadContainerNotFound:
    ':containers shows which there are; the container for output files must be there',
  FileUploadAccessDenied: 'the signature of the container has ended, or does not allow writing',
  DiskFull: 'take a larger size, or clean up after tasks with retentionTime',
  TaskEnded: 'somebody or a time limit ended it: maxWallClockTime is among its constraints (e)',
  ApplicationPackageError: ':packages APPLICATION shows which versions there are, and which is the default',
};

function retries({ executionInfo }: WhyTask): Finding[] {
  const tries = executionInfo?.retryCount ?? 0;
  return tries === 0 ? [] : [{ kind: 'stop', text: `it was tried ${counted(tries + 1, 'time')}` }];
}

/** A task that waits for its next try says what happened to the last. */
function triesBefore({ executionInfo }: WhyTask): Finding[] {
  const retried = executionInfo?.retryCount ?? 0;
  const requeued = executionInfo?.requeueCount ?? 0;
  const failure = executionInfo?.failureInfo;
  const findings: Finding[] = [];
  if (retried > 0) {
    const why = failure === undefined ? '' : `: ${failure.message ?? failure.code}`;
    findings.push({ kind: 'wait', text: `it failed ${counted(retried, 'time')} and is tried again${why}` });
  }
  if (requeued > 0) {
    findings.push({
      kind: 'wait',
      text: `it was put back in its queue ${counted(requeued, 'time')}: its node went away`,
    });
  }
  return findings;
}

/** A dependency that is named in a text: enough of them to see the pattern. */
const NAMED = 5;

function dependencyHindrances({ dependencies, unseenDependencies }: TaskFacts): Finding[] {
  const missing = dependencies.filter(({ state }) => state === undefined);
  const failed = dependencies.filter(({ result }) => sameWord(result, 'failure'));
  const open = dependencies.filter(({ state }) => state !== undefined && !sameWord(state, 'completed'));
  const findings: Finding[] = [];
  if (missing.length > 0) {
    findings.push({
      kind: 'stop',
      text: `it depends on tasks that do not exist: ${named(missing)}`,
      next: 'add them with n',
    });
  }
  if (failed.length > 0) {
    const text = `it depends on tasks that failed: ${named(failed)}; that blocks it unless their exit conditions allow it`;
    findings.push({ kind: 'stop', text, next: 'a on a failed task runs it again' });
  }
  if (open.length > 0) {
    const more =
      unseenDependencies === 0 ? '' : `, and on ${unseenDependencies} more that were not looked at`;
    findings.push({
      kind: 'wait',
      text: `it waits for ${counted(open.length, 'task')}: ${named(open)}${more}`,
    });
  }
  return findings;
}

function named(dependencies: readonly Dependency[]): string {
  const ids = dependencies
    .slice(0, NAMED)
    .map(({ id, state }) => (state === undefined ? id : `${id} (${state})`));
  const more = dependencies.length - ids.length;
  return ids.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** What the task asks for against what any node has. */
function sizeHindrances({ task, place, freeSlots }: TaskFacts): Finding[] {
  const { pool } = place;
  if (pool === undefined) return [];
  const wanted = task.requiredSlots ?? 1;
  const slots = pool.taskSlotsPerNode ?? 1;
  const instances = task.multiInstanceSettings?.numberOfInstances ?? 1;
  const findings: Finding[] = [];
  if (wanted > slots) {
    const text = `it needs ${counted(wanted, 'slot')}, and a node of pool ${pool.id} has ${slots}: it can never start there`;
    findings.push({
      kind: 'stop',
      text,
      next: 'clone it with fewer slots, or make a pool with more (ctrl-n)',
    });
  } else if (freeSlots.length > 0 && Math.max(...freeSlots) < wanted) {
    const text = `it needs ${counted(wanted, 'slot')}, and no node has more than ${Math.max(...freeSlots)} free`;
    findings.push({ kind: 'wait', text });
  }
  if (instances > 1 && pool.enableInterNodeCommunication !== true) {
    const text = 'it is a multi-instance task, and the pool does not let its nodes talk to each other';
    findings.push({ kind: 'stop', text, next: 'make a pool with enableInterNodeCommunication' });
  }
  const nodes = (pool.targetDedicatedNodes ?? 0) + (pool.targetLowPriorityNodes ?? 0);
  if (instances > 1 && instances > nodes) {
    const text = `it needs ${instances} nodes at once, and the pool asks for ${nodes}`;
    findings.push({ kind: 'stop', text, next: 'z resizes the pool' });
  }
  return findings;
}
