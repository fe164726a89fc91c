import { checkId } from './id-range.ts';
import type { Form, FormValues } from './types.ts';

/** The value of the image field: what supportedimages calls the image, and the node agent that goes with it. */
export interface ImageChoice {
  readonly publisher: string;
  readonly offer: string;
  readonly sku: string;
  readonly nodeAgentSKUId: string;
}

/** One text for the field: `publisher:offer:sku nodeAgentSKUId`. */
function imageChoiceText(choice: ImageChoice): string {
  return `${choice.publisher}:${choice.offer}:${choice.sku} ${choice.nodeAgentSKUId}`;
}

/** Reads what `imageChoiceText` wrote; undefined when the text has another form. */
function parseImageChoice(text: string): ImageChoice | undefined {
  const match = /^([^:\s]+):([^:\s]+):([^:\s]+)\s+(\S.*)$/.exec(text.trim());
  if (match === null) return undefined;
  const [, publisher = '', offer = '', sku = '', nodeAgentSKUId = ''] = match;
  return { publisher, offer, sku, nodeAgentSKUId };
}

export const POOL_FORM: Form = {
  title: 'New pool',
  fields: () => [
    { name: 'id', label: 'Id', kind: 'text', initial: 'mypool', check: checkId },
    {
      name: 'vmSize',
      label: 'VM size',
      kind: 'reference',
      resource: 'vmsizes',
      initial: 'Standard_A1_v2',
      hint: 'enter picks one; or type it, such as Standard_D2s_v3',
      check: (value) => (/^[A-Za-z0-9_-]+$/.test(value) ? undefined : 'a size name such as Standard_A1_v2'),
    },
    {
      name: 'image',
      label: 'Image',
      kind: 'image',
      initial: 'canonical:0001-com-ubuntu-server-jammy:22_04-lts batch.node.ubuntu 22.04',
      hint: 'enter picks one; its node agent comes with it',
      check: (value) =>
        parseImageChoice(value) === undefined
          ? 'publisher:offer:sku and a node agent, or pick one'
          : undefined,
    },
    { name: 'targetDedicatedNodes', label: 'Nodes', kind: 'integer', initial: '3', check: checkNodes },
    { name: 'targetLowPriorityNodes', label: 'Spot nodes', kind: 'integer', initial: '0', check: checkNodes },
    {
      name: 'taskSlotsPerNode',
      label: 'Task slots',
      kind: 'integer',
      initial: '1',
      hint: 'tasks at a time on one node',
      check: (value) => {
        const slots = Number(value);
        return /^\d{1,3}$/.test(value) && slots >= 1 && slots <= 256 ? undefined : 'from 1 to 256';
      },
    },
  ],
  template: poolBody,
  read: poolValues,
  decides: [
    'id',
    'vmSize',
    'virtualMachineConfiguration.imageReference',
    'virtualMachineConfiguration.nodeAgentSKUId',
    'targetDedicatedNodes',
    'targetLowPriorityNodes',
    'taskSlotsPerNode',
  ],
};

/** What is wrong with a number of nodes, or undefined. */
export function checkNodes(value: string): string | undefined {
  return /^\d{1,6}$/.test(value) ? undefined : 'a whole number from 0 to 999999';
}

function poolBody(values: FormValues): object {
  const image = parseImageChoice(values.image ?? '');
  const { nodeAgentSKUId, ...imageReference } = image ?? { nodeAgentSKUId: '' };
  const slots = Number(values.taskSlotsPerNode ?? '1');
  return {
    id: values.id,
    vmSize: values.vmSize,
    virtualMachineConfiguration: { imageReference: { ...imageReference, version: 'latest' }, nodeAgentSKUId },
    targetDedicatedNodes: Number(values.targetDedicatedNodes ?? '0'),
    targetLowPriorityNodes: Number(values.targetLowPriorityNodes ?? '0'),
    ...(slots === 1 ? {} : { taskSlotsPerNode: slots }),
  };
}

interface PoolBody {
  readonly id?: string;
  readonly vmSize?: string;
  readonly virtualMachineConfiguration?: {
    readonly imageReference?: Partial<ImageChoice> & { readonly version?: string };
    readonly nodeAgentSKUId?: string;
  };
  readonly targetDedicatedNodes?: number;
  readonly targetLowPriorityNodes?: number;
  readonly taskSlotsPerNode?: number;
  readonly enableAutoScale?: boolean;
}

/** The fields know neither formulas nor images that are no marketplace image in its latest version. */
function poolValues(body: PoolBody): FormValues | undefined {
  const machine = body.virtualMachineConfiguration;
  const { publisher, offer, sku, version = 'latest' } = machine?.imageReference ?? {};
  if (publisher === undefined || offer === undefined || sku === undefined) return undefined;
  if (body.enableAutoScale === true || version !== 'latest') return undefined;
  return {
    id: body.id ?? '',
    vmSize: body.vmSize ?? '',
    image: imageChoiceText({ publisher, offer, sku, nodeAgentSKUId: machine?.nodeAgentSKUId ?? '' }),
    targetDedicatedNodes: String(body.targetDedicatedNodes ?? 0),
    targetLowPriorityNodes: String(body.targetLowPriorityNodes ?? 0),
    taskSlotsPerNode: String(body.taskSlotsPerNode ?? 1),
  };
}
