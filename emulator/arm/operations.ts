import type { ArmHandler } from './types.ts';

const OPERATIONS: readonly (readonly [name: string, resource: string, description: string])[] = [
  ['Microsoft.Batch/batchAccounts/read', 'Batch accounts', 'Lists accounts, or shows one'],
  ['Microsoft.Batch/batchAccounts/write', 'Batch accounts', 'Makes an account, or changes one'],
  ['Microsoft.Batch/batchAccounts/delete', 'Batch accounts', 'Deletes an account'],
  ['Microsoft.Batch/batchAccounts/listkeys/action', 'Batch accounts', 'Shows the keys of an account'],
  ['Microsoft.Batch/batchAccounts/regeneratekeys/action', 'Batch accounts', 'Replaces a key of an account'],
  [
    'Microsoft.Batch/batchAccounts/syncAutoStorageKeys/action',
    'Batch accounts',
    'Reads the storage keys again',
  ],
  ['Microsoft.Batch/batchAccounts/applications/read', 'Applications', 'Lists applications, or shows one'],
  [
    'Microsoft.Batch/batchAccounts/applications/write',
    'Applications',
    'Makes an application, or changes one',
  ],
  ['Microsoft.Batch/batchAccounts/applications/delete', 'Applications', 'Deletes an application'],
  ['Microsoft.Batch/locations/checkNameAvailability/action', 'Locations', 'Says whether a name is free'],
  ['Microsoft.Batch/locations/quotas/read', 'Locations', 'Shows how many accounts there may be'],
];

/** What can be allowed to somebody. */
export const listOperations: ArmHandler = () => ({
  status: 200,
  json: {
    value: OPERATIONS.map(([name, resource, description]) => ({
      name,
      isDataAction: false,
      display: {
        provider: 'Microsoft Batch Service',
        resource,
        operation: description,
        description,
      },
    })),
  },
});
