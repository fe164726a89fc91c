import { type AccountSettings, regionOf } from '../api/settings.ts';
import { CredentialError } from '../lib/errors.ts';
import { type AccountSource, findAccount } from './find-account.ts';
import type { Configuration } from './load.ts';
import { type ReadOnlyFlags, readOnlyReason } from './read-only.ts';

type KnownAccount = {
  readonly name: string;
  /** The rule that makes it read-only. */
  readonly readOnly: string | undefined;
  /** Where its endpoint was found, or else its name. */
  readonly source: string;
} & (
  | { readonly endpoint: string; readonly region: string; readonly auth: 'shared key' | 'Entra ID' }
  | { readonly problem: string }
);

/** Every account that any place names, once, in the order of the places; no keys. */
export function knownAccounts(configuration: Configuration, flags: ReadOnlyFlags): KnownAccount[] {
  const named = new Map<string, AccountSource & { readonly account: string }>();
  for (const source of configuration.accountSources) {
    const { account } = source;
    const key = account?.toLowerCase();
    if (account !== undefined && key !== undefined && !named.has(key)) named.set(key, { ...source, account });
  }
  return [...named.values()].map(({ account, label }) => ({
    name: account,
    readOnly: readOnlyReason(configuration, account, flags),
    ...partsOf(account, label, configuration.accountSources),
  }));
}

/** The settings of an account that is named somewhere. @throws CredentialError when they do not say enough */
export function settingsOfKnown(configuration: Configuration, name: string): AccountSettings {
  const { accountSources } = configuration;
  const named = accountSources.find(({ account }) => account?.toLowerCase() === name.toLowerCase());
  return settingsOf(name, named?.label ?? 'accounts', accountSources).settings;
}

/** What flags say is about the account that they were given for. */
function settingsOf(name: string, label: string, sources: readonly AccountSource[]) {
  const usable = sources.filter((source) => source.label !== 'flags' || source.account === name);
  return findAccount([{ label, account: name }, ...usable]);
}

/** What going to the account by its name would find. */
function partsOf(name: string, label: string, sources: readonly AccountSource[]) {
  try {
    const { settings, origins } = settingsOf(name, label, sources);
    const { endpoint, credential } = settings;
    return { endpoint, region: regionOf(endpoint), auth: credential.kind, source: origins.endpoint };
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error;
    return { problem: error.message, source: label };
  }
}
