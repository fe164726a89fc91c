import { SCHEDULE_COPIED } from './copied.ts';
import { SCHEDULE_EDITABLE } from './editable.ts';
import { JOB_SCHEDULE_FORM } from './job-schedule-form.ts';
import { defineResource } from './types.ts';
import { duration, sameWord, time } from './wire.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/job-schedule/get#cloudjobschedule */
export interface JobSchedule {
  readonly id: string;
  readonly state?: string;
  readonly creationTime?: string;
  readonly schedule?: { readonly recurrenceInterval?: string; readonly doNotRunAfter?: string };
  readonly jobSpecification?: { readonly poolInfo?: { readonly poolId?: string } };
  readonly executionInfo?: {
    readonly nextRunTime?: string;
    readonly endTime?: string;
    readonly recentJob?: { readonly id?: string };
  };
}

export const jobSchedules = defineResource<JobSchedule>({
  name: 'jobschedules',
  singular: 'jobschedule',
  aliases: ['jobschedule', 'schedules', 'schedule', 'sched', 'js'],
  scopes: [[]],
  help: 'Job schedules: jobs made again and again',
  idOf: (schedule) => schedule.id,
  selectable: true,
  deltas: false,
  columns: [
    {
      id: 'id',
      title: 'ID',
      kind: 'text',
      select: ['id'],
      sortKey: 'N',
      maxWidth: 64,
      value: (row) => row.id,
    },
    {
      id: 'state',
      title: 'STATE',
      kind: 'state',
      select: ['state'],
      sortKey: 'S',
      value: (row) => row.state,
    },
    {
      id: 'every',
      title: 'EVERY',
      kind: 'duration',
      select: ['schedule'],
      value: ({ schedule }) =>
        duration(schedule?.recurrenceInterval) ?? schedule?.recurrenceInterval ?? 'once',
    },
    {
      id: 'next',
      title: 'NEXT-RUN',
      kind: 'time',
      select: ['executionInfo'],
      sortKey: 'X',
      value: (row) => time(row.executionInfo?.nextRunTime),
    },
    {
      id: 'recent',
      title: 'RECENT-JOB',
      kind: 'text',
      select: ['executionInfo'],
      value: (row) => row.executionInfo?.recentJob?.id,
    },
    {
      id: 'pool',
      title: 'POOL',
      kind: 'text',
      select: ['jobSpecification'],
      sortKey: 'P',
      value: (row) => row.jobSpecification?.poolInfo?.poolId,
    },
    {
      id: 'created',
      title: 'AGE',
      kind: 'age',
      select: ['creationTime'],
      sortKey: 'A',
      value: (row) => time(row.creationTime),
    },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'active', odata: "state eq 'active'", test: (row) => sameWord(row.state, 'active') },
    { label: 'disabled', odata: "state eq 'disabled'", test: (row) => sameWord(row.state, 'disabled') },
    { label: 'completed', odata: "state eq 'completed'", test: (row) => sameWord(row.state, 'completed') },
  ],
  tone: (row) => {
    if (sameWord(row.state, 'active')) return 'plain';
    return sameWord(row.state, 'completed') ? 'done' : 'waiting';
  },
  faulty: () => false,
  drill: (row) => {
    const job = row.executionInfo?.recentJob?.id;
    return job === undefined ? undefined : { resource: 'tasks', scope: { job } };
  },
  actions: [
    {
      name: 'terminate',
      label: 'terminate',
      dangerous: true,
      warning: 'The job that it runs now is ended too.',
      az: (id) => `az batch job-schedule stop --job-schedule-id ${id}`,
    },
    {
      name: 'disable',
      label: 'disable',
      dangerous: true,
      disabled: (row) =>
        sameWord(row.state, 'active') ? undefined : 'only an active schedule can be disabled',
      az: (id) => `az batch job-schedule disable --job-schedule-id ${id}`,
    },
    {
      name: 'enable',
      label: 'enable',
      dangerous: true,
      disabled: (row) => (sameWord(row.state, 'disabled') ? undefined : 'the schedule is not disabled'),
      az: (id) => `az batch job-schedule enable --job-schedule-id ${id}`,
    },
    {
      name: 'delete',
      label: 'delete',
      dangerous: true,
      warning: 'Jobs of the schedule go too.',
      az: (id) => `az batch job-schedule delete --job-schedule-id ${id} --yes`,
    },
  ],
  form: JOB_SCHEDULE_FORM,
  editable: SCHEDULE_EDITABLE,
  copied: SCHEDULE_COPIED,
});
