import { readIfPresent } from './read-file.ts';

/** What `az batch account login` left behind. */
export interface AzureConfig {
  readonly account?: string;
  readonly endpoint?: string;
  /** Only when the login was with a shared key; after a later login with Entra ID the old key stays in the file, and is not given. */
  readonly accessKey?: string;
  /** The cloud that az was told to use, by name. */
  readonly cloud?: string;
}

/**
 * Reads the `[batch]` section of az's configuration file.
 * @see https://learn.microsoft.com/cli/azure/batch/account#az-batch-account-login
 */
export async function readAzureConfig(path: string): Promise<AzureConfig> {
  const text = await readIfPresent(path);
  if (text === undefined) return {};
  // A bundler finds no names in this CommonJS module, so it is taken whole.
  const { default: ini } = await import('ini');
  const file: Readonly<Record<string, unknown>> = ini.parse(text);
  const cloud = cloudSection(file);
  return { ...batchSection(file), ...(cloud === undefined ? {} : { cloud }) };
}

function cloudSection({ cloud }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof cloud === 'object' && cloud !== null && 'name' in cloud ? text(cloud.name) : undefined;
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
