import type { FrameLine } from './frame.ts';

/** Rows `top` to `bottom` moved by some rows, upwards when positive. */
export interface Shift {
  readonly top: number;
  readonly bottom: number;
  readonly by: number;
  /** Rows that differ when nothing is shifted. */
  readonly changed: number;
}

/** As many rows change when a cursor moves: to scroll for so few saves nothing. */
const LEAST_CHANGED = 3;

/**
 * The shift that explains most of the rows that changed, or undefined when nothing moved. Only rows whose
 * text stands once in the old frame vote, since repeated rows would match anywhere.
 */
export function findShift(old: readonly FrameLine[], next: readonly FrameLine[]): Shift | undefined {
  const changed: number[] = [];
  for (let row = 0; row < next.length; row++) {
    const [before, line] = [old[row], next[row]];
    if (before !== line && before?.key !== line?.key) changed.push(row);
  }
  if (changed.length < LEAST_CHANGED) return undefined;
  const rows = rowsByText(old);
  const moved = new Map<number, number[]>();
  for (const row of changed) {
    const from = rows.get(next[row]?.key ?? '');
    if (from === undefined || from < 0 || from === row) continue;
    const by = from - row;
    const group = moved.get(by);
    if (group === undefined) moved.set(by, [row]);
    else group.push(row);
  }
  const best = [...moved].reduce<readonly [number, number[]] | undefined>(
    (most, entry) => (most === undefined || entry[1].length > most[1].length ? entry : most),
    undefined,
  );
  return best === undefined ? undefined : { ...shiftOf(best[0], best[1]), changed: changed.length };
}

/** The row of each text that is not blank; -1 for texts that stand more than once. */
function rowsByText(lines: readonly FrameLine[]): Map<string, number> {
  const rows = new Map<string, number>();
  lines.forEach((line, row) => {
    if (line.key.trim() !== '') rows.set(line.key, rows.has(line.key) ? -1 : row);
  });
  return rows;
}

function shiftOf(by: number, rows: readonly number[]): Omit<Shift, 'changed'> {
  const first = rows[0] ?? 0;
  const last = rows.at(-1) ?? 0;
  return by > 0 ? { top: first, bottom: last + by, by } : { top: first + by, bottom: last, by };
}

/** What a terminal shows after the shift. */
export function shiftLines(lines: readonly FrameLine[], shift: Shift, blank: FrameLine): FrameLine[] {
  return lines.map((line, row) => {
    if (row < shift.top || row > shift.bottom) return line;
    const from = row + shift.by;
    return from < shift.top || from > shift.bottom ? blank : (lines[from] ?? blank);
  });
}
