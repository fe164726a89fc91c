import { POOL_COPIED } from './copied.ts';
import { POOL_EDITABLE } from './editable.ts';
import { checkNodes, POOL_FORM } from './pool-form.ts';
import { defineResource, type Tone } from './types.ts';
import { sameWord, time } from './wire.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/pool/get#cloudpool */
export interface Pool {
  readonly id: string;
  readonly displayName?: string;
  readonly state?: string;
  readonly creationTime?: string;
  readonly lastModified?: string;
  readonly stateTransitionTime?: string;
  readonly allocationState?: string;
  readonly allocationStateTransitionTime?: string;
  readonly vmSize?: string;
  readonly currentDedicatedNodes?: number;
  readonly targetDedicatedNodes?: number;
  readonly currentLowPriorityNodes?: number;
  readonly targetLowPriorityNodes?: number;
  readonly taskSlotsPerNode?: number;
  readonly enableAutoScale?: boolean;
  readonly resizeErrors?: readonly { readonly code?: string; readonly message?: string }[];
  readonly virtualMachineConfiguration?: {
    readonly imageReference?: { readonly publisher?: string; readonly offer?: string; readonly sku?: string };
    readonly nodeAgentSKUId?: string;
  };
  readonly cloudServiceConfiguration?: { readonly osFamily?: string };
  readonly taskSchedulingPolicy?: { readonly nodeFillType?: string };
}

export const pools = defineResource<Pool>({
  name: 'pools',
  singular: 'pool',
  aliases: ['pool', 'po', 'p'],
  scopes: [[]],
  part: 'pool',
  help: 'Pools: the machines that tasks run on',
  idOf: (pool) => pool.id,
  selectable: true,
  deltas: false,
  columns: [
    {
      id: 'id',
      title: 'ID',
      kind: 'text',
      select: ['id'],
      sortKey: 'N',
      maxWidth: 64,
      value: (pool) => pool.id,
    },
    {
      id: 'state',
      title: 'STATE',
      kind: 'state',
      select: ['state'],
      sortKey: 'S',
      value: (pool) => pool.state,
    },
    {
      id: 'allocation',
      title: 'ALLOCATION',
      kind: 'state',
      select: ['allocationState'],
      sortKey: 'L',
      value: (pool) => pool.allocationState,
      tone: (pool) => allocationTone(pool),
    },
    {
      id: 'nodes',
      title: 'NODES',
      kind: 'number',
      select: ['currentDedicatedNodes'],
      sortKey: 'D',
      value: (pool) => pool.currentDedicatedNodes,
      tone: (pool) => (pool.currentDedicatedNodes === pool.targetDedicatedNodes ? undefined : 'busy'),
    },
    {
      id: 'target',
      title: 'TARGET',
      kind: 'number',
      select: ['targetDedicatedNodes'],
      value: (pool) => pool.targetDedicatedNodes,
    },
    {
      id: 'spot',
      title: 'SPOT',
      kind: 'number',
      select: ['currentLowPriorityNodes'],
      value: (pool) => pool.currentLowPriorityNodes,
    },
    {
      id: 'spotTarget',
      title: 'SPOT-TARGET',
      kind: 'number',
      select: ['targetLowPriorityNodes'],
      value: (pool) => pool.targetLowPriorityNodes,
    },
    {
      id: 'fault',
      title: 'FAULT',
      kind: 'text',
      select: ['resizeErrors'],
      value: (pool) => pool.resizeErrors?.map((error) => error.code).join(' '),
      tone: () => 'bad',
    },
    {
      id: 'vmSize',
      title: 'VM-SIZE',
      kind: 'text',
      select: ['vmSize'],
      sortKey: 'V',
      value: (pool) => pool.vmSize,
    },
    {
      id: 'slots',
      title: 'SLOTS',
      kind: 'number',
      select: ['taskSlotsPerNode'],
      value: (pool) => pool.taskSlotsPerNode,
    },
    {
      id: 'scale',
      title: 'SCALE',
      kind: 'text',
      select: ['enableAutoScale'],
      value: (pool) => (pool.enableAutoScale === true ? 'auto' : 'fixed'),
    },
    {
      id: 'image',
      title: 'IMAGE',
      kind: 'text',
      wide: true,
      select: ['virtualMachineConfiguration', 'cloudServiceConfiguration'],
      value: (pool) => imageName(pool),
    },
    {
      id: 'created',
      title: 'AGE',
      kind: 'age',
      select: ['creationTime'],
      sortKey: 'A',
      value: (pool) => time(pool.creationTime),
    },
  ],
  alsoSelect: ['resizeErrors'],
  stateFilters: [
    {
      label: 'steady',
      odata: "allocationState eq 'steady'",
      test: (pool) => sameWord(pool.allocationState, 'steady'),
    },
    {
      label: 'resizing',
      odata: "allocationState eq 'resizing'",
      test: (pool) => sameWord(pool.allocationState, 'resizing'),
    },
    { label: 'autoscale', odata: 'enableAutoScale eq true', test: (pool) => pool.enableAutoScale === true },
    { label: 'deleting', odata: "state eq 'deleting'", test: (pool) => sameWord(pool.state, 'deleting') },
  ],
  tone: poolTone,
  faulty: (pool) => (pool.resizeErrors?.length ?? 0) > 0,
  drill: (pool) => ({ resource: 'nodes', scope: { pool: pool.id } }),
  actions: [
    {
      name: 'resize',
      label: 'resize',
      dangerous: true,
      disabled: (pool) => {
        if (sameWord(pool.state, 'deleting')) return 'the pool is being deleted';
        if (pool.enableAutoScale === true) return 'its formula decides the size: turn autoscale off first';
        return sameWord(pool.allocationState, 'steady') ? undefined : 'a resize is under way: x stops it';
      },
      fields: (pool) => [
        {
          name: 'targetDedicatedNodes',
          label: 'Nodes',
          kind: 'integer',
          initial: String(pool.targetDedicatedNodes ?? 0),
          check: checkNodes,
        },
        {
          name: 'targetLowPriorityNodes',
          label: 'Spot nodes',
          kind: 'integer',
          initial: String(pool.targetLowPriorityNodes ?? 0),
          check: checkNodes,
        },
        {
          name: 'nodeDeallocationOption',
          label: 'Running tasks',
          kind: 'choice',
          initial: 'requeue',
          choices: ['requeue', 'terminate', 'taskcompletion', 'retaineddata'],
        },
      ],
      az: (id, _scope, args) =>
        `az batch pool resize --pool-id ${id} --target-dedicated-nodes ${args.targetDedicatedNodes} --target-low-priority-nodes ${args.targetLowPriorityNodes} --node-deallocation-option ${args.nodeDeallocationOption}`,
    },
    {
      name: 'stopResize',
      label: 'stop resize',
      dangerous: true,
      disabled: (pool) => (sameWord(pool.allocationState, 'resizing') ? undefined : 'no resize is under way'),
      az: (id) => `az batch pool resize --pool-id ${id} --abort`,
    },
    {
      name: 'delete',
      label: 'delete',
      dangerous: true,
      warning: 'Nodes go too; tasks running there go back to their queue.',
      within: [
        { noun: 'dedicated node', of: (pool) => pool.currentDedicatedNodes },
        { noun: 'Spot node', of: (pool) => pool.currentLowPriorityNodes },
      ],
      disabled: (pool) => (sameWord(pool.state, 'deleting') ? 'it is being deleted already' : undefined),
      az: (id) => `az batch pool delete --pool-id ${id} --yes`,
    },
  ],
  form: POOL_FORM,
  editable: POOL_EDITABLE,
  copied: POOL_COPIED,
  summary: 'nodeCounts',
});

function allocationTone(pool: Pool): Tone | undefined {
  if (sameWord(pool.allocationState, 'resizing')) return 'busy';
  if (sameWord(pool.allocationState, 'stopping')) return 'waiting';
  return undefined;
}

function poolTone(pool: Pool): Tone {
  if (sameWord(pool.state, 'deleting')) return 'dim';
  if ((pool.resizeErrors?.length ?? 0) > 0) return 'bad';
  return allocationTone(pool) ?? 'plain';
}

function imageName(pool: Pool): string | undefined {
  const image = pool.virtualMachineConfiguration?.imageReference;
  if (image?.publisher !== undefined) return `${image.publisher}:${image.offer}:${image.sku}`;
  const family = pool.cloudServiceConfiguration?.osFamily;
  return family === undefined ? undefined : `cloud service family ${family}`;
}
