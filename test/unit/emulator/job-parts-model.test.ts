import { describe, expect, it } from 'vitest';
import { createTaskToken, readTaskToken } from '../../../emulator/http/task-token.ts';
import { autoPoolId, schedulingError, withAutoPoolDefaults } from '../../../emulator/model/auto-pool.ts';
import type { StartTaskInformation } from '../../../emulator/model/entities.ts';
import {
  afterReboot,
  afterReimage,
  type JobNodeRecord,
  needsRelease,
  readinessOf,
} from '../../../emulator/model/job-node.ts';

const INFO: StartTaskInformation = { state: 'completed', startTime: '2024-01-01T00:00:00Z', retryCount: 0 };
const nodeWith = (preparation?: Partial<StartTaskInformation>): JobNodeRecord => ({
  jobNumber: 1,
  jobId: 'j',
  poolId: 'p',
  nodeId: 'n',
  preparation: preparation === undefined ? undefined : { ...INFO, ...preparation },
});
const ready = nodeWith({ result: 'success' });
const failed = nodeWith({ result: 'failure' });
const running = nodeWith({ state: 'running' });

describe('the preparation of a node for a job', () => {
  it('is needed, under way, done, or failed', () => {
    expect(readinessOf(undefined)).toBe('needed');
    expect([nodeWith(), running, ready, failed].map(readinessOf)).toEqual([
      'needed',
      'running',
      'ready',
      'failed',
    ]);
  });

  it('is repeated after a reboot if it was cut off, or succeeded and is to be repeated', () => {
    const rebooted = (rerun: boolean) =>
      [running, ready, failed].map((record) => readinessOf(afterReboot(record, rerun)));
    expect(rebooted(true)).toEqual(['needed', 'needed', 'failed']);
    expect(rebooted(false)).toEqual(['needed', 'ready', 'failed']);
  });

  it('is needed anew on a reimaged node, whatever became of it', () => {
    expect([running, ready, failed].map((record) => readinessOf(afterReimage(record)))).toEqual([
      'needed',
      'needed',
      'needed',
    ]);
  });

  it('calls for a release where tasks could run, once', () => {
    expect([nodeWith(), running, ready, failed].map((record) => needsRelease(record, true))).toEqual([
      false,
      false,
      true,
      false,
    ]);
    expect(needsRelease(failed, false)).toBe(true);
    expect(needsRelease({ ...ready, release: { ...INFO, state: 'running' } }, true)).toBe(true);
    expect(needsRelease({ ...ready, release: INFO }, true)).toBe(false);
    expect(needsRelease(afterReboot(ready, true), true)).toBe(true);
    expect(needsRelease(afterReimage(ready), true)).toBe(false);
  });
});

describe('auto pools', () => {
  it('have ids of their own', () => {
    expect(autoPoolId('pre')).toMatch(/^pre_[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
    expect(autoPoolId(undefined)).toMatch(/^[0-9A-F]{8}-/);
    expect(autoPoolId('pre')).not.toBe(autoPoolId('pre'));
  });

  it('are shown with the defaults of a pool, and without targets when they scale', () => {
    const shown = (pool: Record<string, unknown>) =>
      withAutoPoolDefaults({ autoPoolSpecification: { poolLifetimeOption: 'job', pool } })
        .autoPoolSpecification;
    expect(shown({ vmSize: 'STANDARD_D2', startTask: { commandLine: 'x' } })).toMatchObject({
      keepAlive: false,
      pool: { vmSize: 'standard_d2', targetDedicatedNodes: 0, startTask: { waitForSuccess: true } },
    });
    expect(shown({ vmSize: 'a', enableAutoScale: true })?.pool).not.toHaveProperty('targetDedicatedNodes');
    expect(withAutoPoolDefaults({ poolId: 'p' })).toEqual({ poolId: 'p' });
  });

  it('that are refused give their job an error of its own kind', () => {
    const codeFor = (code: Parameters<typeof schedulingError>[0]['code']) =>
      schedulingError({ code, message: 'no', values: [{ key: 'Reason', value: 'because' }] });
    expect(codeFor('PoolQuotaReached').code).toBe('AutoPoolCreationFailedWithQuotaReached');
    expect(codeFor('AutoScalingFormulaSyntaxError').code).toBe('InvalidAutoScaleFormulaInAutoPool');
    expect(codeFor('InvalidPropertyValue')).toMatchObject({
      category: 'UserError',
      code: 'InvalidAutoPoolSettings',
      details: [{ name: 'Reason', value: 'because' }],
    });
  });
});

describe("tasks' tokens", () => {
  const key = Buffer.from('the key of the account').toString('base64');
  const token = createTaskToken(key, { jobId: 's:job-1', jobNumber: 17 });

  it('say what they open', () => {
    expect(readTaskToken(key, token)).toEqual({ jobId: 's:job-1', jobNumber: 17 });
  });

  it('are worth nothing when changed, cut, or made with another key', () => {
    const [content = '', signature = ''] = token.split('.');
    const other = Buffer.from(JSON.stringify(['other', 17])).toString('base64url');
    for (const wrong of [`${other}.${signature}`, content, `${content}.`, `${token}.x`, '', '.', 'x.y']) {
      expect(readTaskToken(key, wrong)).toBeUndefined();
    }
    expect(readTaskToken(Buffer.from('another').toString('base64'), token)).toBeUndefined();
  });
});
