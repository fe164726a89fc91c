import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gridWindow, tableWindow } from '../../../src/store/row-window.ts';

describe('a grid', () => {
  const grid = gridWindow(10, [0], 4, 2);

  test('has so many rows a line', () => {
    expect([0, 3, 4, 9].map((row) => grid.lineOf(row))).toEqual([0, 0, 1, 2]);
    expect([0, 1, 2, 3].map((line) => grid.rowsOf(line))).toEqual([
      [0, 4],
      [4, 8],
      [8, 10],
      [10, 10],
    ]);
  });

  test('keeps the place in the line on the way up and down, as far as the line reaches', () => {
    expect(grid.below(1, 1)).toBe(5);
    expect(grid.below(5, -1)).toBe(1);
    expect(grid.below(7, 1)).toBe(9);
    expect(grid.below(1, 100)).toBe(9);
    expect(grid.below(6, -100)).toBe(2);
  });

  test('stays where it is when there is no line above or below', () => {
    expect(grid.below(2, -1)).toBe(2);
    expect(grid.below(8, 3)).toBe(8);
  });

  test('begins a line where it is told to', () => {
    const grouped = gridWindow(10, [0, 3, 8], 4, 2);
    expect([0, 1, 2, 3, 4].map((line) => grouped.rowsOf(line))).toEqual([
      [0, 3],
      [3, 7],
      [7, 8],
      [8, 10],
      [10, 10],
    ]);
    expect(grouped.below(2, 1)).toBe(5);
    expect(grouped.below(5, 1)).toBe(7);
    expect(grouped.below(9, -2)).toBe(4);
  });

  test('without rows or without room is no trouble', () => {
    const empty = gridWindow(0, [], 4, 2);
    expect([empty.lineOf(0), empty.rowsOf(0), empty.below(0, 1)]).toEqual([0, [0, 0], 0]);
    expect(gridWindow(3, [0], 0, 1).rowsOf(2)).toEqual([2, 3]);
  });

  test('every row stands on the line that says so', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: -9, max: 9 }),
        (groups, columns, by) => {
          const starts = groups.map((_, index) =>
            groups.slice(0, index).reduce((sum, size) => sum + size, 0),
          );
          const count = groups.reduce((sum, size) => sum + size, 0);
          const any = gridWindow(count, starts, columns, 5);
          for (let row = 0; row < count; row += 1) {
            const [from, to] = any.rowsOf(any.lineOf(row));
            expect(row >= from && row < to && to - from <= columns).toBe(true);
            const there = any.below(row, by);
            expect(there >= 0 && there < count).toBe(true);
          }
        },
      ),
    );
  });
});

test('a table has one row a line', () => {
  const table = tableWindow(7);
  expect([table.height, table.lineOf(4), table.rowsOf(4), table.below(4, 2)]).toEqual([7, 4, [4, 5], 6]);
});
