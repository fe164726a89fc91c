import { describe, expect, test } from 'vitest';
import { sortRows } from '../../../src/resources/order.ts';
import type { Cell, Column } from '../../../src/resources/types.ts';

interface Row {
  readonly id: string;
  readonly cell: Cell;
}

const column = (kind: Column<Row>['kind']): Column<Row> => ({
  id: 'cell',
  title: 'CELL',
  kind,
  select: [],
  value: (row) => row.cell,
});

function order(kind: Column<Row>['kind'], cells: readonly Cell[], descending = false): string[] {
  const rows = cells.map((cell, index): Row => ({ id: `row${index}`, cell }));
  return sortRows(rows, column(kind), descending, (row) => row.id).map((row) => row.id);
}

describe('sorting by values', () => {
  test('numbers by size, not as they are written', () => {
    expect(order('number', [10, 9, 100])).toEqual(['row1', 'row0', 'row2']);
    expect(order('bytes', [1_000_000, 999, 2000], true)).toEqual(['row0', 'row2', 'row1']);
  });

  test('text in the natural order', () => {
    expect(order('text', ['task10', 'task9'])).toEqual(['row1', 'row0']);
  });

  test('what is absent comes last, whatever the direction', () => {
    expect(order('number', [undefined, 2, 1])).toEqual(['row2', 'row1', 'row0']);
    expect(order('number', [undefined, 2, 1], true)).toEqual(['row1', 'row2', 'row0']);
    expect(order('text', ['', 'b', undefined, 'a'], true)).toEqual(['row1', 'row3', 'row0', 'row2']);
  });

  test('an age by how long, a time by when', () => {
    const [old, young] = [new Date('2026-01-01'), new Date('2026-02-01')];
    expect(order('age', [old, young])).toEqual(['row1', 'row0']);
    expect(order('age', [old, young], true)).toEqual(['row0', 'row1']);
    expect(order('time', [young, old])).toEqual(['row1', 'row0']);
  });

  test('ties keep the natural order of ids in both directions', () => {
    const same = Array.from({ length: 12 }, () => 'same');
    const expected = same.map((_, index) => `row${index}`);
    expect(order('text', same)).toEqual(expected);
    expect(order('text', same, true)).toEqual(expected);
  });

  test('no before yes', () => {
    expect(order('flag', [true, false])).toEqual(['row1', 'row0']);
  });

  test('leaves the rows that it was given as they were', () => {
    const rows: readonly Row[] = Object.freeze([
      { id: 'b', cell: 2 },
      { id: 'a', cell: 1 },
    ]);
    expect(sortRows(rows, column('number'), false, (row) => row.id)).not.toBe(rows);
    expect(rows[0]?.id).toBe('b');
  });
});
