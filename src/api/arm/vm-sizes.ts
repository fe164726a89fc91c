import { naturalOrder } from '../../lib/natural.ts';
import { subscriptionOf } from './account-id.ts';
import type { ArmAccount } from './account-list.ts';
import type { ArmClient } from './arm-client.ts';

/** A size of virtual machines, or of the machines of cloud services, which have names of their own. */
export interface Size {
  readonly name: string;
  readonly family: string;
  readonly cores: number;
  /** Gigabytes; undefined where the service does not tell. */
  readonly memory: number | undefined;
  /** Undefined where the service does not tell. */
  readonly gpus: number | undefined;
  /** Whether there are Spot nodes of it; undefined where the service does not tell. */
  readonly isSpotCapable: boolean | undefined;
  readonly isOfCloudServices: boolean;
}

/** A size that the virtual machines of a pool can have. */
export interface VmSizeRow extends Pick<Size, 'name' | 'family' | 'memory' | 'gpus' | 'isSpotCapable'> {
  readonly vCPUs: number;
  /** Dedicated cores that the account may have of the family; undefined where that is not limited, or not told. */
  readonly quota: number | undefined;
}

/** The sizes of a location, by lower-case name. */
export type Sizes = ReadonlyMap<string, Size>;

/** @see https://learn.microsoft.com/rest/api/batchmanagement/location/list-supported-virtual-machine-skus */
export async function fetchSizes(
  client: ArmClient,
  account: ArmAccount,
  signal: AbortSignal,
): Promise<Sizes> {
  return client.call(
    subscriptionOf(account),
    async ({ location }, abortSignal) => {
      const sizes = new Map<string, Size>();
      const lists = {
        ofMachines: location.listSupportedVirtualMachineSkus(account.location, { abortSignal }),
        ofCloudServices: location.listSupportedCloudServiceSkus(account.location, { abortSignal }),
      };
      for (const list of Object.values(lists)) {
        for await (const { name = '', familyName = '', capabilities = [] } of list) {
          const isOfCloudServices = list === lists.ofCloudServices;
          const told = toldOf(capabilities);
          sizes.set(name.toLowerCase(), { name, family: familyName, ...told, isOfCloudServices });
        }
      }
      return sizes;
    },
    signal,
  );
}

/** What the service tells of a size in a list of names and texts, which differs from size to size. */
function toldOf(capabilities: readonly { readonly name?: string; readonly value?: string }[]) {
  const text = (name: string) => capabilities.find((each) => each.name === name)?.value;
  const number = (name: string) => {
    const value = Number(text(name) ?? Number.NaN);
    return Number.isNaN(value) ? undefined : value;
  };
  const spot = text('LowPriorityCapable')?.toLowerCase();
  return {
    cores: number('vCPUs') ?? 0,
    memory: number('MemoryGB'),
    gpus: number('GPUs'),
    isSpotCapable: spot === undefined ? undefined : spot === 'true',
  };
}

/** The sizes that a new pool can have: those of which the account may have some come first. */
export function vmSizeRows({ properties = {} }: ArmAccount, sizes: Sizes): readonly VmSizeRow[] {
  const { dedicatedCoreQuotaPerVMFamily, dedicatedCoreQuotaPerVMFamilyEnforced: isEnforced } = properties;
  const ofFamilies = isEnforced === false ? [] : (dedicatedCoreQuotaPerVMFamily ?? []);
  const quotas = new Map(ofFamilies.map(({ name, coreQuota }) => [name.toLowerCase(), coreQuota]));
  const order = naturalOrder();
  return [...sizes.values()]
    .filter(({ isOfCloudServices }) => !isOfCloudServices)
    .map(({ name, family, cores, memory, gpus, isSpotCapable }) => ({
      name,
      family,
      vCPUs: cores,
      memory,
      gpus,
      isSpotCapable,
      quota: quotas.get(family.toLowerCase()),
    }))
    .toSorted(
      (left, right) => Number(left.quota === 0) - Number(right.quota === 0) || order(left.name, right.name),
    );
}
