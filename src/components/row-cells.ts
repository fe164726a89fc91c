import type { TableCell } from './table-lines.ts';

interface Remembered {
  readonly signature: string;
  readonly before: object | undefined;
  readonly cells: readonly TableCell[];
}

/** Remembers the cells of rows: a cursor move formats nothing, a new second the rows on the screen. */
export class RowCells {
  readonly #rows = new WeakMap<object, Remembered>();
  /** Rows that were really formatted; benches and tests count it. */
  made = 0;

  /**
   * The cells of a row as they were made with the same signature (columns, time) and the same predecessor of
   * the row, or else as `make` makes them.
   */
  of(
    row: object,
    signature: string,
    before: object | undefined,
    make: () => readonly TableCell[],
  ): readonly TableCell[] {
    const known = this.#rows.get(row);
    if (known?.signature === signature && known.before === before) return known.cells;
    this.made += 1;
    const cells = make();
    this.#rows.set(row, { signature, before, cells });
    return cells;
  }
}
