import { defineResource } from './types.ts';
import { duration, integer, time } from './wire.ts';

/**
 * One row for all pools and one for all jobs that the account ever had.
 * @see https://learn.microsoft.com/rest/api/batchservice/pool/get-all-lifetime-statistics
 * @see https://learn.microsoft.com/rest/api/batchservice/job/get-all-lifetime-statistics
 */
export interface LifetimeStatistics {
  readonly of: string;
  readonly startTime?: string;
  readonly lastUpdateTime?: string;
  readonly usageStats?: { readonly dedicatedCoreTime?: string };
  readonly wallClockTime?: string;
  readonly userCPUTime?: string;
  readonly numSucceededTasks?: string | number;
  readonly numFailedTasks?: string | number;
  readonly numTaskRetries?: string | number;
}

export const statistics = defineResource<LifetimeStatistics>({
  name: 'statistics',
  singular: 'statistic',
  aliases: ['statistic', 'stats'],
  scopes: [[]],
  help: 'What all pools and all jobs of the account have used since it exists; the service updates it now and then',
  idOf: (row) => row.of,
  selectable: false,
  unfiltered: true,
  deltas: false,
  refreshEvery: 60,
  columns: [
    { id: 'of', title: 'OF-ALL', kind: 'text', select: [], sortKey: 'N', value: (row) => row.of },
    {
      id: 'cores',
      title: 'CORE-TIME',
      kind: 'duration',
      select: [],
      value: (row) => duration(row.usageStats?.dedicatedCoreTime),
    },
    {
      id: 'wall',
      title: 'TASK-TIME',
      kind: 'duration',
      select: [],
      value: (row) => duration(row.wallClockTime),
    },
    {
      id: 'cpu',
      title: 'CPU-TIME',
      kind: 'duration',
      select: [],
      value: (row) => duration(row.userCPUTime),
    },
    {
      id: 'succeeded',
      title: 'SUCCEEDED',
      kind: 'number',
      select: [],
      value: (row) => integer(row.numSucceededTasks),
    },
    {
      id: 'failed',
      title: 'FAILED',
      kind: 'number',
      select: [],
      value: (row) => integer(row.numFailedTasks),
    },
    {
      id: 'retries',
      title: 'RETRIES',
      kind: 'number',
      wide: true,
      select: [],
      value: (row) => integer(row.numTaskRetries),
    },
    { id: 'since', title: 'SINCE', kind: 'time', select: [], value: (row) => time(row.startTime) },
    { id: 'updated', title: 'UPDATED', kind: 'age', select: [], value: (row) => time(row.lastUpdateTime) },
  ],
  alsoSelect: [],
  stateFilters: [],
  tone: () => 'plain',
  faulty: () => false,
  actions: [],
});
