import type { PaneText } from './pane-lines.ts';

/** The lines of a text that hold `looked`, as a text of its own. `lines` are their indexes, in order. */
export function onlyLines(text: PaneText, lines: readonly number[], looked: string): PaneText {
  const at = (index: number) => lines[index] ?? -1;
  const { lead } = text;
  return {
    count: lines.length,
    show: (index) => text.show(at(index)),
    plain: (index) => text.plain(at(index)),
    find: (wanted) => {
      // Asked at every key, of what may be a hundred thousand lines.
      if (wanted === looked) return lines.map((_, index) => index);
      const found = new Set(text.find(wanted));
      return lines.flatMap((line, index) => (found.has(line) ? [index] : []));
    },
    lead: lead === undefined ? undefined : { width: lead.width, of: (index) => lead.of(at(index)) },
  };
}

/** How many of the lines, in order, stand before a line. */
export function linesBefore(lines: readonly number[], line: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lines[middle] as number) < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
