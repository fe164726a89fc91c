import { readIfPresent } from './read-file.ts';

/** What `az batch account login` left behind. */
export interface AzureConfig {
  readonly account?: string;
  readonly endpoint?: string;
  /** Only when the login was with a shared key; after a later login with Entra ID the old key stays in the file, and is not given. */
  readonly accessKey?: string;
  /** The cloud that az was told to use, by name. */
  readonly cloud?: string;
  /** The `[storage]` section, in which `az config set storage.account=…` and the like keep defaults. */
  readonly storage?: AzureStorageConfig;
}

export interface AzureStorageConfig {
  readonly text?: string | undefined;
  readonly account?: string | undefined;
  readonly key?: string | undefined;
  readonly signature?: string | undefined;
}

/**
 * Reads the sections `[batch]` and `[storage]` of az's configuration file.
 * @see https://learn.microsoft.com/cli/azure/batch/account#az-batch-account-login
 */
export async function readAzureConfig(path: string): Promise<AzureConfig> {
  const text = await readIfPresent(path);
  if (text === undefined) return {};
  // A bundler finds no names in this CommonJS module, so it is taken whole.
  const { default: ini } = await import('ini');
  const file: Readonly<Record<string, unknown>> = ini.parse(text);
  const cloud = cloudSection(file);
  return { ...batchSection(file), ...storageSection(file), ...(cloud === undefined ? {} : { cloud }) };
}

function cloudSection({ cloud }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof cloud === 'object' && cloud !== null && 'name' in cloud ? text(cloud.name) : undefined;
}

/** @see https://learn.microsoft.com/cli/azure/azure-cli-configuration#cli-configuration-values-and-environment-variables */
function storageSection(file: Readonly<Record<string, unknown>>): Pick<AzureConfig, 'storage'> {
  const section = file.storage;
  if (typeof section !== 'object' || section === null) return {};
  const values = section as Readonly<Record<string, unknown>>;
  const usesEntra = text(values.auth_mode)?.toLowerCase() === 'login';
  return {
    storage: {
      text: usesEntra ? undefined : text(values.connection_string),
      account: text(values.account),
      key: usesEntra ? undefined : text(values.key),
      signature: usesEntra ? undefined : text(values.sas_token),
    },
  };
}

function batchSection(file: Readonly<Record<string, unknown>>): AzureConfig {
  const section = file.batch;
  if (typeof section !== 'object' || section === null) return {};
  const values = section as Readonly<Record<string, unknown>>;
  const account = text(values.account);
  const endpoint = text(values.endpoint);
  const accessKey = text(values.auth_mode)?.toLowerCase() === 'aad' ? undefined : text(values.access_key);
  return {
    ...(account === undefined ? {} : { account }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKey === undefined ? {} : { accessKey }),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
