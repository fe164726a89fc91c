import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../../src/lib/errors.ts';
import type { Line } from '../../../../src/resources/line.ts';
import { searchLines, toggleSearch } from '../../../../src/store/actions/search-lines.ts';
import { topView } from '../../../../src/store/app-store.ts';
import { feedKeyOf } from '../../../../src/store/keys-of.ts';
import { LineSource } from '../../../../src/store/sources/line-source.ts';
import type { ListView } from '../../../../src/store/state.ts';
import { commandOf, listView } from '../../../../src/store/views.ts';
import { SECOND, task } from '../../../support/samples.ts';
import { notFound, page } from '../../../support/scripted-port.ts';
import { storeKit } from '../../../support/store-kit.ts';

const NEVER = new AbortController().signal;
const FAILED = "state eq 'completed' and executionInfo/result eq 'failure'";

const failed = (id: string, endTime = '2026-03-02T11:00:00Z') =>
  task(id, { state: 'completed', executionInfo: { exitCode: 1, result: 'failure', endTime } });

/** A search in files that the test writes; a task that has none is without the file. */
function searching(scope: object = {}) {
  const world = { files: {} as Record<string, string | Error>, tasks: [] as object[], reading: 0, most: 0 };
  const view: ListView = listView('lines', { job: 'myjob', file: 'stderr.txt', pattern: 'error', ...scope });
  const textOf = (file: object) => {
    const text = world.files[(file as { task: string }).task];
    if (text === undefined) throw notFound('FileNotFound');
    if (text instanceof Error) throw text;
    return Buffer.from(text);
  };
  const kit = storeKit({
    view,
    port: {
      listPage: async () => page(world.tasks),
      statFile: async (file) => {
        world.reading += 1;
        world.most = Math.max(world.most, world.reading);
        await Promise.resolve();
        world.reading -= 1;
        return {
          size: textOf(file).length,
          lastModified: undefined,
          isDirectory: false,
          contentType: undefined,
        };
      },
      readFile: async (file, { start, end }) => textOf(file).subarray(start, end),
    },
  });
  const source = new LineSource({ store: kit.store, port: kit.port, now: () => kit.timing.now() }, view);
  const feed = () => kit.store.getState().feeds[feedKeyOf(view)];
  return { ...kit, world, view, source, feed, rows: () => (feed()?.rows ?? []) as readonly Line[] };
}

const DISK = 'Error: disk 7 full';

describe('a search in the output of tasks', () => {
  test('counts tasks that say the same as one line, what most say first', async () => {
    const { world, source, rows, feed } = searching();
    world.tasks = ['t1', 't2', 't3', 't4'].map((id) => failed(id));
    world.files = {
      t1: 'begin\nError: no licence\n',
      t2: 'Error: disk 1 full\r\nerror: t2 failed\nError: disk 2 full\n',
      t3: 'all is well\n',
      t4: `\x1b[31m${DISK}\x1b[0m`,
    };
    await source.tick(NEVER);
    const told = rows().map(({ task: id, line, tasks, lines, isFirst }) => ({
      id,
      line,
      tasks,
      lines,
      isFirst,
    }));
    expect(told).toEqual([
      { id: 't2', line: 'Error: disk 2 full', tasks: 2, lines: 2, isFirst: true },
      { id: 't4', line: DISK, tasks: 2, lines: 1, isFirst: false },
      { id: 't1', line: 'Error: no licence', tasks: 1, lines: 1, isFirst: true },
      { id: 't2', line: 'error: t2 failed', tasks: 1, lines: 1, isFirst: true },
    ]);
    expect(feed()?.note).toBe('4 failed tasks');
  });

  test('reads the end of a file only, and leaves out the line that it begins in', async () => {
    const { world, source, rows, port } = searching();
    world.tasks = [failed('t1')];
    world.files.t1 = `error: long ago\nerror ${'x'.repeat(70_000)}\n${DISK}\n`;
    await source.tick(NEVER);
    expect(rows().map(({ line }) => line)).toEqual([DISK]);
    const [, range] = port.asked('readFile')[0] ?? [];
    expect(range).toEqual({ start: world.files.t1.length - 65_536, end: world.files.t1.length });
  });

  test('finds what stands behind a progress bar, and takes all of the bar for one line', async () => {
    const { world, source, rows } = searching({ pattern: 'error|%' });
    world.tasks = [failed('t1')];
    const bar = Array.from({ length: 5000 }, (_, step) => `\r${step}% done`).join('');
    world.files.t1 = `${bar}\r${DISK}\r\n`;
    await source.tick(NEVER);
    expect(rows().map(({ line }) => line)).toEqual(['4999% done', DISK]);
  });

  test('asks for the failed tasks, and later for those that failed since, a few files at a time', async () => {
    const { world, source, rows, port, feed } = searching();
    world.tasks = Array.from({ length: 30 }, (_, number) => failed(`t${number}`));
    for (let number = 0; number < 31; number += 1) world.files[`t${number}`] = DISK;
    await source.tick(NEVER);
    expect(rows()[0]?.tasks).toBe(30);
    expect(world.most).toBe(4);
    expect(port.calls).toHaveLength(1 + 2 * 30);
    world.tasks = [failed('t30'), failed('t3')];
    await source.tick(NEVER);
    expect(port.calls).toHaveLength(1 + 2 * 30 + 1 + 2);
    const filters = port.asked('listPage').map(([, , query]) => (query as { filter?: string }).filter);
    expect(filters[0]).toBe(FAILED);
    expect(filters[1]).toMatch(/^\(?state eq .*stateTransitionTime ge DateTime/);
    expect(rows()[0]?.tasks).toBe(31);
    expect(feed()?.note).toBe('31 failed tasks');
  });

  test('searches a task again that ran again, and forgets what it said before', async () => {
    const { world, source, rows } = searching();
    world.tasks = [failed('t1')];
    world.files.t1 = DISK;
    await source.tick(NEVER);
    world.tasks = [failed('t1', '2026-03-02T11:30:00Z')];
    world.files.t1 = 'error: another';
    await source.tick(NEVER);
    expect(rows().map(({ line }) => line)).toEqual(['error: another']);
  });

  test('counts a task once, however often it ran and was searched', async () => {
    const { world, source, feed } = searching();
    world.tasks = [failed('t1'), failed('t2')];
    world.files.t2 = DISK;
    await source.tick(NEVER);
    expect(feed()?.note).toBe('2 failed tasks; 1 without the file');
    world.tasks = [failed('t1', '2026-03-02T11:30:00Z')];
    world.files.t1 = DISK;
    await source.tick(NEVER);
    expect(feed()?.note).toBe('2 failed tasks');
  });

  test('counts those that are being read among all that are to be', async () => {
    const { world, source, feed, port, timing } = searching();
    world.tasks = Array.from({ length: 10 }, (_, number) => failed(`t${number}`));
    const notes: (string | undefined)[] = [];
    port.play({
      statFile: async () => {
        await timing.pass(SECOND, async () => undefined);
        notes.push(feed()?.note);
        throw notFound('FileNotFound');
      },
    });
    await source.tick(NEVER);
    expect(notes.filter((note) => !note?.includes(' of 10 failed tasks'))).toEqual([]);
  });

  test('says how many tasks left no such file', async () => {
    const { world, source, feed } = searching();
    world.tasks = [failed('t1'), failed('t2')];
    world.files.t1 = DISK;
    await source.tick(NEVER);
    expect(feed()?.note).toBe('2 failed tasks; 1 without the file');
  });

  test('goes on after a failure where it was, and keeps what it has', async () => {
    const { world, source, rows, feed, port } = searching();
    world.tasks = ['t1', 't2', 't3'].map((id) => failed(id));
    const busy = new ServiceError({ status: 503, code: 'ServerBusy', message: 'busy', retryAfter: 4000 });
    world.files = { t1: DISK, t2: busy, t3: DISK };
    await source.tick(NEVER);
    expect(source.interval()).toBe(4000);
    expect(rows()).toHaveLength(2);
    expect(feed()?.note).toBe('2 of 3 failed tasks');
    await expect(source.tick(NEVER)).rejects.toBe(busy);
    world.files.t2 = DISK;
    const before = port.asked('readFile').length;
    await source.tick(NEVER);
    expect(rows()).toHaveLength(3);
    expect(port.asked('readFile')).toHaveLength(before + 1);
    expect(source.interval()).toBe(15_000);
  });

  test('looks only at the tasks that were marked', async () => {
    const { world, source, rows, port, feed } = searching({ among: 't2 t3 gone' });
    port.play({
      get: async (_resource, _scope, id) => {
        if (id === 'gone') throw notFound('TaskNotFound');
        return task(id);
      },
    });
    world.files = { t1: DISK, t2: DISK, t3: 'fine' };
    await source.tick(NEVER);
    await source.tick(NEVER);
    expect(rows().map(({ task: id }) => id)).toEqual(['t2']);
    expect(port.asked('get').map(([, , id]) => id)).toEqual(['t2', 't3', 'gone']);
    expect(port.asked('listPage')).toEqual([]);
    expect(feed()?.note).toBe('3 marked tasks; 1 without the file');
  });

  test('begins anew where the user asks again, and keeps what it has until that is replaced', async () => {
    const { world, source, rows, feed, port } = searching({ among: 't1 t2' });
    port.play({ get: async (_resource, _scope, id) => task(id) });
    world.files = { t1: DISK, t2: DISK };
    await source.tick(NEVER);
    world.files = { t1: 'error: another', t2: 'fine' };
    source.again();
    const held: number[] = [];
    port.play({
      get: async (_resource, _scope, id) => {
        held.push(rows().length);
        return task(id);
      },
    });
    await source.tick(NEVER);
    expect(held).toEqual([2, 2]);
    expect(rows().map(({ line }) => line)).toEqual(['error: another']);
    expect(feed()).toMatchObject({ note: '2 marked tasks', isAtRest: true });
  });

  test('forgets, where it begins anew, tasks that are not among the first failed ones any more', async () => {
    const { world, source, rows } = searching();
    world.tasks = Array.from({ length: 1001 }, (_, number) => failed(`t${number}`));
    world.files = { t1: DISK, t2: DISK };
    await source.tick(NEVER);
    world.tasks = world.tasks.filter((_, number) => number !== 1);
    source.again();
    await source.tick(NEVER);
    expect(rows().map(({ task: id }) => id)).toEqual(['t2']);
  });

  test('goes on where it was stopped when the user asks again', async () => {
    const { world, source, services, view, feed } = searching();
    world.tasks = [failed('t1')];
    world.files.t1 = DISK;
    await source.tick(NEVER);
    toggleSearch(services, view);
    await source.tick(NEVER);
    expect(feed()?.isAtRest).toBe(true);
    source.again();
    await source.tick(NEVER);
    expect(feed()).toMatchObject({ note: '1 failed task', isAtRest: false });
  });

  test('leaves a service alone for no more than five minutes, whatever it asks for', async () => {
    const { world, source } = searching();
    world.tasks = ['t1', 't2'].map((id) => failed(id));
    const busy = new ServiceError({ status: 503, code: 'ServerBusy', message: 'busy', retryAfter: 9e9 });
    world.files = { t1: DISK, t2: busy };
    await source.tick(NEVER);
    expect(source.interval()).toBe(300_000);
  });

  test('searches at most a thousand tasks, and says that there are more', async () => {
    const { world, source, feed, port } = searching();
    world.tasks = Array.from({ length: 1001 }, (_, number) => failed(`t${number}`));
    await source.tick(NEVER);
    expect(feed()?.note).toBe('1,000 failed tasks, the first ones; 1,000 without the file');
    await source.tick(NEVER);
    expect(port.asked('listPage')).toHaveLength(1);
    expect(feed()?.isAtRest).toBe(true);
  });

  test('is stopped and goes on', async () => {
    const { world, source, services, view, feed, port, refreshes } = searching();
    world.tasks = Array.from({ length: 10 }, (_, number) => failed(`t${number}`));
    port.play({
      statFile: async () => {
        if (port.asked('statFile').length === 5) toggleSearch(services, view);
        throw notFound('FileNotFound');
      },
    });
    await source.tick(NEVER);
    expect(feed()?.note).toMatch(/^stopped: \d of 10 failed tasks/);
    const asked = port.asked('statFile').length;
    expect(asked).toBeLessThan(10);
    await source.tick(NEVER);
    expect(feed()?.isAtRest).toBe(true);
    expect(port.asked('statFile')).toHaveLength(asked);
    toggleSearch(services, view);
    expect(refreshes()).toBe(1);
    await source.tick(NEVER);
    expect(feed()).toMatchObject({ note: '10 failed tasks; 10 without the file', isAtRest: false });
  });
});

describe('the command', () => {
  test('searches in the marked tasks of the list on the screen', () => {
    const view = { ...listView('tasks', { job: 'myjob' }), marks: new Set(['t1', 't2']) };
    const { services, store } = storeKit({ view });
    searchLines(services, 'myjob', undefined, 'error');
    expect(topView(store.getState())).toMatchObject({
      resource: 'lines',
      stateFilter: 1,
      scope: { job: 'myjob', file: 'stderr.txt', pattern: 'error', among: 't1 t2' },
    });
  });

  test('keeps the ids of no more marked tasks than tell that there are more than are searched', () => {
    const marks = new Set(Array.from({ length: 5000 }, (_, number) => `t${number}`));
    const { services, store } = storeKit({ view: { ...listView('tasks', { job: 'myjob' }), marks } });
    searchLines(services, 'myjob', undefined, 'error');
    expect((topView(store.getState()) as ListView).scope.among?.split(' ')).toHaveLength(1001);
  });

  test('is what opens the list of what was found', () => {
    const scope = { job: 'myjob', file: 'stderr.txt', pattern: 'disk|io' };
    expect(commandOf(listView('lines', scope))).toBe('grep myjob stderr.txt /disk|io');
  });

  test('says what is wrong with a pattern, and opens nothing', () => {
    const { services, store } = storeKit();
    const before = topView(store.getState());
    expect(() => searchLines(services, 'myjob', undefined, '(')).toThrow(/bad pattern \(/);
    expect(() => searchLines(services, 'myjob', undefined, '')).toThrow(/what shall be looked for/);
    expect(topView(store.getState())).toBe(before);
  });
});
