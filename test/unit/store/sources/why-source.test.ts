import { describe, expect, test } from 'vitest';
import type { JobProgress } from '../../../../src/resources/progress.ts';
import { documentKey } from '../../../../src/store/keys-of.ts';
import { ProgressSource } from '../../../../src/store/sources/progress-source.ts';
import { type Explanation, WhySource } from '../../../../src/store/sources/why-source.ts';
import type { DocumentState, TextView } from '../../../../src/store/state.ts';
import { textView, whyView } from '../../../../src/store/views.ts';
import { ago, job, MINUTE, pool, SECOND, task } from '../../../support/samples.ts';
import { NO_COUNTS, page } from '../../../support/scripted-port.ts';
import { storeKit } from '../../../support/store-kit.ts';

const NEVER = new AbortController().signal;
const VIEW = whyView('jobs', {}, 'myjob');
const PROGRESS = textView('progress', 'jobs', {}, 'myjob');

const done = (number: number, since: number) =>
  task(`t${number}`, {
    state: 'completed',
    executionInfo: { startTime: ago(since + SECOND), endTime: ago(since), exitCode: 0, result: 'success' },
  });

/** A job that began two hours ago and of which so many tasks have ended, one every `apart` milliseconds. */
function whyOn(ended: number, apart: number, total = ended + 100) {
  const kit = storeKit({ view: VIEW });
  const tasks = { ...NO_COUNTS, active: total - ended, completed: ended, succeeded: ended };
  const rows = Array.from({ length: ended }, (_, number) => done(number, number * apart + SECOND));
  kit.port.play({
    get: async (resource) =>
      resource === 'jobs'
        ? job('myjob', { creationTime: ago(120 * MINUTE), executionInfo: { startTime: ago(120 * MINUTE) } })
        : pool('mypool'),
    taskCounts: async () => ({ tasks, slots: tasks }),
    listPage: async (resource, _scope, { filter = '' }) =>
      page(resource === 'tasks' && filter.includes('completed') ? rows : []),
  });
  const context = { store: kit.store, port: kit.port, now: () => kit.timing.now() };
  const entityOf = (view: TextView) =>
    (kit.store.getState().documents[documentKey(view)] as DocumentState).entity;
  return {
    ...kit,
    rows,
    why: new WhySource(context, VIEW),
    progress: new ProgressSource(context, PROGRESS),
    told: () => (entityOf(VIEW) as Explanation).findings[0]?.text,
    latest: () => entityOf(PROGRESS) as JobProgress,
  };
}

describe('why a job does not run', () => {
  test.each([
    ['of the last ten minutes', 200, 10 * SECOND, ': 6.0 a minute, about 16m40s left', 6],
    ['of the last hour, where fewer than ten ended in ten minutes', 20, 2 * MINUTE, ': 20 an hour', 20 / 60],
    ['of all the time, where fewer ended in an hour', 3, 2 * MINUTE, ': 1.5 an hour', 1.5 / 60],
  ])('tells the pace %s, which is that of its progress', async (_, ended, apart, text, perMinute) => {
    const { why, progress, told, latest } = whyOn(ended, apart);
    await why.tick(NEVER);
    await progress.tick(NEVER);
    expect(told()).toContain(text);
    expect(latest().recent?.perMinute).toBeCloseTo(perMinute, 5);
  });

  test('does not wait with the reasons for the pace, and asks later only for what ended since', async () => {
    const { why, told, port, rows } = whyOn(200, 10 * SECOND);
    const early: (string | undefined)[] = [];
    port.play({
      listPage: async (resource, _scope, { filter = '' }) => {
        if (resource !== 'tasks') return page([]);
        if (!filter.includes(' ge ')) early.push(told());
        return page(filter.includes(' ge ') ? rows.slice(0, 5) : rows);
      },
    });
    await why.tick(NEVER);
    expect(early).toEqual(['200 of 300 tasks ended, 66%, 0 running, 100 waiting']);
    await why.tick(NEVER);
    const filters = port
      .asked('listPage')
      .filter(([resource]) => resource === 'tasks')
      .map(([, , query]) => (query as { filter?: string }).filter);
    expect(filters).toHaveLength(2);
    expect(filters[1]).toContain('stateTransitionTime ge');
    expect(told()).toContain(': 6.0 a minute');
  });

  test('asks for no pace of a job in which nothing is left to do', async () => {
    const { why, told, port } = whyOn(200, 10 * SECOND, 200);
    await why.tick(NEVER);
    expect(told()).toBe('200 of 200 tasks ended, 100%, 0 running, 0 waiting');
    expect(port.asked('listPage').filter(([resource]) => resource === 'tasks')).toEqual([]);
  });
});
