import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../src/lib/pattern.ts';
import { EMPTY_FEED } from '../../../src/store/app-store.ts';
import { feedKeyOf } from '../../../src/store/keys-of.ts';
import {
  markAll,
  markRange,
  moveBy,
  moveTo,
  settle,
  targetIds,
  toggleMark,
} from '../../../src/store/list-moves.ts';
import { type Listing, Listings } from '../../../src/store/listing.ts';
import { tableWindow } from '../../../src/store/row-window.ts';
import type { ListView } from '../../../src/store/state.ts';
import { listView } from '../../../src/store/views.ts';
import { storeKit } from '../../support/store-kit.ts';

const FRESH = listView('tasks', { job: 'myjob' });

/** The listing of tasks with these ids, `id:state` where the state matters. */
function listing(view: ListView, ids: readonly string[]): Listing {
  const rows = ids.map((text) => {
    const [id = '', state = 'active'] = text.split(':');
    return { id, state };
  });
  const { store } = storeKit({ view });
  store.setState({ feeds: { [feedKeyOf(view)]: { ...EMPTY_FEED, rows, complete: true, updatedAt: 0 } } });
  return new Listings(compilePattern).of(store.getState(), view);
}

/** `cursor@row top`, with rows that are numbered by their place. */
function at({ cursor, cursorRow, top }: ListView): string {
  return `${cursor}@${cursorRow} ${top}`;
}

const TEN = Array.from({ length: 10 }, (_, index) => `t${index}`);

describe('moving the cursor', () => {
  test('stops at both ends, and keeps the cursor in the window', () => {
    let view = settle(FRESH, listing(FRESH, TEN), tableWindow(4));
    expect(at(view)).toBe('t0@0 0');
    view = moveBy(view, listing(view, TEN), 5, tableWindow(4));
    expect(at(view)).toBe('t5@5 2');
    view = moveBy(view, listing(view, TEN), 100, tableWindow(4));
    expect(at(view)).toBe('t9@9 6');
    view = moveBy(view, listing(view, TEN), -2, tableWindow(4));
    expect(at(view)).toBe('t7@7 6');
    view = moveTo(view, listing(view, TEN), -1, tableWindow(4));
    expect(at(view)).toBe('t0@0 0');
  });

  test('does nothing where there is nothing', () => {
    expect(moveBy(FRESH, listing(FRESH, []), 1, tableWindow(4))).toBe(FRESH);
    expect(settle(FRESH, listing(FRESH, []), tableWindow(4))).toBe(FRESH);
  });

  test('shows as many rows as there are when the window grows', () => {
    const view = moveTo(FRESH, listing(FRESH, TEN), 9, tableWindow(3));
    expect(at(view)).toBe('t9@9 7');
    expect(at(settle(view, listing(view, TEN), tableWindow(6)))).toBe('t9@9 4');
  });
});

describe('the cursor follows its resource', () => {
  const onFour = moveTo(FRESH, listing(FRESH, TEN), 4, tableWindow(4));

  test('through a refresh that puts rows before it', () => {
    expect(at(settle(onFour, listing(onFour, ['a', 'b', 'c', ...TEN]), tableWindow(4)))).toMatch(/^t4@7 /);
  });

  test('at the beginning of a list what is new comes into view, unless it is more than a screenful', () => {
    const onTwo = moveTo(FRESH, listing(FRESH, TEN), 2, tableWindow(6));
    expect(at(settle(onTwo, listing(onTwo, ['a', 'b', ...TEN]), tableWindow(6)))).toBe('t2@4 0');
    const many = Array.from({ length: 6 }, (_, index) => `a${index}`);
    expect(at(settle(onTwo, listing(onTwo, [...many, ...TEN]), tableWindow(6)))).toBe('t2@8 6');
  });

  test('through another order', () => {
    const sorted: ListView = { ...onFour, sort: { column: 'id', descending: true } };
    expect(at(settle(sorted, listing(sorted, TEN), tableWindow(4)))).toMatch(/^t4@5 /);
  });

  test('through a filter that keeps it', () => {
    const filtered: ListView = { ...onFour, filter: 't[3-6]' };
    expect(at(settle(filtered, listing(filtered, TEN), tableWindow(4)))).toBe('t4@1 0');
  });

  test('and stays where the eye is when the resource goes', () => {
    const without = TEN.filter((id) => id !== 't4');
    expect(at(settle(onFour, listing(onFour, without), tableWindow(4)))).toBe('t5@4 1');
    expect(at(settle(onFour, listing(onFour, ['t0', 't1']), tableWindow(4)))).toBe('t1@1 0');
  });

  test('and goes to what was just made as soon as it is listed', () => {
    const waiting: ListView = { ...onFour, awaited: { id: 'new', since: 0 } };
    const still = settle(waiting, listing(waiting, TEN), tableWindow(4));
    expect(still).toMatchObject({ cursor: 't4', awaited: { id: 'new' } });
    const arrived = settle(still, listing(still, [...TEN, 'new']), tableWindow(4));
    expect(arrived).toMatchObject({ cursor: 'new', awaited: undefined });
  });

  test('unless it is moved before', () => {
    const waiting: ListView = { ...onFour, awaited: { id: 'new', since: 0 } };
    expect(moveBy(waiting, listing(waiting, TEN), 1, tableWindow(4)).awaited).toBeUndefined();
  });

  test('whatever happens to the rows, the cursor is on a row that is shown', () => {
    const ids = fc.uniqueArray(fc.constantFrom(...TEN), { maxLength: 10 });
    fc.assert(
      fc.property(ids, ids, fc.integer({ min: 1, max: 6 }), fc.nat(9), (before, after, height, row) => {
        const start = moveTo(FRESH, listing(FRESH, before), row, tableWindow(height));
        const view = settle(start, listing(start, after), tableWindow(height));
        if (after.length === 0) return;
        expect(view.cursor).toBe(after[view.cursorRow]);
        expect(view.cursorRow).toBeGreaterThanOrEqual(view.top);
        expect(view.cursorRow).toBeLessThan(view.top + height);
        if (start.cursor !== undefined && after.includes(start.cursor))
          expect(view.cursor).toBe(start.cursor);
      }),
    );
  });
});

describe('marks', () => {
  const onTwo = moveTo(FRESH, listing(FRESH, TEN), 2, tableWindow(20));

  test('go on and off by id', () => {
    const marked = toggleMark(onTwo);
    expect([...marked.marks]).toEqual(['t2']);
    expect([...toggleMark(marked).marks]).toEqual([]);
    expect(toggleMark(FRESH)).toBe(FRESH);
  });

  test('reach from the last mark to the cursor, in both directions', () => {
    const marked = toggleMark(onTwo);
    const below = moveTo(marked, listing(marked, TEN), 5, tableWindow(20));
    expect([...markRange(below, listing(below, TEN)).marks]).toEqual(['t2', 't3', 't4', 't5']);
    const above = moveTo(marked, listing(marked, TEN), 0, tableWindow(20));
    expect([...markRange(above, listing(above, TEN)).marks].sort()).toEqual(['t0', 't1', 't2']);
  });

  test('a range without a beginning is the row under the cursor', () => {
    expect([...markRange(onTwo, listing(onTwo, TEN)).marks]).toEqual(['t2']);
  });

  test('a range follows what is shown: hidden rows stay unmarked', () => {
    const marked = toggleMark({ ...onTwo, filter: 't[268]' });
    const below = moveTo(marked, listing(marked, TEN), 2, tableWindow(20));
    expect([...markRange(below, listing(below, TEN)).marks]).toEqual(['t2', 't6', 't8']);
  });

  test('of all are those that the filter shows, besides what is marked already', () => {
    const marked = { ...toggleMark(onTwo), filter: 't[68]' };
    const settled = settle(marked, listing(marked, TEN), tableWindow(20));
    const { marks, ...view } = markAll(settled, listing(settled, TEN));
    expect([...marks]).toEqual(['t2', 't6', 't8']);
    expect(view).toMatchObject({ cursor: settled.cursor, filter: 't[68]', anchor: settled.cursor });
  });

  test('stay with their resources through sorting, filtering and refreshes', () => {
    const marked = toggleMark(onTwo);
    const sorted: ListView = { ...marked, sort: { column: 'id', descending: true }, filter: 't' };
    expect([...settle(sorted, listing(sorted, TEN.slice(1)), tableWindow(4)).marks]).toEqual(['t2']);
  });

  test('are what an action is for, or else the row under the cursor', () => {
    expect(targetIds(FRESH)).toEqual([]);
    expect(targetIds(onTwo)).toEqual(['t2']);
    expect(targetIds({ ...onTwo, marks: new Set(['t7', 't8']) })).toEqual(['t7', 't8']);
  });
});
