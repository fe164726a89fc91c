import { describe, expect, test } from 'vitest';
import { topView } from '../../src/store/app-store.ts';
import type { ListView } from '../../src/store/state.ts';
import { listView, tailView } from '../../src/store/views.ts';
import { openScreen } from '../support/frames.tsx';
import { job, NODES, NOW, pool, SAMPLES } from '../support/samples.ts';
import { notFound, page, scriptedPort } from '../support/scripted-port.ts';

const node = (NODES[1] as { id: string }).id;

/** A service whose lists are the samples, but for one. */
function withRows(resource: string, rows: readonly object[]) {
  return scriptedPort({ listPage: async (name) => page(name === resource ? rows : (SAMPLES[name] ?? [])) });
}

describe('a row leads to what it belongs to', () => {
  test.each([
    [
      listView('jobs', {}),
      'm',
      [job('j', { poolInfo: { poolId: 'quota' }, executionInfo: {} })],
      { resource: 'pools', scope: {}, cursor: 'quota' },
    ],
    [
      listView('tasks', { job: 'myjob' }),
      'm',
      [{ id: 't', state: 'running', nodeInfo: { poolId: 'mypool', nodeId: node } }],
      { resource: 'nodes', scope: { pool: 'mypool' }, cursor: node },
    ],
    [
      listView('subtasks', { job: 'myjob', task: 'mpi' }),
      'm',
      [{ id: 1, state: 'running', nodeInfo: { poolId: 'mypool', nodeId: node } }],
      { resource: 'nodes', scope: { pool: 'mypool' }, cursor: node },
    ],
    [
      listView('preparations', { job: 'myjob' }),
      'm',
      [{ poolId: 'mypool', nodeId: node }],
      { resource: 'nodes', scope: { pool: 'mypool' }, cursor: node },
    ],
    [
      listView('nodetasks', { pool: 'mypool', node }),
      'o',
      [{ jobId: 'myjob', taskId: 'mytask4', taskState: 'running' }],
      { resource: 'tasks', scope: { job: 'myjob' }, cursor: 'mytask4' },
    ],
  ] as const)('number %#', async (view, key, rows, place) => {
    const screen = await openScreen({ port: withRows(view.resource, rows), view });
    await screen.press(key);
    await screen.settle();
    expect(topView(screen.store.getState())).toMatchObject(place);
    await screen.press('esc');
    expect((topView(screen.store.getState()) as ListView).resource).toBe(view.resource);
  });

  test.each([
    [listView('jobs', {}), 'm', [job('j', { poolInfo: {}, executionInfo: {} })], 'no pool yet'],
    [listView('tasks', { job: 'j' }), 'm', [{ id: 't', state: 'active' }], 'not come to a node yet'],
    [listView('nodetasks', { pool: 'p', node: 'n' }), 'o', [{ taskState: 'running' }], 'belongs to no job'],
  ] as const)('and says so where there is nothing, number %#', async (view, key, rows, says) => {
    const screen = await openScreen({ port: withRows(view.resource, rows), view });
    await screen.press(key);
    expect(screen.text()).toContain(says);
    expect(topView(screen.store.getState())).toMatchObject({ resource: view.resource });
  });
});

test('panning ends when the last column is in sight', async () => {
  const screen = await openScreen({ view: listView('tasks', { job: 'myjob' }) });
  const pan = () => (topView(screen.store.getState()) as ListView).pan;
  for (let times = 0; times < 20; times += 1) await screen.press('right');
  expect(screen.text()).toMatch(/AGE +│/);
  const end = pan();
  // What is left of it fills the screen, and one step back shows the sign that there is more.
  expect(end).toBeLessThan(5);
  await screen.press('left');
  expect(pan()).toBe(end - 1);
  await screen.resize(200, 50);
  await screen.press('left', 'left', 'left', 'left', 'right');
  expect(pan()).toBe(0);
});

test('the title of a tail says which file it is, however long the ids are', async () => {
  const job = 'a-job-with-an-id-of-sixty-four-characters-as-a-program-makes-001';
  const view = tailView({ kind: 'task', job, task: 'mytask1', path: 'stderr.txt' });
  const screen = await openScreen({ view });
  expect(screen.text()).toMatch(/ tail\(a-job-with.*….*mytask1\/stderr\.txt\) /);
});

test('what was said of one filter is not said of the next', async () => {
  const screen = await openScreen({ view: listView('tasks', { job: 'myjob' }) });
  await screen.press('/', '(', 'enter');
  expect(screen.text()).toContain('bad pattern, so nothing is filtered: missing closing ): `(`');
  await screen.press('/', 'ctrl-u', 'mytask1', 'enter');
  expect(screen.text()).not.toContain('bad pattern');
  await screen.press('/', 'ctrl-u', '(', 'enter', 'esc');
  expect(screen.text()).not.toContain('bad pattern');
});

describe('a place that is not there', () => {
  const listPage = async (resource: string, scope: { readonly job?: string }) => {
    if (scope.job !== undefined && scope.job !== 'render') throw notFound('JobNotFound');
    return page(resource === 'jobs' ? [job('render')] : []);
  };

  test('is told of with the one that was perhaps meant', async () => {
    const screen = await openScreen({ port: scriptedPort({ listPage }), view: listView('jobs', {}) });
    await screen.press(':tasks rendre\r');
    expect(screen.text()).toContain('there is no such thing');
    expect(screen.text()).toContain('try: :tasks render ');
    await screen.press(':tasks entirely-other\r');
    expect(screen.text()).toContain('there is no such thing');
    expect(screen.text()).not.toContain('try: :tasks');
  });

  test('goes on being told of so while a command is typed', async () => {
    const screen = await openScreen({ port: scriptedPort({ listPage }), view: listView('pools', {}) });
    await screen.press(':tasks rendre');
    await screen.settle();
    await screen.press('enter');
    expect(screen.text()).toContain('try: :tasks render ');
    await screen.press(':');
    expect(screen.text()).toContain('try: :tasks render ');
  });

  test('is told of without one where no ids are known', async () => {
    const view = listView('tasks', { job: 'rendre' });
    const screen = await openScreen({ port: scriptedPort({ listPage }), view });
    expect(screen.text()).toContain('there is no such thing');
    expect(screen.text()).not.toContain('try: :tasks');
  });
});

test('u on a pool leads to its hours among those of all pools', async () => {
  const hours = (id: string) => ({
    pool: id,
    nodes: 3,
    spot: 0,
    idle: 0,
    idleLong: 0,
    useless: 0,
    hours: 1,
    idleHours: 0,
  });
  const rows: Readonly<Record<string, readonly object[]>> = {
    pools: [pool('one'), pool('two')],
    nodehours: [hours('one'), hours('two')],
  };
  const port = scriptedPort({ listPage: async (name) => page(rows[name] ?? []) });
  const screen = await openScreen({ port });
  await screen.press('j', 'u');
  expect(topView(screen.store.getState())).toMatchObject({
    resource: 'nodehours',
    cursor: 'two',
    cursorRow: 1,
  });
});

describe('what was saved', () => {
  test('is listed, newest first, and opens in the editor', async () => {
    const screen = await openScreen({ view: listView('jobs', {}) });
    await screen.press(':dumps\r');
    expect(screen.text()).toContain('no dumps');
    await screen.press('esc', 'ctrl-s', 'd', 'ctrl-s', 'esc', ':sd\r');
    expect(screen.text()).toContain('dumps[2]');
    expect(screen.text()).toMatch(/jobs\.csv +\d+ B/);
    await screen.press('/', 'jobs', 'enter', 'enter');
    expect(screen.opened).toEqual(['/dumps/jobs.csv']);
    await screen.press('c');
    expect(screen.copied).toEqual(['/dumps/jobs.csv']);
  });

  test('is deleted after a question, one or all that are marked', async () => {
    const screen = await openScreen({ view: listView('jobs', {}) });
    await screen.press('ctrl-s', 'd', 'ctrl-s', 'y', 'ctrl-s', 'esc', 'esc', ':sd\r');
    const [first = '', ...others] = [...screen.saved.keys()];
    expect(others).toHaveLength(2);
    await screen.press('/', first, 'enter', 'ctrl-d');
    expect(screen.text()).toContain(`Delete dump /dumps/${first}?`);
    await screen.press('enter');
    expect(screen.saved.size).toBe(3);
    await screen.press('ctrl-d', 'tab', 'enter');
    expect([...screen.saved.keys()]).toEqual(others);
    expect(screen.text()).toContain(`Delete dump /dumps/${first}: done`);
    await screen.press('esc', '*', 'ctrl-d');
    expect(screen.text()).toContain('Delete 2 dumps?');
    await screen.press('tab', 'enter');
    expect(screen.saved.size).toBe(0);
    expect(screen.text()).toContain('no dumps');
  });

  test('is as old as the clock of this machine says, whatever that of the service is', async () => {
    const port = scriptedPort();
    const screen = await openScreen({
      port: { ...port, now: () => NOW + 3 * 3_600_000 },
      view: listView('jobs', {}),
    });
    await screen.press('ctrl-s', ':sd\r');
    expect(screen.text()).toMatch(/jobs\.csv +\d+ B +0s/);
  });
});
