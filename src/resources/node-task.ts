import { defineResource } from './types.ts';
import { type FailureInfo, sameWord, span, time } from './wire.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/compute-node/get#taskinformation */
export interface NodeTask {
  readonly jobId?: string;
  /** Absent for a start task. */
  readonly taskId?: string;
  readonly subtaskId?: number;
  readonly taskState?: string;
  readonly executionInfo?: {
    readonly startTime?: string;
    readonly endTime?: string;
    readonly exitCode?: number;
    readonly result?: string;
    readonly failureInfo?: FailureInfo;
  };
}

export const nodeTasks = defineResource<NodeTask>({
  name: 'nodetasks',
  singular: 'nodetask',
  aliases: ['nodetask', 'nt'],
  scopes: [['pool', 'node']],
  help: 'The latest tasks of a node, ten at most: the service lists no more',
  idOf: (task) => [task.jobId, task.taskId, task.subtaskId].filter((part) => part !== undefined).join('/'),
  selectable: false,
  unfiltered: true,
  deltas: false,
  columns: [
    {
      id: 'task',
      title: 'TASK',
      kind: 'text',
      select: [],
      sortKey: 'N',
      maxWidth: 64,
      value: (task) => task.taskId,
    },
    {
      id: 'job',
      title: 'JOB',
      kind: 'text',
      select: [],
      sortKey: 'J',
      maxWidth: 64,
      value: (task) => task.jobId,
    },
    { id: 'state', title: 'STATE', kind: 'state', select: [], sortKey: 'S', value: (task) => task.taskState },
    { id: 'result', title: 'RESULT', kind: 'state', select: [], value: (task) => task.executionInfo?.result },
    {
      id: 'exit',
      title: 'EXIT',
      kind: 'number',
      select: [],
      sortKey: 'E',
      value: (task) => task.executionInfo?.exitCode,
    },
    {
      id: 'duration',
      title: 'TOOK',
      kind: 'duration',
      select: [],
      sortKey: 'D',
      value: (task) => span(task.executionInfo?.startTime, task.executionInfo?.endTime),
    },
    {
      id: 'started',
      title: 'AGE',
      kind: 'age',
      select: [],
      sortKey: 'A',
      value: (task) => time(task.executionInfo?.startTime),
    },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'running', test: (task) => sameWord(task.taskState, 'running') },
    { label: 'completed', test: (task) => sameWord(task.taskState, 'completed') },
    { label: 'failed', test: isFailed },
  ],
  tone: (task) => {
    if (isFailed(task)) return 'bad';
    return sameWord(task.taskState, 'running') ? 'good' : 'done';
  },
  faulty: isFailed,
  drill: (task) => {
    const { jobId, taskId } = task;
    if (jobId === undefined || taskId === undefined) return undefined;
    return { resource: 'files', scope: { job: jobId, task: taskId } };
  },
  actions: [],
});

function isFailed(task: NodeTask): boolean {
  return sameWord(task.executionInfo?.result, 'failure');
}
