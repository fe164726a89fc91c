import { describe, expect, test } from 'vitest';
import { AzbError, UnreachableError } from '../../../src/lib/errors.ts';
import { EMPTY_FEED } from '../../../src/store/app-store.ts';
import { feedKeyOf } from '../../../src/store/keys-of.ts';
import { listView } from '../../../src/store/views.ts';
import { keepWatch, toggleWatch } from '../../../src/store/watches.ts';
import { job, pool, SECOND } from '../../support/samples.ts';
import { NO_COUNTS, page } from '../../support/scripted-port.ts';
import { steps, storeKit } from '../../support/store-kit.ts';

/** A watch on the one row of a list; the test says what the service counts. */
function watching(resource: 'jobs' | 'pools' = 'jobs', onPost?: () => Promise<void>) {
  const world = {
    counts: { ...NO_COUNTS, active: 2 },
    dedicated: { starting: 1, total: 1 } as object,
    fails: false,
  };
  const view = listView(resource, {});
  const row = resource === 'jobs' ? job('myjob', { executionInfo: {} }) : pool('mypool');
  const kit = storeKit({
    view,
    ...(onPost === undefined ? {} : { onPost }),
    port: {
      get: async () => {
        if (world.fails) throw new UnreachableError('no connection', {});
        return row;
      },
      taskCounts: async () => ({ tasks: world.counts, slots: world.counts }),
      listPage: async () => page([{ poolId: 'mypool', dedicated: world.dedicated }]),
    },
  });
  kit.store.setState({
    feeds: { [feedKeyOf(view)]: { ...EMPTY_FEED, status: 'ready', rows: [row], updatedAt: 1 } },
  });
  const stop = keepWatch({ store: kit.store, port: kit.port, timing: kit.timing, host: kit.services.host });
  const pass = (seconds: number) => kit.timing.pass(seconds * SECOND, () => steps(40));
  return {
    ...kit,
    world,
    stop,
    pass,
    toggle: () => toggleWatch(kit.services),
    said: () => kit.store.getState().flash?.text,
  };
}

describe('a watch', () => {
  test('rings when something fails and when all is done, and is over then', async () => {
    const { toggle, world, pass, rung, store, port, said } = watching();
    await toggle();
    expect(said()).toContain(
      'it rings when it is done, or something fails; job myjob: 0 of 2 tasks completed',
    );
    await pass(15);
    expect(rung).toEqual([]);
    world.counts = { ...NO_COUNTS, active: 1, completed: 1, failed: 1 };
    await pass(30);
    expect(rung).toEqual(['azb: job myjob: 1 of 2 tasks completed, 1 failed']);
    world.counts = { ...NO_COUNTS, completed: 2, failed: 1 };
    await pass(15);
    expect(rung).toHaveLength(2);
    expect(said()).toBe('job myjob: all 2 tasks completed, 1 failed');
    expect(store.getState().watches).toEqual([]);
    const asked = port.calls.length;
    await pass(600);
    expect(port.calls).toHaveLength(asked);
  });

  test('tells the webhook what rang, with nothing of the account but its name', async () => {
    const { toggle, world, pass, posted } = watching();
    await toggle();
    world.counts = { ...NO_COUNTS, active: 1, failed: 1, completed: 1 };
    await pass(15);
    world.counts = { ...NO_COUNTS, completed: 2, failed: 1 };
    await pass(15);
    const common = { what: 'job', id: 'myjob', until: 'done', account: 'contoso' };
    expect(posted).toEqual([
      {
        ...common,
        text: 'Job myjob: 1 of 2 tasks completed, 1 failed (Batch account contoso)',
        result: 'going on',
        when: expect.stringMatching(/^\d{4}-.*Z$/),
      },
      {
        ...common,
        text: 'Job myjob: all 2 tasks completed, 1 failed (Batch account contoso)',
        result: 'failure',
        when: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
  });

  test('says in the same line what was seen, and that the webhook was not told', async () => {
    const { toggle, world, pass, said, store } = watching('jobs', () =>
      Promise.reject(new AzbError('the webhook was not told: h answered 404', { next: 'see notify' })),
    );
    await toggle();
    world.counts = { ...NO_COUNTS, completed: 2 };
    await pass(15);
    expect(said()).toBe(
      'job myjob: all 2 tasks completed; the webhook was not told: h answered 404 – try: see notify',
    );
    expect(store.getState().watches).toEqual([]);
  });

  test('asks two requests a quarter of a minute, and nothing while there is none', async () => {
    const { toggle, pass, port, timing, store } = watching();
    expect(timing.waits).toEqual([]);
    await toggle();
    const asked = port.calls.length;
    await pass(60);
    expect(port.calls.length - asked).toBe(8);
    await toggle();
    expect(store.getState().watches).toEqual([]);
    await pass(60);
    expect(port.calls.length - asked).toBe(8);
  });

  test('outlasts a lost connection, asking less often', async () => {
    const { toggle, pass, world, rung, timing } = watching();
    await toggle();
    world.fails = true;
    await pass(15);
    expect(timing.waits).toEqual([60 * SECOND]);
    world.fails = false;
    world.counts = { ...NO_COUNTS, completed: 2 };
    await pass(60);
    expect(rung).toEqual(['azb: job myjob: all 2 tasks completed']);
  });

  test('of a pool waits for its nodes, or, when they are there, until they have nothing to do', async () => {
    const { toggle, pass, world, rung, said } = watching('pools');
    await toggle();
    expect(said()).toContain('it rings when all nodes are there');
    world.dedicated = { running: 1, total: 1 };
    await pass(15);
    expect(rung).toEqual(['azb: pool mypool: 1 node, 1 running']);
    await toggle();
    expect(said()).toContain('it rings when no node has anything to do');
    world.dedicated = { idle: 1, total: 1 };
    await pass(15);
    expect(rung).toHaveLength(2);
    await toggle();
    expect(said()).toBe('nothing to wait for: pool mypool: 1 node');
  });

  test('rings again when something fails again that was mended meanwhile', async () => {
    const { toggle, pass, world, rung } = watching('pools');
    await toggle();
    for (const unusable of [1, 0, 1]) {
      world.dedicated = { starting: 1, unusable, total: 1 + unusable };
      await pass(15);
    }
    expect(rung).toHaveLength(2);
  });

  test('goes on after a mistake of azb, which is told', async () => {
    const { toggle, pass, port, world, rung, said } = watching();
    await toggle();
    const { get } = port;
    port.play({ get: () => Promise.reject(new TypeError('no property of undefined')) });
    await pass(15);
    expect(said()).toContain('no property of undefined');
    port.play({ get });
    world.counts = { ...NO_COUNTS, completed: 2 };
    port.play({ get: async () => job('myjob', { executionInfo: {} }) });
    await pass(60);
    expect(rung).toEqual(['azb: job myjob: all 2 tasks completed']);
  });

  test('watches five at most', async () => {
    const { toggle, store, said } = watching();
    const watch = { resource: 'jobs', scope: {}, until: 'done', troubles: 0 } as const;
    store.setState({ watches: [1, 2, 3, 4, 5].map((number) => ({ ...watch, id: `j${number}` })) });
    await toggle();
    expect(said()).toContain('5 are watched already');
    expect(store.getState().watches).toHaveLength(5);
  });

  test('asks nothing more after azb was left', async () => {
    const { toggle, stop, pass, port } = watching();
    await toggle();
    stop();
    const asked = port.calls.length;
    await pass(60);
    expect(port.calls).toHaveLength(asked);
  });
});
