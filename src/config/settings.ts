import type * as v from 'valibot';
import type { SETTINGS } from './schema.ts';

type Values = { readonly [Name in keyof typeof SETTINGS]: v.InferOutput<(typeof SETTINGS)[Name]> };

/** What a user can set in `config.yaml`; the schema says what each setting is. */
export type Settings = Omit<Values, 'account' | 'storage' | 'prices'> & {
  readonly account?: string | undefined;
  readonly storage?: string | undefined;
  readonly prices?: Values['prices'] | undefined;
};

export const DEFAULT_SETTINGS: Settings = {
  accounts: [],
  readOnly: false,
  readOnlyAccounts: [],
  refreshSeconds: 2,
  rowLimit: 20_000,
  tailMegabytes: 16,
  headless: false,
  crumbless: false,
  header: 'auto',
  notify: 'bell',
  restoreView: true,
  skin: 'auto',
  keys: {},
};

export interface LoadedSettings {
  readonly settings: Settings;
  /** What is wrong with the file, one line each with the place; the default stands in for each such setting. */
  readonly problems: readonly string[];
  /** What would make an account read-only cannot be read: better no changes than one that was to be forbidden. */
  readonly isDoubtful: boolean;
  /** `file:line` of a setting or a part of one, for those who find something wrong with it later. */
  place(path: readonly (string | number)[]): string;
}
