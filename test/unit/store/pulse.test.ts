import { describe, expect, test, vi } from 'vitest';
import { CredentialError } from '../../../src/lib/errors.ts';
import type { AccountRow } from '../../../src/resources/account.ts';
import { accounts } from '../../../src/resources/account.ts';
import { EMPTY_FEED } from '../../../src/store/app-store.ts';
import { feedKeyOf } from '../../../src/store/keys-of.ts';
import { takePulses } from '../../../src/store/pulse.ts';
import { AccountSource } from '../../../src/store/sources/account-source.ts';
import { listView, pushView, toggleHelp, updateList } from '../../../src/store/views.ts';
import { job, pool } from '../../support/samples.ts';
import { noAnswer, page, scriptedPort } from '../../support/scripted-port.ts';
import { storeKit } from '../../support/store-kit.ts';

const VIEW = listView('accounts', {});
const CONFIGURED = { name: 'second', endpoint: 'https://second', source: 'config.yaml' };

/** An account with two pools, one of which could not be resized, an active job, and a node that is of no use. */
function scriptedAccount() {
  const pools = [
    pool('p1', { currentDedicatedNodes: 3 }),
    pool('p2', { currentDedicatedNodes: 0, currentLowPriorityNodes: 2, resizeErrors: [{ code: 'X' }] }),
  ];
  const counts = [{ poolId: 'p1', dedicated: { idle: 2, unusable: 1, total: 3 } }];
  return scriptedPort({
    listPage: async (resource) =>
      page(resource === 'pools' ? pools : resource === 'nodecounts' ? counts : [job('j1')]),
  });
}

function atAccounts(rows: readonly AccountRow[]) {
  const ports = new Map(rows.map(({ name }) => [name, scriptedAccount()]));
  const reached: [string, boolean][] = [];
  const kit = storeKit({ view: VIEW, port: scriptedAccount() });
  kit.store.setState({
    feeds: { [feedKeyOf(VIEW)]: { ...EMPTY_FEED, status: 'ready', rows, updatedAt: 1 } },
  });
  const services = {
    ...kit.services,
    reach: async (name: string, isConfigured: boolean) => {
      reached.push([name, isConfigured]);
      const port = ports.get(name);
      if (port === undefined || name === 'closed') throw new CredentialError(`no key opens ${name}`);
      return port;
    },
  };
  const told = () => {
    const held = (kit.store.getState().feeds[feedKeyOf(VIEW)]?.rows ?? []) as readonly AccountRow[];
    return Object.fromEntries(held.map(({ name, pulse }) => [name, pulse]));
  };
  return { ...kit, services, reached, ports, told };
}

const AT = expect.any(Number);

describe('the pulse of accounts', () => {
  test('is taken of all, each with a few requests, and one that cannot be asked says why', async () => {
    const rows = [
      { name: 'first', isInUse: true },
      { name: 'second', known: CONFIGURED },
      { name: 'closed' },
    ];
    const { services, told, reached, ports, port } = atAccounts(rows);
    await takePulses(services);
    const pulse = { pools: 2, nodes: 5, jobs: 1, faults: 2, at: AT };
    expect(told()).toEqual({
      first: pulse,
      second: pulse,
      closed: { problem: 'no key opens closed', at: AT },
    });
    expect(new Map(reached)).toEqual(
      new Map([
        ['second', true],
        ['closed', false],
      ]),
    );
    expect(ports.get('second')?.calls).toHaveLength(3);
    expect(port.calls).toHaveLength(3);
    const shown = accounts.columns.find(({ id }) => id === 'pulse');
    const textOf = (name: string) => shown?.value({ name, pulse: told()[name] });
    expect(textOf('second')).toBe('2 pools, 5 nodes, 1 job, 2 faults');
    expect(textOf('closed')).toBe('no key opens closed');
  });

  test('says that there is more where a page does not hold all', async () => {
    const { services, told, port } = atAccounts([{ name: 'first', isInUse: true }]);
    port.play({ listPage: async (resource) => page([{}], resource === 'jobs' ? 'more' : undefined) });
    await takePulses(services);
    const shown = accounts.columns.find(({ id }) => id === 'pulse');
    expect(shown?.value({ name: 'first', pulse: told().first })).toBe('at least 1 pool, 0 nodes, 1 job');
  });

  test('is as old as the clock of the service says, which ages are counted by', async () => {
    const { services, told, port } = atAccounts([{ name: 'first', isInUse: true }]);
    await takePulses({ ...services, port: { ...port, now: () => 42 } });
    expect(told().first?.at).toBe(42);
  });

  test('is taken of the marked ones only', async () => {
    const { services, store, told, reached } = atAccounts([{ name: 'one' }, { name: 'two' }]);
    updateList(store, (view) => ({ ...view, marks: new Set(['two']) }));
    await takePulses(services);
    expect(reached).toEqual([['two', false]]);
    expect(told().one).toBeUndefined();
  });

  test('is stopped by the same key, which waits for no account', async () => {
    const rows = ['a1', 'a2', 'a3', 'a4', 'a5'].map((name) => ({ name }));
    const { services, store, told, reached, ports, port } = atAccounts(rows);
    ports.get('a2')?.play({ listPage: (_resource, _scope, _query, signal) => noAnswer(signal) });
    ports.get('a3')?.play({ listPage: (_resource, _scope, _query, signal) => noAnswer(signal) });
    const taken = takePulses(services);
    await vi.waitUntil(() => reached.length === 3);
    expect(store.getState().feeds[feedKeyOf(VIEW)]?.note).toBe('asked 1 of 5 accounts');
    await takePulses(services);
    await taken;
    expect(Object.keys(told()).filter((name) => told()[name] !== undefined)).toEqual(['a1']);
    expect(reached).toHaveLength(3);
    expect(port.calls).toEqual([]);
    expect(store.getState().flash?.text).toBe('stopped: 1 of 5 accounts was asked');
    expect(store.getState()).toMatchObject({ asking: undefined, busy: 0 });
    expect(store.getState().feeds[feedKeyOf(VIEW)]?.note).toBeUndefined();
  });

  test('is stopped when the list is left, and that is told; its keys may be looked up meanwhile', async () => {
    const rows = ['a1', 'a2', 'a3'].map((name) => ({ name }));
    const { services, store, reached, ports } = atAccounts(rows);
    const signals: AbortSignal[] = [];
    for (const name of ['a2', 'a3'])
      ports.get(name)?.play({
        listPage: (_resource, _scope, _query, signal) => {
          signals.push(signal);
          return noAnswer(signal);
        },
      });
    const taken = takePulses(services);
    await vi.waitUntil(() => reached.length === 3 && signals.length === 6);
    toggleHelp(store);
    expect(store.getState().asking).toBeDefined();
    toggleHelp(store);
    expect(store.getState().asking).toBeDefined();
    pushView(store, listView('quotas', {}));
    expect(signals.map(({ aborted }) => aborted)).toEqual(signals.map(() => true));
    await taken;
    expect(store.getState().flash?.text).toBe('stopped: 1 of 3 accounts was asked');
    expect(store.getState()).toMatchObject({ asking: undefined, busy: 0 });
    // What is done later finds nothing to stop.
    pushView(store, VIEW);
    await takePulses({ ...services, reach: async () => scriptedAccount() });
    expect(store.getState().flash?.text).toBe('asked 3 accounts');
  });

  test('asks twenty at once', async () => {
    const rows = Array.from({ length: 25 }, (_, number) => ({ name: `a${number}` }));
    const { services, store, reached } = atAccounts(rows);
    await takePulses(services);
    expect(reached).toHaveLength(20);
    expect(store.getState().flash?.text).toBe('20 of 25 accounts were asked: marks say which');
  });

  test('offers to stop it only while there is something to stop', async () => {
    const { services, store } = atAccounts([{ name: 'contoso', isInUse: true }]);
    const taken = takePulses(services);
    expect(store.getState().flash?.text).toBe('asking 1 account …; esc stops it');
    await taken;
    expect(store.getState().flash?.text).toBe('asked 1 account');
  });

  test('stays when the accounts are listed again', async () => {
    const { services, store, told, timing } = atAccounts([{ name: 'contoso', isInUse: true }]);
    await takePulses(services);
    const source = new AccountSource({ store, management: undefined, now: () => timing.now() });
    await source.tick(new AbortController().signal);
    expect(told().contoso).toMatchObject({ nodes: 5 });
  });
});
