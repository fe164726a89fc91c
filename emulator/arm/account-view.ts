import { createHash } from 'node:crypto';
import { toTimestamp } from '../clock.ts';
import { familyQuotas } from '../data/family-quotas.ts';
import type { Quotas } from '../engine/world.ts';
import type { AccountRecord, AutoStorageLink } from './account-record.ts';
import { accountId, SUBSCRIPTION } from './names.ts';

/** An account as the management plane shows it. The quotas are those that its data plane goes by. */
export function accountView(record: AccountRecord, endpoint: string | undefined, quotas: Quotas): object {
  const { name, group, location, settings } = record;
  return {
    id: accountId(group, name),
    name,
    type: 'Microsoft.Batch/batchAccounts',
    location,
    tags: settings.tags,
    identity: identityView(record),
    properties: {
      accountEndpoint: endpoint,
      nodeManagementEndpoint: endpoint,
      provisioningState: record.state,
      poolAllocationMode: 'BatchService',
      publicNetworkAccess: settings.publicNetworkAccess,
      networkProfile: settings.networkProfile,
      privateEndpointConnections: [],
      autoStorage: settings.autoStorage && autoStorageView(settings.autoStorage),
      encryption: { keySource: 'Microsoft.Batch' },
      dedicatedCoreQuota: quotas.dedicatedCores,
      lowPriorityCoreQuota: quotas.lowPriorityCores,
      dedicatedCoreQuotaPerVMFamily: familyQuotas(quotas.dedicatedCores),
      dedicatedCoreQuotaPerVMFamilyEnforced: true,
      poolQuota: quotas.pools,
      activeJobAndJobScheduleQuota: quotas.activeJobsAndSchedules,
      allowedAuthenticationModes: settings.allowedAuthenticationModes,
    },
  };
}

function autoStorageView({ lastKeySync, ...link }: AutoStorageLink): object {
  return { ...link, lastKeySync: toTimestamp(lastKeySync) };
}

/** Identities are names only: nothing signs in with them. */
function identityView({ name, settings: { identity } }: AccountRecord): object {
  if (identity === undefined) return { type: 'None' };
  if (identity.type !== 'SystemAssigned') return identity;
  return { ...identity, principalId: idFrom(name), tenantId: SUBSCRIPTION.tenant };
}

function idFrom(text: string): string {
  const digits = createHash('sha256').update(text).digest('hex');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}
