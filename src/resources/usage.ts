import { defineResource } from './types.ts';
import { span, time } from './wire.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/pool/list-usage-metrics#poolusagemetrics */
export interface PoolUsage {
  readonly poolId: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly vmSize?: string;
  readonly totalCoreHours?: number;
}

export const usage = defineResource<PoolUsage>({
  name: 'usage',
  singular: 'interval',
  aliases: ['poolusage', 'metrics'],
  scopes: [[]],
  help: 'Core hours of pools in the last 30 days, an interval a row; also of pools that are gone',
  idOf: (row) => `${row.poolId} ${row.startTime}`,
  selectable: false,
  deltas: false,
  refreshEvery: 60,
  columns: [
    {
      id: 'pool',
      title: 'POOL',
      kind: 'text',
      select: [],
      sortKey: 'N',
      maxWidth: 64,
      value: (row) => row.poolId,
    },
    { id: 'vmSize', title: 'VM-SIZE', kind: 'text', select: [], sortKey: 'V', value: (row) => row.vmSize },
    {
      id: 'hours',
      title: 'CORE-HOURS',
      kind: 'number',
      select: [],
      sortKey: 'H',
      value: (row) =>
        row.totalCoreHours === undefined ? undefined : Math.round(row.totalCoreHours * 100) / 100,
    },
    {
      id: 'start',
      title: 'FROM',
      kind: 'time',
      select: [],
      sortKey: 'S',
      value: (row) => time(row.startTime),
    },
    {
      id: 'end',
      title: 'TO',
      kind: 'time',
      select: [],
      value: (row) => time(row.endTime),
    },
    {
      id: 'length',
      title: 'LENGTH',
      kind: 'duration',
      wide: true,
      select: [],
      value: (row) => span(row.startTime, row.endTime),
    },
  ],
  alsoSelect: [],
  defaultSort: { column: 'start', descending: true },
  stateFilters: [],
  tone: () => 'plain',
  faulty: () => false,
  actions: [],
});
