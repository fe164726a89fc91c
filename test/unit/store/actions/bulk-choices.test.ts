import { describe, expect, it } from 'vitest';
import type { ListQuery } from '../../../../src/api/port.ts';
import { ServiceError } from '../../../../src/lib/errors.ts';
import type { Operation } from '../../../../src/resources/types.ts';
import { acceptConfirm, startAction } from '../../../../src/store/actions/actions.ts';
import { runBulk } from '../../../../src/store/actions/bulk.ts';
import { retryFailed } from '../../../../src/store/actions/run-operations.ts';
import { EMPTY_FEED } from '../../../../src/store/app-store.ts';
import type { BulkDialog, ConfirmDialog } from '../../../../src/store/dialogs.ts';
import { feedKeyOf } from '../../../../src/store/keys-of.ts';
import type { ListView } from '../../../../src/store/state.ts';
import { listView } from '../../../../src/store/views.ts';
import { page } from '../../../support/scripted-port.ts';
import { type StoreKitOptions, storeKit } from '../../../support/store-kit.ts';

const ROWS = Array.from({ length: 10 }, (_, index) => ({ id: `t${index}`, state: 'active' }));
const ALL = 'all that match the filter, loaded or not';

/** A list of tasks of which only the first three are loaded, with the first two marked. */
function partlyLoaded(changes: Partial<ListView>, port: StoreKitOptions['port']) {
  const view = { ...listView('tasks', { job: 'j' }), cursor: 't0', marks: new Set(['t0', 't1']), ...changes };
  const kit = storeKit({ view, ...(port === undefined ? {} : { port }) });
  const feed = { ...EMPTY_FEED, rows: ROWS.slice(0, 3), complete: false, total: 10, updatedAt: 0 };
  kit.store.setState({ feeds: { [feedKeyOf(view)]: feed } });
  const acted = () => kit.port.asked('act').map(([operation]) => (operation as Operation).id);
  const confirm = () => kit.store.getState().overlay as ConfirmDialog;
  const chooseAll = () =>
    acceptConfirm(kit.services, { ...confirm(), chosen: { ...confirm().chosen, '#which': ALL } });
  return { ...kit, acted, confirm, chooseAll };
}

async function inTwoPages(_resource: string, _scope: object, { next }: ListQuery) {
  return next === undefined ? page(ROWS.slice(0, 5), 'more') : page(ROWS.slice(5));
}

describe('a list that is loaded in part', () => {
  it('offers all that match, and asks again with exactly these', async () => {
    const kit = partlyLoaded({ filter: 'id:t[3-8]' }, { listPage: inTwoPages });
    startAction(kit.services, 'delete');
    expect(kit.confirm().options).toMatchObject([{ argument: '#which', values: ['these', ALL] }]);
    await kit.chooseAll();
    expect(kit.acted()).toEqual([]);
    expect(kit.confirm()).toMatchObject({ title: 'Delete 6 tasks?', options: [], focus: 0 });
    await acceptConfirm(kit.services, kit.confirm());
    expect(kit.acted().sort()).toEqual(['t3', 't4', 't5', 't6', 't7', 't8']);
  });

  it('does what is marked when that is chosen, and sends no choice of its own to the service', async () => {
    const kit = partlyLoaded({}, {});
    startAction(kit.services, 'delete');
    await acceptConfirm(kit.services, kit.confirm());
    expect(kit.acted()).toEqual(['t0', 't1']);
    expect(kit.port.asked('act')[0]?.[0]).not.toHaveProperty('args');
  });

  it('lets the service filter as far as it can', async () => {
    const kit = partlyLoaded({ stateFilter: 1 }, { listPage: inTwoPages });
    startAction(kit.services, 'delete');
    await kit.chooseAll();
    const [, , query] = kit.port.asked('listPage')[0] ?? [];
    expect(query).toMatchObject({ filter: "state eq 'active'" });
  });

  it('stops looking when told to, and does nothing', async () => {
    const kit = partlyLoaded(
      {},
      {
        listPage: async (...args) => {
          (kit.store.getState().overlay as BulkDialog).abort.abort();
          args[3].throwIfAborted();
          return page([]);
        },
      },
    );
    startAction(kit.services, 'delete');
    await kit.chooseAll();
    expect(kit.store.getState().overlay).toBeUndefined();
    expect(kit.store.getState().flash?.text).toBe('stopped looking: nothing was done');
  });

  it('closes the progress when looking fails', async () => {
    const fail = async () => {
      throw new ServiceError({ status: 500, code: 'InternalError', message: 'no' });
    };
    const kit = partlyLoaded({}, { listPage: fail });
    startAction(kit.services, 'delete');
    await expect(kit.chooseAll()).rejects.toThrow('no');
    expect(kit.store.getState().overlay).toBeUndefined();
  });
});

describe('what failed', () => {
  it('is tried again alone', async () => {
    const broken = new Set(['t1']);
    const kit = partlyLoaded(
      {},
      {
        act: async ({ id }) => {
          if (broken.has(id)) throw new ServiceError({ status: 409, code: 'Busy', message: 'busy' });
        },
      },
    );
    startAction(kit.services, 'delete');
    await acceptConfirm(kit.services, kit.confirm());
    expect(kit.store.getState().overlay).toMatchObject({ kind: 'bulk', failures: [{ id: 't1' }] });
    broken.clear();
    await retryFailed(kit.services);
    expect(kit.acted()).toEqual(['t0', 't1', 't1']);
    expect(kit.store.getState().overlay).toBeUndefined();
  });

  it('is nothing to try again while work goes on', async () => {
    const kit = partlyLoaded({}, {});
    const running = {
      kind: 'bulk',
      state: 'running',
      again: () => Promise.reject(new Error('must not run')),
    };
    kit.store.setState({ overlay: running as unknown as BulkDialog });
    await retryFailed(kit.services);
    expect(kit.acted()).toEqual([]);
  });
});

describe('the progress of many steps', () => {
  it('is drawn for each percent, and not for each step', async () => {
    const kit = partlyLoaded({}, {});
    let pictures = 0;
    kit.store.subscribe((state, before) => {
      if (state.overlay !== before.overlay) pictures += 1;
    });
    const units = Array.from({ length: 5000 }, (_, index) => ({
      size: 1,
      ids: [String(index)],
      run: async () => [],
    }));
    await runBulk(kit.services, { title: 'Counting', total: 5000, units });
    expect(kit.store.getState().overlay).toMatchObject({ done: 5000, state: 'ended' });
    expect(pictures).toBeGreaterThanOrEqual(100);
    expect(pictures).toBeLessThan(110);
  });
});
