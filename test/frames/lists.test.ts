import { describe, expect, test } from 'vitest';
import { NotConfiguredError, ServiceError, UnreachableError } from '../../src/lib/errors.ts';
import { listView } from '../../src/store/views.ts';
import { expectFrame, SIZES } from '../support/frame-sizes.ts';
import { openScreen, type ScreenOptions } from '../support/frames.tsx';
import { nodeId, SECOND, TASKS } from '../support/samples.ts';
import { noAnswer, page, scriptedPort } from '../support/scripted-port.ts';

const TASKS_OF_JOB = listView('tasks', { job: 'myjob' });

const REFUSAL = new ServiceError({
  status: 403,
  code: 'AuthenticationFailed',
  message:
    'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
  details: [
    { key: 'AuthenticationErrorDetail', value: 'The MAC signature found in the HTTP request is wrong' },
  ],
  next: 'check AZURE_BATCH_ACCESS_KEY: it may have been regenerated',
});

const NO_CONNECTION = new UnreachableError('contoso.westeurope.batch.azure.com refused the connection', {
  next: 'see that the endpoint is right and that the service runs',
});

/** Keys and what they do, as the menu above the frame shows them, in its order: by columns where it has several lines. */
function keysOf(text: string): string[] {
  const lines = text.split('\n');
  const menu = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith('┌')),
  );
  const found = menu.flatMap((line) =>
    [...line.matchAll(/(<\S+>) +(\S+(?: \S+)*)/g)].map(({ index, 1: key, 2: help }) => ({
      index,
      key: `${key} ${help}`,
    })),
  );
  return found.sort((one, other) => (menu.length > 2 ? one.index - other.index : 0)).map(({ key }) => key);
}

describe.each(SIZES)('lists at %ix%i', (columns, rows) => {
  const open = (options: ScreenOptions) => openScreen({ columns, rows, ...options });

  test.each([
    ['pools', listView('pools', {})],
    ['nodes', listView('nodes', { pool: 'mypool' })],
    ['jobs', listView('jobs', {})],
    ['tasks', TASKS_OF_JOB],
    ['files', listView('files', { job: 'myjob', task: 'mytask1' })],
    ['files-of-node', listView('files', { pool: 'mypool', node: nodeId(1) })],
    ['nodetasks', listView('nodetasks', { pool: 'mypool', node: nodeId(1) })],
    ['jobschedules', listView('jobschedules', {})],
    ['images', listView('images', {})],
    ['nodecounts', listView('nodecounts', {})],
    ['containers', listView('containers', {})],
    ['blobs', listView('blobs', { container: 'input' })],
    ['blobs-of-folder', listView('blobs', { container: 'input', folder: 'images/of/last year/' })],
  ])('%s', async (name, view) => {
    await expectFrame(await open({ view }), name);
  });

  test('wide columns, panned', async () => {
    const screen = await open({ view: TASKS_OF_JOB });
    await screen.press('ctrl-w');
    await expectFrame(screen, 'tasks-wide');
    await screen.press('right', 'right', 'right');
    await expectFrame(screen, 'tasks-panned');
  });

  test('loading', async () => {
    const port = scriptedPort({ listPage: (_resource, _scope, _query, signal) => noAnswer(signal) });
    await expectFrame(await open({ port, view: TASKS_OF_JOB }), 'tasks-loading');
  });

  test('no blobs, and no storage account', async () => {
    const port = scriptedPort({ listPage: async () => page([]) });
    await expectFrame(await open({ port, view: listView('blobs', { container: 'input' }) }), 'blobs-empty');
    const none = new NotConfiguredError('no storage account is configured', {
      next: 'export AZURE_STORAGE_CONNECTION_STRING=…',
    });
    const refusing = scriptedPort({ listPage: () => Promise.reject(none) });
    await expectFrame(await open({ port: refusing, view: listView('containers', {}) }), 'containers-none');
  });

  test('empty', async () => {
    const port = scriptedPort({ listPage: async () => page([]) });
    await expectFrame(await open({ port, view: TASKS_OF_JOB }), 'tasks-empty');
  });

  test.each([
    ['pools', {}, '<n> New'],
    ['jobs', {}, '<n> New'],
    ['tasks', { job: 'myjob' }, '<n> New'],
    ['blobs', { container: 'input' }, '<u> Upload'],
    ['applications', {}, '<n> New version'],
  ])('the menu of an empty list of %s begins with what makes the first', async (name, scope, maker) => {
    const port = scriptedPort({ listPage: async () => page([]) });
    const screen = await open({ port, view: listView(name, scope) });
    const menu = () => keysOf(screen.text());
    expect(menu().filter((key) => key !== '<?> Help')[0]).toBe(maker);
    expect(menu()).toContain('<?> Help');
  });

  test('the menu is in its usual order again when there is one', async () => {
    const port = scriptedPort({ listPage: async () => page([]) });
    const screen = await open({ port, view: TASKS_OF_JOB });
    port.play({ listPage: async () => page(TASKS) });
    await screen.press('ctrl-r');
    expect(keysOf(screen.text()).filter((key) => key !== '<?> Help')[0]).toBe('<l> Tail stdout');
  });

  test('refused', async () => {
    const port = scriptedPort({ listPage: () => Promise.reject(REFUSAL) });
    await expectFrame(await open({ port, view: TASKS_OF_JOB }), 'tasks-refused');
  });

  test('unreachable from the start', async () => {
    const port = scriptedPort({ listPage: () => Promise.reject(NO_CONNECTION) });
    await expectFrame(await open({ port, view: TASKS_OF_JOB }), 'tasks-unreachable');
  });

  test('unreachable with old data, and back again', async () => {
    const port = scriptedPort();
    const screen = await open({ port, view: TASKS_OF_JOB });
    port.play({ listPage: () => Promise.reject(NO_CONNECTION) });
    await screen.pass(4 * SECOND);
    await expectFrame(screen, 'tasks-stale');
    port.play({ listPage: async () => page(TASKS) });
    await screen.pass(10 * SECOND);
    expect(screen.text()).not.toContain('no connection');
  });

  test('filtered', async () => {
    const screen = await open({ view: TASKS_OF_JOB });
    await screen.press('/', 'mytask1', 'enter');
    await expectFrame(screen, 'tasks-filtered');
  });

  test('filtered to nothing', async () => {
    const screen = await open({ view: TASKS_OF_JOB });
    await screen.press('/', 'nowhere', 'enter');
    await expectFrame(screen, 'tasks-none-match');
  });

  test('a bad pattern', async () => {
    const screen = await open({ view: TASKS_OF_JOB });
    await screen.press('/', 'task(', 'enter');
    await expectFrame(screen, 'tasks-bad-pattern');
  });

  test('marked, sorted, by state', async () => {
    const screen = await open({ view: TASKS_OF_JOB });
    await screen.press('space', 'space', '3', 'T');
    await expectFrame(screen, 'tasks-marked');
  });

  test('more rows than the screen, at the end', async () => {
    const many = Array.from({ length: 1234 }, (_, number) => ({ id: `t${number + 1}`, state: 'active' }));
    const port = scriptedPort({
      listPage: async (resource) => page(resource === 'tasks' ? many : []),
      taskCounts: async () => {
        const counts = { active: 1234, running: 0, completed: 0, succeeded: 0, failed: 0 };
        return { tasks: counts, slots: counts };
      },
    });
    const screen = await open({ port, view: TASKS_OF_JOB });
    await screen.press('N', 'G');
    await expectFrame(screen, 'tasks-many');
  });

  test('cut at the row limit', async () => {
    const port = scriptedPort({
      listPage: async (resource) => (resource === 'tasks' ? page(TASKS, 'more') : page([])),
      taskCounts: async () => {
        const counts = { active: 400_000, running: 600_000, completed: 0, succeeded: 0, failed: 0 };
        return { tasks: counts, slots: counts };
      },
    });
    await expectFrame(await open({ port, view: TASKS_OF_JOB, session: { rowLimit: 6 } }), 'tasks-cut');
  });

  test('read-only', async () => {
    const screen = await open({ session: { readOnly: true } });
    await screen.press('n');
    await expectFrame(screen, 'pools-read-only');
  });

  test('an empty list names no key that is not there in read-only mode', async () => {
    const port = scriptedPort({ listPage: async () => page([]) });
    for (const view of [listView('blobs', { container: 'input' }), listView('pools', {})]) {
      const screen = await open({ port, view, session: { readOnly: true } });
      expect(screen.text()).toContain('they appear here as soon as there are some');
    }
  });

  test('without the header', async () => {
    const screen = await open({});
    await screen.press('ctrl-e');
    await expectFrame(screen, 'pools-headless');
  });

  test('without the crumbs', async () => {
    const screen = await open({});
    const before = screen.text();
    await screen.press('ctrl-g');
    await expectFrame(screen, 'pools-crumbless');
    await screen.press('ctrl-g');
    expect(screen.text()).toBe(before);
  });
});
