import { checkDuration } from './duration-field.ts';
import { checkId, checkPool } from './id-range.ts';
import type { Entity, Form } from './types.ts';

interface ScheduleBody {
  readonly id?: string;
  readonly schedule?: { readonly recurrenceInterval?: string; readonly doNotRunUntil?: string };
  readonly jobSpecification?: {
    readonly poolInfo?: { readonly poolId?: string };
    readonly jobManagerTask?: { readonly commandLine?: string };
  };
}

/** A schedule of jobs on one pool, each begun by a job manager task that may add further ones. */
export const JOB_SCHEDULE_FORM: Form = {
  title: 'New job schedule',
  fields: (scope) => [
    { name: 'id', label: 'Id', kind: 'text', initial: 'myschedule', check: checkId },
    {
      name: 'poolId',
      label: 'Pool',
      kind: 'reference',
      resource: 'pools',
      initial: scope.pool ?? '',
      hint: 'the pool that its jobs run on; enter picks one',
      check: checkPool,
    },
    {
      name: 'recurrenceInterval',
      label: 'Every',
      kind: 'text',
      initial: 'PT1H',
      hint: 'PT30M, PT1H, P1D …; empty: one job, once',
      check: checkDuration,
    },
    {
      name: 'doNotRunUntil',
      label: 'Not before',
      kind: 'text',
      initial: '',
      hint: 'such as 2030-01-31T08:00:00Z; empty: at once',
      check: (value) =>
        value === '' || !Number.isNaN(Date.parse(value)) ? undefined : 'a time such as 2030-01-31T08:00:00Z',
    },
    {
      name: 'commandLine',
      label: 'Command line',
      kind: 'text',
      initial: "/bin/bash -c 'echo hello from $AZ_BATCH_JOB_ID'",
      hint: 'of the task that each job begins with; empty: none',
    },
  ],
  template: (values) => ({
    id: values.id,
    schedule: {
      ...(values.recurrenceInterval === '' ? {} : { recurrenceInterval: values.recurrenceInterval }),
      ...(values.doNotRunUntil === '' ? {} : { doNotRunUntil: values.doNotRunUntil }),
    },
    jobSpecification: {
      poolInfo: { poolId: values.poolId },
      ...(values.commandLine?.trim() === ''
        ? {}
        : { jobManagerTask: { id: 'manager', commandLine: values.commandLine } }),
    },
  }),
  read: (entity: Entity) => {
    const { id = '', schedule, jobSpecification } = entity as ScheduleBody;
    const poolId = jobSpecification?.poolInfo?.poolId;
    if (poolId === undefined) return undefined;
    return {
      id,
      poolId,
      recurrenceInterval: schedule?.recurrenceInterval ?? '',
      doNotRunUntil: schedule?.doNotRunUntil ?? '',
      commandLine: jobSpecification?.jobManagerTask?.commandLine ?? '',
    };
  },
  decides: [
    'id',
    'schedule.recurrenceInterval',
    'schedule.doNotRunUntil',
    'jobSpecification.poolInfo.poolId',
    'jobSpecification.jobManagerTask.commandLine',
  ],
};
