import { TASK_COPIED } from './copied.ts';
import { TASK_EDITABLE } from './editable.ts';
import { TASK_FORM } from './task-form.ts';
import { defineResource, type Tone } from './types.ts';
import { type FailureInfo, sameWord, span, time } from './wire.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/task/get#cloudtask */
export interface Task {
  readonly id: string;
  readonly displayName?: string;
  readonly state?: string;
  readonly creationTime?: string;
  readonly stateTransitionTime?: string;
  readonly commandLine?: string;
  readonly requiredSlots?: number;
  readonly nodeInfo?: { readonly poolId?: string; readonly nodeId?: string };
  readonly executionInfo?: {
    readonly startTime?: string;
    readonly endTime?: string;
    readonly exitCode?: number;
    readonly result?: string;
    readonly retryCount?: number;
    readonly requeueCount?: number;
    readonly failureInfo?: FailureInfo;
  };
}

export const tasks = defineResource<Task>({
  name: 'tasks',
  singular: 'task',
  aliases: ['task', 't'],
  scopes: [['job']],
  part: 'task',
  help: 'Tasks of a job',
  everywhere: ['failedtasks', 'runningtasks'],
  idOf: (task) => task.id,
  selectable: true,
  deltas: true,
  seekable: true,
  counted: 'taskcounts',
  columns: [
    {
      id: 'id',
      title: 'ID',
      kind: 'text',
      select: ['id'],
      sortKey: 'N',
      maxWidth: 64,
      value: (task) => task.id,
    },
    {
      id: 'state',
      title: 'STATE',
      kind: 'state',
      select: ['state'],
      sortKey: 'S',
      value: (task) => task.state,
    },
    {
      id: 'result',
      title: 'RESULT',
      kind: 'state',
      select: ['executionInfo'],
      value: (task) => task.executionInfo?.result,
    },
    {
      id: 'exit',
      title: 'EXIT',
      kind: 'number',
      select: ['executionInfo'],
      sortKey: 'E',
      odata: 'executionInfo/exitCode',
      value: (task) => task.executionInfo?.exitCode,
    },
    {
      id: 'retries',
      title: 'RETRIES',
      kind: 'number',
      select: ['executionInfo'],
      value: (task) => task.executionInfo?.retryCount,
    },
    {
      id: 'requeues',
      title: 'REQUEUES',
      kind: 'number',
      wide: true,
      select: ['executionInfo'],
      value: (task) => task.executionInfo?.requeueCount,
    },
    {
      id: 'node',
      title: 'NODE',
      kind: 'text',
      maxWidth: 13,
      select: ['nodeInfo'],
      sortKey: 'O',
      value: (task) => task.nodeInfo?.nodeId,
    },
    {
      id: 'duration',
      title: 'TOOK',
      kind: 'duration',
      select: ['executionInfo'],
      sortKey: 'D',
      value: (task) => span(task.executionInfo?.startTime, task.executionInfo?.endTime),
    },
    {
      id: 'failure',
      title: 'FAILURE',
      kind: 'text',
      select: ['executionInfo'],
      value: (task) => task.executionInfo?.failureInfo?.code,
      tone: () => 'bad',
    },
    {
      id: 'command',
      title: 'COMMAND',
      kind: 'text',
      wide: true,
      maxWidth: 80,
      select: ['commandLine'],
      value: (task) => task.commandLine,
    },
    {
      id: 'since',
      title: 'SINCE',
      kind: 'age',
      select: ['stateTransitionTime'],
      sortKey: 'T',
      value: (task) => time(task.stateTransitionTime),
    },
    {
      id: 'created',
      title: 'AGE',
      kind: 'age',
      select: ['creationTime'],
      sortKey: 'A',
      value: (task) => time(task.creationTime),
    },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'active', odata: "state eq 'active'", test: (task) => sameWord(task.state, 'active') },
    {
      label: 'running',
      odata: "(state eq 'running' or state eq 'preparing')",
      test: (task) => sameWord(task.state, 'running') || sameWord(task.state, 'preparing'),
    },
    { label: 'completed', odata: "state eq 'completed'", test: (task) => sameWord(task.state, 'completed') },
    {
      label: 'failed',
      odata: "state eq 'completed' and executionInfo/result eq 'failure'",
      test: isFailed,
    },
  ],
  tone: taskTone,
  faulty: isFailed,
  drill: (task, scope) => ({ resource: 'files', scope: { ...scope, task: task.id } }),
  actions: [
    {
      name: 'terminate',
      label: 'terminate',
      dangerous: true,
      disabled: (task) => (sameWord(task.state, 'completed') ? 'the task has completed already' : undefined),
      az: (id, scope) => `az batch task stop --job-id ${scope.job} --task-id ${id}`,
    },
    {
      name: 'reactivate',
      label: 'rerun',
      dangerous: true,
      disabled: (task) => (isFailed(task) ? undefined : 'only a completed task that failed can run again'),
      az: (id, scope) => `az batch task reactivate --job-id ${scope.job} --task-id ${id}`,
    },
    {
      name: 'delete',
      label: 'delete',
      dangerous: true,
      removes: true,
      warning: 'Files on the node go too.',
      az: (id, scope) => `az batch task delete --job-id ${scope.job} --task-id ${id} --yes`,
    },
  ],
  form: TASK_FORM,
  editable: TASK_EDITABLE,
  copied: TASK_COPIED,
});

function isFailed(task: Task): boolean {
  return sameWord(task.state, 'completed') && sameWord(task.executionInfo?.result, 'failure');
}

function taskTone(task: Task): Tone {
  if (isFailed(task)) return 'bad';
  if (sameWord(task.state, 'running')) return 'good';
  if (sameWord(task.state, 'preparing')) return 'busy';
  return sameWord(task.state, 'completed') ? 'done' : 'plain';
}
