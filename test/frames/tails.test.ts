import { describe, expect, test } from 'vitest';
import type { FileRef } from '../../src/api/port.ts';
import { topView } from '../../src/store/app-store.ts';
import type { TailView } from '../../src/store/state.ts';
import { listView, updateList } from '../../src/store/views.ts';
import { openScreen, type TestScreen } from '../support/frames.tsx';
import { oneFile } from '../support/one-file.ts';
import { SECOND } from '../support/samples.ts';
import { notFound, scriptedPort } from '../support/scripted-port.ts';

const TASKS_OF_JOB = listView('tasks', { job: 'myjob' });

const top = (screen: TestScreen) => topView(screen.store.getState());

describe('a tail', () => {
  const FILE: FileRef = { kind: 'task', job: 'myjob', task: 'mytask4', path: 'stdout.txt' };

  /** A tail on a file that the test lets grow. */
  async function tailing(count: number) {
    const { world, script } = oneFile(lines(1, count));
    const port = scriptedPort(script);
    const screen = await openScreen({ port, view: TASKS_OF_JOB });
    await screen.press('j', 'j', 'j', 'j', 'l');
    return { screen, world, port };
  }

  const lines = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index} of it\n`).join('');

  test('follows what is appended', async () => {
    const { screen, world } = await tailing(100);
    expect(top(screen)).toMatchObject({ kind: 'tail', files: [FILE] });
    expect(screen.text()).toContain('line 100 of it');
    world.text += lines(101, 130);
    await screen.pass(SECOND);
    expect(screen.text()).toContain('line 130 of it');
    expect(screen.text()).not.toContain('line 100 of it');
  });

  test('scrolling up pauses it on the line under the eye; the end lets it follow again', async () => {
    const { screen, world } = await tailing(100);
    await screen.press('k', 'k');
    const before = screen.text().split('\n').slice(3, 20);
    world.text += lines(101, 150);
    await screen.pass(SECOND);
    expect(screen.text().split('\n').slice(3, 20)).toEqual(before);
    expect(screen.text()).toContain('paused');
    await screen.press('G');
    expect(screen.text()).toContain('line 150 of it');
    expect(screen.text()).toContain('following');
  });

  test('t shows when lines arrived, and m marks where one has looked so far', async () => {
    const { screen, world } = await tailing(3);
    await screen.press('m');
    expect(screen.text()).toContain('line 3 of it ◀ marked');
    world.text += lines(4, 4);
    await screen.pass(SECOND);
    await screen.press('t');
    expect(screen.text()).toMatch(/│ {9}line 3 of it ◀ marked/);
    expect(screen.text()).toMatch(/│\d\d:\d\d:\d\d line 4 of it +│/);
    await screen.press('t');
    expect(screen.text()).toMatch(/│line 4 of it/);
    await screen.press('enter');
    expect(screen.text()).toContain('line 4 of it ◀ marked');
  });

  test('s stops and starts it', async () => {
    const { screen, world } = await tailing(100);
    await screen.press('s');
    world.text += lines(101, 150);
    await screen.pass(SECOND);
    expect(screen.text()).toContain('line 100 of it');
    await screen.press('s');
    expect(screen.text()).toContain('line 150 of it');
  });

  test('at its top older lines come without moving those on the screen', async () => {
    const { screen } = await tailing(20_000);
    const held = () => {
      const text = screen.store.getState().tails['task|myjob|mytask4|stdout.txt']?.text;
      return Array.from({ length: text?.count ?? 0 }, (_, index) => text?.line(index) ?? '');
    };
    const [first = 'none'] = held();
    const count = held().length;
    await screen.press('g');
    expect(held().length).toBeGreaterThan(count);
    expect(screen.row(3)).toContain(`│${first} `);
    await screen.press('k');
    expect(screen.row(4)).toContain(`│${first} `);
  });

  test('comes back as it was left, also when it was paused', async () => {
    const { screen } = await tailing(100);
    await screen.press('k', 'k', 'k');
    const before = screen.text().split('\n').slice(3, 20);
    await screen.press('?', 'esc');
    expect(screen.text().split('\n').slice(3, 20)).toEqual(before);
  });

  test('is at its end when it is opened again', async () => {
    const { screen } = await tailing(100);
    await screen.press('g', 'esc', 'l');
    expect(screen.text()).toContain('line 100 of it');
    expect(screen.text()).toContain('following');
  });

  test('finds text, with what stands around it', async () => {
    const { screen } = await tailing(100);
    await screen.press('/', 'line 50', 'enter');
    expect(screen.text()).toContain('line 50 of it');
    expect(screen.text()).toContain('line 49 of it');
    expect(screen.text()).toContain('[1:1]');
    expect((top(screen) as TailView).pane.find).toBe('line 50');
  });

  test('pans to what it finds, and back where it need not be panned', async () => {
    const { screen, world } = await tailing(30);
    world.text += `${'-'.repeat(200)}needle\n`;
    await screen.pass(SECOND);
    await screen.press('/', 'needle', 'enter');
    expect(screen.text()).toMatch(/│-+needle +│/);
    await screen.press('esc', '/', 'line 7', 'enter');
    expect(screen.text()).toMatch(/│line 7 of it/);
  });

  test('a wrapped line that is higher than the screen is read row by row, from its end to its start', async () => {
    const { screen, world } = await tailing(2);
    const words = Array.from({ length: 1000 }, (_, index) => `word${index + 1}`).join(' ');
    world.text += `${words}\nlast\n`;
    await screen.pass(SECOND);
    await screen.press('w');
    expect(screen.row(20)).toContain('│last ');
    expect(screen.row(19)).toContain('word1000 ');
    await screen.press('k');
    expect(screen.row(20)).toContain('word1000 ');
    expect(screen.text()).toContain('paused');
    await screen.press('/', 'word500', 'enter');
    expect(screen.text()).toContain('word500');
    expect(screen.text()).not.toContain('word1000');
    await screen.press('pgup', 'pgup', 'pgup', 'pgup', 'pgup', 'pgup', 'pgup', 'pgup');
    expect(screen.row(3)).toContain('│line 1 of it ');
    await screen.press('G');
    expect(screen.row(20)).toContain('│last ');
    expect(screen.text()).toContain('following');
  });

  test('tabs reach to where a terminal stops, colours or not', async () => {
    const { screen, world } = await tailing(1);
    world.text += 'id\tstate\texit\n\x1b[32mframe-0001\x1b[0m\tdone\t0\n日本\tx\n';
    await screen.pass(SECOND);
    expect(screen.text()).toContain('│id      state   exit ');
    expect(screen.text()).toContain('│frame-0001      done    0 ');
    expect(screen.text()).toContain('│日本    x ');
  });

  test('that never was there has no age of what it shows', async () => {
    const port = scriptedPort({
      get: () => Promise.reject(notFound('JobNotFound')),
      statFile: () => Promise.reject(notFound('JobNotFound')),
    });
    const screen = await openScreen({ port, view: TASKS_OF_JOB });
    await screen.press('l');
    expect(screen.row(2)).toMatch(/─ not there ─┐$/);
  });

  test('changes to the other stream, to both, and back', async () => {
    const { screen, port } = await tailing(3);
    await screen.press('o');
    expect(top(screen)).toMatchObject({ files: [{ path: 'stderr.txt' }] });
    expect(port.asked('statFile').at(-1)).toEqual([expect.objectContaining({ path: 'stderr.txt' })]);
    await screen.press('o');
    expect(screen.text()).toContain('tail(myjob/mytask4/stdout+stderr.txt)');
    expect(screen.text()).toMatch(/│err│line 3 of it +│/);
    await screen.press('o');
    expect(top(screen)).toMatchObject({ files: [{ path: 'stdout.txt' }] });
  });

  test('both streams are searched, saved and paused as one is', async () => {
    const { screen, world } = await tailing(30);
    await screen.press('o', 'o', '/', 'ne 7', 'enter');
    expect(screen.text()).toContain('[1:2]');
    await screen.press('n');
    expect(screen.text()).toContain('[2:2]');
    expect(screen.text()).toContain('paused');
    const before = screen.text().split('\n').slice(3, 20);
    world.text += lines(31, 40);
    await screen.pass(SECOND);
    expect(screen.text().split('\n').slice(3, 20)).toEqual(before);
    await screen.press('ctrl-s');
    const [[name, text] = ['', '']] = [...screen.saved];
    expect(name).toBe('myjob-mytask4-stdout+stderr.txt');
    expect(text).toContain('out│line 40 of it\n');
    expect(text).toContain('── then stderr.txt ──\nerr│line 1 of it\n');
  });

  test('the marked tasks are followed as one, each line with its task', async () => {
    const { screen, world } = await tailing(3);
    await screen.press('esc', 'g', 'space', 'space', 'space', 'L');
    expect(top(screen)).toMatchObject({ files: [1, 2, 3].map(() => ({ path: 'stderr.txt' })) });
    expect(screen.text()).toContain('tail(myjob/3 tasks/stderr.txt)');
    world.text += lines(4, 4);
    await screen.pass(SECOND);
    expect(screen.text().match(/│mytask\d+ *│line 4 of it/g)).toHaveLength(3);
    await screen.press('o');
    expect(top(screen)).toMatchObject({ files: [1, 2, 3, 4, 5, 6].map(() => ({ kind: 'task' })) });
  });

  test('more marked tasks than can be followed are refused with a word', async () => {
    const { screen } = await tailing(3);
    const ids = Array.from({ length: 17 }, (_, number) => `mytask${number + 1}`);
    await screen.press('esc');
    updateList(screen.store, (view) => ({ ...view, marks: new Set(ids) }));
    await screen.press('l');
    expect(top(screen).kind).toBe('list');
    expect(screen.text()).toContain('17 are marked, and at most 16 can be followed at once');
    updateList(screen.store, (view) => ({ ...view, marks: new Set(ids.slice(0, 16)) }));
    await screen.press('l', 'o', 'o');
    expect(screen.text()).toContain('both of so many are 32 files; 16 can be followed at once');
    expect(top(screen)).toMatchObject({ files: ids.slice(0, 16).map(() => ({ path: 'stdout.txt' })) });
  });

  test('a buffer that is full says so where older lines are asked for', async () => {
    const { screen } = await tailing(100_000);
    screen.store.setState(({ session }) => ({ session: { ...session, tailMegabytes: 1 } }));
    await screen.press('6', '6');
    await screen.press('1', '1', '1', '1', '1');
    expect(screen.text()).toContain('1.0 MB are held, as much as tailMegabytes in config.yaml allows');
  });
});
