import { checkId, checkPool } from './id-range.ts';
import type { Form } from './types.ts';

export const JOB_FORM: Form = {
  title: 'New job',
  fields: (scope) => [
    { name: 'id', label: 'Id', kind: 'text', initial: 'myjob', check: checkId },
    {
      name: 'poolId',
      label: 'Pool',
      kind: 'reference',
      resource: 'pools',
      initial: scope.pool ?? '',
      hint: 'the pool that its tasks run on; enter picks one',
      check: checkPool,
    },
    {
      name: 'priority',
      label: 'Priority',
      kind: 'integer',
      initial: '0',
      hint: '-1000 to 1000, higher first',
      check: (value) => {
        const number = Number(value);
        return /^-?\d{1,4}$/.test(value) && number >= -1000 && number <= 1000
          ? undefined
          : 'from -1000 to 1000';
      },
    },
    {
      name: 'usesTaskDependencies',
      label: 'Dependencies',
      kind: 'flag',
      initial: 'no',
      hint: 'its tasks may depend on each other',
    },
  ],
  template: (values) => {
    const priority = Number(values.priority ?? '0');
    return {
      id: values.id,
      poolInfo: { poolId: values.poolId },
      ...(priority === 0 ? {} : { priority }),
      ...(values.usesTaskDependencies === 'yes' ? { usesTaskDependencies: true } : {}),
    };
  },
  read: (body) => {
    const { id = '', poolInfo, priority = 0, usesTaskDependencies } = body as JobBody;
    if (poolInfo?.poolId === undefined) return undefined;
    return {
      id,
      poolId: poolInfo.poolId,
      priority: String(priority),
      usesTaskDependencies: usesTaskDependencies === true ? 'yes' : 'no',
    };
  },
  decides: ['id', 'poolInfo.poolId', 'priority', 'usesTaskDependencies'],
};

interface JobBody {
  readonly id?: string;
  readonly poolInfo?: { readonly poolId?: string };
  readonly priority?: number;
  readonly usesTaskDependencies?: boolean;
}
