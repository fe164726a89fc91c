import { describe, expect, test } from 'vitest';
import { ServiceError, UnreachableError } from '../../../src/lib/errors.ts';
import { Poller } from '../../../src/store/poller.ts';
import type { Source } from '../../../src/store/sources/source.ts';
import { Sources } from '../../../src/store/sources/sources.ts';
import { listView, popView, pushView, tailView, textView, updateList } from '../../../src/store/views.ts';
import { SECOND } from '../../support/samples.ts';
import { deferred, steps, storeKit } from '../../support/store-kit.ts';

interface Tick {
  readonly signal: AbortSignal;
  resolve(value: undefined): void;
  reject(error: unknown): void;
}

/** A source whose ticks the test ends. */
function scriptedSource(key = 'list') {
  const ticks: Tick[] = [];
  const failures: { error: Error; retryAt: number }[] = [];
  const source: Source = {
    key,
    tick: (signal) => {
      const { promise, resolve, reject } = deferred<undefined>();
      signal.addEventListener('abort', () => reject(signal.reason));
      ticks.push({ signal, resolve, reject });
      return promise;
    },
    failed: (error, retryAt) => void failures.push({ error, retryAt }),
    forget: () => undefined,
  };
  return { source, ticks, failures };
}

function polling(...sources: readonly (Source | undefined)[]) {
  const kit = storeKit({ view: listView('pools', {}) });
  const bugs: unknown[] = [];
  const poller = new Poller({
    store: kit.store,
    timing: kit.timing,
    sourceOf: (state) => sources[state.views.length - 1],
    onBug: (error) => bugs.push(error),
  });
  const pass = (milliseconds: number) => kit.timing.pass(milliseconds, steps);
  return { ...kit, poller, bugs, pass };
}

const busy = new ServiceError({ status: 503, code: 'ServerBusy', message: 'busy' });

describe('the poller', () => {
  test('has a source begin anew before it is asked again out of turn', () => {
    const { source, ticks } = scriptedSource();
    const seen: number[] = [];
    const { poller } = polling({ ...source, again: () => void seen.push(ticks.length) });
    poller.start();
    poller.refresh();
    expect(seen).toEqual([1]);
    expect(ticks).toHaveLength(2);
  });

  test('asks at once, and again after the refresh, counted from the answer', async () => {
    const { source, ticks } = scriptedSource();
    const { poller, pass, store } = polling(source);
    poller.start();
    expect(ticks).toHaveLength(1);
    expect(store.getState().busy).toBe(1);
    ticks[0]?.resolve(undefined);
    await steps();
    expect(store.getState().busy).toBe(0);
    await pass(3 * SECOND - 1);
    expect(ticks).toHaveLength(1);
    await pass(1);
    expect(ticks).toHaveLength(2);
  });

  test('never asks twice at a time, however long an answer takes', async () => {
    const { source, ticks } = scriptedSource();
    const { poller, pass } = polling(source);
    poller.start();
    await pass(600 * SECOND);
    expect(ticks).toHaveLength(1);
  });

  test('leaving a view aborts its request and asks for the next view', async () => {
    const [list, text] = [scriptedSource('list'), scriptedSource('text')];
    const { poller, store, pass } = polling(list.source, text.source);
    poller.start();
    pushView(store, textView('yaml', 'pools', {}, 'mypool'));
    expect(list.ticks[0]?.signal.aborted).toBe(true);
    expect(text.ticks).toHaveLength(1);
    await steps();
    expect(list.failures).toEqual([]);
    await pass(60 * SECOND);
    expect(list.ticks).toHaveLength(1);
    popView(store);
    expect(text.ticks[0]?.signal.aborted).toBe(true);
    expect(list.ticks).toHaveLength(2);
    await steps();
    expect(store.getState().busy).toBe(1);
  });

  test('an answer that comes although it was broken off does not poll on', async () => {
    const late = deferred<void>();
    const [deaf, next] = [scriptedSource('deaf'), scriptedSource('next')];
    const { poller, store, timing } = polling({ ...deaf.source, tick: () => late.promise }, next.source);
    poller.start();
    pushView(store, { kind: 'welcome' });
    late.resolve();
    await steps();
    expect(timing.waits).toEqual([]);
    expect(next.ticks).toHaveLength(1);
  });

  test('a view that needs nothing is left in peace', async () => {
    const list = scriptedSource();
    const { poller, store, pass } = polling(list.source, undefined);
    poller.start();
    pushView(store, { kind: 'welcome' });
    await pass(60 * SECOND);
    expect(list.ticks).toHaveLength(1);
    expect(store.getState().busy).toBe(0);
  });

  test('a change of the view that needs the same data disturbs nothing', async () => {
    const { source, ticks } = scriptedSource();
    const { poller, store } = polling(source);
    poller.start();
    updateList(store, (view) => ({ ...view, cursor: 'elsewhere' }));
    expect(ticks).toHaveLength(1);
    expect(ticks[0]?.signal.aborted).toBe(false);
  });

  test('after failures it waits longer and longer, up to a minute, and tells the source', async () => {
    const { source, ticks, failures } = scriptedSource();
    const { poller, pass, timing } = polling(source);
    poller.start();
    const waits: number[] = [];
    for (let times = 0; times < 7; times += 1) {
      ticks.at(-1)?.reject(new UnreachableError('gone'));
      await steps();
      waits.push(timing.waits[0] ?? 0);
      expect(failures.at(-1)?.retryAt).toBe(timing.now() + (timing.waits[0] ?? 0));
      await pass(timing.waits[0] ?? 0);
    }
    expect(waits).toEqual([3000, 6000, 12_000, 24_000, 48_000, 60_000, 60_000]);
  });

  test('tries a list that is read seldom again as soon as any other, and reads it as seldom as before', async () => {
    const { source, ticks } = scriptedSource();
    const { poller, pass, timing } = polling({ ...source, interval: () => 30 * SECOND });
    poller.start();
    for (const wait of [3000, 6000, 12_000]) {
      ticks.at(-1)?.reject(new UnreachableError('gone'));
      await steps();
      expect(timing.waits).toEqual([wait]);
      await pass(wait);
    }
    ticks.at(-1)?.resolve(undefined);
    await steps();
    expect(timing.waits).toEqual([30 * SECOND]);
  });

  test('spreads tries with chance, so that many azb do not come back as one', async () => {
    const waits = new Set<number>();
    for (const chance of [0, 0.5, 0.999]) {
      const { source, ticks } = scriptedSource();
      const { poller, timing } = polling(source);
      timing.chance = chance;
      poller.start();
      ticks[0]?.reject(busy);
      await steps();
      waits.add(timing.waits[0] ?? 0);
    }
    expect([...waits].every((wait) => wait >= 2250 && wait <= 3750)).toBe(true);
    expect(waits.size).toBe(3);
  });

  test('waits as long as the service asks for, but not for ever', async () => {
    const { source, ticks } = scriptedSource();
    const { poller, timing, pass } = polling(source);
    poller.start();
    const asked = (retryAfter: number) =>
      new ServiceError({ status: 429, code: 'TooManyRequests', message: 'slow', retryAfter });
    ticks[0]?.reject(asked(17_000));
    await steps();
    expect(timing.waits).toEqual([17_000]);
    await pass(17_000);
    ticks[1]?.reject(asked(3_600_000));
    await steps();
    expect(timing.waits).toEqual([300_000]);
  });

  test('is as quick as before after the first answer', async () => {
    const { source, ticks } = scriptedSource();
    const { poller, timing, pass } = polling(source);
    poller.start();
    for (const _ of [1, 2, 3]) {
      ticks.at(-1)?.reject(busy);
      await steps();
      await pass(timing.waits[0] ?? 0);
    }
    ticks.at(-1)?.resolve(undefined);
    await steps();
    expect(timing.waits).toEqual([3000]);
    await pass(3000);
    ticks.at(-1)?.reject(busy);
    await steps();
    expect(timing.waits).toEqual([3000]);
  });

  test('asks at once when it is told to, in place of what was under way or waited for', async () => {
    const { source, ticks } = scriptedSource();
    const { poller, timing } = polling(source);
    poller.start();
    poller.refresh();
    expect(ticks).toHaveLength(2);
    expect(ticks[0]?.signal.aborted).toBe(true);
    ticks[1]?.reject(busy);
    await steps();
    poller.refresh();
    expect(ticks).toHaveLength(3);
    expect(timing.waits).toEqual([]);
  });

  test('loads more in place of a tick, and goes on with ticks after it', async () => {
    const { source, ticks } = scriptedSource();
    const more = deferred<void>();
    const { poller, pass } = polling({ ...source, more: () => more.promise });
    poller.start();
    poller.more();
    expect(ticks[0]?.signal.aborted).toBe(true);
    await pass(60 * SECOND);
    expect(ticks).toHaveLength(1);
    more.resolve();
    await steps();
    await pass(3 * SECOND);
    expect(ticks).toHaveLength(2);
  });

  test('a source that has no more is not disturbed', () => {
    const { source, ticks } = scriptedSource();
    const { poller } = polling(source);
    poller.start();
    poller.more();
    expect(ticks[0]?.signal.aborted).toBe(false);
  });

  test('reports what is no expected error, and polls no further', async () => {
    const { source, ticks, failures } = scriptedSource();
    const { poller, bugs, timing, store } = polling(source);
    poller.start();
    const bug = new TypeError('x is undefined');
    ticks[0]?.reject(bug);
    await steps();
    expect(bugs).toEqual([bug]);
    expect(failures).toEqual([]);
    expect(timing.waits).toEqual([]);
    expect(store.getState().busy).toBe(0);
  });

  test('stopped, it aborts and never asks again', async () => {
    const { source, ticks } = scriptedSource();
    const { poller, store, pass } = polling(source);
    poller.start();
    poller.stop();
    expect(ticks[0]?.signal.aborted).toBe(true);
    pushView(store, { kind: 'welcome' });
    poller.refresh();
    poller.more();
    await pass(60 * SECOND);
    expect(ticks).toHaveLength(1);
  });
});

describe('the sources of views', () => {
  test('are found again by who comes back, and forgotten when there are many', () => {
    const { store, port, timing } = storeKit({ view: listView('pools', {}) });
    const sources = new Sources({ store, port, now: () => timing.now() });
    const pools = sources.of(store.getState());
    pushView(store, textView('yaml', 'pools', {}, 'mypool'));
    expect(sources.of(store.getState())).not.toBe(pools);
    pushView(store, tailView({ kind: 'task', job: 'j', task: 't', path: 'stdout.txt' }));
    expect(sources.of(store.getState())?.key).toContain('tail');
    pushView(store, { kind: 'welcome' });
    expect(sources.of(store.getState())).toBeUndefined();
    popView(store);
    popView(store);
    popView(store);
    expect(sources.of(store.getState())).toBe(pools);
    for (let number = 0; number < 30; number += 1) {
      pushView(store, listView('tasks', { job: `job${number}` }));
      sources.of(store.getState());
    }
    pushView(store, listView('pools', {}));
    expect(sources.of(store.getState())).not.toBe(pools);
  });
});

describe('going to another part of a long list', () => {
  function sliding() {
    const { source, ticks, failures } = scriptedSource();
    const slides: { to: string; signal: AbortSignal; end: () => void }[] = [];
    const slide: Source['slide'] = (to, signal) => {
      const { promise, resolve, reject } = deferred<void>();
      signal.addEventListener('abort', () => reject(signal.reason));
      slides.push({ to, signal, end: () => resolve(undefined) });
      return promise;
    };
    return { ...polling({ ...source, slide }), ticks, failures, slides };
  }

  test('takes the place of the tick under way, and ticks follow after it', async () => {
    const { poller, ticks, slides, pass } = sliding();
    poller.start();
    poller.slide('end');
    expect(ticks[0]?.signal.aborted).toBe(true);
    slides[0]?.end();
    await steps();
    await pass(3 * SECOND);
    expect(ticks).toHaveLength(2);
  });

  test('asked for again while it is under way, it goes on; another one takes its place', async () => {
    const { poller, slides } = sliding();
    poller.start();
    poller.slide('later');
    poller.slide('later');
    expect(slides).toHaveLength(1);
    poller.slide('end');
    expect(slides.map(({ to, signal }) => [to, signal.aborted])).toEqual([
      ['later', true],
      ['end', false],
    ]);
    slides[1]?.end();
    await steps();
    poller.slide('end');
    expect(slides).toHaveLength(3);
  });
});
