import { accountPattern } from './account-pattern.ts';
import type { LoadedSettings } from './settings.ts';

/** What the command line says about it. */
export interface ReadOnlyFlags {
  readonly readonly: boolean;
  readonly write: boolean;
}

/**
 * Why an account is read-only, in a few words, or undefined when it is not. The flags decide first, then what
 * the account itself says, then the patterns, then the setting for all accounts. A file that cannot be read
 * might have said it, so it counts as if it had.
 */
export function readOnlyReason(
  { settings, isDoubtful }: Pick<LoadedSettings, 'settings' | 'isDoubtful'>,
  account: string | undefined,
  flags: ReadOnlyFlags,
): string | undefined {
  if (flags.readonly) return 'by --readonly';
  if (flags.write) return undefined;
  if (isDoubtful) return 'config.yaml is in error: azb info says where';
  if (account !== undefined) {
    const own = settings.accounts.find(({ name }) => name.toLowerCase() === account.toLowerCase())?.readOnly;
    if (own !== undefined) return own ? 'by its entry in config.yaml' : undefined;
    const pattern = settings.readOnlyAccounts.find((text) => matches(text, account));
    if (pattern !== undefined) return `its name matches ${pattern}`;
  }
  return settings.readOnly ? 'by readOnly in config.yaml' : undefined;
}

function matches(text: string, account: string): boolean {
  const pattern = accountPattern(text);
  return 'test' in pattern && pattern.test(account);
}
