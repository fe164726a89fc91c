import { type AccountSettings, accountNameOf, type CredentialSettings, cloudOf } from '../api/settings.ts';
import { CredentialError, NotConfiguredError } from '../lib/errors.ts';
import { parseEndpoint } from './endpoint.ts';

/** What one place says about the account; places are asked in order. */
export interface AccountSource {
  /** For people: `flags`, `environment`, a file's path. */
  readonly label: string;
  readonly account?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly accessKey?: string | undefined;
}

/** The account, and where each part of it came from. */
export interface FoundAccount {
  readonly settings: AccountSettings;
  readonly origins: { readonly name: string; readonly endpoint: string; readonly credential: string };
}

interface Found {
  readonly value: string;
  readonly label: string;
}

/**
 * Puts the account together: each part comes from the first place that has it, but a place that names
 * another account gives neither key nor endpoint, so that parts of two accounts never mix. Without a key
 * azb signs in with Entra ID. @throws CredentialError when parts are missing, with the step that gives them.
 */
export function findAccount(sources: readonly AccountSource[]): FoundAccount {
  const name = findName(sources);
  const own = sources.filter(
    ({ account }) => account === undefined || account.toLowerCase() === name.value.toLowerCase(),
  );
  const endpoint = first(own, 'endpoint') ?? missingEndpoint(name.value);
  const key = first(own, 'accessKey');
  const parsed = parseEndpoint(endpoint.value, endpoint.label);
  return {
    settings: {
      name: name.value,
      endpoint: parsed,
      credential: credentialOf(parsed, key),
      source: name.label,
    },
    origins: { name: name.label, endpoint: endpoint.label, credential: key?.label ?? 'Entra ID sign-in' },
  };
}

function first(
  sources: readonly AccountSource[],
  part: 'account' | 'endpoint' | 'accessKey',
): Found | undefined {
  for (const source of sources) {
    const value = source[part]?.trim();
    if (value !== undefined && value !== '') return { value, label: source.label };
  }
  return undefined;
}

function findName(sources: readonly AccountSource[]): Found {
  const endpoint = first(sources, 'endpoint');
  const name = first(sources, 'account');
  // An endpoint from an earlier place than the name belongs to an account of its own.
  const rank = (found: Found | undefined) => sources.findIndex(({ label }) => label === found?.label);
  if (name !== undefined && (endpoint === undefined || rank(name) <= rank(endpoint))) return name;
  if (endpoint !== undefined) {
    const value = accountNameOf(parseEndpoint(endpoint.value, endpoint.label));
    if (value !== undefined) return { value, label: endpoint.label };
    if (name !== undefined) return name;
    throw new CredentialError(`there is an endpoint (${endpoint.label}) but no account name`, {
      next: 'export AZURE_BATCH_ACCOUNT=NAME, or give --account NAME',
    });
  }
  throw new NotConfiguredError('no Batch account is configured', {
    next: 'azb demo to look around, or az batch account login -g GROUP -n ACCOUNT, or set AZURE_BATCH_ACCOUNT, AZURE_BATCH_ENDPOINT and AZURE_BATCH_ACCESS_KEY',
  });
}

/** An account that is named, and of which no place says where it is. Where accounts are managed it may be known. */
export class EndpointUnknown extends CredentialError {
  readonly account: string;

  constructor(account: string, message: string, next: string) {
    super(message, { next });
    this.account = account;
  }
}

function missingEndpoint(name: string): never {
  throw new EndpointUnknown(
    name,
    `no endpoint of the account ${name} is known`,
    `export AZURE_BATCH_ENDPOINT=https://${name}.REGION.batch.azure.com, or give --endpoint`,
  );
}

function credentialOf(endpoint: string, key: Found | undefined): CredentialSettings {
  if (key === undefined) return { kind: 'Entra ID', cloud: cloudOf(endpoint) };
  if (!isBase64(key.value)) {
    throw new CredentialError(
      `the account key (${key.label}) is not a Batch key: it is not Base64, or is cut`,
      {
        next: 'az batch account keys list -g GROUP -n ACCOUNT, and copy the whole key',
      },
    );
  }
  return { kind: 'shared key', key: key.value };
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}
