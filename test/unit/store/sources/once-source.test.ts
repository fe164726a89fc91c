import { describe, expect, test } from 'vitest';
import type { ListQuery, Page } from '../../../../src/api/port.ts';
import { ServiceError } from '../../../../src/lib/errors.ts';
import { feedKeyOf } from '../../../../src/store/keys-of.ts';
import { OnceSource, stopReading } from '../../../../src/store/sources/once-source.ts';
import { Sources } from '../../../../src/store/sources/sources.ts';
import { listView } from '../../../../src/store/views.ts';
import { task } from '../../../support/samples.ts';
import { page } from '../../../support/scripted-port.ts';
import { storeKit } from '../../../support/store-kit.ts';

const NEVER = new AbortController().signal;
const VIEW = listView('failedtasks', {});

const row = (jobId: string, id: string) => ({ jobId, ...task(id) });

/** A list of three pages, each with one row and how far it is. */
function reading({ rowLimit = 20_000 } = {}) {
  const world = {
    pages: 3,
    onPage: (_number: number): void => undefined,
    page: ({ next = '1' }: ListQuery): Page => {
      const number = Number(next);
      world.onPage(number);
      const isLast = number >= world.pages;
      return {
        ...page([row(`j${number}`, 't1')], isLast ? undefined : String(number + 1)),
        progress: isLast ? `of ${world.pages} jobs` : `${number} of ${world.pages} jobs`,
      };
    },
  };
  const kit = storeKit({
    view: VIEW,
    session: { rowLimit },
    port: {
      listPage: async (_resource, _scope, query) => world.page(query),
    },
  });
  const source = new OnceSource({ store: kit.store, port: kit.port, now: () => kit.timing.now() }, VIEW);
  const feed = () => kit.store.getState().feeds[feedKeyOf(VIEW)];
  const jobs = () => (feed()?.rows ?? []).map((found) => (found as { jobId: string }).jobId);
  return { ...kit, world, source, feed, jobs };
}

describe('a list that is read once', () => {
  test('is what the sources make of one that says so', () => {
    const { store, port } = reading();
    const sources = new Sources({ store, port, now: () => 0 });
    expect(sources.of(store.getState())).toBeInstanceOf(OnceSource);
  });

  test('shows each page as it comes, with how far it is, and rests at its end', async () => {
    const { source, feed, jobs, world, port } = reading();
    const seen: unknown[] = [];
    world.onPage = () => seen.push([jobs().length, feed()?.note, feed()?.isAtRest]);
    await source.tick(NEVER);
    expect(seen).toEqual([
      [0, undefined, false],
      [1, '1 of 3 jobs', false],
      [2, '2 of 3 jobs', false],
    ]);
    expect(feed()).toMatchObject({ isAtRest: true, complete: true, note: 'of 3 jobs', status: 'ready' });
    await source.tick(NEVER);
    expect(port.asked('listPage')).toHaveLength(3);
  });

  test('is read anew when it is asked for again, and shows what it held until then', async () => {
    const { source, jobs, world } = reading();
    await source.tick(NEVER);
    world.pages = 2;
    const held: number[] = [];
    world.onPage = () => held.push(jobs().length);
    source.again();
    await source.tick(NEVER);
    expect(held).toEqual([3, 3]);
    expect(jobs()).toEqual(['j1', 'j2']);
  });

  test('looks again at the jobs only in which something was done', async () => {
    const { source, feed, jobs, port } = reading();
    await source.tick(NEVER);
    const first = feed()?.rows[0];
    const changed = { ...row('j2', 't1'), state: 'active' };
    port.play({
      listPage: async (_resource, { job }, { next }) =>
        job === 'j2'
          ? page(next === undefined ? [changed] : [row('j2', 't2')], next === undefined ? '2' : undefined)
          : page([]),
    });
    const asked = () => port.asked('listPage').slice(3);
    source.again(['j2', 'j3']);
    await source.tick(NEVER);
    expect(asked().map(([, scope]) => scope)).toEqual([{ job: 'j2' }, { job: 'j3' }, { job: 'j2' }]);
    expect(jobs()).toEqual(['j1', 'j2', 'j2']);
    expect(feed()?.rows[0]).toBe(first);
    expect(feed()?.before.get('j2/t1')).toMatchObject({ state: 'completed' });
    expect(feed()).toMatchObject({ isAtRest: true, complete: true, note: 'of 3 jobs' });
    await source.tick(NEVER);
    expect(asked()).toHaveLength(3);
  });

  test('looks again at such jobs after it was read, and after a failure', async () => {
    const { source, feed, jobs, world, port } = reading();
    const failure = new ServiceError({ status: 503, code: 'ServerBusy', message: 'busy' });
    world.onPage = (number) => {
      if (number === 2) {
        world.onPage = () => undefined;
        throw failure;
      }
    };
    await expect(source.tick(NEVER)).rejects.toBe(failure);
    source.again(['j1']);
    let isBusy = true;
    port.play({
      listPage: async (_resource, scope, query) => {
        if (scope.job === undefined) return world.page(query);
        if (isBusy) throw failure;
        return page([]);
      },
    });
    await expect(source.tick(NEVER)).rejects.toBe(failure);
    expect(jobs()).toEqual(['j1', 'j2', 'j3']);
    source.failed(failure, 1);
    isBusy = false;
    await source.tick(NEVER);
    expect(jobs()).toEqual(['j2', 'j3']);
    expect(feed()).toMatchObject({ error: undefined, status: 'ready', complete: true });
  });

  test('is stopped where it is, keeps what it has, and goes on with nothing', async () => {
    const { source, feed, jobs, world, store, port } = reading();
    const said: boolean[] = [];
    world.onPage = (number) => {
      if (number === 2) said.push(stopReading(store, VIEW));
    };
    await source.tick(NEVER);
    await source.tick(NEVER);
    expect(said).toEqual([true]);
    expect(jobs()).toEqual(['j1']);
    expect(feed()).toMatchObject({ isStopped: true, complete: false, note: 'stopped: 1 of 3 jobs' });
    expect(port.asked('listPage')).toHaveLength(2);
    expect(stopReading(store, VIEW)).toBe(false);
    world.onPage = () => undefined;
    source.again();
    await source.tick(NEVER);
    expect(feed()).toMatchObject({ isStopped: false, complete: true, note: 'of 3 jobs' });
  });

  test('goes on after a failure where it was', async () => {
    const { source, feed, jobs, world, port } = reading();
    const failure = new ServiceError({ status: 503, code: 'ServerBusy', message: 'busy' });
    world.onPage = (number) => {
      if (number === 2) throw failure;
    };
    await expect(source.tick(NEVER)).rejects.toBe(failure);
    source.failed(failure, 1);
    expect(feed()).toMatchObject({ isAtRest: false, error: failure });
    world.onPage = () => undefined;
    await source.tick(NEVER);
    expect(jobs()).toEqual(['j1', 'j2', 'j3']);
    expect(feed()?.error).toBeUndefined();
    expect(port.asked('listPage')).toHaveLength(4);
  });

  test('holds no more rows than a list may, and says that there are more', async () => {
    const { source, feed, jobs } = reading({ rowLimit: 2 });
    await source.tick(NEVER);
    expect(jobs()).toEqual(['j1', 'j2']);
    expect(feed()).toMatchObject({ complete: false, isAtRest: true, note: '2 of 3 jobs' });
  });
});
