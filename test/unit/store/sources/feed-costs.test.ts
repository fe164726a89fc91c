import { describe, expect, test } from 'vitest';
import type { ListQuery } from '../../../../src/api/port.ts';
import { feedKeyOf } from '../../../../src/store/keys-of.ts';
import { FeedSource } from '../../../../src/store/sources/feed-source.ts';
import type { Feed } from '../../../../src/store/state.ts';
import { listView } from '../../../../src/store/views.ts';
import { bigJob, bigTaskId } from '../../../support/big-job.ts';
import { SECOND } from '../../../support/samples.ts';
import { storeKit } from '../../../support/store-kit.ts';

const VIEW = listView('tasks', { job: 'big' });
const NEVER = new AbortController().signal;
const LIMIT = 20_000;

/** A source over a job of so many tasks that was read once, and what it asks from then on. */
async function afterFirstLook(size: number, visible: readonly string[] = []) {
  const job = bigJob(size);
  const kit = storeKit({ view: VIEW, session: { rowLimit: LIMIT }, port: job.port });
  const source = new FeedSource(
    { store: kit.store, port: kit.port, now: () => kit.timing.now(), visibleIds: () => visible },
    VIEW,
  );
  await source.tick(NEVER);
  const first = kit.port.calls.length;
  const look = async (): Promise<ListQuery[]> => {
    const before = kit.port.calls.length;
    await kit.timing.pass(2 * SECOND, async () => undefined);
    await source.tick(NEVER);
    return kit.port.calls
      .slice(before)
      .filter(({ method }) => method === 'listPage')
      .map(({ args }) => args[2] as ListQuery);
  };
  const feed = () => kit.store.getState().feeds[feedKeyOf(VIEW)] as Feed;
  return { job, kit, first, look, feed };
}

describe('a job of a million tasks', () => {
  test('is read up to the limit of rows and no further', async () => {
    const { kit, feed } = await afterFirstLook(1_000_000);
    expect(kit.port.asked('listPage')).toHaveLength(LIMIT / 1000);
    expect(kit.port.asked('taskCounts').length).toBeLessThanOrEqual(2);
    expect(feed()).toMatchObject({ complete: false, total: 1_000_000 });
    expect(feed().rows).toHaveLength(LIMIT);
  });

  test('shows its first rows after one request', async () => {
    const job = bigJob(1_000_000);
    const kit = storeKit({ view: VIEW, session: { rowLimit: LIMIT }, port: job.port });
    const source = new FeedSource({ store: kit.store, port: kit.port, now: () => 0 }, VIEW);
    let requests: number | undefined;
    kit.store.subscribe((state) => {
      if ((state.feeds[feedKeyOf(VIEW)]?.rows.length ?? 0) > 0) requests ??= kit.port.calls.length;
    });
    await source.tick(NEVER);
    expect(requests).toBe(1);
  });

  test('costs two requests at most while nothing happens, and keeps the rows as they are', async () => {
    const { kit, first, look, feed } = await afterFirstLook(1_000_000);
    const { rows } = feed();
    const looks = 10;
    for (let turn = 0; turn < looks; turn += 1) {
      const before = kit.port.calls.length;
      const [asked] = await look();
      expect(asked?.filter).toMatch(/^stateTransitionTime ge .* and id le 'task-0019999'$/);
      expect(kit.port.calls.length - before).toBeLessThanOrEqual(2);
    }
    expect(kit.port.calls.length - first).toBe(1.5 * looks);
    expect(feed().rows).toBe(rows);
  });

  test('takes the changes of what is held, and nothing else', async () => {
    const { job, look, feed } = await afterFirstLook(1_000_000);
    job.changed = 3;
    await look();
    expect(feed().rows).toHaveLength(LIMIT);
    expect(feed().rows.slice(0, 4)).toMatchObject([
      { state: 'running' },
      { state: 'running' },
      { state: 'running' },
      { state: 'completed' },
    ]);
  });
});

describe('a job where much changes', () => {
  test('costs one page a look, and the rows on the screen are always up to date', async () => {
    const visible = [bigTaskId(8_000), bigTaskId(8_001)];
    const { job, look, feed } = await afterFirstLook(20_000, visible);
    job.changed = 10_000;
    const asked = await look();
    expect(asked).toHaveLength(2);
    expect(asked[1]?.filter).toBe("id ge 'task-0008000' and id le 'task-0008001'");
    expect(feed().rows[8_001]).toMatchObject({ state: 'running' });
    expect(feed().rows[5_000]).toMatchObject({ state: 'completed' });
  });

  test('is caught up with a page a look', async () => {
    const { job, look, feed } = await afterFirstLook(20_000);
    job.changed = 10_000;
    for (let turn = 0; turn < 10; turn += 1) expect(await look()).toHaveLength(1);
    const running = feed().rows.filter((row) => (row as { state: string }).state === 'running');
    expect(running).toHaveLength(10_000);
  });
});
