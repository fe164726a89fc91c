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
