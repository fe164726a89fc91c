import { describe, expect, test } from 'vitest';
import type { ListQuery } from '../../../../src/api/port.ts';
import { topView } from '../../../../src/store/app-store.ts';
import { slideAlong, slideToEnd, slideToStart } from '../../../../src/store/beyond.ts';
import { feedKeyOf } from '../../../../src/store/keys-of.ts';
import { cursorIndex, moveTo } from '../../../../src/store/list-moves.ts';
import { tableWindow } from '../../../../src/store/row-window.ts';
import { settleList } from '../../../../src/store/settle.ts';
import { FeedSource } from '../../../../src/store/sources/feed-source.ts';
import type { Feed, ListView } from '../../../../src/store/state.ts';
import { listView, updateList } from '../../../../src/store/views.ts';
import { pageOf } from '../../../support/id-service.ts';
import { SECOND } from '../../../support/samples.ts';
import { NO_COUNTS } from '../../../support/scripted-port.ts';
import { storeKit } from '../../../support/store-kit.ts';

const NEVER = new AbortController().signal;
const VIEW = listView('tasks', { job: 'myjob' });
const HEIGHT = 10;

interface Row {
  readonly id: string;
  readonly state: string;
  readonly stateTransitionTime: string;
}

const taskId = (number: number) => `t${String(number).padStart(5, '0')}`;
const row = (id: string, state = 'active', time = '2026-01-01T00:00:00Z'): Row => ({
  id,
  state,
  stateTransitionTime: time,
});

/** A job of so many tasks of which 2,000 can be held, looked at once. */
async function longJob(size: number, view: ListView = VIEW) {
  const service = { tasks: Array.from({ length: size }, (_, number) => row(taskId(number))) };
  const kit = storeKit({
    view,
    session: { rowLimit: 2000 },
    port: {
      listPage: async (_resource, _scope, query) => pageOf(service.tasks, query),
      taskCounts: async () => {
        const tasks = { ...NO_COUNTS, active: service.tasks.length };
        return { tasks, slots: tasks };
      },
    },
  });
  const source = new FeedSource({ store: kit.store, port: kit.port, now: () => kit.timing.now() }, view);
  await source.tick(NEVER);
  const feed = () => kit.store.getState().feeds[feedKeyOf(view)] as Feed;
  const held = () => {
    const { rows, cutStart, cutEnd } = feed();
    const ids = rows.map((each) => (each as Row).id);
    return { from: ids[0], to: ids[ids.length - 1], rows: ids.length, cutStart, cutEnd };
  };
  const put = (row: number) =>
    updateList(kit.store, (list) =>
      moveTo(list, kit.services.listings.of(kit.store.getState(), list), row, tableWindow(HEIGHT)),
    );
  const look = async () => {
    await kit.timing.pass(3 * SECOND, async () => undefined);
    await source.tick(NEVER);
  };
  return { ...kit, service, source, feed, held, put, look };
}

describe('a list too long to hold', () => {
  test('shows its end without reading what is in between', async () => {
    const { source, held, port, store, services } = await longJob(30_000);
    const asked = () =>
      port.asked('listPage').filter(([, , query]) => (query as ListQuery).next === undefined);
    const before = asked().length;
    await source.slide('end', NEVER);
    expect(held()).toEqual({
      from: taskId(29_000),
      to: taskId(29_999),
      rows: 1000,
      cutStart: true,
      cutEnd: false,
    });
    expect(asked().length - before).toBeLessThan(6);
    settleList(services, () => tableWindow(HEIGHT));
    expect(topView(store.getState())).toMatchObject({ cursor: taskId(29_999), cursorRow: 999, top: 990 });
  });

  test('slides page by page in both directions, never holding more than the limit', async () => {
    const { source, held } = await longJob(30_000);
    await source.slide('later', NEVER);
    expect(held()).toEqual({
      from: taskId(1000),
      to: taskId(2999),
      rows: 2000,
      cutStart: true,
      cutEnd: true,
    });
    await source.slide('earlier', NEVER);
    expect(held()).toEqual({ from: taskId(0), to: taskId(1999), rows: 2000, cutStart: false, cutEnd: true });
    await source.slide('end', NEVER);
    await source.slide('earlier', NEVER);
    await source.slide('earlier', NEVER);
    expect(held()).toEqual({
      from: taskId(27_000),
      to: taskId(28_999),
      rows: 2000,
      cutStart: true,
      cutEnd: true,
    });
    await source.slide('later', NEVER);
    await source.slide('later', NEVER);
    expect(held()).toMatchObject({ to: taskId(29_999), cutEnd: false });
    await source.slide('start', NEVER);
    expect(held()).toEqual({ from: taskId(0), to: taskId(1999), rows: 2000, cutStart: false, cutEnd: true });
  });

  test('keeps the rows on the screen where they are when it slides', async () => {
    const { source, store, services, put } = await longJob(30_000);
    put(1995);
    const line = () => {
      const view = topView(store.getState()) as ListView;
      return [view.cursor, cursorIndex(view, services.listings.of(store.getState(), view)) - view.top];
    };
    const before = line();
    await source.slide('later', NEVER);
    settleList(services, () => tableWindow(HEIGHT));
    expect(line()).toEqual(before);
    await source.slide('earlier', NEVER);
    settleList(services, () => tableWindow(HEIGHT));
    expect(line()).toEqual(before);
  });

  test('a part of it takes what changes there and nothing else', async () => {
    const { source, service, held, feed, look } = await longJob(30_000);
    await source.slide('end', NEVER);
    const now = '2026-03-02T12:00:00Z';
    service.tasks[3] = row(taskId(3), 'running', now);
    service.tasks[29_500] = row(taskId(29_500), 'running', now);
    service.tasks.push(row(taskId(30_000), 'active', now));
    await look();
    expect(held()).toMatchObject({ from: taskId(29_000), to: taskId(30_000), rows: 1001 });
    expect(feed().rows[500]).toMatchObject({ state: 'running' });
    expect(feed().total).toBe(30_001);
  });

  test('finds what was deleted there', async () => {
    const { source, service, held, look } = await longJob(30_000);
    await source.slide('end', NEVER);
    service.tasks.splice(29_990, 10);
    for (let looks = 0; looks < 7; looks += 1) await look();
    expect(held()).toMatchObject({ from: taskId(29_000), to: taskId(29_989), cutStart: true, cutEnd: false });
  });

  test('begins anew when all of the part held was deleted', async () => {
    const { source, service, held, look } = await longJob(30_000);
    await source.slide('end', NEVER);
    service.tasks.splice(28_000, 2000);
    for (let looks = 0; looks < 7; looks += 1) await look();
    expect(held()).toMatchObject({ from: taskId(0), to: taskId(1999), cutStart: false, cutEnd: true });
  });

  test('is left in peace while nothing changes', async () => {
    const { source, port, look } = await longJob(30_000);
    await source.slide('end', NEVER);
    const before = port.calls.length;
    for (let looks = 0; looks < 10; looks += 1) await look();
    expect(port.calls.length - before).toBeLessThanOrEqual(20);
  });
});

describe('moving in it', () => {
  test('loads the next part a screenful before the edge', async () => {
    const { services, slides, put } = await longJob(30_000);
    put(1980);
    slideAlong(services, 'later', HEIGHT);
    expect(slides).toEqual([]);
    put(1990);
    slideAlong(services, 'later', HEIGHT);
    slideAlong(services, 'earlier', HEIGHT);
    expect(slides).toEqual(['later']);
  });

  test('goes to the ends where they are not held', async () => {
    const { services, slides, source } = await longJob(30_000);
    slideToStart(services);
    expect(slides).toEqual([]);
    slideToEnd(services);
    await source.slide('end', NEVER);
    slideToStart(services);
    slideToEnd(services);
    expect(slides).toEqual(['end', 'start']);
  });

  test('says why it cannot go to the end of a list that is sorted in another way', async () => {
    const sort = { column: 'state', descending: false };
    const { services, slides, store } = await longJob(30_000, { ...VIEW, sort });
    slideToEnd(services);
    expect(slides).toEqual([]);
    expect(store.getState().flash?.text).toBe(
      'this is the last of the 2,000 held: the service lists tasks by id, and cannot tell which is last by STATE',
    );
  });
});
