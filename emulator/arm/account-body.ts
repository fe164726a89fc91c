import type { Instant } from '../clock.ts';
import {
  type AccountSettings,
  AUTHENTICATION_MODES,
  type AuthenticationMode,
  type AutoStorageLink,
} from './account-record.ts';
import { invalidBody, notServed } from './errors.ts';

type Json = Readonly<Record<string, unknown>>;

export interface BodyContext {
  readonly now: Instant;
  /** Whether there is a storage account of this id. */
  hasStorage(id: string): boolean;
}

/**
 * The settings that a body asks for, on top of those of before: what it does not name stays. @throws ArmFault for
 * what no account can have, and for what the emulator does not do.
 */
export function readSettings(body: Json, before: AccountSettings, context: BodyContext): AccountSettings {
  const properties = objectOf(body.properties, 'properties') ?? {};
  refuseWhatIsNotDone(properties);
  const identity = body.identity === undefined ? before.identity : readIdentity(body.identity);
  const autoStorage = readAutoStorage(properties.autoStorage, before.autoStorage, context);
  const networkProfile = objectOf(properties.networkProfile, 'networkProfile') ?? before.networkProfile;
  return {
    tags: readTags(body.tags) ?? before.tags,
    ...(identity === undefined ? {} : { identity }),
    ...(autoStorage === undefined ? {} : { autoStorage }),
    publicNetworkAccess: readAccess(properties.publicNetworkAccess) ?? before.publicNetworkAccess,
    ...(networkProfile === undefined ? {} : { networkProfile }),
    allowedAuthenticationModes:
      readModes(properties.allowedAuthenticationModes) ?? before.allowedAuthenticationModes,
  };
}

function refuseWhatIsNotDone(properties: Json): void {
  const mode = properties.poolAllocationMode;
  if (mode !== undefined && mode !== 'BatchService') {
    if (mode !== 'UserSubscription')
      throw wrong('poolAllocationMode', mode, 'BatchService or UserSubscription');
    throw notServed('accounts whose pools are in the subscription of the user (poolAllocationMode)');
  }
  if (properties.keyVaultReference !== undefined) throw notServed('key vaults (keyVaultReference)');
  const encryption = objectOf(properties.encryption, 'encryption');
  if (encryption?.keySource === 'Microsoft.KeyVault') throw notServed('keys of a key vault (encryption)');
}

function readTags(tags: unknown): Readonly<Record<string, string>> | undefined {
  const given = objectOf(tags, 'tags');
  if (given === undefined) return undefined;
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') throw wrong(`tags.${name}`, value, 'a text');
  }
  return given as Readonly<Record<string, string>>;
}

const IDENTITY_TYPES = ['None', 'SystemAssigned', 'UserAssigned'];

function readIdentity(identity: unknown): Json {
  const given = objectOf(identity, 'identity') ?? {};
  const { type, userAssignedIdentities } = given;
  if (!IDENTITY_TYPES.includes(String(type))) throw wrong('identity.type', type, IDENTITY_TYPES.join(', '));
  const users = objectOf(userAssignedIdentities, 'identity.userAssignedIdentities');
  return { type, ...(users === undefined ? {} : { userAssignedIdentities: users }) };
}

function readAutoStorage(
  value: unknown,
  before: AutoStorageLink | undefined,
  { now, hasStorage }: BodyContext,
): AutoStorageLink | undefined {
  if (value === undefined) return before;
  const { storageAccountId, authenticationMode, nodeIdentityReference } =
    objectOf(value, 'autoStorage') ?? {};
  // An empty id takes the link away: it is what `az batch account set --storage-account ""` sends.
  if (value === null || storageAccountId === '') return undefined;
  if (typeof storageAccountId !== 'string')
    throw wrong('autoStorage.storageAccountId', storageAccountId, 'an id');
  if (!hasStorage(storageAccountId)) {
    throw invalidBody(
      `There is no storage account ${storageAccountId}. The emulator knows the one that it was started with.`,
      'AutoStorageAccountNotFound',
    );
  }
  if (authenticationMode === 'BatchAccountManagedIdentity') {
    throw notServed('managed identities for the linked storage account');
  }
  const node = objectOf(nodeIdentityReference, 'autoStorage.nodeIdentityReference');
  return {
    storageAccountId,
    authenticationMode: 'StorageKeys',
    ...(node === undefined ? {} : { nodeIdentityReference: node }),
    lastKeySync: now,
  };
}

function readAccess(value: unknown): AccountSettings['publicNetworkAccess'] | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === 'Enabled' || value === 'Disabled') return value;
  throw wrong('publicNetworkAccess', value, 'Enabled or Disabled');
}

function readModes(value: unknown): readonly AuthenticationMode[] | undefined {
  if (value === undefined || value === null) return undefined;
  const isMode = (each: unknown): each is AuthenticationMode =>
    AUTHENTICATION_MODES.includes(each as AuthenticationMode);
  if (Array.isArray(value) && value.every(isMode)) return value;
  throw wrong('allowedAuthenticationModes', value, `a list of ${AUTHENTICATION_MODES.join(', ')}`);
}

function objectOf(value: unknown, name: string): Json | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value as Json;
  throw wrong(name, value, 'an object');
}

function wrong(name: string, value: unknown, wanted: string) {
  return invalidBody(`The value ${JSON.stringify(value) ?? 'missing'} of ${name} is not ${wanted}.`);
}
