import { HISTORY } from '../lib/history.ts';
import type { Prices } from '../lib/prices.ts';
import type { Style } from '../lib/style.ts';
import type { KnownAccount } from '../resources/account.ts';
import type { TriedFormula } from '../resources/autoscale.ts';
import type { Sort } from '../resources/order.ts';

/** A key that runs a `:` command. */
export interface HotkeyCommand {
  readonly key: string;
  readonly command: string;
  readonly help: string;
}

/** A program that a key runs on the rows of a list. */
export interface PluginCommand {
  readonly name: string;
  readonly key: string;
  /** Names of resources, or `all`. */
  readonly scopes: readonly string[];
  readonly help: string;
  readonly command: string;
  /** With variables such as `$ID`. */
  readonly args: readonly string[];
  readonly confirm: boolean;
  readonly dangerous: boolean;
  readonly background: boolean;
  readonly pause: boolean;
}

/** The columns of a list as the user wants them. */
export interface ColumnPreference {
  readonly columns?: readonly { readonly column: string; readonly width?: number | undefined }[] | undefined;
  readonly sort?: Sort | undefined;
}

/** What the user's files say, as far as the screens and the prompt go by it. Replaced as one when a file changes. */
export interface Preferences {
  /** The accounts that can be opened. */
  readonly accounts: readonly KnownAccount[];
  /** The rule that makes an account read-only, known or not; undefined when it can be changed. */
  readonly readOnlyOf?: (account: string) => string | undefined;
  readonly aliases: Readonly<Record<string, string>>;
  readonly hotkeys: readonly HotkeyCommand[];
  readonly plugins: readonly PluginCommand[];
  /** By resource. */
  readonly views: Readonly<Record<string, ColumnPreference>>;
  /** Keys instead of those of the key table, by the id of the binding. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** Every skin there is, by its name; each has all roles. */
  readonly skins: Readonly<Record<string, Readonly<Record<string, Style>>>>;
  /** Name of the skin that is worn. */
  readonly skin: string;
  readonly header: 'auto' | 'small';
  /** What happens when something that is watched is over. */
  readonly notify: NotifyPreference;
  /** What nodes cost; undefined where the user does not say. */
  readonly prices?: Prices | undefined;
}

/** How the user is called. */
export interface NotifyPreference {
  readonly ring: 'bell' | 'desktop' | 'off';
  /** Told as well; its address may be a secret. */
  readonly webhook?: string | undefined;
}

export const NO_PREFERENCES: Preferences = {
  accounts: [],
  aliases: {},
  hotkeys: [],
  plugins: [],
  views: {},
  keys: {},
  skins: {},
  skin: 'dark',
  header: 'auto',
  notify: { ring: 'bell' },
};

/** What azb itself remembers from run to run. */
export interface Memory {
  /** `:` commands, the newest first. */
  readonly commands: readonly string[];
  /** `/` filters, the newest first. */
  readonly filters: readonly string[];
  /** What the user last sorted each resource by. */
  readonly sorts: Readonly<Record<string, Sort>>;
  /** The `:` command of the last list, by account. */
  readonly lastViews: Readonly<Record<string, string>>;
  /** What was tried on pools, the latest first; by account and pool. */
  readonly formulas: Readonly<Record<string, readonly TriedFormula[]>>;
}

export const NO_MEMORY: Memory = { commands: [], filters: [], sorts: {}, lastViews: {}, formulas: {} };

/** The history with what was typed just now; the same text again only moves to the front. */
export function withEntry(history: readonly string[], text: string): readonly string[] {
  const entry = text.trim();
  if (entry === '' || history[0] === entry) return history;
  return [entry, ...history.filter((old) => old !== entry)].slice(0, HISTORY);
}
