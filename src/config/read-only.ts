import { accountPattern } from './account-pattern.ts';
import type { Settings } from './settings.ts';

/** What the command line says about it. */
export interface ReadOnlyFlags {
  readonly readonly: boolean;
  readonly write: boolean;
}

/**
 * Why an account is read-only, in a few words, or undefined when it is not. The flags decide first, then what
 * the account itself says, then the patterns, then the setting for all accounts.
 */
export function readOnlyReason(
  settings: Settings,
  account: string | undefined,
  flags: ReadOnlyFlags,
): string | undefined {
  if (flags.readonly) return 'by --readonly';
  if (flags.write) return undefined;
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
