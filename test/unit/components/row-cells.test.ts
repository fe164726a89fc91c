import { describe, expect, test } from 'vitest';
import { RowCells } from '../../../src/components/row-cells.ts';

describe('the cells of a row', () => {
  const row = {};
  const make = (until: number) => () => ({ cells: [{ text: 'a' }], until });

  test('are made once while they hold', () => {
    const rows = new RowCells();
    const first = rows.of(row, 'id', undefined, 0, make(1000));
    expect(rows.of(row, 'id', undefined, 999, make(2000))).toBe(first);
    expect(rows.made).toBe(1);
    expect(rows.of(row, 'id', undefined, 1000, make(2000))).not.toBe(first);
    expect(rows.made).toBe(2);
  });

  test('are made out of the outdated ones of the same columns and predecessor', () => {
    const rows = new RowCells();
    const given: unknown[] = [];
    const note = (until: number) => (outdated: unknown) => {
      given.push(outdated);
      return make(until)();
    };
    const first = rows.of(row, 'id', undefined, 0, note(1000));
    rows.of(row, 'id', undefined, 1000, note(2000));
    rows.of(row, 'state', undefined, 1000, note(2000));
    rows.of(row, 'state', {}, 1000, note(2000));
    expect(given).toEqual([undefined, first, undefined, undefined]);
  });

  test('are made again for other columns, another predecessor, another row', () => {
    const rows = new RowCells();
    rows.of(row, 'id', undefined, 0, make(1000));
    rows.of(row, 'id,state', undefined, 0, make(1000));
    rows.of(row, 'id,state', {}, 0, make(1000));
    rows.of({}, 'id,state', undefined, 0, make(1000));
    expect(rows.made).toBe(4);
  });
});
