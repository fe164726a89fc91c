/** A painted list, and what it takes to move its cursor. */
export interface ListFrame {
  /** All lines but the first one, which is the border with the title. */
  readonly lines: readonly string[];
  /** The border with this text at its right. */
  borderWith(right: string): string;
  /** Line of `lines` on which the first row stands. */
  readonly firstRow: number;
  /** Time by the service's clock (ms) until which the lines show what they should. */
  readonly until: number;
  /** The line of a row, counted from the first one shown; undefined where there is none. */
  lineAt(row: number, isCursor: boolean): string | undefined;
}

/** What changes without the rest of a list being another one. */
interface Ticking {
  readonly cursor: number;
  readonly right: string;
}

/** Members of a view that a cursor move changes and that are seen in nothing but the cursor. */
const MOVING: ReadonlySet<string> = new Set(['cursor', 'cursorRow', 'anchor', 'awaited']);

/** Remembers the last painted list: while only the cursor moves, two lines are made and not a screenful. */
export class ListFrames {
  #inputs: readonly unknown[] = [];
  #view: object = {};
  #cursor = -1;
  #right = '';
  #frame: ListFrame | undefined;
  #lines: string[] = [];
  /** Frames that were really made; benches and tests count it. */
  made = 0;

  /**
   * The lines of the last frame with the cursor on another row, where it was made from the same inputs and the same
   * view but for its cursor, or else those of a new one. `cursor` is counted from the first row shown; `right` is what
   * stands at the right of the border, which ticks; `now` in ms.
   */
  of(
    inputs: readonly unknown[],
    view: object,
    { cursor, right }: Ticking,
    now: number,
    make: () => ListFrame,
  ): string[] {
    const frame = this.#frame;
    if (
      frame === undefined ||
      now >= frame.until ||
      !isSame(this.#inputs, inputs) ||
      !isAlike(this.#view, view)
    ) {
      return this.#remember(inputs, view, { cursor, right }, make());
    }
    if (cursor === this.#cursor && right === this.#right) return this.#lines;
    // Whoever got the lines of before still compares with them.
    const lines = this.#lines.slice();
    if (right !== this.#right) lines[0] = frame.borderWith(right);
    if (cursor !== this.#cursor) {
      const left = frame.lineAt(this.#cursor, false);
      const entered = frame.lineAt(cursor, true);
      if (left === undefined || entered === undefined) {
        return this.#remember(inputs, view, { cursor, right }, make());
      }
      lines[1 + frame.firstRow + this.#cursor] = left;
      lines[1 + frame.firstRow + cursor] = entered;
    }
    this.#lines = lines;
    this.#cursor = cursor;
    this.#right = right;
    return lines;
  }

  #remember(
    inputs: readonly unknown[],
    view: object,
    { cursor, right }: Ticking,
    frame: ListFrame,
  ): string[] {
    this.made += 1;
    this.#inputs = inputs;
    this.#view = view;
    this.#cursor = cursor;
    this.#frame = frame;
    this.#right = right;
    this.#lines = [frame.borderWith(right), ...frame.lines];
    return this.#lines;
  }
}

function isSame(before: readonly unknown[], now: readonly unknown[]): boolean {
  return now.length === before.length && now.every((each, index) => each === before[index]);
}

function isAlike(before: object, now: object): boolean {
  if (before === now) return true;
  const [old, fresh] = [before as Members, now as Members];
  for (const name in fresh) {
    if (old[name] !== fresh[name] && !MOVING.has(name)) return false;
  }
  return true;
}

type Members = Readonly<Record<string, unknown>>;
