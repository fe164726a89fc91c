import { describe, expect, test } from 'vitest';
import { EMPTY_FEED, topView } from '../../../src/store/app-store.ts';
import { feedKey } from '../../../src/store/keys-of.ts';
import { NO_PREFERENCES, withEntry } from '../../../src/store/preferences.ts';
import { pushable, withPushedFilter } from '../../../src/store/push-filter.ts';
import { tableWindow } from '../../../src/store/row-window.ts';
import { settleList } from '../../../src/store/settle.ts';
import type { ListView } from '../../../src/store/state.ts';
import { setSort, shownColumns, sortByColumn, sortOf } from '../../../src/store/table-view.ts';
import { asTable, listView, mapView, pushView, regrouped, updateList } from '../../../src/store/views.ts';
import { storeKit } from '../../support/store-kit.ts';

const JOB = { job: 'myjob' };

function top(kit: ReturnType<typeof storeKit>): ListView {
  return topView(kit.store.getState()) as ListView;
}

describe('sorting', () => {
  test('is remembered for the next list of the resource, and for no other', () => {
    const kit = storeKit();
    sortByColumn(kit.store, top(kit), 'exit');
    expect(top(kit).sort).toEqual({ column: 'exit', descending: false });
    const other = listView('tasks', { job: 'another' });
    expect(sortOf(kit.store.getState(), other)).toEqual({ column: 'exit', descending: false });
    expect(sortOf(kit.store.getState(), listView('jobs', {}))).toBeUndefined();
  });

  test('by the remembered column turns around', () => {
    const kit = storeKit();
    setSort(kit.store, { column: 'exit', descending: false });
    pushView(kit.store, listView('tasks', { job: 'another' }));
    sortByColumn(kit.store, top(kit), 'exit');
    expect(sortOf(kit.store.getState(), top(kit))).toEqual({ column: 'exit', descending: true });
  });

  test('of a map is not remembered: tables stay as they were', () => {
    const kit = storeKit({ view: mapView({ pool: 'mypool' }) });
    sortByColumn(kit.store, top(kit), 'running');
    expect(top(kit).sort).toEqual({ column: 'running', descending: false });
    const state = kit.store.getState();
    expect(sortOf(state, asTable(top(kit)))).toBeUndefined();
    expect(sortOf(state, listView('nodes', { pool: 'another' }))).toBeUndefined();
  });

  test('of a map goes by id, and by state when it is grouped', () => {
    const map = mapView({ pool: 'mypool' });
    expect(map.sort?.column).toBe('id');
    expect(regrouped(map).sort?.column).toBe('state');
    expect(regrouped(regrouped(map)).sort?.column).toBe('id');
  });

  test('goes by views.yaml until the user sorts', () => {
    const kit = storeKit();
    const sort = { column: 'state', descending: true };
    kit.store.setState({ preferences: { ...NO_PREFERENCES, views: { tasks: { sort } } } });
    expect(sortOf(kit.store.getState(), top(kit))).toEqual(sort);
    sortByColumn(kit.store, top(kit), 'id');
    expect(sortOf(kit.store.getState(), top(kit))?.column).toBe('id');
  });

  test('orders the rows that are shown', () => {
    const kit = storeKit();
    const rows = [{ id: 'a' }, { id: 'b' }];
    kit.store.setState({ feeds: { [feedKey('tasks', JOB)]: { ...EMPTY_FEED, rows, updatedAt: 1 } } });
    const shown = () =>
      kit.services.listings.of(kit.store.getState(), top(kit)).rows.map((row) => (row as { id: string }).id);
    expect(shown()).toEqual(['a', 'b']);
    setSort(kit.store, { column: 'id', descending: true });
    expect(shown()).toEqual(['b', 'a']);
  });
});

test('columns are those of views.yaml', () => {
  const preferences = {
    ...NO_PREFERENCES,
    views: { tasks: { columns: [{ column: 'exit' }, { column: 'id' }] } },
  };
  const ids = (wide: boolean) =>
    shownColumns({ preferences }, { resource: 'tasks', wide }).map(({ id }) => id);
  expect(ids(false)).toEqual(['exit', 'id']);
  expect(ids(true).length).toBeGreaterThan(2);
});

describe('a list that is too long to hold', () => {
  function longList(complete: boolean) {
    const kit = storeKit({ session: { rowLimit: 2 } });
    const rows = [{ id: 'a' }, { id: 'b' }];
    const feed = { ...EMPTY_FEED, rows, complete, cutEnd: !complete, total: 9, updatedAt: 1 };
    kit.store.setState({ feeds: { [feedKey('tasks', JOB)]: feed } });
    return kit;
  }

  test('has the service filter by state and by what was typed', () => {
    const kit = longList(false);
    const state = kit.store.getState();
    const view = { ...top(kit), filter: '^my', stateFilter: 1 };
    expect(withPushedFilter(state, view).pushedFilter).toBe("state eq 'active' and startswith(id,'my')");
    expect(withPushedFilter(state, { ...view, filter: 'my' }).pushedFilter).toBe("state eq 'active'");
    expect(withPushedFilter(state, { ...view, filter: 'my', stateFilter: 0 }).pushedFilter).toBeUndefined();
    expect(pushable(view)?.test({ id: 'myx', state: 'active' })).toBe(true);
    expect(pushable(view)?.test({ id: 'myx', state: 'running' })).toBe(false);
  });

  test('one that is held whole is filtered here', () => {
    const kit = longList(true);
    expect(
      withPushedFilter(kit.store.getState(), { ...top(kit), stateFilter: 1 }).pushedFilter,
    ).toBeUndefined();
  });

  test('the service is asked when the filter is typed to its end, and not before', () => {
    const kit = longList(false);
    const prompt = { kind: 'filter' as const, text: '^my', suggestions: [], chosen: 0 };
    kit.store.setState({ prompt });
    updateList(kit.store, (view) => ({ ...view, filter: '^my' }));
    settleList(kit.services, () => tableWindow(10));
    expect(top(kit).pushedFilter).toBeUndefined();
    kit.store.setState({ prompt: undefined });
    settleList(kit.services, () => tableWindow(10));
    expect(top(kit).pushedFilter).toBe("startswith(id,'my')");
    updateList(kit.store, (view) => ({ ...view, filter: '' }));
    settleList(kit.services, () => tableWindow(10));
    expect(top(kit).pushedFilter).toBeUndefined();
  });
});

describe('the history of a prompt', () => {
  test('has the newest first and everything once', () => {
    const typed = ['pools', 'jobs', ' pools ', '', 'jobs', 'jobs'];
    expect(typed.reduce<readonly string[]>(withEntry, [])).toEqual(['jobs', 'pools']);
  });

  test('goes on recording when it is full', () => {
    const many = Array.from({ length: 500 }, (_, index) => `c${index}`);
    const history = many.reduce<readonly string[]>(withEntry, []);
    expect(history[0]).toBe('c499');
    expect(history.length).toBeLessThan(500);
  });
});
