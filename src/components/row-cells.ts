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
  #rows = new WeakMap<object, Remembered>();
  #rules: object | undefined;
  /** Rows that were really formatted; benches and tests count it. */
  made = 0;

  /** Starts again when what cells go by beside their row is another: columns of one id can then tell something else. */
  reset(rules: object | undefined): void {
    if (rules === this.#rules) return;
    this.#rules = rules;
    this.#rows = new WeakMap();
  }

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
