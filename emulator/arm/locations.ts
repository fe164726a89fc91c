import { memoryOf, VM_FAMILIES } from '../data/vm-families.ts';
import { CLOUD_SERVICE_SIZES } from '../data/vm-sizes.ts';
import { ArmFault, invalidBody, notServed } from './errors.ts';
import { locationNamed } from './names.ts';
import { type ArmHandler, type ArmReply, type ArmRequest, parameter } from './types.ts';

/** How many accounts a subscription may have in one region. */
export const ACCOUNTS_PER_LOCATION = 50;

export const getLocationQuotas: ArmHandler = (_management, request) => {
  demandLocation(request);
  return { status: 200, json: { accountQuota: ACCOUNTS_PER_LOCATION } };
};

/** Why a text can name no account; undefined when it can. */
export function nameFault(name: string): string | undefined {
  if (/^[a-z0-9]{3,24}$/.test(name)) return undefined;
  return `The account name '${name}' is not valid: it must be 3 to 24 lower-case letters and digits.`;
}

/** Names of accounts are names of hosts: no two accounts of a region share one. Here no two share one at all. */
export const checkNameAvailability: ArmHandler = ({ accounts }, request) => {
  demandLocation(request);
  const { name, type } = request.body;
  if (typeof name !== 'string') throw invalidBody('The name to be checked is missing.');
  if (String(type).toLowerCase() !== 'microsoft.batch/batchaccounts') {
    throw invalidBody(`The value ${JSON.stringify(type)} of type is not Microsoft.Batch/batchAccounts.`);
  }
  const message = nameFault(name);
  if (message !== undefined)
    return { status: 200, json: { nameAvailable: false, reason: 'Invalid', message } };
  if (accounts.get(name) !== undefined) {
    const taken = `An account named '${name}' is already in use.`;
    return { status: 200, json: { nameAvailable: false, reason: 'AlreadyExists', message: taken } };
  }
  return { status: 200, json: { nameAvailable: true } };
};

export const listVmSkus: ArmHandler = (_management, request) => {
  demandLocation(request);
  return skus(
    request,
    Object.entries(VM_FAMILIES).flatMap(([family, sizes]) =>
      Object.entries(sizes).map(([size, cores]) => sku(`Standard_${spelled(size)}`, family, cores)),
    ),
  );
};

export const listCloudServiceSkus: ArmHandler = (_management, request) => {
  demandLocation(request);
  return skus(
    request,
    Object.entries(CLOUD_SERVICE_SIZES).map(([size, cores]) => sku(size, 'standardA0_A7Family', cores)),
  );
};

function sku(name: string, familyName: string, cores: number) {
  const memory = memoryOf(familyName, cores);
  return {
    name,
    familyName,
    capabilities: [
      { name: 'vCPUs', value: String(cores) },
      ...(memory === undefined ? [] : [{ name: 'MemoryGB', value: String(memory) }]),
    ],
  };
}

function skus({ query }: ArmRequest, all: readonly { readonly name: string }[]): ArmReply {
  if (query.has('$filter')) throw notServed('filtering of sizes');
  const most = query.get('maxresults');
  if (most !== undefined && !/^[1-9]\d{0,5}$/.test(most))
    throw invalidBody(`maxresults cannot be '${most}'.`);
  const sorted = all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { status: 200, json: { value: sorted.slice(0, most === undefined ? undefined : Number(most)) } };
}

/** `nc4as_t4_v3` is written NC4as_T4_v3. */
function spelled(size: string): string {
  return size
    .replace(/^[a-z]+/, (letters) => letters.toUpperCase())
    .replace(/_(?!v\d)[a-z]/g, (letter) => letter.toUpperCase());
}

function demandLocation(request: ArmRequest): void {
  const location = parameter(request, 'location');
  if (locationNamed(location) !== undefined) return;
  throw new ArmFault(
    400,
    'LocationNotAvailableForResourceType',
    `The provided location '${location}' is not available for resource type 'Microsoft.Batch/locations'.`,
  );
}
