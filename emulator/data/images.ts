import type { ImageReference } from '../model/pool-parts.ts';

/** A pair of image and node agent that pools can be made of. */
export interface SupportedImage {
  readonly nodeAgentSKUId: string;
  readonly imageReference: Required<Pick<ImageReference, 'publisher' | 'offer' | 'sku' | 'version'>>;
  readonly osType: 'linux' | 'windows';
  readonly verificationType: 'verified' | 'unverified';
  readonly capabilities?: readonly string[];
  readonly batchSupportEndOfLife?: string;
}

type Row = readonly [
  agent: string,
  publisher: string,
  offer: string,
  skus: string,
  verification: 'verified' | 'unverified',
];

/**
 * The marketplace images that the service took when API version 2022-10-01.16.0 was current, with the
 * older ones that its tutorials still name. SKUs of one offer are separated by spaces.
 */
const ROWS: readonly Row[] = [
  [
    'batch.node.ubuntu 16.04',
    'canonical',
    'ubuntuserver',
    '16.04-lts 16.04.0-lts 16_04-lts-gen2',
    'verified',
  ],
  ['batch.node.ubuntu 18.04', 'canonical', 'ubuntuserver', '18.04-lts 18_04-lts-gen2', 'verified'],
  ['batch.node.ubuntu 20.04', 'canonical', 'ubuntuserver', '20_04-lts', 'unverified'],
  [
    'batch.node.ubuntu 20.04',
    'canonical',
    '0001-com-ubuntu-server-focal',
    '20_04-lts 20_04-lts-gen2',
    'verified',
  ],
  [
    'batch.node.ubuntu 22.04',
    'canonical',
    '0001-com-ubuntu-server-jammy',
    '22_04-lts 22_04-lts-gen2',
    'verified',
  ],
  ['batch.node.ubuntu 18.04', 'microsoft-dsvm', 'ubuntu-1804', '1804 1804-gen2', 'unverified'],
  ['batch.node.ubuntu 20.04', 'microsoft-dsvm', 'ubuntu-2004', '2004 2004-gen2', 'unverified'],
  ['batch.node.ubuntu 18.04', 'microsoft-dsvm', 'aml-workstation', 'ubuntu ubuntu-1', 'unverified'],
  ['batch.node.ubuntu 20.04', 'microsoft-dsvm', 'ubuntu-hpc', '2004', 'unverified'],
  ['batch.node.ubuntu 22.04', 'microsoft-dsvm', 'ubuntu-hpc', '2204', 'unverified'],
  ['batch.node.ubuntu 20.04', 'microsoft-azure-batch', 'ubuntu-server-container', '20-04-lts', 'verified'],
  [
    'batch.node.ubuntu 20.04',
    'microsoft-azure-batch',
    'ubuntu-server-container-rdma',
    '20-04-lts',
    'verified',
  ],
  ['batch.node.ubuntu 16.04', 'microsoft-azure-batch', 'ubuntu-server-container', '16-04-lts', 'verified'],
  [
    'batch.node.ubuntu 16.04',
    'microsoft-azure-batch',
    'ubuntu-server-container-rdma',
    '16-04-lts',
    'verified',
  ],
  ['batch.node.debian 9', 'credativ', 'debian', '9', 'verified'],
  ['batch.node.debian 10', 'debian', 'debian-10', '10 10-gen2', 'verified'],
  ['batch.node.debian 11', 'debian', 'debian-11', '11 11-gen2', 'verified'],
  ['batch.node.centos 7', 'openlogic', 'centos', '7_8 7_8-gen2 7_9 7_9-gen2', 'unverified'],
  [
    'batch.node.centos 7',
    'openlogic',
    'centos-hpc',
    '7.4 7.6 7.7 7_7-gen2 7_8 7_8-gen2 7_9 7_9-gen2',
    'unverified',
  ],
  ['batch.node.centos 7', 'microsoft-azure-batch', 'centos-container', '7-7 7-8 7-9', 'verified'],
  ['batch.node.centos 7', 'microsoft-azure-batch', 'centos-container-rdma', '7-4 7-7 7-8 7-9', 'verified'],
  ['batch.node.centos 8', 'openlogic', 'centos', '8_2 8_3 8_4 8_5', 'unverified'],
  ['batch.node.centos 8', 'openlogic', 'centos-hpc', '8_1 8_1-gen2', 'unverified'],
  ['batch.node.el 8', 'almalinux', 'almalinux', '8-gen1 8-gen2', 'verified'],
  ['batch.node.el 8', 'almalinux', 'almalinux', '8_4 8_4-gen2 8_5 8_5-gen2', 'unverified'],
  [
    'batch.node.el 8',
    'almalinux',
    'almalinux-hpc',
    '8_5-hpc 8_5-hpc-gen2 8_6-hpc 8_6-hpc-gen2 8-hpc-gen1 8-hpc-gen2',
    'unverified',
  ],
  ['batch.node.centos 7', 'batch', 'rendering-centos73', 'rendering', 'verified'],
  ['batch.node.windows amd64', 'batch', 'rendering-windows2016', 'rendering', 'verified'],
  [
    'batch.node.mariner 2.0',
    'microsoftcblmariner',
    'cbl-mariner',
    'cbl-mariner-2 cbl-mariner-2-gen2',
    'unverified',
  ],
  ['batch.node.el 9', 'almalinux', 'almalinux', '9-gen1 9-gen2', 'verified'],
  ['batch.node.centos 7', 'oracle', 'oracle-linux', '7.4 78', 'unverified'],
  ['batch.node.el 8', 'oracle', 'oracle-linux', '8 81 ol82 ol83-lvm ol84-lvm ol85-lvm', 'unverified'],
  ['batch.node.opensuse 42.3', 'suse', 'sles-15-sp2', 'gen1 gen2', 'unverified'],
  [
    'batch.node.windows amd64',
    'microsoftwindowsserver',
    'windowsserver',
    '2008-r2-sp1 2008-r2-sp1-smalldisk 2012-datacenter 2012-datacenter-smalldisk 2012-r2-datacenter 2012-r2-datacenter-smalldisk 2016-datacenter 2016-datacenter-gensecond 2016-datacenter-smalldisk 2019-datacenter 2019-datacenter-core 2019-datacenter-core-smalldisk 2019-datacenter-gensecond 2019-datacenter-smalldisk 2022-datacenter 2022-datacenter-azure-edition 2022-datacenter-core 2022-datacenter-core-g2 2022-datacenter-g2 2022-datacenter-smalldisk',
    'verified',
  ],
  [
    'batch.node.windows amd64',
    'microsoftwindowsserver',
    'windowsserver',
    '2016-datacenter-with-containers 2019-datacenter-with-containers 2019-datacenter-with-containers-g2 2019-datacenter-core-with-containers',
    'verified',
  ],
  [
    'batch.node.windows amd64',
    'microsoftwindowsserver',
    'windowsserver',
    'datacenter-core-1903-with-containers-smalldisk datacenter-core-20h2-with-containers-smalldisk',
    'verified',
  ],
  [
    'batch.node.windows amd64',
    'microsoftwindowsserver',
    'windowsserver',
    '2016-datacenter-gs 2016-datacenter-smalldisk-g2 2016-datacenter-with-containers-gs 2019-datacenter-core-g2 2019-datacenter-core-smalldisk-g2 2019-datacenter-core-with-containers-g2 2019-datacenter-core-with-containers-smalldisk 2019-datacenter-gs 2019-datacenter-smalldisk-g2 2019-datacenter-with-containers-gs 2019-datacenter-with-containers-smalldisk 2022-datacenter-azure-edition-smalldisk 2022-datacenter-core-smalldisk 2022-datacenter-core-smalldisk-g2 2022-datacenter-smalldisk-g2 datacenter-core-20h2-with-containers-smalldisk-gs',
    'unverified',
  ],
  ['batch.node.windows amd64', 'microsoft-dsvm', 'dsvm-windows', 'server-2016', 'unverified'],
  [
    'batch.node.windows amd64',
    'microsoft-dsvm',
    'dsvm-win-2019',
    'server-2019 winserver-2019 winserver-2019-gen2',
    'unverified',
  ],
  ['batch.node.windows amd64', 'microsoft-dsvm', 'dsvm-win-2022', 'winserver-2022', 'unverified'],
];

/** When the service stops taking an agent, where that has been announced. */
const END_OF_LIFE: Readonly<Record<string, string>> = {
  'batch.node.centos 8': '2022-03-31T00:00:00Z',
  'batch.node.debian 9': '2022-06-30T00:00:00Z',
  'batch.node.ubuntu 16.04': '2023-02-01T00:00:00Z',
  'batch.node.ubuntu 18.04': '2023-05-31T00:00:00Z',
};

/** What images can do beside being booted, as their names tell. */
const CAPABILITIES: readonly (readonly [names: RegExp, capabilities: readonly string[]])[] = [
  [/container|ubuntu-hpc/, ['DockerCompatible']],
  [/hpc|rdma/, ['SupportsRDMAOnly', 'IntelMPIRuntimeInstalled']],
  [/gen2|gensecond|-g2\b|azure-edition|ubuntu-hpc/, ['Generation2VMImage']],
];

/** All pairs, in the order of the service: by publisher, offer and SKU. */
export const SUPPORTED_IMAGES: readonly SupportedImage[] = ROWS.flatMap(
  ([agent, publisher, offer, skus, verification]) =>
    skus.split(' ').map((sku) => toImage(agent, publisher, offer, sku, verification)),
).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));

function nameOf({ imageReference: { publisher, offer, sku } }: SupportedImage): string {
  return [publisher, offer, sku].join('/');
}

function toImage(
  nodeAgentSKUId: string,
  publisher: string,
  offer: string,
  sku: string,
  verificationType: SupportedImage['verificationType'],
): SupportedImage {
  const endOfLife = END_OF_LIFE[nodeAgentSKUId];
  const capabilities = CAPABILITIES.flatMap(([names, each]) => (names.test(`${offer} ${sku}`) ? each : []));
  return {
    imageReference: { publisher, offer, sku, version: 'latest' },
    verificationType,
    nodeAgentSKUId,
    ...(capabilities.length === 0 ? {} : { capabilities }),
    ...(endOfLife === undefined ? {} : { batchSupportEndOfLife: endOfLife }),
    osType: nodeAgentSKUId.includes('windows') ? 'windows' : 'linux',
  };
}

/** The pair with this image, however its letters are cased. */
export function findImage(publisher: string, offer: string, sku: string): SupportedImage | undefined {
  const wanted = [publisher, offer, sku].join('/').toLowerCase();
  return SUPPORTED_IMAGES.find((image) => nameOf(image) === wanted);
}
