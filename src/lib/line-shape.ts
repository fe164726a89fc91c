import { escapePattern } from './escape-pattern.ts';

/** Characters of a line that tell it from others. */
const LONGEST = 300;

/** What differs from run to run and says nothing: ids, addresses, numbers. The widest first. */
const VARIABLE =
  /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|0x[\da-f]+|(?<![a-z\d])(?=[\da-f]*\d)[\da-f]{8,}(?![a-z\d])|\d+(?:\.\d+)*/gi;

/**
 * A line with `#` for what differs from task to task, so that lines that say the same are counted as one:
 * `frame 12: out of memory at 0x7f3a` → `frame #: out of memory at #`. The id of the task that wrote it counts as such, too.
 */
export function lineShape(line: string, task: string): string {
  return withoutId(line, task).slice(0, LONGEST).replace(VARIABLE, '#').replace(/\s+/g, ' ').trim();
}

/** The id counts where it stands alone: that of the task `1` is no part of `127`. */
function withoutId(line: string, task: string): string {
  if (task === '' || !line.includes(task)) return line;
  return line.replace(new RegExp(`(?<![A-Za-z\\d])${escapePattern(task)}(?![A-Za-z\\d])`, 'g'), '#');
}
