import type { TableCell } from './table-lines.ts';

/** The cells of a row, and until when (ms) they show what they should. */
export interface MadeCells {
  readonly cells: readonly TableCell[];
  readonly until: number;
}

interface Remembered {
  readonly signature: string;
  readonly before: object | undefined;
  readonly made: MadeCells;
}

/** Remembers the cells of rows: a cursor move formats nothing, and ages tick no more often than they need. */
export class RowCells {
  readonly #rows = new WeakMap<object, Remembered>();
  /** Rows that were really formatted; benches and tests count it. */
  made = 0;

  /**
   * The cells of a row as they were made with the same signature (of the columns) and the same predecessor of
   * the row, while they hold, or else as `make` makes them, which is given those that hold no longer but for their ages.
   * `now` is in milliseconds.
   */
  of(
    row: object,
    signature: string,
    before: object | undefined,
    now: number,
    make: (outdated: MadeCells | undefined) => MadeCells,
  ): MadeCells {
    const known = this.#rows.get(row);
    const isSame = known?.signature === signature && known.before === before;
    if (isSame && now < known.made.until) return known.made;
    this.made += 1;
    const made = make(isSame ? known.made : undefined);
    this.#rows.set(row, { signature, before, made });
    return made;
  }
}
