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
  deltas: false,
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
  actions: [
    {
      name: 'reboot',
      label: 'reboot',
      dangerous: true,
      options: [
        {
          argument: 'nodeRebootOption',
          label: 'Its running tasks',
          values: ['requeue', 'terminate', 'taskcompletion', 'retaineddata'],
        },
      ],
      disabled: needsLiveNode,
      az: (id, scope) => `az batch node reboot --pool-id ${scope.pool} --node-id ${id}`,
    },
    {
      name: 'disableScheduling',
      label: 'scheduling off',
      dangerous: true,
      options: [
        {
          argument: 'nodeDisableSchedulingOption',
          label: 'Its running tasks',
          values: ['requeue', 'terminate', 'taskcompletion'],
        },
      ],
      disabled: (node) =>
        sameWord(node.schedulingState, 'enabled') ? undefined : 'scheduling is off already',
      az: (id, scope) => `az batch node scheduling disable --pool-id ${scope.pool} --node-id ${id}`,
    },
    {
      name: 'enableScheduling',
      label: 'scheduling on',
      dangerous: true,
      disabled: (node) =>
        sameWord(node.schedulingState, 'disabled') ? undefined : 'scheduling is on already',
      az: (id, scope) => `az batch node scheduling enable --pool-id ${scope.pool} --node-id ${id}`,
    },
    {
      name: 'delete',
      label: 'remove',
      dangerous: true,
      // A pool refuses a second removal while the first one resizes it.
      together: { argument: 'nodeList', most: 100 },
      options: [
        {
          argument: 'nodeDeallocationOption',
          label: 'Its running tasks',
          values: ['requeue', 'terminate', 'taskcompletion', 'retaineddata'],
        },
      ],
      warning: 'The pool shrinks by the nodes that are removed.',
      az: (id, scope) => `az batch node delete --pool-id ${scope.pool} --node-list ${id}`,
    },
  ],
});

function isFaulty(node: ComputeNode): boolean {
  return BAD_STATES.some((state) => sameWord(node.state, state)) || (node.errors?.length ?? 0) > 0;
}

function nodeFault(node: ComputeNode): string | undefined {
  return node.startTaskInfo?.failureInfo?.code ?? node.errors?.map((error) => error.code).join(' ');
}

function nodeTone(node: ComputeNode): Tone {
  if (isFaulty(node)) return 'bad';
  if (sameWord(node.state, 'running')) return 'good';
  if (sameWord(node.state, 'offline')) return 'dim';
  if (sameWord(node.state, 'waitingforstarttask')) return 'waiting';
  return MOVING_STATES.some((state) => sameWord(node.state, state)) ? 'busy' : 'plain';
}

function needsLiveNode(node: ComputeNode): string | undefined {
  const live = sameWord(node.state, 'idle') || sameWord(node.state, 'running');
  return live ? undefined : `only an idle or running node can be rebooted, and this one is ${node.state}`;
}
