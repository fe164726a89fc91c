import type { BatchPort, ListQuery, Page } from '../../src/api/port.ts';
import { HOUR, NOW, task } from './samples.ts';
import { NO_COUNTS, page } from './scripted-port.ts';

const PAGE = 1000;

/** A job of many tasks, made as they are asked for, with a number of tasks that changed a moment ago. */
export interface BigJob {
  readonly size: number;
  /** Tasks from the first one on that changed a moment ago; they are running. */
  changed: number;
  readonly port: Partial<BatchPort>;
}

export function bigTaskId(number: number): string {
  return `task-${String(number).padStart(7, '0')}`;
}

/** Answers as the service does: pages of 1,000 in the order of ids, filtered by time of change or range of ids. */
export function bigJob(size: number): BigJob {
  const job: BigJob = {
    size,
    changed: 0,
    port: {
      listPage: async (resource, _scope, query) => (resource === 'tasks' ? tasksOf(job, query) : page([])),
      taskCounts: async () => {
        const tasks = { ...NO_COUNTS, running: job.changed, completed: size - job.changed };
        return { tasks, slots: tasks };
      },
    },
  };
  return job;
}

function tasksOf(job: BigJob, { filter = '', next }: ListQuery): Page {
  const [, since = ''] = / ge DateTime'([^']*)'/.exec(filter) ?? [];
  const end = since === '' ? job.size : job.changed;
  const from = Number(next?.split('/')[0] ?? numberIn(/id ge '([^']*)'/, filter, 0));
  const last = Number(next?.split('/')[1] ?? numberIn(/id le '([^']*)'/, filter, Number.MAX_SAFE_INTEGER));
  const stop = Math.min(next === undefined ? end : Number(next.split('/')[2]), last + 1);
  const rows = Array.from({ length: Math.max(0, Math.min(PAGE, stop - from)) }, (_, index) =>
    row(job, from + index),
  );
  return page(rows, from + PAGE < stop ? `${from + PAGE}/${last}/${stop}` : undefined);
}

function numberIn(pattern: RegExp, filter: string, otherwise: number): number {
  const id = pattern.exec(filter)?.[1];
  return id === undefined ? otherwise : Number(id.slice('task-'.length));
}

function row(job: BigJob, number: number): object {
  const time = new Date(NOW - 30 * HOUR).toISOString();
  const state = number < job.changed ? 'running' : 'completed';
  return task(bigTaskId(number), { creationTime: time, stateTransitionTime: time, state });
}
