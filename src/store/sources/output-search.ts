import type { BatchPort, FileRef } from '../../api/port.ts';
import { ServiceError } from '../../lib/errors.ts';
import { lineShape } from '../../lib/line-shape.ts';
import { stripSgr } from '../../lib/style.ts';
import type { Task } from '../../resources/task.ts';

/** Bytes at the end of a file that are searched, unless told otherwise: programs say last what they fail of. */
const SEARCHED_BYTES = 64 * 1024;
/** The file that is searched, unless told otherwise. */
export const SEARCHED_FILE = 'stderr.txt';
/** Tasks whose files are read at a time: two requests each, one after the other. */
export const SEARCHED_AT_ONCE = 4;
/** Tasks that are searched at most, unless told otherwise. */
export const MOST_SEARCHED = 1000;
/** Lines of one file that are told apart; of a file that says more, the first are told. */
const MOST_SHAPES = 20;
/** Characters of a line that are looked at. */
const LONGEST_LINE = 10_000;

/** The service's filter for tasks that failed. */
export const FAILED = "state eq 'completed' and executionInfo/result eq 'failure'";
const SELECT = ['id', 'state', 'executionInfo', 'nodeInfo'];

/** Lines of one file that say the same; the last of them stands for all. */
export interface FoundLine {
  readonly line: string;
  readonly shape: string;
  readonly count: number;
}

/** The pages of a job's tasks that a filter lets through, with what a search tells of a task. */
export async function* taskPages(
  port: BatchPort,
  job: string,
  filter: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<{
  readonly tasks: readonly Task[];
  readonly serverTime: number;
  readonly isMore: boolean;
}> {
  let next: string | undefined;
  do {
    const query =
      next === undefined ? { select: SELECT, ...(filter === undefined ? {} : { filter }) } : { next };
    const page = await port.listPage('tasks', { job }, query, signal);
    next = page.next;
    yield { tasks: page.rows as readonly Task[], serverTime: page.serverTime, isMore: next !== undefined };
  } while (next !== undefined);
}

/**
 * Lines at the end of a file that pass a test, those that say the same as one. Two requests: how large it is, and its end.
 * Undefined where there is no such file, or its node is gone.
 */
export async function searchFile(
  port: BatchPort,
  file: FileRef,
  test: (line: string) => boolean,
  signal: AbortSignal,
  bytes = SEARCHED_BYTES,
): Promise<FoundLine[] | undefined> {
  try {
    const { size, isDirectory } = await port.statFile(file, signal);
    if (isDirectory) return undefined;
    const start = Math.max(0, size - bytes);
    const end = size === 0 ? new Uint8Array() : await port.readFile(file, { start, end: size }, signal);
    return foundLines(linesOf(end, start > 0), file.kind === 'task' ? file.task : '', test);
  } catch (error) {
    if (error instanceof ServiceError && (error.status === 404 || error.status === 409)) return undefined;
    throw error;
  }
}

/**
 * The lines of the bytes; one that began before them is no line. What a progress bar is written over with is a line of its
 * own: else an error behind it would be the end of a line of 60 kB.
 */
function linesOf(bytes: Uint8Array, isCut: boolean): string[] {
  const lines = new TextDecoder().decode(bytes).split(/\r*\n|\r+/);
  return (isCut && lines.length > 1 ? lines.slice(1) : lines).map((line) =>
    stripSgr(line.slice(0, LONGEST_LINE)),
  );
}

function foundLines(lines: readonly string[], task: string, test: (line: string) => boolean): FoundLine[] {
  const found = new Map<string, FoundLine>();
  for (const line of lines) {
    if (line === '' || !test(line)) continue;
    const shape = lineShape(line, task);
    const before = found.get(shape);
    if (before === undefined && found.size >= MOST_SHAPES) continue;
    found.set(shape, { line: line.trim(), shape, count: (before?.count ?? 0) + 1 });
  }
  return [...found.values()];
}
