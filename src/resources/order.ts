import { naturalOrder } from '../lib/natural.ts';
import type { Cell, Column, Entity } from './types.ts';

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** Orders two cells by value; absent values come last whatever the direction. */
function compareCells(left: Cell, right: Cell, natural: ReturnType<typeof naturalOrder>): number {
  if (left instanceof Date && right instanceof Date) return left.getTime() - right.getTime();
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return natural(String(left), String(right));
}

/** Rows in the order of a column's values, ties in the natural order of their ids. The input stays as it is. */
export function sortRows<T extends Entity>(
  rows: readonly T[],
  column: Column<T>,
  descending: boolean,
  idOf: (row: T) => string,
): T[] {
  const natural = naturalOrder();
  const keyed = rows.map((row) => ({ row, cell: sortValue(column, row), id: idOf(row) }));
  keyed.sort((left, right) => {
    if (left.cell === undefined || right.cell === undefined) {
      if (left.cell !== right.cell) return left.cell === undefined ? 1 : -1;
    } else {
      const order = compareCells(left.cell, right.cell, natural);
      if (order !== 0) return descending ? -order : order;
    }
    return natural(left.id, right.id);
  });
  return keyed.map(({ row }) => row);
}

/** An age grows as its date recedes, so ages sort by how long, not by when. */
function sortValue<T extends Entity>(column: Column<T>, row: T): Cell {
  const cell = column.value(row);
  if (column.kind === 'age' && cell instanceof Date) return -cell.getTime();
  return cell === '' ? undefined : cell;
}
