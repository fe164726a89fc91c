import { type Cloud, cloudOf, type StorageSettings } from '../api/settings.ts';
import { CredentialError, NotConfiguredError } from '../lib/errors.ts';

/** What one place says about the storage account; places are asked in order. */
export interface StorageSource {
  /** For people: `environment`, a file's path. */
  readonly label: string;
  /** The Batch account that it belongs to; undefined for whichever is in use. */
  readonly batchAccount?: string | undefined;
  /** A connection string, or the address of the account's blobs, with a signature behind it or without. */
  readonly text?: string | undefined;
  readonly account?: string | undefined;
  readonly key?: string | undefined;
  readonly signature?: string | undefined;
}

const SUFFIXES: Readonly<Record<Cloud, string>> = {
  AzureCloud: 'core.windows.net',
  AzureChinaCloud: 'core.chinacloudapi.cn',
  AzureUSGovernment: 'core.usgovcloudapi.net',
};

/**
 * The storage account that goes with a Batch account: from the first place that names one. A name or an address
 * without key and signature is one to sign in to with Entra ID.
 * @throws CredentialError when there is none, or when what a place says is none
 */
export function findStorage(
  sources: readonly StorageSource[],
  batch: { readonly name: string; readonly endpoint: string } | undefined,
): StorageSettings {
  const cloud = batch === undefined ? 'AzureCloud' : cloudOf(batch.endpoint);
  for (const source of sources) {
    const owner = source.batchAccount;
    if (owner !== undefined && owner.toLowerCase() !== batch?.name.toLowerCase()) continue;
    const found = settingsFrom(source, cloud);
    if (found !== undefined) return found;
  }
  throw new NotConfiguredError('no storage account is configured', {
    next: 'export AZURE_STORAGE_CONNECTION_STRING="$(az storage account show-connection-string -n NAME -o tsv)", or storage: https://NAME.blob.core.windows.net in config.yaml to sign in with Entra ID',
  });
}

type StorageChoice =
  | { readonly settings: StorageSettings; readonly problem?: undefined }
  | { readonly settings?: undefined; readonly problem: CredentialError };

/** The storage account to use, or why there is none: that is said where it is asked for, and nowhere else. */
export function chooseStorage(
  { storageSources }: { readonly storageSources: readonly StorageSource[] },
  batch: { readonly name: string; readonly endpoint: string },
): StorageChoice {
  try {
    return { settings: findStorage(storageSources, batch) };
  } catch (error) {
    if (error instanceof CredentialError) return { problem: error };
    throw error;
  }
}

function settingsFrom(source: StorageSource, cloud: Cloud): StorageSettings | undefined {
  const { label, text, account, key, signature } = source;
  if (text !== undefined)
    return /^[a-z]+:\/\//i.test(text) ? fromUrl(text, label, cloud) : fromString(text, label);
  if (account === undefined) return undefined;
  return {
    name: account,
    endpoint: `https://${account}.blob.${SUFFIXES[cloud]}`,
    credential: credentialOf(key, signature, cloud, label),
    source: label,
  };
}

function credentialOf(
  key: string | undefined,
  signature: string | undefined,
  cloud: Cloud,
  label: string,
): StorageSettings['credential'] {
  if (key !== undefined) {
    if (/^[A-Za-z0-9+/]+={0,2}$/.test(key)) return { kind: 'shared key', key };
    throw new CredentialError(`the key of the storage account (${label}) is not Base64, or is cut`, {
      next: 'az storage account keys list -n NAME, and copy the whole key',
    });
  }
  return signature === undefined
    ? { kind: 'Entra ID', cloud }
    : { kind: 'signature', token: signature.replace(/^\?/, '') };
}

/** The address of an account's blobs; what stands behind its question mark gives permission. */
function fromUrl(text: string, label: string, cloud: Cloud): StorageSettings {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw unreadable(label, 'it is no address');
  }
  const { origin, pathname, search } = new URL(text);
  const endpoint = `${origin}${pathname}`.replace(/\/+$/, '');
  return {
    name: accountIn(endpoint),
    endpoint,
    credential: credentialOf(undefined, search === '' ? undefined : search, cloud, label),
    source: label,
  };
}

/** The account's name: the first word of its host, or of the path where the host is a number as an emulator's. */
function accountIn(endpoint: string): string {
  const { hostname, pathname } = new URL(endpoint);
  const first = pathname.split('/')[1] ?? '';
  return first === '' ? (hostname.split('.')[0] ?? hostname) : first;
}

/** The account of storage emulators, whose key is public. */
const DEVELOPMENT =
  'AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1';

/** @see https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string */
function fromString(text: string, label: string): StorageSettings {
  const parts = partsOf(text);
  if (parts.get('usedevelopmentstorage')?.toLowerCase() === 'true') return fromString(DEVELOPMENT, label);
  const account = parts.get('accountname');
  const key = parts.get('accountkey');
  const signature = parts.get('sharedaccesssignature');
  const protocol = parts.get('defaultendpointsprotocol') ?? 'https';
  const suffix = parts.get('endpointsuffix') ?? SUFFIXES.AzureCloud;
  const usual = account === undefined ? undefined : `${protocol}://${account}.blob.${suffix}`;
  const endpoint = (parts.get('blobendpoint') ?? usual)?.replace(/\/+$/, '');
  if (endpoint === undefined || !URL.canParse(endpoint)) {
    throw unreadable(label, 'it has neither AccountName nor BlobEndpoint');
  }
  if (key === undefined && signature === undefined) {
    throw unreadable(label, 'it has neither AccountKey nor SharedAccessSignature');
  }
  return {
    name: account ?? accountIn(endpoint),
    endpoint,
    credential: credentialOf(key, signature, 'AzureCloud', label),
    source: label,
  };
}

function partsOf(text: string): Map<string, string> {
  const pairs = text.split(';').map((part) => {
    const mark = part.indexOf('=');
    return [part.slice(0, mark).trim().toLowerCase(), part.slice(mark + 1).trim()] as const;
  });
  return new Map(pairs.filter(([name]) => name !== ''));
}

/** What is wrong with a text that may hold a key, and is therefore not repeated. */
function unreadable(label: string, why: string): CredentialError {
  return new CredentialError(`the storage account (${label}) cannot be understood: ${why}`, {
    next: 'a connection string as az storage account show-connection-string prints it, or https://NAME.blob.core.windows.net',
  });
}
