/** A search in the output of tasks, by its keys. */
import { expect, test } from 'vitest';
import { topView } from '../../src/store/app-store.ts';
import { listView } from '../../src/store/views.ts';
import { openScreen } from '../support/frames.tsx';
import { task } from '../support/samples.ts';
import { page, scriptedPort } from '../support/scripted-port.ts';

const failed = (id: string) =>
  task(id, { state: 'completed', executionInfo: { exitCode: 1, result: 'failure', retryCount: 0 } });

async function searched() {
  const files: Record<string, string> = { t1: 'error 1\n', t2: 'error 2\nkilled', t3: 'error 3\n' };
  const bytesOf = (file: object) => Buffer.from(files[(file as { task: string }).task] ?? '');
  const port = scriptedPort({
    listPage: async () => page([failed('t1'), failed('t2'), failed('t3')]),
    get: async (_resource, _scope, id) => failed(id),
    statFile: async (file) => ({
      size: bytesOf(file).length,
      lastModified: undefined,
      isDirectory: false,
      contentType: undefined,
    }),
    readFile: async (file, { start, end }) => bytesOf(file).subarray(start, end),
  });
  const screen = await openScreen({ view: listView('tasks', { job: 'myjob' }), port });
  await screen.press('s');
  expect(screen.text()).toContain('grep myjob /');
  for (const letter of 'error|killed') await screen.press(letter);
  await screen.press('enter');
  return screen;
}

test('s asks what for, and shows each line once with how many tasks say it', async () => {
  const screen = await searched();
  // What is searched stands whole in the crumbs; in the title it gives way to what is told of it.
  expect(screen.text()).toMatch(/lines\(myjob\/.*killed"\)\[2\/4\] <each once> ─* *3 failed tasks /);
  expect(screen.text()).toContain('  lines(myjob/stderr.txt "error|killed")');
  expect(screen.text()).toMatch(/t1 +3 +1 .*error 1/);
  expect(screen.text()).toMatch(/t2 +1 +1 .*killed/);
  expect(screen.text()).toContain('3 failed tasks');
});

test('enter goes to the tasks that say it, and then to the end of the file with the line found', async () => {
  const screen = await searched();
  await screen.press('enter');
  expect(screen.text()).toMatch(/\[3\/4\] <\/like:\^1\$>/);
  await screen.press('j', 'enter');
  expect(topView(screen.store.getState())).toMatchObject({
    kind: 'tail',
    files: [{ job: 'myjob', task: 't2', path: 'stderr.txt' }],
    pane: { find: 'error 2', match: 0 },
  });
});

test('o marks the tasks that say it, where they can be run again', async () => {
  const screen = await searched();
  await screen.press('o');
  expect(screen.text()).toMatch(/tasks\(myjob\)\[3\] <failed> 3 marked/);
  await screen.press('a');
  expect(screen.store.getState().overlay).toMatchObject({ kind: 'confirm' });
});

test('d and w tell of the task that wrote a line', async () => {
  const screen = await searched();
  await screen.press('d');
  expect(topView(screen.store.getState())).toMatchObject({ format: 'describe', resource: 'tasks', id: 't1' });
  await screen.press('esc', 'j', 'w');
  expect(topView(screen.store.getState())).toMatchObject({
    format: 'why',
    scope: { job: 'myjob' },
    id: 't2',
  });
});

test('L tails what is marked as one, and esc leads back to the tasks', async () => {
  const screen = await searched();
  await screen.press('0', '*', 'L');
  expect(topView(screen.store.getState())).toMatchObject({ kind: 'tail', files: [{ task: 't1' }, {}, {}] });
  await screen.press('esc', 'esc');
  expect(topView(screen.store.getState())).toMatchObject({ kind: 'list' });
});

test('ctrl-r searches marked tasks once more', async () => {
  let text = 'error 1\n';
  const port = scriptedPort({
    listPage: async () => page([failed('t1'), failed('t2')]),
    get: async (_resource, _scope, id) => failed(id),
    statFile: async () => ({
      size: text.length,
      lastModified: undefined,
      isDirectory: false,
      contentType: undefined,
    }),
    readFile: async () => Buffer.from(text),
  });
  const screen = await openScreen({ view: listView('tasks', { job: 'myjob' }), port });
  await screen.press('space', 's', 'error', 'enter');
  expect(screen.text()).toMatch(/t1 +1 +1 .*error 1/);
  expect(screen.text()).toContain('1 marked task ');
  text = 'error: later';
  await screen.pass(60_000);
  expect(screen.text()).not.toContain('later');
  await screen.press('ctrl-r');
  expect(screen.text()).toMatch(/t1 +1 +1 .*error: later/);
});
