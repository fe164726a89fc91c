import type { Palette, Role, Skin } from './palette.ts';

/** A cell of a grid; all are of one width. */
export interface GridCell {
  readonly text: string;
  readonly role: Role;
}

interface Remembered {
  readonly inputs: readonly unknown[];
  readonly cells: readonly GridCell[];
  readonly line: string;
}

/** Makes the lines of a grid, and remembers them: a move of the cursor makes two of them again. */
export class GridLines {
  readonly #lines = new Map<number, Remembered>();
  #skin: Skin | undefined;
  /** Lines that were really made; tests count it. */
  made = 0;

  /**
   * The line of this number, as it was made from the same inputs, or else from the cells that `make` gives, one
   * blank before them and as many behind them as make it `width` wide.
   */
  line(
    palette: Palette,
    number: number,
    inputs: readonly unknown[],
    width: number,
    make: () => readonly GridCell[],
  ): string {
    if (palette.skin !== this.#skin || this.#lines.size > MOST) {
      this.#skin = palette.skin;
      this.#lines.clear();
    }
    const known = this.#lines.get(number);
    const all = [width, ...inputs];
    if (known !== undefined && sameItems(known.inputs, all, Object.is)) return known.line;
    const cells = make();
    const isSame = known?.inputs[0] === width && sameItems(known.cells, cells, looksAlike);
    if (!isSame) this.made += 1;
    const line = isSame ? known.line : gridLine(palette, cells, width);
    this.#lines.set(number, { inputs: all, cells, line });
    return line;
  }
}

/** Several screens full. */
const MOST = 1000;

function sameItems<T>(left: readonly T[], right: readonly T[], same: (one: T, other: T) => boolean): boolean {
  return left.length === right.length && left.every((item, index) => same(item, right[index] as T));
}

function looksAlike(one: GridCell, other: GridCell): boolean {
  return one === other || (one.text === other.text && one.role === other.role);
}

/** Neighbours of one role share their colour sequence. Cells hold no wide characters. */
function gridLine(palette: Palette, cells: readonly GridCell[], width: number): string {
  let line = ' ';
  let taken = 1;
  let run = '';
  cells.forEach(({ text, role }, index) => {
    run += text;
    taken += text.length;
    if (cells[index + 1]?.role === role) return;
    line += palette.ink(role, run);
    run = '';
  });
  return line + ' '.repeat(Math.max(0, width - taken));
}
