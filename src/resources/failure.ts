import { escapePattern } from '../lib/escape-pattern.ts';
import { type FailureGroup, NONE } from '../lib/failure-groups.ts';
import { countText } from '../lib/units.ts';
import { defineResource } from './types.ts';
import { time } from './wire.ts';

/** Failed tasks of a job in groups; each task is in one group of every kind. */
export const failures = defineResource<FailureGroup>({
  name: 'failures',
  singular: 'failure',
  aliases: ['failure', 'fails'],
  scopes: [['job']],
  help: 'Failed tasks of a job, grouped by exit code, by failure and by node',
  idOf: (group) => `${group.by} ${group.value}`,
  selectable: false,
  unfiltered: true,
  deltas: false,
  refreshEvery: 30,
  columns: [
    { id: 'by', title: 'BY', kind: 'text', select: [], sortKey: 'B', value: (group) => group.by },
    {
      id: 'value',
      title: 'VALUE',
      kind: 'text',
      select: [],
      sortKey: 'N',
      maxWidth: 28,
      value: (group) => group.value,
    },
    { id: 'tasks', title: 'TASKS', kind: 'number', select: [], sortKey: 'T', value: (group) => group.count },
    {
      id: 'share',
      title: 'SHARE',
      kind: 'text',
      select: [],
      value: (group) => `${Math.round(group.share * 100)}%`,
    },
    {
      id: 'node',
      title: 'NODE-IS',
      kind: 'text',
      select: [],
      sortKey: 'S',
      value: ({ node }) => (node === undefined ? undefined : `${node.state}${node.isOff ? ', off' : ''}`),
    },
    {
      id: 'nodeFailed',
      title: 'FAILED-THERE',
      kind: 'text',
      select: [],
      value: nodeFailures,
      tone: ({ node }) => (node?.isSuspect === true ? 'bad' : undefined),
    },
    {
      id: 'last',
      title: 'LAST',
      kind: 'age',
      select: [],
      sortKey: 'A',
      value: (group) => time(group.last),
    },
    {
      id: 'first',
      title: 'FIRST',
      kind: 'age',
      wide: true,
      select: [],
      value: (group) => time(group.first),
    },
    {
      id: 'example',
      title: 'SUCH-AS',
      kind: 'text',
      select: [],
      sortKey: 'E',
      value: (group) => group.example,
    },
    {
      id: 'message',
      title: 'MESSAGE',
      kind: 'text',
      select: [],
      maxWidth: 80,
      value: (group) => group.message,
    },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'exit codes', test: (group) => group.by === 'exit code' },
    { label: 'failures', test: (group) => group.by === 'failure' },
    { label: 'nodes', test: (group) => group.by === 'node' },
    { label: 'suspect nodes', test: (group) => group.node?.isSuspect === true },
  ],
  tone: (group) => (group.by === 'exit code' || group.node?.isSuspect === true ? 'bad' : 'plain'),
  faulty: (group) => group.node === undefined || group.node.isSuspect,
  drill: (group, scope) => ({
    resource: 'tasks',
    scope,
    stateFilter: 'failed',
    ...(group.value === NONE ? {} : { filter: filterFor(COLUMN_OF[group.by], group.value) }),
  }),
  actions: [],
});

/** The column of the tasks that a kind of group stands for. */
const COLUMN_OF = { 'exit code': 'exit', failure: 'failure', node: 'node' } as const;

/** Of all tasks of all jobs that ended on the node: what tells a bad node from tasks that fail everywhere. */
function nodeFailures({ node }: FailureGroup): string | undefined {
  if (node === undefined || node.ran === 0) return undefined;
  const share = `${Math.round((node.failed / node.ran) * 100)}% of ${countText(node.ran)}`;
  return node.isSuspect ? `${share}, suspect` : share;
}

/** Exactly this value: of an exit code in words that the service understands, so that none is missing of a long list. */
function filterFor(column: string, value: string): string {
  return column === 'exit' ? `exit=${value}` : `${column}:^${escapePattern(value)}$`;
}
