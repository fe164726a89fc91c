/** The one subscription that the emulator plays, always the same so that scripts can name it. */
export const SUBSCRIPTION = {
  id: 'a2b00000-0000-4000-8000-000000000001',
  tenant: 'a2b00000-0000-4000-8000-0000000000ff',
  name: 'azb emulator',
} as const;

/** The resource group of the emulator's own account. */
export const HOME_GROUP = 'azb';
export const HOME_LOCATION = 'westeurope';

/** The regions in which accounts can be made; they differ in name only. */
export const LOCATIONS: Readonly<Record<string, string>> = {
  australiaeast: 'Australia East',
  brazilsouth: 'Brazil South',
  canadacentral: 'Canada Central',
  centralindia: 'Central India',
  centralus: 'Central US',
  eastasia: 'East Asia',
  eastus: 'East US',
  eastus2: 'East US 2',
  francecentral: 'France Central',
  germanywestcentral: 'Germany West Central',
  italynorth: 'Italy North',
  japaneast: 'Japan East',
  koreacentral: 'Korea Central',
  northcentralus: 'North Central US',
  northeurope: 'North Europe',
  norwayeast: 'Norway East',
  polandcentral: 'Poland Central',
  southafricanorth: 'South Africa North',
  southcentralus: 'South Central US',
  southeastasia: 'Southeast Asia',
  swedencentral: 'Sweden Central',
  switzerlandnorth: 'Switzerland North',
  uaenorth: 'UAE North',
  uksouth: 'UK South',
  westcentralus: 'West Central US',
  westeurope: 'West Europe',
  westus: 'West US',
  westus2: 'West US 2',
  westus3: 'West US 3',
};

/** The name of a location however it is written: `West Europe` is `westeurope`. Undefined when there is none. */
export function locationNamed(text: string): string | undefined {
  const name = text.replaceAll(' ', '').toLowerCase();
  return Object.hasOwn(LOCATIONS, name) ? name : undefined;
}

/** The id of a resource group. */
export function groupId(group: string): string {
  return `/subscriptions/${SUBSCRIPTION.id}/resourceGroups/${group}`;
}

/** The id of a Batch account. */
export function accountId(group: string, name: string): string {
  return `${groupId(group)}/providers/Microsoft.Batch/batchAccounts/${name}`;
}

/** The id of the storage account that is linked to the emulator's own account, if one is. */
export function storageId(name: string): string {
  return `${groupId(HOME_GROUP)}/providers/Microsoft.Storage/storageAccounts/${name}`;
}

/** The version of the Batch provider's interface that is served. */
export const BATCH_VERSION = '2023-11-01';
