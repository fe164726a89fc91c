import { defineResource } from './types.ts';
import { time } from './wire.ts';

/** Lines of one task's output that say the same, found by a search; the last of them stands for all. */
export interface Line {
  readonly job: string;
  readonly task: string;
  readonly path: string;
  readonly line: string;
  /** How many such lines the task wrote. */
  readonly lines: number;
  /** Number of what it says: lines of other tasks that say the same have the same. */
  readonly like: number;
  /** Tasks that say it. */
  readonly tasks: number;
  /** The first of those that say it: where each is shown once, this one is shown. */
  readonly isFirst: boolean;
  readonly exitCode: number | undefined;
  readonly pool: string | undefined;
  readonly node: string | undefined;
  readonly ended: string | undefined;
}

/** What a search in the output of tasks has found, as a list of azb's own. */
export const lines = defineResource<Line>({
  name: 'lines',
  singular: 'line',
  aliases: [],
  scopes: [['job']],
  help: 'Lines that were found in the output of tasks',
  idOf: ({ task, like }) => `${task} ${like}`,
  selectable: false,
  deltas: false,
  refreshEvery: 15,
  columns: [
    { id: 'task', title: 'TASK', kind: 'text', select: [], sortKey: 'N', value: ({ task }) => task },
    { id: 'tasks', title: 'TASKS', kind: 'number', select: [], sortKey: 'T', value: ({ tasks }) => tasks },
    {
      id: 'exit',
      title: 'EXIT',
      kind: 'number',
      select: [],
      sortKey: 'E',
      value: ({ exitCode }) => exitCode,
    },
    {
      id: 'node',
      title: 'NODE',
      kind: 'text',
      wide: true,
      maxWidth: 13,
      select: [],
      sortKey: 'O',
      value: ({ node }) => node,
    },
    { id: 'like', title: 'LIKE', kind: 'number', wide: true, select: [], value: ({ like }) => like },
    {
      id: 'lines',
      title: 'LINES',
      kind: 'number',
      wide: true,
      select: [],
      value: ({ lines: count }) => count,
    },
    { id: 'ended', title: 'ENDED', kind: 'age', select: [], sortKey: 'A', value: ({ ended }) => time(ended) },
    { id: 'line', title: 'LINE', kind: 'text', maxWidth: 300, select: [], value: ({ line }) => line },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'each once', test: ({ isFirst }) => isFirst },
    { label: 'of several', test: ({ tasks }) => tasks > 1 },
    { label: 'of one', test: ({ tasks }) => tasks === 1 },
  ],
  tone: ({ exitCode }) => (exitCode === undefined || exitCode === 0 ? 'plain' : 'bad'),
  faulty: ({ exitCode }) => exitCode !== 0,
  actions: [],
});
