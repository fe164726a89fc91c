import { type AzureConfig, readAzureConfig } from './azure-config.ts';
import type { AccountSource } from './find-account.ts';
import type { StorageSource } from './find-storage.ts';
import { loadSettings } from './load-settings.ts';
import { type AzbPaths, azbPaths } from './paths.ts';
import type { Vocabulary } from './schema.ts';
import type { Settings } from './settings.ts';

/** The flags that name an account. */
export interface AccountFlags {
  readonly account?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly accountKey?: string | undefined;
}

/** Everything that azb knows before it asks the service. */
export interface Configuration {
  readonly paths: AzbPaths;
  readonly settings: Settings;
  /** Whether what would make an account read-only cannot be read. */
  readonly isDoubtful: boolean;
  /** `file:line` of a setting. */
  place(path: readonly (string | number)[]): string;
  /** What is wrong with configuration files, a line each. */
  readonly problems: readonly string[];
  /** Where accounts are made, when the environment says so: the emulator prints it. */
  readonly armEndpoint?: string | undefined;
  /** The cloud that az was told to use, by name. */
  readonly cloud?: string | undefined;
  /** For {@link findAccount}, in the order of precedence: flags, environment, az's file, azb's own. */
  readonly accountSources: readonly AccountSource[];
  /** For `findStorage`: what azb's own file says of the Batch account, environment, az's file, azb's own. */
  readonly storageSources: readonly StorageSource[];
}

/**
 * Reads the configuration; only who gives a vocabulary has the names of keys checked. A bad file is told of in
 * `problems` and never rejects.
 */
export async function loadConfiguration(
  flags: AccountFlags,
  env: NodeJS.ProcessEnv,
  vocabulary?: Vocabulary,
): Promise<Configuration> {
  const paths = azbPaths(env);
  const problems: string[] = [];
  const [azure, own] = await Promise.all([
    readAzureConfig(paths.azureConfigFile).catch((error: unknown): AzureConfig => {
      problems.push(`${paths.azureConfigFile}: ${error instanceof Error ? error.message : String(error)}`);
      return {};
    }),
    loadSettings(paths.configFile, vocabulary),
  ]);
  return {
    paths,
    settings: own.settings,
    isDoubtful: own.isDoubtful,
    place: own.place,
    problems: [...problems, ...own.problems],
    armEndpoint: filled(env.AZB_ARM_ENDPOINT),
    cloud: azure.cloud,
    accountSources: [
      { label: 'flags', account: flags.account, endpoint: flags.endpoint, accessKey: flags.accountKey },
      environmentSource(env),
      azureSource(azure, paths.azureConfigFile, env),
      ...ownSources(own.settings, paths.configFile),
    ],
    storageSources: [
      ...own.settings.accounts.flatMap(({ name, storage }) =>
        storage === undefined ? [] : [{ label: paths.configFile, batchAccount: name, text: storage }],
      ),
      environmentStorage(env),
      { label: paths.azureConfigFile, ...azure.storage },
      { label: paths.configFile, text: own.settings.storage },
    ],
  };
}

function azureSource(
  { cloud: _, storage: _storage, ...azure }: AzureConfig,
  label: string,
  env: NodeJS.ProcessEnv,
): AccountSource {
  return { label, ...azure, ...(usesEntra(env) ? { accessKey: undefined } : {}) };
}

/** `az` lets the environment choose Entra ID too, and then disregards every key but one in a flag. */
function usesEntra(env: NodeJS.ProcessEnv): boolean {
  return env.AZURE_BATCH_AUTH_MODE?.toLowerCase() === 'aad';
}

function environmentSource(env: NodeJS.ProcessEnv): AccountSource {
  return {
    label: 'environment',
    account: filled(env.AZURE_BATCH_ACCOUNT),
    endpoint: filled(env.AZURE_BATCH_ENDPOINT),
    accessKey: usesEntra(env) ? undefined : filled(env.AZURE_BATCH_ACCESS_KEY),
  };
}

/** @see https://learn.microsoft.com/cli/azure/storage, whose commands know the same variables */
function environmentStorage(env: NodeJS.ProcessEnv): StorageSource {
  const usesEntraId = env.AZURE_STORAGE_AUTH_MODE?.toLowerCase() === 'login';
  const secret = (value: string | undefined) => (usesEntraId ? undefined : filled(value));
  return {
    label: 'environment',
    text: secret(env.AZURE_STORAGE_CONNECTION_STRING),
    account: filled(env.AZURE_STORAGE_ACCOUNT),
    key: secret(env.AZURE_STORAGE_KEY),
    signature: secret(env.AZURE_STORAGE_SAS_TOKEN),
  };
}

function filled(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}

/** The chosen account comes first; the others serve `--account NAME`. */
function ownSources(settings: Settings, label: string): AccountSource[] {
  const chosen = settings.account?.toLowerCase();
  return settings.accounts
    .toSorted((left, right) => rank(left.name, chosen) - rank(right.name, chosen))
    .map(({ name, endpoint, accessKey }) => ({ label, account: name, endpoint, accessKey }));
}

function rank(name: string, chosen: string | undefined): number {
  return name.toLowerCase() === chosen ? 0 : 1;
}
