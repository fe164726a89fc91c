/** What hands that know k9s do without looking. */
import { describe, expect, test } from 'vitest';
import { AzbError } from '../../src/lib/errors.ts';
import { topView } from '../../src/store/app-store.ts';
import { flash } from '../../src/store/flash.ts';
import type { TailView } from '../../src/store/state.ts';
import { listView, tailView } from '../../src/store/views.ts';
import { openScreen } from '../support/frames.tsx';
import { job, pool } from '../support/samples.ts';
import { page, scriptedPort } from '../support/scripted-port.ts';

const TASKS_OF_JOB = listView('tasks', { job: 'myjob' });
const STDOUT = tailView({ kind: 'task', job: 'myjob', task: 'mytask1', path: 'stdout.txt' });

/** A service on which every file holds this text. */
function holding(text: string) {
  const bytes = Buffer.from(text);
  return scriptedPort({
    statFile: () =>
      Promise.resolve({
        size: bytes.length,
        isDirectory: false,
        contentType: undefined,
        lastModified: undefined,
      }),
    readFile: (_file, { start, end }) => Promise.resolve(bytes.subarray(start, end)),
  });
}

describe('keys', () => {
  test('? opens the help and closes it', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    await screen.press('?');
    expect(topView(screen.store.getState()).kind).toBe('help');
    await screen.press('?');
    expect(topView(screen.store.getState()).kind).toBe('list');
  });

  test('a key that a view does not know says so, and one in a dialog or a prompt does not', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    await screen.press('ctrl-d', 'Z');
    expect(screen.store.getState().flash).toBeUndefined();
    await screen.press('esc', 'Z');
    expect(screen.text()).toContain('Z does nothing here: ? shows the keys');
  });

  test('a key that is for a row says so where there is none', async () => {
    const port = scriptedPort({ listPage: () => Promise.resolve(page([])) });
    const screen = await openScreen({ view: TASKS_OF_JOB, port });
    for (const key of ['enter', 'd', 'y', 'w', 'l', 'c']) {
      screen.store.setState({ flash: undefined });
      await screen.press(key);
      expect(screen.text(), key).toContain('there is no task under the cursor');
    }
  });

  test('h and l pan where l is no other key', async () => {
    const screen = await openScreen({ view: listView('jobs', {}) });
    await screen.press('l');
    expect(topView(screen.store.getState())).toMatchObject({ pan: 1 });
    await screen.press('h');
    expect(topView(screen.store.getState())).toMatchObject({ pan: 0 });
  });

  test('0 goes to the end of a tail and follows it', async () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n');
    const screen = await openScreen({ view: STDOUT, port: holding(lines) });
    await screen.press('g');
    expect(screen.text()).toContain('line 0 ');
    await screen.press('0');
    expect(screen.text()).toContain('line 99');
    const view = topView(screen.store.getState()) as TailView;
    expect(Object.values(screen.store.getState().tails)[0]).toMatchObject({ following: true });
    expect(view.kind).toBe('tail');
  });
});

describe('a new one', () => {
  test('begins with an id that is not taken', async () => {
    const port = scriptedPort({
      listPage: () => Promise.resolve(page([job('myjob'), job('MyJob2')])),
    });
    const screen = await openScreen({ view: listView('jobs', {}), port });
    await screen.press('n');
    expect(screen.store.getState().overlay).toMatchObject({ values: { id: 'myjob3' } });
  });

  test('is of the only pool that there is', async () => {
    const port = scriptedPort({
      listPage: (resource) => Promise.resolve(page(resource === 'pools' ? [pool('only')] : [])),
    });
    const screen = await openScreen({ port });
    await screen.press(':jobs\r');
    await screen.press('n');
    expect(screen.store.getState().overlay).toMatchObject({ values: { id: 'myjob', poolId: 'only' } });
  });
});

describe('what was typed', () => {
  test('is not lost by one esc; a form in which nothing was typed goes at once', async () => {
    const screen = await openScreen({ view: listView('jobs', {}) });
    await screen.press('n', 'esc');
    expect(screen.store.getState().overlay).toBeUndefined();
    await screen.press('n', 'x', 'esc');
    expect(screen.text()).toContain('New job');
    expect(screen.text()).toContain('once more leaves the form');
    await screen.press('y', 'esc');
    expect(screen.text()).toContain('New job');
    await screen.press('esc');
    expect(screen.store.getState()).toMatchObject({ overlay: undefined, flash: undefined });
  });
});

describe('what a message is about', () => {
  test('what went wrong with one command is not said of the next', async () => {
    const screen = await openScreen();
    await screen.press(':nosuchthing\r');
    expect(screen.text()).toContain('nosuchthing');
    await screen.press(':jobs\r');
    expect(screen.store.getState().flash).toBeUndefined();
  });

  test('a long one is shown to its end, which is the next step', async () => {
    const screen = await openScreen();
    const text = `${'a long word '.repeat(10)}– try: the next step`;
    flash(screen.store, 'error', text);
    await screen.settle();
    expect(screen.text()).toContain('try: the next step');
    expect(screen.row(21)).toMatch(/^ {2}pools/);
    await screen.pass(10_000);
    expect(screen.row(22)).toMatch(/^ {2}pools/);
  });

  test('it is seen on a text that has the whole screen', async () => {
    const screen = await openScreen({ view: STDOUT, port: holding('one\n') });
    await screen.press('f', 'c');
    expect(screen.row(23)).toContain('copied 1 line');
    await screen.pass(10_000);
    expect(screen.row(23)).toBe('');
  });

  test('a long title gives way to the news that there is no connection', async () => {
    const port = scriptedPort();
    const screen = await openScreen({ view: TASKS_OF_JOB, port });
    port.play({ listPage: () => Promise.reject(new AzbError('gone')) });
    await screen.press('/', 'a filter of many words that fills the whole title of the list', 'enter');
    await screen.pass(9000);
    expect(screen.row(2)).toContain('no connection');
    expect(screen.row(2)).toContain('tasks(myjob)');
  });
});

describe('tail', () => {
  test('of a progress bar it shows what stands there now', async () => {
    const screen = await openScreen({ view: STDOUT, port: holding('one\r\n 10%\r 50%\r100%\r') });
    expect(screen.rowOf('│one ')).toBeGreaterThan(0);
    expect(screen.rowOf('│100% ')).toBeGreaterThan(0);
    expect(screen.text()).not.toContain('50%');
    expect(screen.text()).toContain('2 lines');
  });

  test('an empty file says so, and where the other one is', async () => {
    const screen = await openScreen({ view: STDOUT, port: holding('') });
    expect(screen.text()).toContain('stdout.txt is empty');
    expect(screen.text()).toContain('o shows stderr.txt');
  });
});
