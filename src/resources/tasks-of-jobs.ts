import { jobTaskId, splitJobTaskId } from '../lib/job-task-id.ts';
import { TASK_EDITABLE } from './editable.ts';
import { type Task, tasks } from './task.ts';
import { type Action, type Column, defineResource, type Resource } from './types.ts';
import { sameWord } from './wire.ts';

/** A task among those of all jobs: the service says of a task everything but its job. */
export interface JobTask extends Task {
  readonly jobId: string;
}

const JOB: Column<JobTask> = {
  id: 'job',
  title: 'JOB',
  kind: 'text',
  select: ['jobId'],
  sortKey: 'J',
  maxWidth: 64,
  value: ({ jobId }) => jobId,
};

/** The columns of tasks with that of their job, and without those that say the same of every row. */
function columnsWithout(...left: readonly string[]): readonly Column<JobTask>[] {
  const [id, ...others] = tasks.columns.filter((column) => !left.includes(column.id));
  return id === undefined ? [JOB] : [id, JOB, ...others];
}

/** What can be done to a task, with the words for az taken from where it lives. */
function actionOfTask(action: Action<Task>): Action<JobTask> {
  const { az, ...rest } = action;
  if (az === undefined) return rest;
  return {
    ...rest,
    az: (id, _scope, args) => {
      const place = splitJobTaskId(id);
      return place === undefined ? az(id, {}, args) : az(place.task, { job: place.job }, args);
    },
  };
}

/** What lists of tasks of all jobs have in common: only which tasks they are of differs. */
const COMMON = {
  scopes: [[]],
  idOf: ({ jobId, id }: JobTask) => jobTaskId(jobId, id),
  selectable: true,
  deltas: false,
  once: true,
  home: ({ jobId, id }: JobTask) => ({ resource: tasks.name, scope: { job: jobId }, id }),
  alsoSelect: ['state', 'executionInfo'],
  tone: tasks.tone,
  faulty: tasks.faulty,
  drill: ({ jobId, id }: JobTask) => ({ resource: 'files', scope: { job: jobId, task: id } }),
  actions: tasks.actions.map(actionOfTask),
  editable: TASK_EDITABLE,
} as const satisfies Partial<Resource<JobTask>>;

export const failedTasks = defineResource<JobTask>({
  ...COMMON,
  name: 'failedtasks',
  singular: 'failedtask',
  aliases: ['failed', 'ft'],
  help: 'Tasks of all jobs that failed, the latest first',
  columns: columnsWithout('state', 'result'),
  defaultSort: { column: 'since', descending: false },
  stateFilters: [
    { label: 'with an exit code', test: ({ executionInfo }) => executionInfo?.exitCode !== undefined },
    { label: 'without one', test: ({ executionInfo }) => executionInfo?.exitCode === undefined },
  ],
});

export const runningTasks = defineResource<JobTask>({
  ...COMMON,
  name: 'runningtasks',
  singular: 'runningtask',
  aliases: ['running', 'rt'],
  help: 'Tasks of all jobs that run or prepare to, those that run longest first',
  columns: columnsWithout('result', 'exit', 'duration', 'failure'),
  defaultSort: { column: 'since', descending: true },
  stateFilters: [
    { label: 'running', test: ({ state }) => sameWord(state, 'running') },
    { label: 'preparing', test: ({ state }) => sameWord(state, 'preparing') },
  ],
});
