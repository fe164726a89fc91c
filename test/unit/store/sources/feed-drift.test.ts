import { describe, expect, test } from 'vitest';
import type { ListQuery } from '../../../../src/api/port.ts';
import { feedKeyOf } from '../../../../src/store/keys-of.ts';
import { FeedSource } from '../../../../src/store/sources/feed-source.ts';
import type { Feed } from '../../../../src/store/state.ts';
import { listView } from '../../../../src/store/views.ts';
import { pageOf } from '../../../support/id-service.ts';
import { SECOND } from '../../../support/samples.ts';
import { page } from '../../../support/scripted-port.ts';
import { storeKit } from '../../../support/store-kit.ts';

const NEVER = new AbortController().signal;
const VIEW = listView('nodes', { pool: 'p' });

/** A pool of so many nodes, looked at once, and what later looks ask for. */
async function poolOf(size: number) {
  const node = (number: number) => ({
    id: `n${String(number).padStart(5, '0')}`,
    state: 'running',
    stateTransitionTime: '2026-01-01T00:00:00Z',
    runningTasksCount: 1,
  });
  const service = { nodes: Array.from({ length: size }, (_, number) => node(number)) };
  const kit = storeKit({
    view: VIEW,
    port: {
      listPage: async (resource, _scope, query) =>
        resource === 'nodecounts'
          ? page([{ poolId: 'p', dedicated: { total: service.nodes.length }, lowPriority: { total: 0 } }])
          : pageOf(service.nodes, query),
    },
  });
  const source = new FeedSource({ store: kit.store, port: kit.port, now: () => kit.timing.now() }, VIEW);
  await source.tick(NEVER);
  const feed = () => kit.store.getState().feeds[feedKeyOf(VIEW)] as Feed;
  const look = async (): Promise<ListQuery[]> => {
    const before = kit.port.calls.length;
    await kit.timing.pass(2 * SECOND, async () => undefined);
    await source.tick(NEVER);
    return kit.port.calls
      .slice(before)
      .filter(({ args }) => args[0] === 'nodes')
      .map(({ args }) => args[2] as ListQuery);
  };
  return { ...kit, service, feed, look };
}

describe('the nodes of a large pool', () => {
  test('are brought up to date by what changed its state', async () => {
    const { service, feed, look } = await poolOf(5000);
    service.nodes[4321] = {
      ...(service.nodes[4321] as (typeof service.nodes)[0]),
      state: 'unusable',
      stateTransitionTime: '2026-03-02T12:00:00Z',
    };
    const asked = await look();
    expect(asked).toHaveLength(1);
    expect(asked[0]?.filter).toMatch(/^stateTransitionTime ge DateTime'[^']*'$/);
    expect(feed().rows[4321]).toMatchObject({ state: 'unusable' });
    expect(feed()).toMatchObject({ complete: true, total: 5000 });
  });

  test('are read a page from time to time, for what no change of state tells', async () => {
    const { service, feed, look } = await poolOf(5000);
    service.nodes = service.nodes.map((node) => ({ ...node, runningTasksCount: 4 }));
    const pages: (string | undefined)[] = [];
    for (let looks = 0; looks < 45; looks += 1) {
      const asked = await look();
      expect(asked.length).toBeLessThanOrEqual(2);
      pages.push(...asked.slice(1).map(({ next }) => next));
    }
    expect(pages.slice(0, 5)).toEqual([undefined, '1000', '2000', '3000', '4000']);
    expect(feed().rows.every((row) => (row as { runningTasksCount: number }).runningTasksCount === 4)).toBe(
      true,
    );
  });

  test('that went are found by their count', async () => {
    const { service, feed, look } = await poolOf(5000);
    service.nodes.splice(100, 50);
    for (let looks = 0; looks < 10; looks += 1) await look();
    expect(feed().rows).toHaveLength(4950);
  });
});

test('the nodes of a small pool are read whole at every look', async () => {
  const { look } = await poolOf(200);
  const asked = await look();
  expect(asked).toHaveLength(1);
  expect(asked[0]?.filter).toBeUndefined();
});
