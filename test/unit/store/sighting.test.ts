import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../src/lib/errors.ts';
import { type Awaited, sight } from '../../../src/store/sighting.ts';
import { job, pool, task } from '../../support/samples.ts';
import { NO_COUNTS, notFound, page, scriptedPort } from '../../support/scripted-port.ts';

const NEVER = new AbortController().signal;
const JOB: Awaited = { resource: 'jobs', scope: {}, id: 'myjob', until: 'done' };
const POOL: Awaited = { resource: 'pools', scope: {}, id: 'mypool', until: 'ready' };
const TASK: Awaited = { resource: 'tasks', scope: { job: 'myjob' }, id: 't1', until: 'done' };

const seeJob = (changes: object, counts: object = {}) => {
  const tasks = { ...NO_COUNTS, ...counts };
  const port = scriptedPort({
    get: async () => job('myjob', changes),
    taskCounts: async () => ({ tasks, slots: tasks }),
  });
  return sight(port, JOB, NEVER);
};

const seePool = (changes: object, dedicated: object, until: Awaited['until'] = 'ready') => {
  const port = scriptedPort({
    get: async () => pool('mypool', changes),
    listPage: async () => page([{ poolId: 'mypool', dedicated }]),
  });
  return sight(port, { ...POOL, until }, NEVER);
};

const seeTask = (changes: object) =>
  sight(scriptedPort({ get: async () => task('t1', changes) }), TASK, NEVER);

describe('what is waited for', () => {
  test('a job is over when none of its tasks is left, or when it is completed', async () => {
    const some = { active: 1, completed: 3, succeeded: 2, failed: 1 };
    expect(await seeJob({ executionInfo: {} }, some)).toEqual({
      text: 'job myjob: 3 of 4 tasks completed, 1 failed',
      isOver: false,
      isBad: false,
      troubles: 1,
    });
    const all = { completed: 4, succeeded: 4 };
    expect(await seeJob({ executionInfo: {} }, all)).toMatchObject({
      text: 'job myjob: all 4 tasks completed',
      isOver: true,
      isBad: false,
    });
    expect(await seeJob({ executionInfo: {} })).toMatchObject({ isOver: false });
    expect(await seeJob({ executionInfo: {} }, { completed: 1 })).toMatchObject({
      text: 'job myjob: all 1 task completed',
    });
    const ended = { state: 'completed', executionInfo: { terminateReason: 'UserTerminate' } };
    expect(await seeJob(ended)).toMatchObject({ text: 'job myjob: no tasks, UserTerminate', isOver: true });
    expect(await seeJob(ended, some)).toMatchObject({
      text: 'job myjob: 3 of 4 tasks completed, 1 failed, UserTerminate',
      isOver: true,
      isBad: true,
    });
  });

  test('a pool is ready when its resize is over and no node is on its way', async () => {
    const coming = { idle: 1, starting: 2, total: 3 };
    expect(await seePool({ allocationState: 'resizing' }, coming)).toMatchObject({
      text: 'pool mypool: 3 nodes, resizing, 2 starting',
      isOver: false,
    });
    expect(await seePool({}, coming)).toMatchObject({ isOver: false });
    expect(await seePool({}, { idle: 3, total: 3 })).toMatchObject({ isOver: true, isBad: false });
  });

  test('a pool went badly with nodes of no use or an error of its resize', async () => {
    expect(await seePool({}, { startTaskFailed: 1, idle: 2, total: 3 })).toMatchObject({
      text: 'pool mypool: 3 nodes, 1 of no use',
      isOver: true,
      isBad: true,
    });
    const resizeErrors = [{ code: 'AccountCoreQuotaReached' }];
    expect(await seePool({ resizeErrors }, { total: 0 })).toMatchObject({ isBad: true, troubles: 1 });
  });

  test('a pool is idle when no node runs anything', async () => {
    expect(await seePool({}, { running: 1, idle: 2, total: 3 }, 'idle')).toMatchObject({ isOver: false });
    expect(await seePool({}, { idle: 3, total: 3 }, 'idle')).toMatchObject({ isOver: true });
  });

  test('a task is over when it is completed', async () => {
    expect(await seeTask({ state: 'running', executionInfo: {} })).toMatchObject({ isOver: false });
    const failed = { exitCode: 3, result: 'Failure', failureInfo: { code: 'FailureExitCode' } };
    expect(await seeTask({ state: 'completed', executionInfo: failed })).toEqual({
      text: 'task myjob/t1: completed, exit code 3, FailureExitCode',
      isOver: true,
      isBad: true,
      troubles: 1,
    });
  });

  test('what does not exist is over, and other refusals are told', async () => {
    const gone = scriptedPort({ get: async () => Promise.reject(notFound('TaskNotFound')) });
    expect(await sight(gone, TASK, NEVER)).toMatchObject({
      text: 'task myjob/t1 does not exist',
      isOver: true,
      isBad: true,
    });
    const busy = new ServiceError({ status: 503, code: 'ServerBusy', message: 'busy' });
    await expect(sight(scriptedPort({ get: async () => Promise.reject(busy) }), TASK, NEVER)).rejects.toBe(
      busy,
    );
  });
});
