import { describe, expect, test } from 'vitest';
import { resourceNamed } from '../../../../src/resources/registry.ts';
import { mergeDelta, mergeWhole } from '../../../../src/store/sources/feed-merge.ts';

const tasks = resourceNamed('tasks');

interface Row {
  readonly id: string;
  readonly state: string;
}

const row = (id: string, state = 'active'): Row => ({ id, state });
const ids = (rows: readonly object[]) => rows.map((each) => tasks.idOf(each));
const BOUNDS = { limit: 100, cutStart: false, cutEnd: false, keep: () => true };

describe('a whole list read again', () => {
  test('keeps the array and the objects when nothing changed', () => {
    const held = [row('a'), row('b')];
    const merge = mergeWhole(tasks, held, [row('a'), row('b')]);
    expect(merge.rows).toBe(held);
    expect(merge.changed).toBe(false);
    expect(merge.before.size).toBe(0);
  });

  test('keeps the objects of unchanged rows, and remembers how changed ones were', () => {
    const held = [row('a'), row('b')];
    const merge = mergeWhole(tasks, held, [row('a'), row('b', 'running'), row('c')]);
    expect(merge.changed).toBe(true);
    expect(merge.rows[0]).toBe(held[0]);
    expect(merge.rows[1]).toEqual(row('b', 'running'));
    expect([...merge.before]).toEqual([['b', held[1]]]);
  });

  test('notices that rows went, and that they changed places', () => {
    const held = [row('a'), row('b')];
    expect(ids(mergeWhole(tasks, held, [row('b')]).rows)).toEqual(['b']);
    const turned = mergeWhole(tasks, held, [row('b'), row('a')]);
    expect(turned.changed).toBe(true);
    expect(turned.rows[0]).toBe(held[1]);
  });
});

describe('a list brought up to date by what changed', () => {
  const held = [row('a'), row('c'), row('e')];

  test('is the same array when nothing really changed', () => {
    expect(mergeDelta(tasks, held, [], BOUNDS).rows).toBe(held);
    const overlap = mergeDelta(tasks, held, [row('c')], BOUNDS);
    expect(overlap.rows).toBe(held);
    expect(overlap.changed).toBe(false);
  });

  test('is not gone through for rows that are held as they are', () => {
    const many = Array.from({ length: 4096 }, (_, index) => row(String(index).padStart(4, '0')));
    let looks = 0;
    const counting = {
      ...tasks,
      idOf: (each: object) => {
        looks += 1;
        return tasks.idOf(each);
      },
    };
    expect(mergeDelta(counting, many, [row('0000'), row('2000'), row('4095')], BOUNDS).rows).toBe(many);
    expect(looks).toBeLessThanOrEqual(3 * (1 + 12 + 1));
  });

  test('takes a change of nothing but a row that is held', () => {
    const merge = mergeDelta(tasks, held, [row('c', 'running')], BOUNDS);
    expect(merge.rows).toEqual([row('a'), row('c', 'running'), row('e')]);
    expect(merge.changed).toBe(true);
  });

  test('is brought up to date in whatever order it is', () => {
    const turned = [row('e'), row('a'), row('c')];
    expect(mergeDelta(tasks, turned, [row('e'), row('c')], BOUNDS).rows).toBe(turned);
    const merge = mergeDelta(tasks, turned, [row('e', 'running')], BOUNDS);
    expect(merge.rows).toEqual([row('e', 'running'), row('a'), row('c')]);
  });

  test('takes changes in place, and new rows where the service lists them', () => {
    const merge = mergeDelta(tasks, held, [row('c', 'running'), row('b'), row('f')], BOUNDS);
    expect(ids(merge.rows)).toEqual(['a', 'b', 'c', 'e', 'f']);
    expect(merge.rows[0]).toBe(held[0]);
    expect([...merge.before]).toEqual([['c', held[1]]]);
  });

  test('drops what does not belong any more', () => {
    const bounds = { ...BOUNDS, keep: (each: object) => (each as Row).state === 'active' };
    expect(ids(mergeDelta(tasks, held, [row('c', 'completed'), row('d', 'completed')], bounds).rows)).toEqual(
      ['a', 'e'],
    );
  });

  test('never holds more than the limit, and says so', () => {
    const merge = mergeDelta(tasks, held, [row('b'), row('d')], { ...BOUNDS, limit: 4 });
    expect(ids(merge.rows)).toEqual(['a', 'b', 'c', 'd']);
    expect(merge.overflowed).toBe(true);
  });

  test('a list that is cut stays the beginning of the service’s list', () => {
    const merge = mergeDelta(tasks, held, [row('B'), row('b'), row('z')], { ...BOUNDS, cutEnd: true });
    expect(ids(merge.rows)).toEqual(['B', 'a', 'b', 'c', 'e']);
  });

  test('a part from the middle takes nothing from before or behind it', () => {
    const cut = { ...BOUNDS, cutStart: true, cutEnd: true };
    const merge = mergeDelta(tasks, held, [row('B'), row('b'), row('z')], cut);
    expect(ids(merge.rows)).toEqual(['a', 'b', 'c', 'e']);
  });

  test('the end of a list stays its end when it grows beyond the limit', () => {
    const cut = { ...BOUNDS, cutStart: true, limit: 3 };
    const merge = mergeDelta(tasks, held, [row('f')], cut);
    expect(ids(merge.rows)).toEqual(['c', 'e', 'f']);
  });
});
