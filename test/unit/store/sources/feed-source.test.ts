import { describe, expect, test } from 'vitest';
import type { ListQuery } from '../../../../src/api/port.ts';
import { CredentialError, ServiceError, UnreachableError } from '../../../../src/lib/errors.ts';
import type { Entity } from '../../../../src/resources/types.ts';
import { feedKeyOf } from '../../../../src/store/keys-of.ts';
import { FeedSource } from '../../../../src/store/sources/feed-source.ts';
import type { Feed, ListView } from '../../../../src/store/state.ts';
import { listView } from '../../../../src/store/views.ts';
import { MINUTE, NOW, SECOND } from '../../../support/samples.ts';
import { countsOf, page } from '../../../support/scripted-port.ts';
import { storeKit } from '../../../support/store-kit.ts';

const TASKS_OF_JOB = listView('tasks', { job: 'myjob' });
const NEVER = new AbortController().signal;
const busy = new ServiceError({ status: 429, code: 'TooManyRequests', message: 'too many' });

const rows = (...ids: string[]): Entity[] => ids.map((id) => ({ id, state: 'active' }));

/** A source over a service whose list and counts the test sets. */
function feedOn(view: ListView = TASKS_OF_JOB, rowLimit = 20_000) {
  const service = { rows: rows('a', 'b', 'c'), pageSize: 2, counted: undefined as number | undefined };
  const refused: { next?: string } = {};
  const kit = storeKit({
    view,
    session: { rowLimit },
    port: {
      listPage: async (_resource, _scope, query: ListQuery) => {
        if (query.filter?.startsWith('stateTransitionTime') === true) return page([]);
        if (query.next !== undefined && query.next === refused.next) throw busy;
        const from = Number(query.next ?? 0);
        const end = from + service.pageSize;
        return page(service.rows.slice(from, end), end < service.rows.length ? String(end) : undefined);
      },
      taskCounts: async () => {
        const counts = countsOf(service.rows);
        return service.counted === undefined
          ? counts
          : { ...counts, tasks: { ...counts.tasks, active: service.counted } };
      },
    },
  });
  const source = new FeedSource({ store: kit.store, port: kit.port, now: () => kit.timing.now() }, view);
  const feed = (): Feed => kit.store.getState().feeds[feedKeyOf(view)] as Feed;
  const ids = () => feed().rows.map((row) => (row as { id: string }).id);
  const queries = () => kit.port.asked('listPage').map((args) => args[2] as ListQuery);
  return { ...kit, service, refused, source, feed, ids, queries };
}

describe('the first look at a list', () => {
  test('shows rows page by page, before the rest has come', async () => {
    const { source, store, ids, feed } = feedOn();
    const seen: number[] = [];
    store.subscribe(() => seen.push(feed().rows.length));
    await source.tick(NEVER);
    expect(seen.slice(0, 2)).toEqual([2, 2]);
    expect(ids()).toEqual(['a', 'b', 'c']);
    expect(feed()).toMatchObject({
      status: 'ready',
      complete: true,
      total: 3,
      states: { active: 3, running: 0, succeeded: 0, failed: 0 },
      updatedAt: NOW,
      error: undefined,
    });
    expect(feed().before.size).toBe(0);
  });

  test('asks only for the properties that are shown', async () => {
    const { source, queries } = feedOn();
    await source.tick(NEVER);
    expect(queries()[0]?.select).toEqual(
      expect.arrayContaining(['id', 'state', 'executionInfo', 'nodeInfo']),
    );
    expect(queries()[0]?.select).not.toContain('environmentSettings');
  });

  test('asks for nothing where the service knows no $select, and descends into directories', async () => {
    const { source, queries } = feedOn(listView('files', { job: 'myjob', task: 'mytask' }));
    await source.tick(NEVER);
    expect(queries()[0]).toEqual({ recursive: true });
  });

  test('stops at the row limit, and says that there is more', async () => {
    const { source, ids, feed, service } = feedOn(TASKS_OF_JOB, 4);
    service.rows = rows('a', 'b', 'c', 'd', 'e', 'f', 'g');
    await source.tick(NEVER);
    expect(ids()).toEqual(['a', 'b', 'c', 'd']);
    expect(feed()).toMatchObject({ complete: false, total: 7 });
  });

  test('what comes too late for an aborted tick changes nothing', async () => {
    const { source, store } = feedOn();
    const abort = new AbortController();
    abort.abort();
    await expect(source.tick(abort.signal)).rejects.toThrow();
    expect(store.getState().feeds).toEqual({});
  });
});

test('rows that are taken away while changes are asked for do not come back with them', async () => {
  const { source, store, service, ids, feed, port } = feedOn();
  await source.tick(NEVER);
  port.play({
    listPage: async () => {
      service.rows = rows('b', 'c');
      const left = feed().rows.filter((row) => (row as { id: string }).id !== 'a');
      store.setState(({ feeds }) => ({
        feeds: { ...feeds, [feedKeyOf(TASKS_OF_JOB)]: { ...feed(), rows: left } },
      }));
      return page([]);
    },
  });
  await source.tick(NEVER);
  expect(ids()).toEqual(['b', 'c']);
});

describe('a first look that is cut short', () => {
  test('goes on where it was, and shows what comes', async () => {
    const { source, service, refused, ids, queries, store } = feedOn();
    service.rows = rows('a', 'b', 'c', 'd', 'e');
    refused.next = '4';
    await expect(source.tick(NEVER)).rejects.toBe(busy);
    source.failed(busy, NOW);
    expect(ids()).toEqual(['a', 'b', 'c', 'd']);
    const before = queries().length;
    delete refused.next;
    const seen: number[] = [];
    store.subscribe(() => seen.push(ids().length));
    await source.tick(NEVER);
    expect(queries()[before]).toMatchObject({ next: '4' });
    expect(ids()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(seen[0]).toBe(5);
  });
});

describe('later looks', () => {
  test('ask for what changed since the service’s last answer, with an overlap', async () => {
    const { source, queries } = feedOn();
    await source.tick(NEVER);
    const first = queries().length;
    await source.tick(NEVER);
    expect(queries().slice(first)).toEqual([
      expect.objectContaining({ filter: "stateTransitionTime ge DateTime'2026-03-02T11:59:50.000Z'" }),
    ]);
  });

  test('take changes in, and remember how the rows were', async () => {
    const { source, port, feed, ids } = feedOn();
    await source.tick(NEVER);
    const [a] = feed().rows;
    port.play({ listPage: async () => page([{ id: 'b', state: 'running' }, ...rows('bb')]) });
    await source.tick(NEVER);
    expect(ids()).toEqual(['a', 'b', 'bb', 'c']);
    expect(feed().rows[0]).toBe(a);
    expect([...feed().before.keys()]).toEqual(['b']);
  });

  test('find deletions by the counts, and then read the list anew', async () => {
    const { source, service, ids, timing } = feedOn();
    await source.tick(NEVER);
    service.rows = rows('a', 'c');
    await source.tick(NEVER);
    expect(ids()).toEqual(['a', 'b', 'c']);
    await timing.pass(3 * SECOND, async () => undefined);
    await source.tick(NEVER);
    expect(ids()).toEqual(['a', 'c']);
  });

  test('a count that is wrong by itself does not make every look a whole one', async () => {
    const { source, service, queries, timing } = feedOn();
    service.counted = 5;
    await source.tick(NEVER);
    const first = queries().length;
    for (let tick = 0; tick < 3; tick += 1) {
      await timing.pass(3 * SECOND, async () => undefined);
      await source.tick(NEVER);
    }
    expect(queries().slice(first)).toHaveLength(3);
    expect(
      queries()
        .slice(first)
        .every(({ filter }) => filter !== undefined),
    ).toBe(true);
  });

  test('read the whole list again after a long absence', async () => {
    const { source, service, ids, timing } = feedOn();
    await source.tick(NEVER);
    service.rows = rows('x', 'y', 'z');
    await timing.pass(10 * MINUTE, async () => undefined);
    await source.tick(NEVER);
    expect(ids()).toEqual(['x', 'y', 'z']);
  });

  test('read everything where the service cannot tell what changed', async () => {
    const { source, service, ids, queries } = feedOn(listView('jobs', {}));
    await source.tick(NEVER);
    service.rows = rows('a', 'd');
    await source.tick(NEVER);
    expect(ids()).toEqual(['a', 'd']);
    expect(queries().every(({ filter }) => filter === undefined)).toBe(true);
  });

  test('keep the array when nothing changed, so that nothing is sorted or painted again', async () => {
    const { source, feed } = feedOn(listView('jobs', {}));
    await source.tick(NEVER);
    const before = feed().rows;
    await source.tick(NEVER);
    expect(feed().rows).toBe(before);
  });
});

describe('failures', () => {
  const refusal = new ServiceError({ status: 403, code: 'Forbidden', message: 'no' });

  test('tell a refusal from no answer, and keep the rows', async () => {
    const { source, feed, ids } = feedOn();
    await source.tick(NEVER);
    source.failed(new UnreachableError('gone'), NOW + 5000);
    expect(feed()).toMatchObject({ status: 'unreachable', retryAt: NOW + 5000 });
    expect(ids()).toEqual(['a', 'b', 'c']);
    source.failed(refusal, NOW + 5000);
    expect(feed()).toMatchObject({ status: 'refused', error: refusal });
    source.failed(new ServiceError({ status: 503, code: 'ServerBusy', message: 'busy' }), NOW);
    expect(feed().status).toBe('unreachable');
    source.failed(new CredentialError('no token'), NOW);
    expect(feed().status).toBe('refused');
  });

  test('are forgotten as soon as an answer comes', async () => {
    const { source, feed } = feedOn();
    source.failed(refusal, NOW + 5000);
    expect(feed().updatedAt).toBeUndefined();
    await source.tick(NEVER);
    expect(feed()).toMatchObject({ status: 'ready', error: undefined, retryAt: undefined });
  });
});

describe('a list that cannot tell what changed', () => {
  test('is read less often the more pages it has', async () => {
    const { source, service } = feedOn(listView('blobs', { container: 'input' }));
    service.pageSize = 1000;
    const many = (count: number) => Array.from({ length: count }, (_, at) => ({ name: `blob-${at}` }));
    service.rows = many(3000);
    await source.tick(NEVER);
    expect(source.interval()).toBe(5 * SECOND);
    service.rows = many(16_000);
    await source.tick(NEVER);
    expect(source.interval()).toBe(20 * SECOND);
  });
});

describe('how many there are in each state', () => {
  test('stands with the list, whatever part of it the service was asked for', async () => {
    const { source, feed, service } = feedOn({ ...TASKS_OF_JOB, pushedFilter: "state eq 'active'" });
    service.rows = [
      { id: 'a', state: 'active' },
      { id: 'b', state: 'running' },
    ];
    await source.tick(NEVER);
    expect(feed()).toMatchObject({ total: 1, states: { active: 1, running: 1, succeeded: 0, failed: 0 } });
  });

  test('is both kinds of nodes together', async () => {
    const { source, feed, port } = feedOn(listView('nodes', { pool: 'p' }));
    const counts = {
      poolId: 'p',
      dedicated: { total: 3, idle: 1, running: 2 },
      lowPriority: { total: 1, idle: 1 },
    };
    port.play({
      listPage: async (resource) => page(resource === 'nodecounts' ? [counts] : [{ id: 'n', state: 'idle' }]),
    });
    await source.tick(NEVER);
    expect(feed()).toMatchObject({ total: 4, states: { idle: 2, running: 2 } });
  });

  test('is not known of lists that the service does not count', async () => {
    const { source, feed } = feedOn(listView('pools', {}));
    await source.tick(NEVER);
    expect(feed().states).toBeUndefined();
  });
});
