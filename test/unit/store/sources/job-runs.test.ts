import { describe, expect, test } from 'vitest';
import type { ListQuery } from '../../../../src/api/port.ts';
import { JobRuns } from '../../../../src/store/sources/job-runs.ts';
import { ago, job, MINUTE, NOW, pool, SECOND, task } from '../../../support/samples.ts';
import { NO_COUNTS, notFound, page, scriptedPort } from '../../../support/scripted-port.ts';

const NEVER = new AbortController().signal;

const done = (id: string, since = MINUTE) =>
  task(id, {
    state: 'completed',
    executionInfo: { startTime: ago(since + SECOND), endTime: ago(since), exitCode: 0, result: 'success' },
  });

/** A job with so many completed tasks; a page holds a thousand. */
function jobOf(completed: number) {
  const pageOf = ({ filter = '', next }: ListQuery) => {
    if (filter.includes('running')) return page([]);
    if (filter.includes(' ge ')) return page([done('late')]);
    const first = next === undefined ? 0 : Number(next);
    const rows = Array.from({ length: Math.min(1000, completed - first) }, (_, at) => done(`t${first + at}`));
    return page(rows, first + 1000 < completed ? String(first + 1000) : undefined);
  };
  const tasks = { ...NO_COUNTS, completed };
  return scriptedPort({
    get: async (resource) => (resource === 'jobs' ? job('myjob') : pool('mypool')),
    taskCounts: async () => ({ tasks, slots: tasks }),
    listPage: async (_resource, _scope, query) => pageOf(query),
  });
}

const filters = (port: ReturnType<typeof jobOf>) =>
  port.asked('listPage').map(([, , query]) => {
    const { filter, next } = query as ListQuery;
    return next ?? filter;
  });

describe('the runs of a job', () => {
  test('are all read where there are few thousand, and then what completed since', async () => {
    const port = jobOf(2500);
    const runs = new JobRuns(port, 'myjob');
    const facts = await runs.look(NEVER);
    expect(facts).toMatchObject({ isSample: false, pool: { vmSize: 'standard_a1_v2' }, now: NOW });
    expect(facts.completed).toHaveLength(2500);
    expect(filters(port)).toEqual(["state eq 'completed'", '1000', '2000', "state eq 'running'"]);
    const before = port.calls.length;
    expect((await runs.look(NEVER)).completed).toHaveLength(2501);
    expect(port.calls).toHaveLength(before + 4);
    expect(filters(port)[4]).toMatch(/^state eq 'completed' and stateTransitionTime ge DateTime'/);
  });

  test('are a sample of a larger job, and all that completed of late', async () => {
    const port = jobOf(100_000);
    const facts = await new JobRuns(port, 'myjob').look(NEVER);
    expect(facts).toMatchObject({ isSample: true, knownFrom: NOW - 10 * MINUTE });
    expect(facts.completed).toHaveLength(3001);
    expect(filters(port)[3]).toMatch(/^state eq 'completed' and executionInfo\/endTime ge DateTime'/);
    expect(port.calls.length).toBeLessThanOrEqual(9);
  });

  test('leave out tasks that never ran, and do without a pool that is gone', async () => {
    const port = jobOf(0);
    port.play({
      get: async (resource) => {
        if (resource === 'pools') throw notFound('PoolNotFound');
        return job('myjob');
      },
      listPage: async () => page([task('never', { state: 'completed', executionInfo: {} }), done('t1')]),
    });
    const facts = await new JobRuns(port, 'myjob').look(NEVER);
    expect(facts.completed.map(({ task: id }) => id)).toEqual(['t1']);
    expect(facts.pool).toBeUndefined();
  });
});
