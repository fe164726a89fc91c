import { invalidProperty } from '../errors.ts';
import type { Pool } from '../model/entities.ts';
import type { PoolDefinition } from '../model/pool.ts';
import type { InboundNatPool } from '../model/pool-parts.ts';

/** The members of a pool that only matter to machines, of which the emulator has none: kept, shown, and checked. */
interface MachineMembers {
  readonly userAccounts?: readonly UserAccount[];
  readonly virtualMachineConfiguration?: {
    readonly nodeAgentSKUId: string;
    readonly windowsConfiguration?: object;
    readonly dataDisks?: readonly { readonly lun: number }[];
  };
}

interface UserAccount {
  readonly name: string;
  readonly windowsUserConfiguration?: object;
  readonly linuxUserConfiguration?: { readonly uid?: number; readonly gid?: number };
}

/**
 * Refuses members of a pool that break the rules which the service's description gives for them.
 * @see https://learn.microsoft.com/rest/api/batchservice/pool/add
 */
export function checkMachineMembers(definition: PoolDefinition): void {
  const members = definition as MachineMembers;
  const machine = definition.virtualMachineConfiguration;
  if (machine !== undefined) checkImageReference(machine.imageReference);
  checkSystem(machine?.nodeAgentSKUId, members);
  checkDisks(members.virtualMachineConfiguration?.dataDisks ?? []);
  checkAccounts(members.userAccounts ?? []);
  checkAccountSystems(members);
  checkNatPools(definition.networkConfiguration?.endpointConfiguration?.inboundNATPools ?? []);
}

function refuse(name: string, value: unknown, reason: string): never {
  throw invalidProperty(name, value === undefined ? undefined : String(value), reason);
}

type Image = NonNullable<Pool['virtualMachineConfiguration']>['imageReference'];

const COMPUTE =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute';
const GALLERY_IMAGE = `${COMPUTE}/galleries/{galleryName}/images/{galleryImageName}`;

/** Forms of the id of an image that is the account's own. */
const IMAGE_IDS = [
  `${COMPUTE}/images/{imageName}`,
  `${GALLERY_IMAGE}/versions/{galleryImageVersionName}`,
  GALLERY_IMAGE,
] as const;

const IMAGE_ID_PATTERNS = IMAGE_IDS.map((form) => new RegExp(`^${form.replace(/\{\w+\}/g, '[^/]+')}$`, 'i'));

function checkImageReference({ virtualMachineImageId: id, publisher, offer, sku, version }: Image): void {
  if (id === undefined) return;
  if ([publisher, offer, sku, version].some((each) => each)) {
    refuse(
      'virtualMachineImageId',
      id,
      'The image must be specified either by its id or by its publisher, offer and sku',
    );
  }
  if (IMAGE_ID_PATTERNS.some((pattern) => pattern.test(id))) return;
  const [image, imageVersion, galleryImage] = IMAGE_IDS;
  refuse(
    'virtualMachineImageId',
    id,
    `The specified resource id must be of the format ${image}, ${imageVersion}, or ${galleryImage}`,
  );
}

function checkSystem(agent: string | undefined, { virtualMachineConfiguration }: MachineMembers): void {
  if (virtualMachineConfiguration?.windowsConfiguration === undefined) return;
  if (agent !== undefined && /windows/i.test(agent)) return;
  refuse('windowsConfiguration', undefined, 'The property cannot be specified for an image with Linux');
}

const HIGHEST_LUN = 63;

function checkDisks(disks: readonly { readonly lun: number }[]): void {
  const outside = disks.find(({ lun }) => lun < 0 || lun > HIGHEST_LUN);
  if (outside !== undefined) refuse('lun', outside.lun, `The value must be between 0 and ${HIGHEST_LUN}`);
  const twice = repeated(disks.map(({ lun }) => lun));
  if (twice !== undefined) refuse('lun', twice, 'Each disk must have a value of its own');
}

function checkAccounts(accounts: readonly UserAccount[]): void {
  for (const { linuxUserConfiguration: linux } of accounts) {
    if ((linux?.uid === undefined) === (linux?.gid === undefined)) continue;
    refuse('linuxUserConfiguration', undefined, 'The uid and gid must be specified together or not at all');
  }
}

/** What only Windows knows of an account, nodes of virtual machines with Linux do not take. */
function checkAccountSystems({
  userAccounts = [],
  virtualMachineConfiguration: machine,
}: MachineMembers): void {
  if (machine === undefined || /windows/i.test(machine.nodeAgentSKUId)) return;
  const wrong = userAccounts.find(({ windowsUserConfiguration }) => windowsUserConfiguration !== undefined);
  if (wrong === undefined) return;
  refuse(
    'windowsUserConfiguration',
    undefined,
    `The user configuration for user account '${wrong.name}' has a mismatch with the OS (Windows/Linux) configuration specified in VirtualMachineConfiguration`,
  );
}

const MOST_NAT_POOLS = 5;
const MOST_RULES = 25;
const LOWEST_PRIORITY = 150;
const HIGHEST_PRIORITY = 4096;
const RESERVED_BACKEND_PORTS: readonly number[] = [22, 3389, 29_876, 29_877];

function checkNatPools(pools: readonly InboundNatPool[]): void {
  if (pools.length > MOST_NAT_POOLS) {
    refuse('inboundNATPools', undefined, `The list can have at most ${MOST_NAT_POOLS} items`);
  }
  for (const pool of pools) checkNatPool(pool);
  const name = repeated(pools.map((each) => each.name.toLowerCase()));
  if (name !== undefined) refuse('name', name, 'The names of inbound NAT pools must differ');
  const port = repeated(pools.map(({ backendPort }) => backendPort));
  if (port !== undefined) refuse('backendPort', port, 'Each inbound NAT pool must have a port of its own');
  checkOverlaps(pools);
  checkPriorities(pools.flatMap(({ networkSecurityGroupRules = [] }) => networkSecurityGroupRules));
}

function checkNatPool({
  name,
  backendPort,
  frontendPortRangeStart: start,
  frontendPortRangeEnd: end,
}: InboundNatPool): void {
  if (!/^[A-Za-z0-9](?:[\w.-]{0,75}\w)?$/.test(name))
    refuse('name', name, 'The value is no name of a NAT pool');
  if (backendPort < 1 || backendPort > 65_535 || RESERVED_BACKEND_PORTS.includes(backendPort)) {
    refuse('backendPort', backendPort, 'The port is reserved or not between 1 and 65535');
  }
  if (start < 1 || end > 65_534 || (start <= 55_000 && end >= 50_000)) {
    refuse(
      'frontendPortRangeStart',
      start,
      'The range has ports that are reserved or not between 1 and 65534',
    );
  }
  if (end - start + 1 < 40) refuse('frontendPortRangeEnd', end, 'The range must have at least 40 ports');
}

function checkOverlaps(pools: readonly InboundNatPool[]): void {
  const inOrder = pools.toSorted((a, b) => a.frontendPortRangeStart - b.frontendPortRangeStart);
  const overlapping = inOrder.find((each, index) => {
    const before = inOrder[index - 1];
    return before !== undefined && before.frontendPortRangeEnd >= each.frontendPortRangeStart;
  });
  if (overlapping === undefined) return;
  refuse(
    'frontendPortRangeStart',
    overlapping.frontendPortRangeStart,
    'The ranges of NAT pools cannot overlap',
  );
}

function checkPriorities(rules: readonly { readonly priority: number }[]): void {
  if (rules.length > MOST_RULES) {
    refuse('networkSecurityGroupRules', undefined, `A pool can have at most ${MOST_RULES} rules`);
  }
  const priorities = rules.map(({ priority }) => priority);
  const outside = priorities.find((each) => each < LOWEST_PRIORITY || each > HIGHEST_PRIORITY);
  const wrong = outside ?? repeated(priorities);
  if (wrong === undefined) return;
  refuse(
    'priority',
    wrong,
    `The value must be between ${LOWEST_PRIORITY} and ${HIGHEST_PRIORITY}, and unique`,
  );
}

/** The first value that stands twice in a list. */
function repeated<T>(values: readonly T[]): T | undefined {
  return values.find((value, index) => values.indexOf(value) !== index);
}
