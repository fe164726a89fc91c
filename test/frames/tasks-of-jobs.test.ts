/** Tasks of all jobs, by their keys. */
import { describe, expect, test } from 'vitest';
import type { Page } from '../../src/api/port.ts';
import { topView } from '../../src/store/app-store.ts';
import { listView } from '../../src/store/views.ts';
import { openScreen } from '../support/frames.tsx';
import { task } from '../support/samples.ts';
import { page, scriptedPort } from '../support/scripted-port.ts';

const failed = (jobId: string, id: string, minutes: number) => ({
  jobId,
  ...task(id, {
    stateTransitionTime: `2026-03-02T11:${minutes}:00Z`,
    executionInfo: { exitCode: 3, result: 'failure', retryCount: 0 },
  }),
});

const ROWS = [failed('render', 'frame1', 10), failed('encode', 'part7', 20)];

async function failures(rows: readonly object[] = ROWS) {
  const port = scriptedPort({
    listPage: async (resource): Promise<Page> =>
      resource === 'failedtasks' ? { ...page(rows), progress: 'of 12 jobs' } : page([]),
    get: async (_resource, _scope, id) => task(id, { state: 'running' }),
    act: async () => undefined,
  });
  const edit = () => 'constraints:\n  maxTaskRetryCount: 7\n';
  const screen = await openScreen({ port, edit });
  await screen.press(':', ...'failed', 'enter');
  await screen.settle();
  return { screen, port, view: () => topView(screen.store.getState()) };
}

describe('the failed tasks of all jobs', () => {
  test('are listed with their jobs, the latest first, and of how many jobs', async () => {
    const { screen } = await failures();
    expect(screen.text()).toContain('failedtasks[2]');
    expect(screen.text()).toContain('of 12 jobs');
    expect(screen.rowOf('part7')).toBeLessThan(screen.rowOf('frame1'));
    expect(screen.text()).toMatch(/part7 +encode +3/);
  });

  test.each([
    ['enter', { kind: 'list', resource: 'files', scope: { job: 'encode', task: 'part7' } }],
    ['d', { kind: 'text', format: 'describe', resource: 'tasks', scope: { job: 'encode' }, id: 'part7' }],
    ['y', { kind: 'text', format: 'yaml', resource: 'tasks', scope: { job: 'encode' }, id: 'part7' }],
    ['w', { kind: 'text', format: 'why', resource: 'tasks', scope: { job: 'encode' }, id: 'part7' }],
    ['l', { kind: 'tail', files: [{ kind: 'task', job: 'encode', task: 'part7', path: 'stdout.txt' }] }],
    ['L', { kind: 'tail', files: [{ kind: 'task', job: 'encode', task: 'part7', path: 'stderr.txt' }] }],
    ['v', { kind: 'list', resource: 'failures', scope: { job: 'encode' } }],
    ['u', { kind: 'list', resource: 'subtasks', scope: { job: 'encode', task: 'part7' } }],
    ['t', { kind: 'text', format: 'progress', resource: 'jobs', id: 'encode' }],
  ])('%s is about the task under the cursor, in its job', async (key, expected) => {
    const { screen, view } = await failures();
    await screen.press(key);
    expect(view()).toMatchObject(expected);
  });

  test('are tailed as one where they are marked, whatever their jobs', async () => {
    const { screen, view } = await failures();
    await screen.press('*', 'L');
    expect(view()).toMatchObject({
      files: [
        { job: 'encode', task: 'part7' },
        { job: 'render', task: 'frame1' },
      ],
    });
  });

  test('run again each in its own job, and only those jobs are looked at again', async () => {
    const { screen, port } = await failures([...ROWS, failed('other', 'x', 30)]);
    const asked = () => port.asked('listPage').filter(([resource]) => resource === 'failedtasks');
    expect(asked()).toHaveLength(1);
    port.play({ listPage: async () => page([]) });
    await screen.press('j', 'space', 'j', 'space', 'a');
    expect(screen.text()).toContain('Rerun 2 failedtasks?');
    await screen.press('tab', 'enter');
    await screen.settle();
    expect(port.asked('act').map(([operation]) => operation)).toMatchObject([
      { action: 'reactivate', id: 'encode/part7' },
      { action: 'reactivate', id: 'render/frame1' },
    ]);
    expect(
      asked()
        .slice(1)
        .map(([, scope]) => scope),
    ).toEqual([{ job: 'encode' }, { job: 'render' }]);
    expect(screen.text()).toContain('failedtasks[1]');
    expect(screen.text()).toMatch(/x +other +3/);
  });

  test('are looked at again in their job when one was edited', async () => {
    const { screen, port } = await failures();
    const asked = () => port.asked('listPage').filter(([resource]) => resource === 'failedtasks');
    port.play({ update: async () => undefined });
    await screen.press('e', 'tab', 'tab', 'enter');
    await screen.settle();
    expect(port.asked('update')).toHaveLength(1);
    expect(
      asked()
        .slice(1)
        .map(([, scope]) => scope),
    ).toEqual([{ job: 'encode' }]);
  });

  test('can be searched, watched and gone from by a command, each in its job', async () => {
    const { screen, view } = await failures();
    await screen.press('s');
    expect(screen.text()).toContain('grep encode /');
    await screen.press('esc', 'B');
    await screen.settle();
    expect(screen.store.getState().watches).toMatchObject([{ resource: 'tasks', id: 'part7' }]);
    await screen.press(':', ...'tasks', 'enter');
    expect(view()).toMatchObject({ resource: 'tasks', scope: { job: 'encode' } });
  });

  test('are read once: time does not ask again, ctrl-r does', async () => {
    const { screen, port } = await failures();
    const asked = () => port.asked('listPage').filter(([resource]) => resource === 'failedtasks').length;
    await screen.pass(300_000);
    expect(asked()).toBe(1);
    await screen.press('ctrl-r');
    await screen.settle();
    expect(asked()).toBe(2);
  });

  test('that are none are told of in words', async () => {
    const { screen } = await failures([]);
    expect(screen.text()).toContain('no failedtasks of 12 jobs');
    expect(screen.text()).toContain('ctrl-r looks again');
  });
});

test('esc stops a reading first, says so, and only then goes back', async () => {
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const port = scriptedPort({
    listPage: async (resource, _scope, { next }): Promise<Page> => {
      if (resource !== 'failedtasks') return page([]);
      if (next !== undefined) await held;
      return { ...page([failed('render', 'frame1', 10)], '2'), progress: '4 of 12 jobs' };
    },
  });
  const screen = await openScreen({ port, view: listView('jobs', {}) });
  await screen.press(':', ...'failed', 'enter');
  expect(screen.text()).toContain('4 of 12 jobs');
  expect(screen.text()).toContain('failedtasks[1 of more]');
  await screen.press('esc');
  expect(screen.text()).toContain('stopped: 4 of 12 jobs');
  expect(screen.text()).toContain('stopped; ctrl-r reads it again');
  goOn();
  await screen.settle();
  expect(screen.text()).toContain('stopped: 4 of 12 jobs');
  expect(screen.text()).toContain('failedtasks[1 of more]');
});
