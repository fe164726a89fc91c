import type { Instant } from '../clock.ts';

export type ProvisioningState = 'Creating' | 'Succeeded' | 'Deleting' | 'Failed';

export type AuthenticationMode = 'SharedKey' | 'AAD' | 'TaskAuthenticationToken';

export const AUTHENTICATION_MODES: readonly AuthenticationMode[] = [
  'SharedKey',
  'AAD',
  'TaskAuthenticationToken',
];

export interface AutoStorageLink {
  readonly storageAccountId: string;
  readonly authenticationMode: 'StorageKeys' | 'BatchAccountManagedIdentity';
  readonly nodeIdentityReference?: object;
  readonly lastKeySync: Instant;
}

/** What can be said of an account when it is made or changed. */
export interface AccountSettings {
  readonly tags: Readonly<Record<string, string>>;
  readonly identity?: Readonly<Record<string, unknown>>;
  readonly autoStorage?: AutoStorageLink;
  readonly publicNetworkAccess: 'Enabled' | 'Disabled';
  readonly networkProfile?: object;
  readonly allowedAuthenticationModes: readonly AuthenticationMode[];
}

/** A Batch account as the management plane keeps it. */
export interface AccountRecord {
  readonly name: string;
  readonly group: string;
  readonly location: string;
  readonly created: Instant;
  readonly state: ProvisioningState;
  /** Id of the operation that brings it to its state, or did. */
  readonly operation: string;
  /** The port of its data plane, once it had one; it is asked for again after a restart. */
  readonly port?: number;
  readonly settings: AccountSettings;
}

/** What is true of an account of which nothing else is said. */
export const USUAL_SETTINGS: AccountSettings = {
  tags: {},
  publicNetworkAccess: 'Enabled',
  allowedAuthenticationModes: AUTHENTICATION_MODES,
};

/** Why no shared key opens the account's data plane; undefined when one does. */
export function keyRefusal(record: AccountRecord | undefined): string | undefined {
  if (record === undefined || record.settings.allowedAuthenticationModes.includes('SharedKey'))
    return undefined;
  return `SharedKey is none of the allowedAuthenticationModes of the account ${record.name}.`;
}
