/** How azb proves to the service who it is. */
export type CredentialSettings =
  | { readonly kind: 'shared key'; readonly key: string }
  | { readonly kind: 'Entra ID'; readonly cloud: Cloud };

/** The Azure clouds whose Batch services azb can ask for tokens. */
export type Cloud = 'AzureCloud' | 'AzureChinaCloud' | 'AzureUSGovernment';

/** Everything that is needed to talk to one Batch account. */
export interface AccountSettings {
  readonly name: string;
  /** With scheme, without a slash at the end. */
  readonly endpoint: string;
  readonly credential: CredentialSettings;
  /** Where the account was found, for people: `flags`, `environment`, a file's path … */
  readonly source: string;
}

/** Everything that is needed to talk to Azure Resource Manager, where accounts are made. */
export interface ManagementSettings {
  /** With scheme, without a slash at the end. */
  readonly endpoint: string;
  readonly credential: CredentialSettings;
}

/** Where Azure Resource Manager is in each cloud. Its tokens are for the same address. */
export const MANAGEMENT_ENDPOINTS: Readonly<Record<Cloud, string>> = {
  AzureCloud: 'https://management.azure.com',
  AzureChinaCloud: 'https://management.chinacloudapi.cn',
  AzureUSGovernment: 'https://management.usgovcloudapi.net',
};

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** True when the endpoint is this machine, as the emulator's is. */
export function isLoopback(endpoint: string): boolean {
  return LOOPBACK.test(new URL(endpoint).hostname);
}

/**
 * The region in an endpoint's name, such as `westeurope` of `acct.westeurope.batch.azure.com`; `local` for a
 * loopback endpoint, the host itself for any other form.
 */
export function regionOf(endpoint: string): string {
  if (isLoopback(endpoint)) return 'local';
  const { hostname } = new URL(endpoint);
  return /^[^.]+\.([^.]+)\.batch\./.exec(hostname)?.[1] ?? hostname;
}

/** The account's name in an endpoint's name, when it has the form `account.region.batch.…`. */
export function accountNameOf(endpoint: string): string | undefined {
  return /^([^.]+)\.[^.]+\.batch\./.exec(new URL(endpoint).hostname)?.[1];
}

/** The cloud that an endpoint's name belongs to; the public cloud when the name does not say. */
export function cloudOf(endpoint: string): Cloud {
  const { hostname } = new URL(endpoint);
  if (hostname.endsWith('.batch.chinacloudapi.cn')) return 'AzureChinaCloud';
  if (hostname.endsWith('.batch.usgovcloudapi.net')) return 'AzureUSGovernment';
  return 'AzureCloud';
}

/** The cloud whose Azure Resource Manager has this address; the one that is given where the address does not say. */
export function cloudOfManagement(endpoint: string, otherwise: Cloud): Cloud {
  const found = Object.entries(MANAGEMENT_ENDPOINTS).find(([, address]) => address === endpoint);
  return found === undefined ? otherwise : (found[0] as Cloud);
}

/** How azb proves to the storage service who it is. */
export type StorageCredential =
  | { readonly kind: 'shared key'; readonly key: string }
  /** A shared access signature, without its question mark. */
  | { readonly kind: 'signature'; readonly token: string }
  | { readonly kind: 'Entra ID'; readonly cloud: Cloud };

/** Everything that is needed to talk to the blobs of one storage account. */
export interface StorageSettings {
  readonly name: string;
  /** Where its blobs are, with scheme, without a slash at the end. */
  readonly endpoint: string;
  readonly credential: StorageCredential;
  /** Where the account was found, for people. */
  readonly source: string;
}
