import type { Instant } from '../clock.ts';
import type { Task, TaskRecord, TaskState } from '../model/entities.ts';
import { type FilterNode, requiredEquality, requiredRange } from '../odata/index.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { ListQuery } from './query.ts';

/** A page of a job's tasks; `next` is the id to go on after. */
export interface TaskPage {
  readonly tasks: readonly Task[];
  readonly next: string | undefined;
}

/** How many tasks one request looks at when no index tells which ones to look at. */
const SCAN_LIMIT = 20_000;
/** How many tasks are read at a time. */
const BATCH = 1_000;
/** Up to here the tasks that changed since some time are found by that time. */
const CHANGED_LIMIT = 5_000;

/** Sorts behind every character of an id. */
const LAST_CHARACTER = '\x7f';

const STATES: readonly TaskState[] = ['active', 'preparing', 'running', 'completed'];

/**
 * Finds a page of tasks, in order of id, through the index that fits the filter best. A filter that no index
 * helps with looks at a bounded number of tasks: the page may then be short, even empty, and still have a next
 * one, as the service's may.
 */
export function taskPage(store: TaskStore, job: number, query: ListQuery): TaskPage {
  const { filter } = query;
  if (filter === undefined) return walk(query, (after, limit) => store.list(job, after, limit));
  const since = changedSince(filter);
  const changed = since === undefined ? undefined : store.changedSince(job, since, CHANGED_LIMIT);
  if (changed !== undefined) return pageOfChanged(store, job, query, changed);
  const { lower, upper } = requiredRange(filter, 'id');
  const from = lower === undefined ? undefined : before(lower);
  const state = requiredEquality(filter, 'state')?.toLowerCase();
  if (state === undefined) return walk(query, (after, limit) => store.list(job, after, limit), from, upper);
  const states = STATES.filter((each) => each === state);
  return walk(query, (after, limit) => store.listByState(job, states, after, limit), from, upper);
}

/** Reads on in batches until the page is full, the tasks are over or enough has been looked at. */
function walk(
  query: ListQuery,
  read: (after: string | undefined, limit: number) => TaskRecord[],
  lower?: string,
  upper?: string,
): TaskPage {
  const tasks: Task[] = [];
  let after = query.after;
  if (lower !== undefined && (after === undefined || after < lower)) after = lower;
  let seen = 0;
  while (seen < SCAN_LIMIT) {
    const limit = query.filter === undefined ? query.size + 1 - tasks.length : BATCH;
    const batch = read(after, limit);
    for (const { task } of batch) {
      if (upper !== undefined && task.id > upper) return { tasks, next: undefined };
      if (!query.matches(task)) {
        after = task.id;
        continue;
      }
      if (tasks.length === query.size) return { tasks, next: after };
      tasks.push(task);
      after = task.id;
    }
    if (batch.length < limit) return { tasks, next: undefined };
    seen += batch.length;
  }
  return { tasks, next: after };
}

function pageOfChanged(store: TaskStore, job: number, query: ListQuery, ids: string[]): TaskPage {
  const tasks: Task[] = [];
  let last: string | undefined;
  for (const id of ids.sort()) {
    if (query.after !== undefined && id <= query.after) continue;
    const task = store.get(job, id)?.task;
    if (task === undefined || !query.matches(task)) continue;
    if (tasks.length === query.size) return { tasks, next: last };
    tasks.push(task);
    last = id;
  }
  return { tasks, next: undefined };
}

/** A text that sorts before the one given and after all that are clearly smaller, to start behind. */
function before(id: string): string {
  const last = id.charCodeAt(id.length - 1);
  if (id === '' || last === 0) return id.slice(0, -1);
  return `${id.slice(0, -1)}${String.fromCharCode(last - 1)}${LAST_CHARACTER}`;
}

const TICKS_BEFORE_1970 = 621_355_968_000_000_000n;

/** The time from which on a task's state must have changed, if the filter says so outright. */
function changedSince(filter: FilterNode): Instant | undefined {
  if (filter.kind === 'and') {
    const bounds = filter.operands.flatMap((each) => changedSince(each) ?? []);
    return bounds.length === 0 ? undefined : Math.max(...bounds);
  }
  if (filter.kind !== 'compare' || filter.property !== 'stateTransitionTime') return undefined;
  if (filter.operator !== 'ge' && filter.operator !== 'gt' && filter.operator !== 'eq') return undefined;
  if (filter.literal.type !== 'dateTime') return undefined;
  return Number((filter.literal.value - TICKS_BEFORE_1970) / 10n);
}
