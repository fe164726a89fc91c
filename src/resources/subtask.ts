import { defineResource } from './types.ts';
import { type FailureInfo, sameWord, span, time } from './wire.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/task/list-subtasks#subtaskinformation */
export interface Subtask {
  readonly id: number;
  readonly state?: string;
  readonly nodeInfo?: {
    readonly poolId?: string;
    readonly nodeId?: string;
    readonly taskRootDirectory?: string;
  };
  readonly startTime?: string;
  readonly endTime?: string;
  readonly exitCode?: number;
  readonly result?: string;
  readonly failureInfo?: FailureInfo;
}

export const subtasks = defineResource<Subtask>({
  name: 'subtasks',
  singular: 'subtask',
  aliases: ['subtask', 'st'],
  scopes: [['job', 'task']],
  help: 'Subtasks of a multi-instance task; the task itself is the first one and is not listed',
  idOf: (subtask) => String(subtask.id),
  selectable: false,
  unfiltered: true,
  deltas: false,
  columns: [
    { id: 'id', title: 'ID', kind: 'number', select: [], sortKey: 'N', value: (row) => row.id },
    { id: 'state', title: 'STATE', kind: 'state', select: [], sortKey: 'S', value: (row) => row.state },
    { id: 'result', title: 'RESULT', kind: 'state', select: [], value: (row) => row.result },
    { id: 'exit', title: 'EXIT', kind: 'number', select: [], sortKey: 'E', value: (row) => row.exitCode },
    {
      id: 'node',
      title: 'NODE',
      kind: 'text',
      maxWidth: 28,
      select: [],
      sortKey: 'O',
      value: (row) => row.nodeInfo?.nodeId,
    },
    {
      id: 'duration',
      title: 'TOOK',
      kind: 'duration',
      select: [],
      sortKey: 'D',
      value: (row) => span(row.startTime, row.endTime),
    },
    {
      id: 'failure',
      title: 'FAILURE',
      kind: 'text',
      select: [],
      value: (row) => row.failureInfo?.code,
      tone: () => 'bad',
    },
    {
      id: 'started',
      title: 'AGE',
      kind: 'age',
      select: [],
      sortKey: 'A',
      value: (row) => time(row.startTime),
    },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'running', test: (row) => !sameWord(row.state, 'completed') },
    { label: 'completed', test: (row) => sameWord(row.state, 'completed') },
    { label: 'failed', test: isFailed },
  ],
  tone: (row) => {
    if (isFailed(row)) return 'bad';
    return sameWord(row.state, 'completed') ? 'done' : 'good';
  },
  faulty: isFailed,
  actions: [],
});

function isFailed(row: Subtask): boolean {
  return sameWord(row.result, 'failure');
}
