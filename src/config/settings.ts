/** An account in azb's own configuration; without a key azb signs in with Entra ID. */
export interface ConfiguredAccount {
  readonly name: string;
  readonly endpoint: string;
  readonly accessKey?: string | undefined;
}

/** What a user can set in `config.yaml`. */
export interface Settings {
  /** Name of the account to use among `accounts`; by default the first. */
  readonly account?: string | undefined;
  readonly accounts: readonly ConfiguredAccount[];
  /** Seconds between two refreshes of the screen. */
  readonly refreshSeconds: number;
  /** Nothing can be changed unless `--write` is given. */
  readonly readOnly: boolean;
  /** The UI starts without its header. */
  readonly headless: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  accounts: [],
  refreshSeconds: 2,
  readOnly: false,
  headless: false,
};

export interface LoadedSettings {
  readonly settings: Settings;
  /** What is wrong with the file, one line each with the place; the default stands in for each such setting. */
  readonly problems: readonly string[];
}
