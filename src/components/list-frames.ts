/** A painted list without its cursor, and what it takes to move that and to scroll. */
export interface ListFrame {
  /** All lines but the first one, which is the border with the title. */
  readonly lines: readonly string[];
  /** The border with this text at its right. */
  borderWith(right: string): string;
  /** Line of `lines` on which the first row stands. */
  readonly firstRow: number;
  /** Time by the service's clock (ms) until which the lines show what they should. */
  readonly until: number;
  /** The line of a row under the cursor, counted from the first one shown; undefined where there is none. */
  cursorLine(row: number): string | undefined;
  /**
   * The same list with so many rows gone at its top, or come when negative. Undefined where that is a frame with little
   * or nothing of this one.
   */
  scrolledBy(rows: number): ListFrame | undefined;
}

/** What changes without the rest of a list being another one. */
export interface Moving {
  /** Number of the first row shown. */
  readonly top: number;
  /** Counted from the first row shown. */
  readonly cursor: number;
  /** What stands at the right of the border, which ticks. */
  readonly right: string;
}

/** Members of a view that are seen in nothing but the cursor and in what is scrolled away. */
const MOVING: ReadonlySet<string> = new Set(['cursor', 'cursorRow', 'top', 'anchor', 'awaited']);

/**
 * Remembers the last painted list: while only the cursor moves, two lines are made and not a screenful, and when it is
 * scrolled, those of the rows that come in.
 */
export class ListFrames {
  #inputs: readonly unknown[] = [];
  #view: object = {};
  #moving: Moving = { top: 0, cursor: -1, right: '' };
  #frame: ListFrame | undefined;
  #lines: string[] = [];
  /** Frames that were really made; benches and tests count it. */
  made = 0;

  /**
   * The lines of the last frame as they are with another cursor and another row first, where it was made from the same
   * inputs and the same view but for these, or else those of a new one. `now` in ms.
   */
  of(inputs: readonly unknown[], view: object, moving: Moving, now: number, make: () => ListFrame): string[] {
    const frame = this.#frame;
    const isStale = frame === undefined || now >= frame.until;
    if (isStale || !isSame(this.#inputs, inputs) || !isAlike(this.#view, view)) {
      this.#inputs = inputs;
      this.#view = view;
      return this.#show(this.#made(make), moving);
    }
    const { top, cursor, right } = this.#moving;
    if (moving.top !== top) {
      const scrolled = frame.scrolledBy(moving.top - top);
      const border = moving.right === right ? this.#lines[0] : undefined;
      return scrolled === undefined
        ? this.#show(this.#made(make), moving)
        : this.#show(scrolled, moving, border);
    }
    if (moving.cursor === cursor && moving.right === right) return this.#lines;
    // Whoever got the lines of before still compares with them.
    const lines = this.#lines.slice();
    if (moving.right !== right) lines[0] = frame.borderWith(moving.right);
    if (moving.cursor !== cursor) {
      const line = 1 + frame.firstRow + cursor;
      const left = frame.lines[line - 1];
      if (cursor >= 0 && left !== undefined) lines[line] = left;
      placeCursor(lines, frame, moving.cursor);
    }
    this.#lines = lines;
    this.#moving = moving;
    return lines;
  }

  #made(make: () => ListFrame): ListFrame {
    this.made += 1;
    return make();
  }

  #show(frame: ListFrame, moving: Moving, border = frame.borderWith(moving.right)): string[] {
    const lines = [border, ...frame.lines];
    placeCursor(lines, frame, moving.cursor);
    this.#frame = frame;
    this.#moving = moving;
    this.#lines = lines;
    return lines;
  }
}

function placeCursor(lines: string[], frame: ListFrame, row: number): void {
  const line = frame.cursorLine(row);
  if (line !== undefined) lines[1 + frame.firstRow + row] = line;
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
