import { describe, expect, it } from 'vitest';
import { JOB_COPIED, POOL_COPIED, TASK_COPIED } from '../../../../src/resources/copied.ts';
import { JOB_FORM } from '../../../../src/resources/job-form.ts';
import { JOB_SCHEDULE_FORM } from '../../../../src/resources/job-schedule-form.ts';
import { POOL_FORM } from '../../../../src/resources/pool-form.ts';
import { TASK_FORM } from '../../../../src/resources/task-form.ts';
import type { Form } from '../../../../src/resources/types.ts';
import { bodyOf, copyOf, freeId } from '../../../../src/store/forms/body.ts';

const POOL = {
  id: 'p1',
  url: 'https://x/pools/p1',
  eTag: '0x1',
  state: 'active',
  vmSize: 'standard_d2s_v3',
  virtualMachineConfiguration: {
    imageReference: { publisher: 'canonical', offer: 'jammy', sku: '22_04-lts', version: 'latest' },
    nodeAgentSKUId: 'batch.node.ubuntu 22.04',
    licenseType: 'x',
  },
  currentDedicatedNodes: 2,
  targetDedicatedNodes: 3,
  targetLowPriorityNodes: 1,
  taskSlotsPerNode: 4,
  startTask: { commandLine: 'true' },
};

/** The body that a copy form sends when nothing is typed. */
function copied(form: Form, body: object): object {
  const values = form.read?.(body);
  if (values === undefined) throw new Error('the form cannot show this body');
  return bodyOf(form, values, body);
}

describe('a copy', () => {
  it('keeps what a pool is made with and loses what the service wrote', () => {
    const { currentDedicatedNodes: _, url: _url, eTag: _tag, state: _state, ...wanted } = POOL;
    expect(copyOf(POOL, POOL_COPIED, 'p2')).toEqual({ ...wanted, id: 'p2' });
  });

  it('of an autoscaling pool has its formula and no targets', () => {
    const pool = { ...POOL, enableAutoScale: true, autoScaleFormula: '$TargetDedicatedNodes=1;' };
    const copy = copyOf(pool, POOL_COPIED, 'p2');
    expect(copy).toMatchObject({ enableAutoScale: true, autoScaleFormula: '$TargetDedicatedNodes=1;' });
    expect(copy).not.toHaveProperty('targetDedicatedNodes');
    expect(POOL_FORM.read?.(copy)).toBeUndefined();
  });

  it('loses the duration that stands for no limit', () => {
    const constraints = { maxWallClockTime: 'P10675199DT2H48M5.4775807S', maxTaskRetryCount: 0 };
    expect(copyOf({ id: 'j', constraints }, JOB_COPIED, 'j2')).toEqual({
      id: 'j2',
      constraints: { maxTaskRetryCount: 0 },
    });
  });

  it('of a job does not end itself for want of tasks', () => {
    expect(copyOf({ id: 'j', onAllTasksComplete: 'terminatejob' }, JOB_COPIED, 'k')).toEqual({ id: 'k' });
  });
});

describe('a copy form', () => {
  it('sends the body as it was when nothing is typed', () => {
    const pool = copyOf(POOL, POOL_COPIED, 'p2');
    expect(copied(POOL_FORM, pool)).toEqual(pool);
    const job = copyOf(
      { id: 'j', poolInfo: { poolId: 'p' }, priority: 5, usesTaskDependencies: true, displayName: 'J' },
      JOB_COPIED,
      'k',
    );
    expect(copied(JOB_FORM, job)).toEqual(job);
    const task = copyOf(
      {
        id: 't',
        commandLine: 'true',
        requiredSlots: 2,
        constraints: { retentionTime: 'P1D', maxTaskRetryCount: 2 },
      },
      TASK_COPIED,
      'u',
    );
    expect(copied(TASK_FORM, task)).toEqual(task);
    const schedule = {
      id: 's',
      schedule: { recurrenceInterval: 'PT1H', startWindow: 'PT5M' },
      jobSpecification: {
        poolInfo: { poolId: 'p' },
        priority: 3,
        jobManagerTask: { id: 'm', commandLine: 'true', killJobOnCompletion: false },
      },
    };
    expect(copied(JOB_SCHEDULE_FORM, schedule)).toEqual(schedule);
  });

  it('lets a field go back to the default that the form leaves out', () => {
    const body = { id: 'j', poolInfo: { poolId: 'p' }, priority: 5 };
    expect(bodyOf(JOB_FORM, { ...JOB_FORM.read?.(body), priority: '0' }, body)).toEqual({
      id: 'j',
      poolInfo: { poolId: 'p' },
    });
  });

  it('cannot show a pinned image', () => {
    const machine = POOL.virtualMachineConfiguration;
    const pinned = { ...machine, imageReference: { ...machine.imageReference, version: '1.2.3' } };
    expect(POOL_FORM.read?.({ ...POOL, virtualMachineConfiguration: pinned })).toBeUndefined();
  });
});

describe('freeId', () => {
  it('counts on where a copy is there already', () => {
    const taken = (id: string) => ['p-copy', 'p-copy2'].includes(id);
    expect(freeId('p', () => false)).toBe('p-copy');
    expect(freeId('p', taken)).toBe('p-copy3');
    expect(freeId('p-copy2', taken)).toBe('p-copy3');
  });

  it('stays within the 64 characters of an id', () => {
    expect(freeId('x'.repeat(64), () => false)).toHaveLength(64);
  });
});
