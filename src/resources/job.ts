import { JOB_COPIED } from './copied.ts';
import { JOB_EDITABLE } from './editable.ts';
import { JOB_FORM } from './job-form.ts';
import { type Content, defineResource, type Tone } from './types.ts';
import { type FailureInfo, sameWord, time } from './wire.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/job/get#cloudjob */
export interface Job {
  readonly id: string;
  readonly displayName?: string;
  readonly state?: string;
  readonly previousState?: string;
  readonly creationTime?: string;
  readonly stateTransitionTime?: string;
  readonly priority?: number;
  readonly usesTaskDependencies?: boolean;
  readonly onAllTasksComplete?: string;
  readonly poolInfo?: { readonly poolId?: string };
  readonly executionInfo?: {
    readonly poolId?: string;
    readonly startTime?: string;
    readonly endTime?: string;
    readonly terminateReason?: string;
    readonly schedulingError?: FailureInfo;
  };
  /** Not of the service's list: azb asks for it job by job. */
  readonly taskCounts?: Readonly<Record<'active' | 'running' | 'succeeded' | 'failed', number>>;
}

const ENDED = ['completed', 'deleting', 'terminating'];
const FAILED_REASONS = ['TaskFailed', 'MaxWallClockTimeExpiry'];

const OPEN_TASKS: readonly Content<Job>[] = [
  { noun: 'running task', of: (job) => job.taskCounts?.running },
  { noun: 'waiting task', of: (job) => job.taskCounts?.active },
];

export const jobs = defineResource<Job>({
  name: 'jobs',
  singular: 'job',
  aliases: ['job', 'j'],
  scopes: [[]],
  part: 'job',
  help: 'Jobs: collections of tasks',
  idOf: (job) => job.id,
  selectable: true,
  deltas: false,
  details: 'taskCounts',
  columns: [
    {
      id: 'id',
      title: 'ID',
      kind: 'text',
      select: ['id'],
      sortKey: 'N',
      maxWidth: 64,
      value: (job) => job.id,
    },
    {
      id: 'state',
      title: 'STATE',
      kind: 'state',
      select: ['state'],
      sortKey: 'S',
      value: (job) => job.state,
    },
    {
      id: 'previous',
      title: 'PREVIOUS',
      kind: 'state',
      wide: true,
      select: ['previousState'],
      value: (job) => job.previousState,
    },
    {
      id: 'active',
      title: 'ACTIVE',
      kind: 'number',
      detail: true,
      select: [],
      value: (job) => job.taskCounts?.active,
    },
    {
      id: 'running',
      title: 'RUNNING',
      kind: 'number',
      detail: true,
      select: [],
      value: (job) => job.taskCounts?.running,
    },
    {
      id: 'succeeded',
      title: 'OK',
      kind: 'number',
      detail: true,
      select: [],
      value: (job) => job.taskCounts?.succeeded,
    },
    {
      id: 'failed',
      title: 'FAILED',
      kind: 'number',
      detail: true,
      select: [],
      value: (job) => job.taskCounts?.failed,
      tone: (job) => ((job.taskCounts?.failed ?? 0) > 0 ? 'bad' : undefined),
    },
    {
      id: 'pool',
      title: 'POOL',
      kind: 'text',
      select: ['poolInfo', 'executionInfo'],
      sortKey: 'P',
      value: (job) => job.executionInfo?.poolId ?? job.poolInfo?.poolId,
    },
    {
      id: 'priority',
      title: 'PRIORITY',
      kind: 'number',
      wide: true,
      select: ['priority'],
      value: (job) => job.priority,
    },
    {
      id: 'dependencies',
      title: 'DEPS',
      kind: 'flag',
      wide: true,
      select: ['usesTaskDependencies'],
      value: (job) => job.usesTaskDependencies,
    },
    {
      id: 'onAllTasksComplete',
      title: 'WHEN-DONE',
      kind: 'text',
      wide: true,
      select: ['onAllTasksComplete'],
      value: (job) => job.onAllTasksComplete,
    },
    {
      id: 'reason',
      title: 'REASON',
      kind: 'text',
      select: ['executionInfo'],
      value: (job) => job.executionInfo?.schedulingError?.code ?? job.executionInfo?.terminateReason,
      tone: (job) => (isFaulty(job) ? 'bad' : undefined),
    },
    {
      id: 'since',
      title: 'SINCE',
      kind: 'age',
      select: ['stateTransitionTime'],
      sortKey: 'T',
      value: (job) => time(job.stateTransitionTime),
    },
    {
      id: 'created',
      title: 'AGE',
      kind: 'age',
      select: ['creationTime'],
      sortKey: 'A',
      value: (job) => time(job.creationTime),
    },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'active', odata: "state eq 'active'", test: (job) => sameWord(job.state, 'active') },
    { label: 'disabled', odata: "state eq 'disabled'", test: (job) => sameWord(job.state, 'disabled') },
    { label: 'completed', odata: "state eq 'completed'", test: (job) => sameWord(job.state, 'completed') },
    { label: 'faulty', detail: true, test: hasFaults },
  ],
  tone: jobTone,
  faulty: hasFaults,
  drill: (job) => ({ resource: 'tasks', scope: { job: job.id } }),
  actions: [
    {
      name: 'terminate',
      label: 'terminate',
      dangerous: true,
      warning: 'Running tasks are ended; tasks that have not started stay as they are.',
      within: OPEN_TASKS,
      disabled: (job) =>
        ENDED.some((state) => sameWord(job.state, state)) ? `the job is ${job.state} already` : undefined,
      az: (id) => `az batch job stop --job-id ${id}`,
    },
    {
      name: 'disable',
      label: 'disable',
      dangerous: true,
      within: OPEN_TASKS,
      options: [
        { argument: 'disableTasks', label: 'Its running tasks', values: ['requeue', 'terminate', 'wait'] },
      ],
      disabled: (job) => (sameWord(job.state, 'active') ? undefined : `only an active job can be disabled`),
      az: (id, _scope, args) => `az batch job disable --job-id ${id} --disable-tasks ${args.disableTasks}`,
    },
    {
      name: 'enable',
      label: 'enable',
      dangerous: true,
      disabled: (job) =>
        sameWord(job.state, 'disabled') || sameWord(job.state, 'disabling')
          ? undefined
          : 'the job is not disabled',
      az: (id) => `az batch job enable --job-id ${id}`,
    },
    {
      name: 'delete',
      label: 'delete',
      dangerous: true,
      warning: 'Tasks and their files go too.',
      within: [
        ...OPEN_TASKS,
        { noun: 'ended task', of: ({ taskCounts: counts }) => counts && counts.succeeded + counts.failed },
      ],
      disabled: (job) => (sameWord(job.state, 'deleting') ? 'it is being deleted already' : undefined),
      az: (id) => `az batch job delete --job-id ${id} --yes`,
    },
  ],
  form: JOB_FORM,
  editable: JOB_EDITABLE,
  copied: JOB_COPIED,
  summary: 'taskCounts',
});

function isFaulty(job: Job): boolean {
  const info = job.executionInfo;
  if (info?.schedulingError !== undefined) return true;
  return FAILED_REASONS.some((reason) => sameWord(info?.terminateReason, reason));
}

/** Also where tasks failed, the job's manager among them: of that the job itself says nothing. */
function hasFaults(job: Job): boolean {
  return isFaulty(job) || (job.taskCounts?.failed ?? 0) > 0;
}

function jobTone(job: Job): Tone {
  if (isFaulty(job)) return 'bad';
  if (sameWord(job.state, 'completed')) return 'done';
  if (sameWord(job.state, 'active')) return 'plain';
  if (sameWord(job.state, 'deleting')) return 'dim';
  return sameWord(job.state, 'disabled') ? 'waiting' : 'busy';
}
