import { describe, expect, test } from 'vitest';
import { rateText } from '../../../../src/resources/pace.ts';
import type { JobProgress } from '../../../../src/resources/progress.ts';
import type { Task } from '../../../../src/resources/task.ts';
import type { Entity } from '../../../../src/resources/types.ts';
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

/** What ended from a time on, if the filter says so, of tasks of which the last one ended first. */
function endedIn(rows: readonly Entity[], filter: string): readonly Entity[] {
  const from = /endTime ge DateTime'([^']+)'/.exec(filter)?.[1];
  if (from === undefined) return rows;
  return rows.filter((row) => ((row as Task).executionInfo?.endTime ?? '') >= from);
}

/** A job that began two hours ago and of which so many tasks have ended, one every `apart` milliseconds. */
function whyOn(ended: number, apart: number, total = ended + 100, began = 120 * MINUTE) {
  const kit = storeKit({ view: VIEW });
  const tasks = { ...NO_COUNTS, active: total - ended, completed: ended, succeeded: ended };
  const rows = Array.from({ length: ended }, (_, number) => done(number, number * apart + SECOND));
  kit.port.play({
    get: async (resource) =>
      resource === 'jobs'
        ? job('myjob', { creationTime: ago(began), executionInfo: { startTime: ago(began) } })
        : pool('mypool'),
    taskCounts: async () => ({ tasks, slots: tasks }),
    listPage: async (resource, _scope, { filter = '', next }) => {
      const [asked = '', from = '0'] = next?.split('|') ?? [filter];
      if (resource !== 'tasks' || !asked.includes('completed')) return page([]);
      const fitting = endedIn(rows, asked);
      const to = Number(from) + 1000;
      return page(fitting.slice(Number(from), to), to < fitting.length ? `${asked}|${to}` : undefined);
    },
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

  test.each([
    ['a hundred thousand of which a hundred a minute end', 100_000, 600, 72, 1],
    ['a hundred thousand of which thousands a minute end', 100_000, 40, 72, 4],
    ['some thousand of which a few a minute end', 3000, 10 * SECOND, 600, 1],
    ['some thousand of which one ends in minutes', 3000, 4 * MINUTE, 14_400, 2],
    ['some thousand that began a minute ago', 3000, 20, 1, 3],
    ['a page', 1000, 10 * SECOND, 600, 1],
  ])('asks of %s for few pages', async (_, ended, apart, began, pages) => {
    const { why, progress, told, latest, port } = whyOn(ended, apart, ended + 100, began * MINUTE);
    await why.tick(NEVER);
    expect(port.asked('listPage').filter(([resource]) => resource === 'tasks')).toHaveLength(pages);
    await progress.tick(NEVER);
    const { recent } = latest();
    if (recent === undefined) expect(told()).toMatch(/ waiting$/);
    else expect(told()).toContain(`: ${rateText(recent)}`);
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
