import {
  type AccountSettings,
  type Cloud,
  type CredentialSettings,
  cloudOf,
  isLoopback,
  MANAGEMENT_ENDPOINTS,
  type ManagementSettings,
} from '../api/settings.ts';
import { CredentialError } from '../lib/errors.ts';
import { parseEndpoint } from './endpoint.ts';
import type { AccountSource } from './find-account.ts';
import type { Configuration } from './load.ts';

type Known = Pick<Configuration, 'accountSources' | 'armEndpoint' | 'cloud'>;

/**
 * Where accounts are managed, and how azb says there who it is: where the environment says, or else at the address of an
 * account that the emulator plays, or else in the account's cloud, or az's. Only on this machine is the key of an account
 * a token, and only of an account that is there too: a key goes nowhere else. @throws CredentialError for an address that
 * is none.
 */
export function findManagement(known: Known, account: AccountSettings | undefined): ManagementSettings {
  const { armEndpoint } = known;
  if (armEndpoint !== undefined)
    return settingsAt(parseEndpoint(armEndpoint, 'AZB_ARM_ENDPOINT'), known, account);
  const local = account?.endpoint ?? localEndpoint(known.accountSources);
  if (local !== undefined && isLoopback(local)) return settingsAt(local, known, account);
  const cloud = cloudHere(known, account);
  return { endpoint: MANAGEMENT_ENDPOINTS[cloud], credential: { kind: 'Entra ID', cloud } };
}

/** Where the emulator is, as far as any place tells. */
function localEndpoint(sources: readonly AccountSource[]): string | undefined {
  for (const { endpoint, label } of sources) {
    const parsed = endpoint === undefined ? undefined : parsedOrNone(endpoint, label);
    if (parsed !== undefined && isLoopback(parsed)) return parsed;
  }
  return undefined;
}

function parsedOrNone(endpoint: string, label: string): string | undefined {
  try {
    return parseEndpoint(endpoint, label);
  } catch (error) {
    if (error instanceof CredentialError) return undefined;
    throw error;
  }
}

function settingsAt(
  endpoint: string,
  known: Known,
  account: AccountSettings | undefined,
): ManagementSettings {
  const key = isLoopback(endpoint) ? keyAt(endpoint, known.accountSources, account) : undefined;
  const credential: CredentialSettings =
    key === undefined ? { kind: 'Entra ID', cloud: cloudHere(known, account) } : { kind: 'shared key', key };
  return { endpoint, credential };
}

/** The key of the account that is at the same address, or else of the one in use if that is on this machine too. */
function keyAt(
  endpoint: string,
  sources: readonly AccountSource[],
  account: AccountSettings | undefined,
): string | undefined {
  const named = sources.find((source) => source.accessKey !== undefined && isAt(source, endpoint));
  if (named?.accessKey !== undefined) return named.accessKey;
  if (account === undefined || !isLoopback(account.endpoint)) return undefined;
  return account.credential.kind === 'shared key' ? account.credential.key : undefined;
}

function isAt({ endpoint, label }: AccountSource, wanted: string): boolean {
  return endpoint !== undefined && parsedOrNone(endpoint, label) === wanted;
}

function cloudHere({ cloud }: Known, account: AccountSettings | undefined): Cloud {
  if (account !== undefined && !isLoopback(account.endpoint)) return cloudOf(account.endpoint);
  return cloud !== undefined && Object.hasOwn(MANAGEMENT_ENDPOINTS, cloud) ? (cloud as Cloud) : 'AzureCloud';
}
