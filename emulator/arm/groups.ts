import { ArmFault, invalidBody } from './errors.ts';
import type { GroupRecord } from './management.ts';
import { groupId, HOME_LOCATION, LOCATIONS, locationNamed, SUBSCRIPTION } from './names.ts';
import { type ArmHandler, parameter } from './types.ts';

const subscription = {
  id: `/subscriptions/${SUBSCRIPTION.id}`,
  subscriptionId: SUBSCRIPTION.id,
  tenantId: SUBSCRIPTION.tenant,
  displayName: SUBSCRIPTION.name,
  state: 'Enabled',
  subscriptionPolicies: { locationPlacementId: 'Public_2014-09-01', spendingLimit: 'Off' },
  authorizationSource: 'RoleBased',
  managedByTenants: [],
};

export const listSubscriptions: ArmHandler = () => ({
  status: 200,
  json: { value: [subscription], count: { type: 'Total', value: 1 } },
});

export const getSubscription: ArmHandler = () => ({ status: 200, json: subscription });

export const listLocations: ArmHandler = () => ({
  status: 200,
  json: {
    value: Object.entries(LOCATIONS).map(([name, displayName]) => ({
      id: `/subscriptions/${SUBSCRIPTION.id}/locations/${name}`,
      name,
      type: 'Region',
      displayName,
      regionalDisplayName: displayName,
      metadata: { regionType: 'Physical', regionCategory: 'Recommended' },
    })),
  },
});

/** Those that can be linked to Batch accounts, as far as Azure Resource Manager tells. */
export const listStorageAccounts: ArmHandler = ({ storages }) => ({
  status: 200,
  json: {
    value: storages.ids.map((id) => ({
      id,
      name: id.slice(id.lastIndexOf('/') + 1),
      type: 'Microsoft.Storage/storageAccounts',
      kind: 'StorageV2',
      location: HOME_LOCATION,
      sku: { name: 'Standard_LRS', tier: 'Standard' },
      tags: {},
      properties: { provisioningState: 'Succeeded' },
    })),
  },
});

function groupView({ name, location, tags }: GroupRecord): object {
  return {
    id: groupId(name),
    name,
    type: 'Microsoft.Resources/resourceGroups',
    location,
    tags,
    properties: { provisioningState: 'Succeeded' },
  };
}

export const listGroups: ArmHandler = ({ groups }) => ({
  status: 200,
  json: { value: groups.all().map(groupView) },
});

export const getGroup: ArmHandler = ({ groups }, request) => ({
  status: 200,
  json: groupView(demandGroup(groups.get(parameter(request, 'group')), parameter(request, 'group'))),
});

const GROUP_NAME = /^[-\w._()]{0,89}[-\w_()]$/;

/** Makes a group, or changes the tags of one that is there. */
export const putGroup: ArmHandler = ({ groups }, request) => {
  const name = parameter(request, 'group');
  const { location: given, tags = {} } = request.body;
  const location = typeof given === 'string' ? locationNamed(given) : undefined;
  if (!GROUP_NAME.test(name))
    throw invalidBody(`'${name}' can name no resource group.`, 'InvalidResourceGroup');
  if (location === undefined) {
    throw new ArmFault(
      400,
      'LocationNotAvailableForResourceGroup',
      `The location '${String(given)}' is not available for resource groups. There are ${Object.keys(LOCATIONS).join(', ')}.`,
    );
  }
  const before = groups.get(name);
  if (before !== undefined && before.location !== location) {
    throw new ArmFault(
      409,
      'InvalidResourceGroupLocation',
      `The resource group ${before.name} is in ${before.location} already.`,
    );
  }
  const group = groups.put({ name: before?.name ?? name, location, tags: tags as GroupRecord['tags'] });
  return { status: before === undefined ? 201 : 200, json: groupView(group) };
};

/** @throws ArmFault when there is no such group. */
export function demandGroup(group: GroupRecord | undefined, name: string): GroupRecord {
  if (group !== undefined) return group;
  throw new ArmFault(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
}
