import { IDLE_LONG, type PoolHours } from '../lib/node-hours.ts';
import { coresOfSize } from '../lib/vm-cores.ts';
import { defineResource } from './types.ts';
import { time } from './wire.ts';

export const nodeHours = defineResource<PoolHours>({
  name: 'nodehours',
  singular: 'nodehour',
  aliases: ['idle', 'hours', 'cost'],
  scopes: [[]],
  help: 'What the nodes of each pool use: their hours since they came, and how long they are idle',
  idOf: ({ pool }) => pool,
  selectable: false,
  unfiltered: true,
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
      value: ({ pool }) => pool,
    },
    { id: 'nodes', title: 'NODES', kind: 'number', select: [], sortKey: 'D', value: ({ nodes }) => nodes },
    { id: 'idle', title: 'IDLE', kind: 'number', select: [], sortKey: 'I', value: ({ idle }) => idle },
    {
      id: 'idleLong',
      title: `IDLE>${IDLE_LONG}M`,
      kind: 'number',
      select: [],
      sortKey: 'L',
      value: ({ idleLong }) => idleLong,
      tone: ({ idleLong }) => (idleLong > 0 ? 'bad' : undefined),
    },
    {
      id: 'idleSince',
      title: 'IDLE-FOR',
      kind: 'age',
      select: [],
      sortKey: 'A',
      value: ({ idleSince }) => time(idleSince),
    },
    {
      id: 'useless',
      title: 'NO-USE',
      kind: 'number',
      select: [],
      sortKey: 'U',
      value: ({ useless }) => useless,
      tone: ({ useless }) => (useless > 0 ? 'bad' : undefined),
    },
    {
      id: 'hours',
      title: 'NODE-HOURS',
      kind: 'number',
      select: [],
      sortKey: 'H',
      value: ({ hours }) => rounded(hours),
    },
    {
      id: 'coreHours',
      title: 'CORE-HOURS',
      kind: 'number',
      select: [],
      sortKey: 'C',
      value: ({ hours, vmSize }) => times(hours, coresOfSize(vmSize)),
    },
    {
      id: 'idleHours',
      title: 'IDLE-HOURS',
      kind: 'number',
      select: [],
      value: ({ idleHours }) => rounded(idleHours),
    },
    {
      id: 'scale',
      title: 'SCALE',
      kind: 'text',
      select: [],
      value: ({ isAutoscaled }) => (isAutoscaled ? 'auto' : 'fixed'),
    },
    { id: 'vmSize', title: 'VM-SIZE', kind: 'text', select: [], sortKey: 'V', value: ({ vmSize }) => vmSize },
    {
      id: 'cores',
      title: 'CORES',
      kind: 'number',
      wide: true,
      select: [],
      value: ({ vmSize }) => coresOfSize(vmSize),
    },
    { id: 'spot', title: 'SPOT', kind: 'number', wide: true, select: [], value: ({ spot }) => spot },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'idle for long', test: ({ idleLong }) => idleLong > 0 },
    { label: 'fixed', test: ({ isAutoscaled }) => !isAutoscaled },
    { label: 'of no use', test: ({ useless }) => useless > 0 },
  ],
  tone: ({ idleLong, useless }) => (idleLong + useless > 0 ? 'bad' : 'plain'),
  faulty: ({ idleLong, useless }) => idleLong + useless > 0,
  drill: ({ pool, idle }) => ({
    resource: 'nodes',
    scope: { pool },
    ...(idle > 0 ? { stateFilter: 'idle' } : {}),
  }),
  actions: [],
});

function rounded(hours: number): number {
  return Math.round(hours * 100) / 100;
}

function times(hours: number, cores: number | undefined): number | undefined {
  return cores === undefined ? undefined : rounded(hours * cores);
}
