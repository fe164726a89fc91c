import { describe, expect, onTestFinished, test } from 'vitest';
import { feedKeyOf } from '../../../../src/store/keys-of.ts';
import { FeedSource } from '../../../../src/store/sources/feed-source.ts';
import type { Feed } from '../../../../src/store/state.ts';
import { listView } from '../../../../src/store/views.ts';
import { SECOND } from '../../../support/samples.ts';
import { NO_COUNTS, notFound, page } from '../../../support/scripted-port.ts';
import { storeKit } from '../../../support/store-kit.ts';

const NEVER = new AbortController().signal;
const VIEW = listView('jobs', {});

/** An account with so many jobs, of which the first ones are on the screen. */
function jobs(count: number, visible: number, weighed = 0) {
  const ids = Array.from({ length: count }, (_, number) => named(number));
  const service = { succeeded: 1, creationTime: '2026-01-01T00:00:00Z' };
  const kit = storeKit({
    view: VIEW,
    port: {
      listPage: async () =>
        page(ids.map((id) => ({ id, state: 'active', creationTime: service.creationTime }))),
      taskCounts: async (job) => {
        if (job === 'job03') throw notFound('JobNotFound');
        const tasks = { ...NO_COUNTS, succeeded: service.succeeded };
        return { tasks, slots: tasks };
      },
    },
  });
  const source = new FeedSource(
    {
      store: kit.store,
      port: kit.port,
      now: () => kit.timing.now(),
      visibleIds: () => ids.slice(0, visible),
      weighedIds: () => ids.slice(0, weighed),
    },
    VIEW,
  );
  const feed = () => kit.store.getState().feeds[feedKeyOf(VIEW)] as Feed;
  const counted = () =>
    feed().rows.map((row) => (row as { taskCounts?: { succeeded: number } }).taskCounts?.succeeded);
  const look = async () => {
    const before = kit.port.asked('taskCounts').length;
    await kit.timing.pass(2 * SECOND, async () => undefined);
    await source.tick(NEVER);
    return kit.port
      .asked('taskCounts')
      .slice(before)
      .map(([job]) => job);
  };
  return { ...kit, service, feed, counted, look };
}

const named = (number: number) => `job${String(number).padStart(2, '0')}`;

describe('the tasks of the jobs on the screen', () => {
  test('are counted a dozen at first, and none of those off the screen', async () => {
    const { look, counted } = jobs(40, 14);
    expect(await look()).toHaveLength(12);
    // The one that is gone is asked about again, until the list says so.
    expect(await look()).toEqual(['job03', 'job12', 'job13']);
    expect(counted().filter((count) => count === 1)).toHaveLength(13);
    expect(counted()[3]).toBeUndefined();
  });

  test('are counted so few at a time that Node does not warn of them on the terminal', async () => {
    const { look, port } = jobs(40, 30, 40);
    const warnings: string[] = [];
    const hear = ({ name }: Error) => void warnings.push(name);
    process.on('warning', hear);
    onTestFinished(() => void process.off('warning', hear));
    port.play({
      taskCounts: async (_job, signal) => {
        // As every request does that is to end with its view.
        const stop = () => undefined;
        signal.addEventListener('abort', stop);
        await new Promise((resolve) => setImmediate(resolve));
        signal.removeEventListener('abort', stop);
        return { tasks: NO_COUNTS, slots: NO_COUNTS };
      },
    });
    await look();
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  });

  test('are counted again after a while, a few at a look, with a mark on what changed', async () => {
    const { look, service, feed, counted } = jobs(3, 3);
    await look();
    expect(await look()).toEqual([]);
    const { rows } = feed();
    expect(await look()).toEqual([]);
    expect(feed().rows).toBe(rows);
    service.succeeded = 2;
    for (let looks = 0; looks < 3; looks += 1) await look();
    expect(counted()).toEqual([2, 2, 2]);
    expect([...feed().before.keys()]).toEqual(['job00', 'job01', 'job02']);
  });

  test('are counted before those of the jobs that a filter weighs, which are counted less often', async () => {
    const { look } = jobs(16, 2, 16);
    expect(await look()).toEqual(Array.from({ length: 16 }, (_, number) => named(number)));
    expect(await look()).toEqual([3].map(named));
    // Within ten seconds nothing is due but the one that is gone; then those on the screen are, and after a minute all.
    const later: unknown[] = [];
    for (let looks = 0; looks < 20; looks += 1) later.push(...(await look()).filter((id) => id !== named(3)));
    expect(new Set(later)).toEqual(new Set([0, 1].map(named)));
    for (let looks = 0; looks < 15; looks += 1) later.push(...(await look()));
    expect(new Set(later).size).toBe(16);
  });

  test('are counted of many more jobs at a look as long as a filter waits for them, eight at a time', async () => {
    const { look, port, counted, service } = jobs(300, 10, 300);
    const atOnce = { now: 0, most: 0, known: [] as number[] };
    port.play({
      taskCounts: async () => {
        atOnce.known.push(counted().filter((count) => count !== undefined).length);
        atOnce.now += 1;
        atOnce.most = Math.max(atOnce.most, atOnce.now);
        await Promise.resolve();
        atOnce.now -= 1;
        const tasks = { ...NO_COUNTS, succeeded: service.succeeded };
        return { tasks, slots: tasks };
      },
    });
    expect(await look()).toHaveLength(72);
    expect(atOnce.most).toBe(8);
    // What is known is shown before the rest is.
    expect(new Set(atOnce.known)).toEqual(new Set([0, 8, 16, 24, 32, 40, 48, 56, 64]));
    for (let looks = 0; looks < 4; looks += 1) await look();
    expect(counted()).not.toContain(undefined);
    expect((await look()).length).toBeLessThanOrEqual(4);
  });

  test('leave time for those that a filter weighs, where the screen is full of jobs', async () => {
    const { look } = jobs(99, 48, 99);
    const asked = new Set<unknown>();
    for (let looks = 0; looks < 16; looks += 1) for (const id of await look()) asked.add(id);
    expect(asked.size).toBe(99);
  });

  test('are not those of an earlier job of the same id', async () => {
    const { look, service, counted } = jobs(3, 3);
    await look();
    Object.assign(service, { succeeded: 0, creationTime: '2026-01-01T00:00:05Z' });
    expect(await look()).toEqual(['job00', 'job01', 'job02']);
    expect(counted()).toEqual([0, 0, 0]);
  });
});
