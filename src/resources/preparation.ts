import { defineResource, type Tone } from './types.ts';
import { type FailureInfo, sameWord, span, time } from './wire.ts';

interface Run {
  readonly state?: string;
  /** Where on the node it ran, from the node's root. */
  readonly taskRootDirectory?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly exitCode?: number;
  readonly result?: string;
  readonly retryCount?: number;
  readonly failureInfo?: FailureInfo;
}

/** @see https://learn.microsoft.com/rest/api/batchservice/job/list-preparation-and-release-task-status */
export interface Preparation {
  readonly poolId?: string;
  readonly nodeId?: string;
  readonly jobPreparationTaskExecutionInfo?: Run;
  readonly jobReleaseTaskExecutionInfo?: Run;
}

export const preparations = defineResource<Preparation>({
  name: 'preparations',
  singular: 'preparation',
  aliases: ['preparation', 'prep', 'release'],
  scopes: [['job']],
  help: "A job's preparation and release tasks, node by node",
  idOf: (row) => row.nodeId ?? '',
  selectable: false,
  deltas: false,
  columns: [
    {
      id: 'node',
      title: 'NODE',
      kind: 'text',
      maxWidth: 28,
      select: [],
      sortKey: 'N',
      value: (row) => row.nodeId,
    },
    {
      id: 'pool',
      title: 'POOL',
      kind: 'text',
      wide: true,
      select: [],
      sortKey: 'P',
      value: (row) => row.poolId,
    },
    {
      id: 'preparation',
      title: 'PREPARATION',
      kind: 'state',
      select: [],
      sortKey: 'S',
      value: (row) => outcome(row.jobPreparationTaskExecutionInfo),
      tone: (row) => runTone(row.jobPreparationTaskExecutionInfo),
    },
    {
      id: 'exit',
      title: 'EXIT',
      kind: 'number',
      select: [],
      sortKey: 'E',
      value: (row) => row.jobPreparationTaskExecutionInfo?.exitCode,
    },
    {
      id: 'took',
      title: 'TOOK',
      kind: 'duration',
      select: [],
      sortKey: 'D',
      value: (row) => took(row.jobPreparationTaskExecutionInfo),
    },
    {
      id: 'release',
      title: 'RELEASE',
      kind: 'state',
      select: [],
      sortKey: 'R',
      value: (row) => outcome(row.jobReleaseTaskExecutionInfo),
      tone: (row) => runTone(row.jobReleaseTaskExecutionInfo),
    },
    {
      id: 'releaseExit',
      title: 'R-EXIT',
      kind: 'number',
      select: [],
      value: (row) => row.jobReleaseTaskExecutionInfo?.exitCode,
    },
    {
      id: 'fault',
      title: 'FAILURE',
      kind: 'text',
      select: [],
      value: (row) =>
        row.jobPreparationTaskExecutionInfo?.failureInfo?.code ??
        row.jobReleaseTaskExecutionInfo?.failureInfo?.code,
      tone: () => 'bad',
    },
    {
      id: 'started',
      title: 'AGE',
      kind: 'age',
      select: [],
      sortKey: 'A',
      value: (row) => time(row.jobPreparationTaskExecutionInfo?.startTime),
    },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'running', test: (row) => runsOf(row).some((run) => sameWord(run.state, 'running')) },
    { label: 'completed', test: (row) => runsOf(row).every((run) => sameWord(run.state, 'completed')) },
    { label: 'failed', test: isFaulty },
  ],
  tone: (row) => {
    if (isFaulty(row)) return 'bad';
    return runsOf(row).some((run) => sameWord(run.state, 'running')) ? 'good' : 'done';
  },
  faulty: isFaulty,
  drill: (row) => {
    const { poolId, nodeId } = row;
    if (poolId === undefined || nodeId === undefined) return undefined;
    return { resource: 'files', scope: { pool: poolId, node: nodeId } };
  },
  actions: [],
});

function runsOf(row: Preparation): Run[] {
  return [row.jobPreparationTaskExecutionInfo, row.jobReleaseTaskExecutionInfo].filter(
    (run) => run !== undefined,
  );
}

function isFaulty(row: Preparation): boolean {
  return runsOf(row).some((run) => sameWord(run.result, 'failure'));
}

function outcome(run: Run | undefined): string | undefined {
  return run?.result ?? run?.state;
}

function runTone(run: Run | undefined): Tone | undefined {
  return sameWord(run?.result, 'failure') ? 'bad' : undefined;
}

function took(run: Run | undefined): number | undefined {
  return span(run?.startTime, run?.endTime);
}
