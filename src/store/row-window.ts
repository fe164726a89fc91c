/** Where the rows of a list stand on the lines of its part of the screen. */
export interface RowWindow {
  /** Lines that are shown at once. */
  readonly height: number;
  /** Number of the line that a row stands on. */
  lineOf(row: number): number;
  /** The row so many lines below (or above) another one, at the same place of its line as far as there is one. */
  below(row: number, lines: number): number;
  /** The rows of a line: from the first one to the one behind the last. */
  rowsOf(line: number): readonly [from: number, to: number];
}

/** A row a line. */
export function tableWindow(height: number): RowWindow {
  return {
    height,
    lineOf: (row) => row,
    below: (row, lines) => row + lines,
    rowsOf: (line) => [line, line + 1],
  };
}

interface Block {
  readonly from: number;
  readonly to: number;
  /** Number of its first line. */
  readonly line: number;
}

/** Lines of `columns` rows each; each of `starts`, which begin with 0, begins a line of its own. */
export function gridWindow(
  count: number,
  starts: readonly number[],
  columns: number,
  height: number,
): RowWindow {
  const width = Math.max(1, columns);
  const blocks: Block[] = [];
  let line = 0;
  starts.forEach((from, index) => {
    const to = starts[index + 1] ?? count;
    blocks.push({ from, to, line });
    line += Math.ceil((to - from) / width);
  });
  const last = Math.max(0, line - 1);
  const lineOf = (row: number): number => {
    const block = blocks.findLast(({ from }) => from <= row) ?? blocks[0];
    return block === undefined ? 0 : block.line + Math.floor((row - block.from) / width);
  };
  const rowsOf = (wanted: number): readonly [number, number] => {
    const block = blocks.findLast((candidate) => candidate.line <= wanted);
    if (block === undefined || wanted > last) return [count, count];
    const from = block.from + (wanted - block.line) * width;
    return [from, Math.min(from + width, block.to)];
  };
  return {
    height,
    lineOf,
    rowsOf,
    below: (row, lines) => {
      const here = lineOf(row);
      const there = Math.min(Math.max(here + lines, 0), last);
      if (there === here) return row;
      const [from, to] = rowsOf(there);
      return Math.min(from + row - rowsOf(here)[0], to - 1);
    },
  };
}
