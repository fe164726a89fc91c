import { defineResource } from './types.ts';
import { sameWord, time } from './wire.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/account/list-supported-images#imageinformation */
export interface Image {
  readonly nodeAgentSKUId: string;
  readonly osType?: string;
  readonly verificationType?: string;
  readonly capabilities?: readonly string[];
  readonly batchSupportEndOfLife?: string;
  readonly imageReference?: {
    readonly publisher?: string;
    readonly offer?: string;
    readonly sku?: string;
    readonly version?: string;
  };
}

/** The name that `az batch pool create --image` takes. */
export function imageUrn(image: Image): string {
  const reference = image.imageReference;
  return `${reference?.publisher}:${reference?.offer}:${reference?.sku}`.toLowerCase();
}

export const images = defineResource<Image>({
  name: 'images',
  singular: 'image',
  aliases: ['image', 'img', 'supportedimages'],
  scopes: [[]],
  help: 'VM images that pools can use, with their node agents',
  idOf: (image) => `${imageUrn(image)} ${image.nodeAgentSKUId}`,
  selectable: false,
  deltas: false,
  columns: [
    { id: 'image', title: 'IMAGE', kind: 'text', select: [], sortKey: 'N', maxWidth: 80, value: imageUrn },
    {
      id: 'agent',
      title: 'NODE-AGENT',
      kind: 'text',
      select: [],
      sortKey: 'A',
      value: (image) => image.nodeAgentSKUId,
    },
    { id: 'os', title: 'OS', kind: 'text', select: [], sortKey: 'S', value: (image) => image.osType },
    { id: 'verified', title: 'VERIFIED', kind: 'text', select: [], value: (image) => image.verificationType },
    {
      id: 'capabilities',
      title: 'CAPABILITIES',
      kind: 'text',
      wide: true,
      select: [],
      value: (image) => image.capabilities?.join(' '),
    },
    {
      id: 'end',
      title: 'END-OF-SUPPORT',
      kind: 'time',
      select: [],
      value: (image) => time(image.batchSupportEndOfLife),
    },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'linux', odata: "osType eq 'linux'", test: (image) => sameWord(image.osType, 'linux') },
    { label: 'windows', odata: "osType eq 'windows'", test: (image) => sameWord(image.osType, 'windows') },
    {
      label: 'verified',
      odata: "verificationType eq 'verified'",
      test: (image) => sameWord(image.verificationType, 'verified'),
    },
  ],
  tone: () => 'plain',
  faulty: () => false,
  actions: [],
});
