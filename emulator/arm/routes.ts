import {
  deleteAccount,
  getAccount,
  listAccounts,
  listAccountsOfGroup,
  listKeys,
  listOutboundEndpoints,
  operationResult,
  patchAccount,
  putAccount,
  regenerateKey,
  synchronizeAutoStorageKeys,
} from './accounts.ts';
import {
  deleteApplication,
  getApplication,
  listApplications,
  patchApplication,
  putApplication,
} from './applications.ts';
import {
  getGroup,
  getSubscription,
  listGroups,
  listLocations,
  listStorageAccounts,
  listSubscriptions,
  putGroup,
} from './groups.ts';
import { checkNameAvailability, getLocationQuotas, listCloudServiceSkus, listVmSkus } from './locations.ts';
import { listOperations } from './operations.ts';
import { activatePackage, deletePackage, getPackage, listPackages, putPackage } from './packages.ts';
import type { ArmHandler } from './types.ts';

/** One operation of the management plane. */
export interface ArmRoute {
  /** The operation's id in its OpenAPI description. */
  readonly id: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Absent where the answer is 501. */
  readonly handle?: ArmHandler;
  /** What someone who relies on it has to know. Markdown. */
  readonly remark?: string;
}

const IN_SUBSCRIPTION = '/subscriptions/{subscription}';
const GROUPS = `${IN_SUBSCRIPTION}/resourceGroups`;
const LOCATION = `${IN_SUBSCRIPTION}/providers/Microsoft.Batch/locations/{location}`;
const ACCOUNTS = `${GROUPS}/{group}/providers/Microsoft.Batch/batchAccounts`;
const ACCOUNT = `${ACCOUNTS}/{account}`;
const APPLICATION = `${ACCOUNT}/applications/{application}`;
const VERSION = `${APPLICATION}/versions/{version}`;

const route = (
  method: ArmRoute['method'],
  path: string,
  id: string,
  handle?: ArmHandler,
  remark?: string,
): ArmRoute => ({
  id,
  method,
  path,
  ...(handle === undefined ? {} : { handle }),
  ...(remark === undefined ? {} : { remark }),
});

/**
 * What is served of Azure Resource Manager, and all operations of Microsoft.Batch 2023-11-01.
 * @see https://github.com/Azure/azure-rest-api-specs/tree/main/specification/batch/resource-manager
 */
export const ARM_ROUTES: readonly ArmRoute[] = [
  route('GET', '/subscriptions', 'Subscriptions_List', listSubscriptions, 'one, always the same'),
  route('GET', IN_SUBSCRIPTION, 'Subscriptions_Get', getSubscription),
  route('GET', `${IN_SUBSCRIPTION}/locations`, 'Subscriptions_ListLocations', listLocations),
  route('GET', GROUPS, 'ResourceGroups_List', listGroups),
  route('GET', `${GROUPS}/{group}`, 'ResourceGroups_Get', getGroup),
  route('PUT', `${GROUPS}/{group}`, 'ResourceGroups_CreateOrUpdate', putGroup),
  route('DELETE', `${GROUPS}/{group}`, 'ResourceGroups_Delete'),
  route(
    'GET',
    `${IN_SUBSCRIPTION}/providers/Microsoft.Storage/storageAccounts`,
    'StorageAccounts_List',
    listStorageAccounts,
    'those that can be linked; nothing else is served of them',
  ),
  route('GET', '/providers/Microsoft.Batch/operations', 'Operations_List', listOperations),
  route(
    'GET',
    `${IN_SUBSCRIPTION}/providers/Microsoft.Batch/batchAccounts`,
    'BatchAccount_List',
    listAccounts,
  ),
  route('GET', ACCOUNTS, 'BatchAccount_ListByResourceGroup', listAccountsOfGroup),
  route(
    'PUT',
    ACCOUNT,
    'BatchAccount_Create',
    putAccount,
    'takes seconds, divided by `--speed`; see [accounts](#accounts)',
  ),
  route('PATCH', ACCOUNT, 'BatchAccount_Update', patchAccount),
  route('DELETE', ACCOUNT, 'BatchAccount_Delete', deleteAccount, "not the emulator's own account"),
  route('GET', ACCOUNT, 'BatchAccount_Get', getAccount),
  route(
    'GET',
    `${LOCATION}/accountOperationResults/{operation}`,
    'BatchAccount_OperationResult',
    operationResult,
    'where the `Location` of a creation or deletion leads',
  ),
  route(
    'POST',
    `${ACCOUNT}/syncAutoStorageKeys`,
    'BatchAccount_SynchronizeAutoStorageKeys',
    synchronizeAutoStorageKeys,
    'notes the time',
  ),
  route('POST', `${ACCOUNT}/listKeys`, 'BatchAccount_GetKeys', listKeys),
  route('POST', `${ACCOUNT}/regenerateKeys`, 'BatchAccount_RegenerateKey', regenerateKey, 'in force at once'),
  route(
    'GET',
    `${ACCOUNT}/outboundNetworkDependenciesEndpoints`,
    'BatchAccount_ListOutboundNetworkDependenciesEndpoints',
    listOutboundEndpoints,
    'the data plane alone',
  ),
  route('GET', `${ACCOUNT}/detectors`, 'BatchAccount_ListDetectors'),
  route('GET', `${ACCOUNT}/detectors/{detector}`, 'BatchAccount_GetDetector'),
  route('GET', `${LOCATION}/quotas`, 'Location_GetQuotas', getLocationQuotas),
  route(
    'GET',
    `${LOCATION}/virtualMachineSkus`,
    'Location_ListSupportedVirtualMachineSkus',
    listVmSkus,
    'cores and family of each size; `$filter` is refused',
  ),
  route(
    'GET',
    `${LOCATION}/cloudServiceSkus`,
    'Location_ListSupportedCloudServiceSkus',
    listCloudServiceSkus,
    '`$filter` is refused',
  ),
  route('POST', `${LOCATION}/checkNameAvailability`, 'Location_CheckNameAvailability', checkNameAvailability),
  route('GET', `${ACCOUNT}/applications`, 'Application_List', listApplications),
  route('GET', APPLICATION, 'Application_Get', getApplication),
  route('PUT', APPLICATION, 'Application_Create', putApplication, '`allowUpdates` is always true'),
  route('PATCH', APPLICATION, 'Application_Update', patchApplication),
  route('DELETE', APPLICATION, 'Application_Delete', deleteApplication),
  route('GET', `${APPLICATION}/versions`, 'ApplicationPackage_List', listPackages),
  route('GET', VERSION, 'ApplicationPackage_Get', getPackage),
  route(
    'PUT',
    VERSION,
    'ApplicationPackage_Create',
    putPackage,
    'answers with an address in the linked storage account; see [application packages](#application-packages)',
  ),
  route('DELETE', VERSION, 'ApplicationPackage_Delete', deletePackage),
  route(
    'POST',
    `${VERSION}/activate`,
    'ApplicationPackage_Activate',
    activatePackage,
    'the archive is checked',
  ),
  route('GET', `${ACCOUNT}/certificates`, 'Certificate_ListByBatchAccount'),
  route('PUT', `${ACCOUNT}/certificates/{certificate}`, 'Certificate_Create'),
  route('PATCH', `${ACCOUNT}/certificates/{certificate}`, 'Certificate_Update'),
  route('DELETE', `${ACCOUNT}/certificates/{certificate}`, 'Certificate_Delete'),
  route('GET', `${ACCOUNT}/certificates/{certificate}`, 'Certificate_Get'),
  route('POST', `${ACCOUNT}/certificates/{certificate}/cancelDelete`, 'Certificate_CancelDeletion'),
  route('GET', `${ACCOUNT}/privateLinkResources`, 'PrivateLinkResource_ListByBatchAccount'),
  route('GET', `${ACCOUNT}/privateLinkResources/{resource}`, 'PrivateLinkResource_Get'),
  route('GET', `${ACCOUNT}/privateEndpointConnections`, 'PrivateEndpointConnection_ListByBatchAccount'),
  route('GET', `${ACCOUNT}/privateEndpointConnections/{connection}`, 'PrivateEndpointConnection_Get'),
  route('PATCH', `${ACCOUNT}/privateEndpointConnections/{connection}`, 'PrivateEndpointConnection_Update'),
  route('DELETE', `${ACCOUNT}/privateEndpointConnections/{connection}`, 'PrivateEndpointConnection_Delete'),
  route('GET', `${ACCOUNT}/pools`, 'Pool_ListByBatchAccount'),
  route('PUT', `${ACCOUNT}/pools/{pool}`, 'Pool_Create'),
  route('PATCH', `${ACCOUNT}/pools/{pool}`, 'Pool_Update'),
  route('DELETE', `${ACCOUNT}/pools/{pool}`, 'Pool_Delete'),
  route('GET', `${ACCOUNT}/pools/{pool}`, 'Pool_Get'),
  route('POST', `${ACCOUNT}/pools/{pool}/disableAutoScale`, 'Pool_DisableAutoScale'),
  route('POST', `${ACCOUNT}/pools/{pool}/stopResize`, 'Pool_StopResize'),
];
