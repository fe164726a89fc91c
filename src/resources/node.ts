import { NODE_ACTIONS } from './node-actions.ts';
import { defineResource, type Tone } from './types.ts';
import { type FailureInfo, sameWord, time } from './wire.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/compute-node/get#computenode */
export interface ComputeNode {
  readonly id: string;
  readonly state?: string;
  readonly schedulingState?: string;
  readonly stateTransitionTime?: string;
  readonly allocationTime?: string;
  readonly lastBootTime?: string;
  readonly ipAddress?: string;
  readonly vmSize?: string;
  readonly isDedicated?: boolean;
  readonly totalTasksRun?: number;
  readonly totalTasksSucceeded?: number;
  readonly runningTasksCount?: number;
  readonly runningTaskSlotsCount?: number;
  readonly errors?: readonly { readonly code?: string; readonly message?: string }[];
  readonly startTaskInfo?: {
    readonly state?: string;
    readonly exitCode?: number;
    readonly failureInfo?: FailureInfo;
  };
}

const BAD_STATES = ['starttaskfailed', 'unusable', 'unknown', 'preempted'];
const MOVING_STATES = [
  'creating',
  'starting',
  'rebooting',
  'reimaging',
  'leavingpool',
  'upgradingos',
  'deallocating',
];

export const nodes = defineResource<ComputeNode>({
  name: 'nodes',
  singular: 'node',
  aliases: ['node', 'no'],
  scopes: [['pool']],
  part: 'node',
  help: 'Nodes of a pool',
  idOf: (node) => node.id,
  selectable: true,
  deltas: true,
  drifts: true,
  counted: 'nodecounts',
  columns: [
    {
      id: 'id',
      title: 'ID',
      kind: 'text',
      select: ['id'],
      sortKey: 'N',
      maxWidth: 20,
      value: (node) => node.id,
    },
    {
      id: 'state',
      title: 'STATE',
      kind: 'state',
      select: ['state'],
      sortKey: 'S',
      value: (node) => node.state,
    },
    {
      id: 'scheduling',
      title: 'SCHEDULING',
      kind: 'state',
      select: ['schedulingState'],
      value: (node) => node.schedulingState,
      tone: (node) => (sameWord(node.schedulingState, 'disabled') ? 'waiting' : undefined),
    },
    {
      id: 'kind',
      title: 'KIND',
      kind: 'text',
      select: ['isDedicated'],
      value: (node) => (node.isDedicated === false ? 'Spot' : 'dedicated'),
    },
    {
      id: 'running',
      title: 'RUNNING',
      kind: 'number',
      select: ['runningTasksCount'],
      sortKey: 'R',
      value: (node) => node.runningTasksCount,
    },
    {
      id: 'slots',
      title: 'SLOTS',
      kind: 'number',
      wide: true,
      select: ['runningTaskSlotsCount'],
      value: (node) => node.runningTaskSlotsCount,
    },
    {
      id: 'ran',
      title: 'RAN',
      kind: 'number',
      select: ['totalTasksRun'],
      value: (node) => node.totalTasksRun,
    },
    {
      id: 'succeeded',
      title: 'OK',
      kind: 'number',
      wide: true,
      select: ['totalTasksSucceeded'],
      value: (node) => node.totalTasksSucceeded,
    },
    { id: 'ip', title: 'IP', kind: 'text', select: ['ipAddress'], value: (node) => node.ipAddress },
    {
      id: 'vmSize',
      title: 'VM-SIZE',
      kind: 'text',
      wide: true,
      select: ['vmSize'],
      value: (node) => node.vmSize,
    },
    {
      id: 'fault',
      title: 'FAULT',
      kind: 'text',
      select: ['errors', 'startTaskInfo'],
      value: (node) => nodeFault(node),
      tone: () => 'bad',
    },
    {
      id: 'since',
      title: 'SINCE',
      kind: 'age',
      select: ['stateTransitionTime'],
      sortKey: 'T',
      value: (node) => time(node.stateTransitionTime),
    },
    {
      id: 'allocated',
      title: 'AGE',
      kind: 'age',
      select: ['allocationTime'],
      sortKey: 'A',
      value: (node) => time(node.allocationTime),
    },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'idle', odata: "state eq 'idle'", test: (node) => sameWord(node.state, 'idle') },
    { label: 'running', odata: "state eq 'running'", test: (node) => sameWord(node.state, 'running') },
    {
      label: 'moving',
      test: (node) => MOVING_STATES.some((state) => sameWord(node.state, state)),
    },
    { label: 'faulty', test: isFaulty },
  ],
  tone: nodeTone,
  faulty: isFaulty,
  drill: (node, scope) => ({ resource: 'nodetasks', scope: { ...scope, node: node.id } }),
  actions: NODE_ACTIONS,
});

function isFaulty(node: ComputeNode): boolean {
  return BAD_STATES.some((state) => sameWord(node.state, state)) || (node.errors?.length ?? 0) > 0;
}

/** The code of what is wrong with a node, or undefined. */
export function nodeFault(node: ComputeNode): string | undefined {
  return node.startTaskInfo?.failureInfo?.code ?? node.errors?.map((error) => error.code).join(' ');
}

function nodeTone(node: ComputeNode): Tone {
  if (isFaulty(node)) return 'bad';
  if (sameWord(node.state, 'running')) return 'good';
  if (sameWord(node.state, 'offline')) return 'dim';
  if (sameWord(node.state, 'waitingforstarttask')) return 'waiting';
  return MOVING_STATES.some((state) => sameWord(node.state, state)) ? 'busy' : 'plain';
}
