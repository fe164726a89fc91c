import { drain } from '../../lib/drain.ts';
import { UsageError } from '../../lib/errors.ts';
import { visible } from '../../lib/sanitise.ts';
import { lines } from '../../resources/line.ts';
import type { Task } from '../../resources/task.ts';
import { FoundLines } from '../../store/sources/found-lines.ts';
import { testOf } from '../../store/sources/line-source.ts';
import {
  FAILED,
  type FoundLine,
  MOST_SEARCHED,
  SEARCHED_AT_ONCE,
  SEARCHED_FILE,
  searchFile,
  taskPages,
} from '../../store/sources/output-search.ts';
import type { Arguments } from '../command-line.ts';
import type { ShellContext } from './context.ts';
import { tableWriter } from './row-writers.ts';

/** What grep exits with when it finds nothing. */
const NOTHING = 1;

/** `azb grep`: searches the end of a file of all tasks of a job that failed. Exits with 1 when nothing is found. */
export async function grep(args: Arguments, context: ShellContext): Promise<number> {
  const [pattern = '', job = '', path = SEARCHED_FILE] = args.operands;
  const search = {
    job,
    path,
    test: testOf(pattern),
    bytes: positive(args, 'bytes'),
    limit: positive(args, 'limit') ?? MOST_SEARCHED,
    filter: args.flag('all') ? "state eq 'completed' or state eq 'running'" : FAILED,
  };
  const found = new FoundLines(job, path);
  const tally = await searchTasks(context, search, async (task, some) => {
    found.put(task, some);
    if (args.flag('each')) return;
    const texts = some.map(({ line }) => `${task.id}: ${context.stdout.isTerminal ? visible(line) : line}\n`);
    await context.stdout.write(texts.join(''));
  });
  const rows = found.rows();
  if (args.flag('each')) {
    const columns = lines.columns.filter(({ wide }) => wide !== true);
    await tableWriter(context.stdout, columns, false).page(rows.filter(({ isFirst }) => isFirst));
  }
  await context.stderr.write(tallyText(tally, search.limit, path));
  return rows.length === 0 ? NOTHING : 0;
}

interface Search {
  readonly job: string;
  readonly path: string;
  readonly test: (line: string) => boolean;
  readonly bytes: number | undefined;
  readonly limit: number;
  readonly filter: string;
}

interface Tally {
  readonly searched: number;
  readonly absent: number;
  readonly isMore: boolean;
}

/** A page of tasks at a time, of which some are read at a time. */
async function searchTasks(
  context: ShellContext,
  { job, path, test, bytes, limit, filter }: Search,
  onFound: (task: Task, lines: readonly FoundLine[]) => Promise<void>,
): Promise<Tally> {
  const { signal } = context;
  const port = await context.connect();
  let searched = 0;
  let absent = 0;
  for await (const page of taskPages(port, job, filter, signal)) {
    const queue = page.tasks.slice(0, limit - searched);
    const isLast = queue.length < page.tasks.length || (searched + queue.length >= limit && page.isMore);
    searched += queue.length;
    const search = async (task: Task): Promise<void> => {
      const some = await searchFile(port, { kind: 'task', job, task: task.id, path }, test, signal, bytes);
      if (some === undefined) absent += 1;
      else await onFound(task, some);
    };
    await drain(queue, SEARCHED_AT_ONCE, search, () => !signal.aborted);
    signal.throwIfAborted();
    if (isLast) return { searched, absent, isMore: true };
  }
  return { searched, absent, isMore: false };
}

function tallyText({ searched, absent, isMore }: Tally, limit: number, path: string): string {
  const more = isMore ? `, the first ones: --limit ${limit * 10} searches more` : '';
  const without = absent === 0 ? '' : `; ${absent} without ${path}`;
  return `azb: ${searched} ${searched === 1 ? 'task' : 'tasks'} searched${more}${without}\n`;
}

function positive(args: Arguments, name: string): number | undefined {
  const value = args.number(name);
  if (value === undefined || (Number.isInteger(value) && value > 0)) return value;
  throw new UsageError(`--${name} takes a whole number above 0, not ${value}`, { next: 'azb help grep' });
}
