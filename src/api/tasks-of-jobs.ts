import { isMissing, UsageError } from '../lib/errors.ts';
import { splitJobTaskId } from '../lib/job-task-id.ts';
import { allOf, compare } from '../lib/odata.ts';
import { counted, countText } from '../lib/units.ts';
import type { Entity } from '../resources/types.ts';
import { type ActionCall, pathOf, type ResourceAdapter } from './adapter.ts';
import { fetchPage } from './paging.ts';
import type { ListQuery, Page, StateCounts } from './port.ts';
import { fetchTaskCounts, tasks } from './tasks.ts';
import type { Transport } from './wire/transport.ts';

/** Jobs whose tasks are asked for, and how many at a time; pages of 1,000 jobs that are looked through for them. */
const MOST_JOBS = 500;
const AT_ONCE = 4;
const MOST_JOB_PAGES = 5;

/** Which tasks a list is of. */
interface Kind {
  /** The service's filter for them, and which of its counts says whether a job has any. */
  readonly filter: string;
  readonly count: keyof StateCounts;
  /** The service's filter for the jobs that can have some. */
  readonly jobs?: string;
}

/** How far a list has come. It goes with each page to the next: nothing of it is kept here. */
interface Cursor {
  /** Ids of the jobs that were not asked yet. */
  readonly left: readonly string[];
  /** Jobs with more such tasks than a page holds. */
  readonly open: readonly { readonly job: string; readonly next: string }[];
  readonly all: number;
  /** What is said of jobs that are left out. */
  readonly note?: string | undefined;
}

interface ListedJob {
  readonly id: string;
  readonly creationTime?: string;
}

/**
 * The service has no list of the tasks of all jobs: they are asked for job by job, the newest first, of those that count any.
 * Each page is the first tasks of a few jobs, then more of those that have more; it says how far the list has come. With a job in its place it is of that one.
 */
function tasksOfJobs(kind: Kind): ResourceAdapter {
  return {
    listPage: async (transport, { job }, query, signal) => {
      if (query.next === undefined && job !== undefined)
        return nextJobs(transport, kind, { left: [job], open: [], all: 1 }, query, signal);
      if (query.next === undefined) return begin(transport, kind, signal);
      const cursor = JSON.parse(query.next) as Cursor;
      // A page of each job first: one with more such tasks than can be held would hide those of all others.
      return cursor.left.length > 0
        ? nextJobs(transport, kind, cursor, query, signal)
        : goOn(transport, cursor, signal);
    },
    get: async (transport, _scope, id, signal) => {
      const { job, task } = placeOf(id);
      const found = await tasks.get?.(transport, { job }, task, signal);
      return { jobId: job, ...found };
    },
    actions: Object.fromEntries(Object.entries(tasks.actions).map(([name, act]) => [name, inItsJob(act)])),
  };
}

function inItsJob(act: ActionCall): ActionCall {
  return async (transport, _scope, id, args, signal) => {
    const { job, task } = placeOf(id);
    await act(transport, { job }, task, args, signal);
  };
}

function placeOf(id: string): { readonly job: string; readonly task: string } {
  const place = splitJobTaskId(id);
  if (place === undefined) throw new UsageError(`${id} names no task of a job`, { next: 'JOB/TASK' });
  return place;
}

async function begin(transport: Transport, kind: Kind, signal: AbortSignal): Promise<Page> {
  const filter = kind.jobs === undefined ? {} : { filter: kind.jobs };
  let page = await fetchPage(transport, '/jobs', { select: ['id', 'creationTime'], ...filter }, signal);
  const { serverTime } = page;
  const jobs = [...page.rows] as ListedJob[];
  for (let pages = 1; pages < MOST_JOB_PAGES && page.next !== undefined; pages += 1) {
    page = await fetchPage(transport, '/jobs', { next: page.next }, signal);
    jobs.push(...(page.rows as readonly ListedJob[]));
  }
  jobs.sort(byAge);
  const left = jobs.slice(0, MOST_JOBS).map(({ id }) => id);
  const more = page.next === undefined ? '' : 'more than ';
  const note =
    jobs.length > MOST_JOBS || page.next !== undefined
      ? `of the newest ${countText(left.length)} of ${more}${countText(jobs.length)} jobs`
      : undefined;
  return pageOf({ left, open: [], all: left.length, note }, [], serverTime);
}

/** What went wrong lately is what is looked for. */
function byAge(left: ListedJob, right: ListedJob): number {
  return (right.creationTime ?? '').localeCompare(left.creationTime ?? '');
}

/** The first page of the tasks of each of the next few jobs. */
async function nextJobs(
  transport: Transport,
  kind: Kind,
  cursor: Cursor,
  query: ListQuery,
  signal: AbortSignal,
): Promise<Page> {
  const some = cursor.left.slice(0, AT_ONCE);
  const pages = await Promise.all(some.map((job) => firstPage(transport, kind, job, query, signal)));
  const begun = pages.flatMap((page, index) =>
    page?.next === undefined ? [] : [{ job: some[index] ?? '', next: page.next }],
  );
  const open = [...cursor.open, ...begun];
  const rows = pages.flatMap((page, index) => withJob(page, some[index] ?? ''));
  const serverTime = pages.find((page) => page !== undefined)?.serverTime ?? Date.now();
  return pageOf({ ...cursor, left: cursor.left.slice(AT_ONCE), open }, rows, serverTime);
}

/** Nothing of a job that counts no such tasks, or that was deleted since it was listed. */
async function firstPage(
  transport: Transport,
  { filter, count }: Kind,
  job: string,
  query: ListQuery,
  signal: AbortSignal,
): Promise<Page | undefined> {
  const select = query.select?.filter((name) => name !== 'jobId');
  const asked: ListQuery = {
    filter: allOf([filter, query.filter]) ?? filter,
    ...(select === undefined ? {} : { select }),
    ...(query.pageSize === undefined ? {} : { pageSize: query.pageSize }),
  };
  return unlessGone(async () => {
    const counts = await fetchTaskCounts(transport, job, signal);
    if (counts.tasks[count] === 0) return undefined;
    return fetchPage(transport, pathOf('jobs', job, 'tasks'), asked, signal);
  });
}

/** The next page of a job with many such tasks. */
async function goOn(transport: Transport, cursor: Cursor, signal: AbortSignal): Promise<Page> {
  const [first, ...others] = cursor.open;
  const { job = '', next = '' } = first ?? {};
  const page = await unlessGone(() => fetchPage(transport, pathOf('jobs', job, 'tasks'), { next }, signal));
  const open = page?.next === undefined ? others : [{ job, next: page.next }, ...others];
  return pageOf({ ...cursor, open }, withJob(page, job), page?.serverTime ?? Date.now());
}

async function unlessGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function withJob(page: Page | undefined, jobId: string): Entity[] {
  return (page?.rows ?? []).map((row) => ({ jobId, ...row }));
}

function pageOf(cursor: Cursor, rows: readonly Entity[], serverTime: number): Page {
  const { left, open, all, note } = cursor;
  const isMore = left.length + open.length > 0;
  const progress = isMore
    ? `${countText(all - left.length - open.length)} of ${counted(all, 'job')}`
    : `of ${counted(all, 'job')}`;
  // What is left out is said once.
  return {
    rows,
    next: isMore ? JSON.stringify(cursor) : undefined,
    serverTime,
    progress,
    ...(isMore ? {} : { note }),
  };
}

export const failedTasks = tasksOfJobs({
  filter: "state eq 'completed' and executionInfo/result eq 'failure'",
  count: 'failed',
});

/** The service counts tasks that prepare among those that run. A job that has completed has none of them. */
export const runningTasks = tasksOfJobs({
  filter: "(state eq 'running' or state eq 'preparing')",
  count: 'running',
  jobs: compare('state', 'ne', 'completed'),
});
