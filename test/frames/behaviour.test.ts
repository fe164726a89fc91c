import { describe, expect, test } from 'vitest';
import type { Operation } from '../../src/resources/types.ts';
import { topView } from '../../src/store/app-store.ts';
import type { ListView } from '../../src/store/state.ts';
import { listView } from '../../src/store/views.ts';
import { openScreen, type TestScreen } from '../support/frames.tsx';
import { JOBS, job, SECOND, TASKS } from '../support/samples.ts';
import { page, scriptedPort } from '../support/scripted-port.ts';

const TASKS_OF_JOB = listView('tasks', { job: 'myjob' });

const top = (screen: TestScreen) => topView(screen.store.getState());
const list = (screen: TestScreen) => top(screen) as ListView;

/** The id on the row that a user sees the cursor on. */
function cursorText(screen: TestScreen): string {
  const rows = screen.text().split('\n');
  const at = rows.findIndex((row, y) => row.startsWith('│') && screen.cell(2, y).bg !== 'default');
  return rows[at]?.slice(1).trim().split(/\s+/)[0] ?? '';
}

describe('a narrow terminal', () => {
  const LONG = 'a-job-with-an-id-of-sixty-four-characters-as-a-program-makes-';

  test('long ids leave room for what is told of them, and can be told apart', async () => {
    const rows = ['001', '002'].map((end) => job(`${LONG}${end}`));
    const port = scriptedPort({ listPage: async () => page(rows) });
    const screen = await openScreen({ port, view: listView('jobs', {}) });
    expect(screen.text()).toMatch(/a-job-with-an-id-of-sixty-…ram-makes-001 +active/);
    expect(screen.text()).toMatch(/a-job-with-an-id-of-sixty-…ram-makes-002 +active/);
    expect(screen.text()).toContain('RUNNING');
    // In half of a terminal too.
    await screen.resize(40, 10);
    expect(screen.text()).toMatch(/a-job-with-a….*001 +active/);
  });

  test('the title of a list in such a job keeps its count and its filter', async () => {
    const screen = await openScreen({ view: listView('tasks', { job: `${LONG}001` }, 'mytask') });
    expect(screen.text()).toMatch(/tasks\(a-job-with.*….*makes-001\)\[\d+(\/\d+)?\] <\/mytask> /);
  });

  test('with room they are whole', async () => {
    const port = scriptedPort({ listPage: async () => page([job(`${LONG}001`)]) });
    const screen = await openScreen({ port, view: listView('jobs', {}), columns: 200, rows: 50 });
    expect(screen.text()).toContain(`${LONG}001`);
  });
});

test('what is asked about later than its row is no change when it comes', async () => {
  const screen = await openScreen({ view: listView('jobs', {}) });
  await screen.settle();
  expect(screen.text()).not.toContain('Δ');
});

describe('moving about', () => {
  test('enter goes deeper, esc comes back to the same row', async () => {
    const screen = await openScreen();
    await screen.press(':', 'jobs', 'enter', 'j', 'j', 'k');
    expect(cursorText(screen)).toBe('simulation-2026-03');
    await screen.press('enter');
    expect(top(screen)).toMatchObject({ resource: 'tasks', scope: { job: 'simulation-2026-03' } });
    expect(screen.text()).toContain('tasks(simulation-2026-03)[6]');
    await screen.press('enter');
    expect(top(screen)).toMatchObject({ resource: 'files', scope: { task: 'mytask1' } });
    await screen.press('esc', 'esc');
    expect(cursorText(screen)).toBe('simulation-2026-03');
    expect(screen.row(22)).toBe('  jobs');
  });

  test('keys that are typed ahead in one read all count', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    await screen.press('jjjjk');
    expect(cursorText(screen)).toBe('mytask3');
    await screen.press(':jobs\r');
    expect(top(screen)).toMatchObject({ resource: 'jobs' });
    expect(screen.store.getState().prompt).toBeUndefined();
  });

  test('escape closes a dialog before what was typed ahead with it goes anywhere', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    await screen.press('ctrl-d');
    expect(screen.text()).toContain('Cancel');
    await screen.press('\x1b:jobs\r');
    expect(screen.store.getState().overlay).toBeUndefined();
    expect(top(screen)).toMatchObject({ resource: 'jobs' });
    await screen.press('ctrl-d', '\x1b\x12');
    expect(screen.store.getState().overlay).toBeUndefined();
  });

  test('the menu of a text names / first, the keys from match to match once something is found, and e where it can be', async () => {
    const screen = await openScreen();
    await screen.press('d');
    expect(screen.row(1)).toMatch(/^<\?> Help {2}<\/> Find {2}<w> Wrap .*<e> Edit/);
    expect(screen.row(1)).not.toContain('Next match');
    await screen.press('/', 'pool', 'enter');
    expect(screen.row(1)).toContain('<n> Next match  <N> Match before');
    await screen.press('esc', ':images', 'enter', 'd');
    expect(screen.row(1)).not.toContain('<e> Edit');
  });

  test('d and y show the row, and change into each other', async () => {
    const screen = await openScreen();
    await screen.press('d');
    expect(screen.text()).toContain('describe(mypool)');
    await screen.press('y');
    expect(screen.text()).toContain('yaml(mypool)');
    await screen.press('esc');
    expect(top(screen).kind).toBe('list');
  });

  test('esc clears what narrows the list before it leaves it', async () => {
    const screen = await openScreen();
    await screen.press(':', 'tasks myjob', 'enter', '/', 'mytask1', 'enter', '3', 'space');
    expect(list(screen)).toMatchObject({ filter: 'mytask1', stateFilter: 3 });
    await screen.press('esc');
    expect(list(screen)).toMatchObject({ resource: 'tasks', filter: '', stateFilter: 0 });
    expect(list(screen).marks.size).toBe(1);
    await screen.press('esc');
    expect(list(screen)).toMatchObject({ resource: 'tasks' });
    expect(list(screen).marks.size).toBe(0);
    expect(screen.text()).toContain('tasks(myjob)[6]');
  });

  test('on the first view esc stays, and says how to quit', async () => {
    const screen = await openScreen();
    await screen.press('esc');
    expect(screen.text()).toContain('ctrl-c or :q quits');
    expect(screen.hasQuit()).toBe(false);
    await screen.press('ctrl-c');
    expect(screen.hasQuit()).toBe(true);
  });

  test('the history goes back and forth', async () => {
    const screen = await openScreen();
    await screen.press(':', 'jobs', 'enter', ':', 'images', 'enter', '[');
    expect(top(screen)).toMatchObject({ resource: 'jobs' });
    await screen.press('[', '[');
    expect(top(screen)).toMatchObject({ resource: 'pools' });
    await screen.press(']', ']');
    expect(top(screen)).toMatchObject({ resource: 'images' });
  });

  test('- goes to the view before, and again to this one', async () => {
    const screen = await openScreen();
    await screen.press(':', 'jobs', 'enter', ':', 'images', 'enter', '-');
    expect(top(screen)).toMatchObject({ resource: 'jobs' });
    await screen.press('-');
    expect(top(screen)).toMatchObject({ resource: 'images' });
    await screen.press('-');
    expect(top(screen)).toMatchObject({ resource: 'jobs' });
  });

  test('a resize lays everything out again, and keeps the cursor in sight', async () => {
    const many = Array.from({ length: 100 }, (_, number) => ({ id: `t${number}`, state: 'active' }));
    const port = scriptedPort({ listPage: async (resource) => page(resource === 'tasks' ? many : []) });
    const screen = await openScreen({ port, view: TASKS_OF_JOB, rows: 40 });
    await screen.press('G');
    await screen.resize(70, 18);
    expect(cursorText(screen)).toBe('t99');
    await screen.resize(50, 12);
    expect(cursorText(screen)).toBe('t99');
    await screen.resize(50, 9);
    expect(screen.text()).toContain('this terminal is 50x9');
    await screen.resize(120, 35);
    expect(cursorText(screen)).toBe('t99');
  });
});

describe('the cursor', () => {
  test('is a row of another colour, in the colour of what the row says', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    const failed = screen.rowOf('mytask3');
    const foreground = screen.cell(2, failed).fg;
    expect(screen.cell(2, failed).bg).toBe('default');
    await screen.press('j', 'j', 'j');
    expect(screen.cell(2, failed).bg).toBe(foreground);
    expect(screen.cell(60, failed).bg).toBe(foreground);
    expect(screen.cell(2, screen.rowOf('mytask1')).bg).toBe('default');
  });

  test('stays on its task while others come and go', async () => {
    const port = scriptedPort();
    const screen = await openScreen({ port, view: listView('jobs', {}) });
    await screen.press('j');
    port.play({ listPage: async () => page([job('aaa'), job('bbb'), ...JOBS]) });
    await screen.pass(4 * SECOND);
    expect(screen.text()).toContain('aaa');
    expect(cursorText(screen)).toBe('simulation-2026-03');
    await screen.press('N');
    expect(cursorText(screen)).toBe('simulation-2026-03');
    port.play({ listPage: async () => page(JOBS.slice(2)) });
    await screen.pass(4 * SECOND);
    expect(cursorText(screen)).not.toBe('');
  });

  test('and marks survive a refresh, a sort and a filter', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    await screen.press('j', 'space', 'E', '/', 'mytask1', 'enter');
    await screen.pass(4 * SECOND);
    const row = screen.rowOf('mytask10');
    expect(screen.row(row).startsWith('│●mytask10')).toBe(true);
    expect(screen.text()).toContain('1 marked');
  });
});

describe('colours', () => {
  test('a failed task, a running one and a finished one look different', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    const colours = ['mytask2', 'mytask3', 'mytask4'].map((id) => screen.cell(2, screen.rowOf(id)).fg);
    expect(new Set(colours).size).toBe(3);
  });
});

describe('sorting and columns', () => {
  const ids = (screen: TestScreen) =>
    screen
      .text()
      .split('\n')
      .flatMap((row) => /^│[ ●](mytask\d+)/.exec(row)?.[1] ?? []);

  test('shift and a letter sorts, again turns round', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    await screen.press('N');
    expect(ids(screen)).toEqual(['mytask1', 'mytask2', 'mytask3', 'mytask4', 'mytask5', 'mytask10']);
    expect(screen.text()).toContain('ID↑');
    await screen.press('N');
    expect(ids(screen)[0]).toBe('mytask10');
    expect(screen.text()).toContain('ID↓');
  });

  test('by a column that is beside the screen is said in the lower border', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    await screen.press('A');
    expect(screen.text()).toContain('─ by AGE↑ ');
    await screen.press('A');
    expect(screen.text()).toContain('─ by AGE↓ ');
    await screen.press('N');
    expect(screen.text()).not.toContain('─ by ');
  });

  test('> and ~ do the same where shift is taken', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    await screen.press('>');
    expect(screen.text()).toContain('ID↑');
    await screen.press('~');
    expect(screen.text()).toContain('ID↓');
    await screen.press('>');
    expect(screen.text()).toContain('STATE↑');
  });

  test('ctrl-z shows only what is faulty', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    await screen.press('ctrl-z');
    expect(ids(screen)).toEqual(['mytask3']);
    await screen.press('ctrl-z');
    expect(ids(screen)).toHaveLength(6);
  });

  test('0 to 4 show states', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    await screen.press('2');
    expect(ids(screen)).toEqual(['mytask4', 'mytask5']);
    await screen.press('4');
    expect(ids(screen)).toEqual(['mytask3']);
    await screen.press('0');
    expect(ids(screen)).toHaveLength(6);
  });
});

describe('taking things along', () => {
  test('c copies the id, or the ids of the marks', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    await screen.press('c');
    await screen.press('space', 'space', 'c');
    expect(screen.copied).toEqual(['mytask1', 'mytask1\nmytask10']);
  });

  test('ctrl-s saves the rows that are shown, with exact values', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    await screen.press('/', 'mytask1', 'enter', 'ctrl-s');
    const lines = [...screen.saved.values()][0]?.split('\r\n') ?? [];
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^ID,STATE,RESULT,EXIT/);
    expect(lines[1]).toContain('mytask1,completed,success,0,0,');
    expect(lines[1]).toContain(',1.3,');
    expect(lines[1]).toContain('2026-03-02T11:55:48.000Z');
  });

  test(':save json saves them for programs, each value with its type', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    await screen.press('/', 'mytask1', 'enter', ':save json\r');
    const [[name = '', text = ''] = []] = [...screen.saved];
    expect(name).toBe('tasks.json');
    const rows = JSON.parse(text) as Record<string, unknown>[];
    expect(rows.map(({ id }) => id)).toEqual(['mytask1', 'mytask10']);
    expect(rows[0]).toMatchObject({ state: 'completed', exit: 0, duration: 1.3, failure: null });
    expect(rows[0]?.since).toBe('2026-03-02T11:55:48.000Z');
    expect(screen.text()).toContain('saved 2 rows in /dumps/tasks.json');
    await screen.press(':save xml\r');
    expect(screen.text()).toContain('rows are not saved as xml – try: :save csv or :save json');
    await screen.press('d', ':save\r');
    expect(screen.text()).toContain('rows are saved of a list');
  });

  test('says so when rows that are not loaded are not saved either', async () => {
    const listPage = async (resource: string) =>
      resource === 'tasks' ? page(TASKS.slice(0, 2), 'more') : page([]);
    const port = scriptedPort({ listPage });
    const screen = await openScreen({ port, view: TASKS_OF_JOB, session: { rowLimit: 2 } });
    await screen.press('ctrl-s');
    expect(screen.text()).toContain('more are not loaded');
  });
});

describe('acting', () => {
  const acted = (port: ReturnType<typeof scriptedPort>) =>
    port.asked('act').map(([operation]) => operation as Operation);

  test('a question has Cancel in focus: enter does nothing', async () => {
    const port = scriptedPort();
    const screen = await openScreen({ port, view: listView('jobs', {}) });
    await screen.press('ctrl-d');
    expect(screen.text()).toContain('Delete job myjob?');
    await screen.press('enter');
    expect(acted(port)).toEqual([]);
    expect(screen.text()).not.toContain('Delete job myjob?');
  });

  test('tab and enter does it', async () => {
    const port = scriptedPort();
    const screen = await openScreen({ port, view: listView('jobs', {}) });
    await screen.press('ctrl-d', 'tab', 'enter');
    expect(acted(port)).toEqual([{ resource: 'jobs', action: 'delete', scope: {}, id: 'myjob' }]);
    expect(screen.text()).toContain('Delete job myjob: accepted');
  });

  test('one key switches off what is on, and on what is off', async () => {
    const port = scriptedPort();
    const screen = await openScreen({ port, view: listView('jobs', {}) });
    await screen.press('p');
    expect(screen.text()).toContain('Disable job myjob?');
    await screen.press('esc', 'j', 'j', 'p');
    expect(screen.text()).toContain('Enable job paused?');
  });

  test('read-only, no key asks, and each says why', async () => {
    const port = scriptedPort();
    const screen = await openScreen({ port, view: listView('jobs', {}), session: { readOnly: true } });
    for (const key of ['ctrl-d', 'n', 'x', 'p', 'e']) {
      await screen.press(key);
      expect(screen.store.getState().overlay, key).toBeUndefined();
      expect(screen.text(), key).toContain('not in read-only mode');
    }
    expect(acted(port)).toEqual([]);
  });

  test('read-only, an empty list names no key that would make something', async () => {
    const port = scriptedPort({ listPage: async () => page([]) });
    const screen = await openScreen({ port, view: listView('pools', {}), session: { readOnly: true } });
    expect(screen.text()).toContain('they appear here as soon as there are some');
    expect(screen.text()).not.toContain('makes one');
  });

  test('a filter that hides every row leaves nothing to act on', async () => {
    const screen = await openScreen({ view: TASKS_OF_JOB });
    await screen.press('/', 'nowhere', 'enter', 'ctrl-d');
    expect(screen.store.getState().overlay).toBeUndefined();
  });
});

describe('asking the service', () => {
  test('what is not on the screen is not asked for', async () => {
    const port = scriptedPort();
    const screen = await openScreen({ port });
    await screen.press(':', 'jobs', 'enter');
    const before = port.asked('listPage').length;
    await screen.pass(10 * SECOND);
    const asked = port.asked('listPage').slice(before);
    expect(asked.length).toBeGreaterThan(1);
    expect(new Set(asked.map(([resource]) => resource))).toEqual(new Set(['jobs']));
  });

  test('ctrl-r asks at once', async () => {
    const port = scriptedPort();
    const screen = await openScreen({ port });
    const before = port.asked('listPage').length;
    await screen.press('ctrl-r');
    expect(port.asked('listPage').length).toBeGreaterThan(before);
  });

  test('a new pool is in the list after it was made, with the cursor on it', async () => {
    const rows: object[] = [...TASKS];
    const port = scriptedPort({
      listPage: async (resource) => page(resource === 'tasks' ? rows : []),
      add: async (_resource, _scope, body) => {
        rows.push({ ...body, state: 'active' });
      },
      taskCounts: async () => {
        const counts = { active: rows.length, running: 0, completed: 0, succeeded: 0, failed: 0 };
        return { tasks: counts, slots: counts };
      },
    });
    const screen = await openScreen({ port, view: TASKS_OF_JOB });
    await screen.press('n', 'ctrl-u', 'zzz', 'ctrl-s');
    expect(screen.text()).toContain('task zzz was created');
    expect(cursorText(screen)).toBe('zzz');
  });
});
