/**
 * What each configuration file may hold: the one source of the checks, of the types and of docs/config.md.
 * A file is checked entry by entry, so that one bad entry costs no other.
 */
import * as v from 'valibot';
import { parseKeyName } from '../lib/key-name.ts';
import { nearest } from '../lib/nearest.ts';
import { accountPattern } from './account-pattern.ts';

/** Names that only the rest of azb knows; config/ itself stays below it. */
export interface Vocabulary {
  /** Ids of the key table, such as `table.describe`. */
  readonly bindings: readonly string[];
  /** Columns of each resource: their ids and the titles that people see. */
  readonly columns: Readonly<Record<string, readonly { readonly id: string; readonly title: string }[]>>;
  /** Roles of a skin. */
  readonly roles: readonly string[];
}

/** What is on or off. */
export const YES_NO = v.boolean('must be true or false');

/** A text that must be one of some names; the message proposes the nearest. */
function oneOf(names: readonly string[], what: string) {
  return v.pipe(
    v.string(`must be ${what}`),
    v.check(
      (text) => names.includes(text),
      (issue) => `is not ${what}${hint(String(issue.input), names)}`,
    ),
  );
}

/** ` (did you mean NAME?)`, or nothing when none is near. */
export function hint(text: string, names: readonly string[]): string {
  const meant = nearest(text, names);
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}

const KEY = v.pipe(
  v.string('must be a key such as f5, ctrl-j or shift-t'),
  v.check(
    (text) => parseKeyName(text) !== undefined,
    'is no key that terminals send; keys are named like j, shift-t, ctrl-j, f5, pgup',
  ),
  v.transform((text) => parseKeyName(text) ?? text),
  v.title('key'),
);

/** The key of a map entry, such as a hotkey's; undefined when it is no key. */
export const keyName: (text: string) => string | undefined = parseKeyName;

const STORAGE = v.pipe(
  v.string('must be an address such as https://NAME.blob.core.windows.net, or a connection string'),
  v.minLength(1, 'must not be empty'),
);

const ACCOUNT = v.strictObject({
  name: v.pipe(v.string('must be the name of a Batch account'), v.minLength(1, 'must not be empty')),
  endpoint: v.pipe(
    v.string('must be an address such as acct.region.batch.azure.com'),
    v.minLength(1, 'must not be empty'),
  ),
  accessKey: v.optional(v.string('must be the key as text')),
  readOnly: v.optional(YES_NO),
  storage: v.optional(STORAGE),
});

const RING = v.picklist(['bell', 'desktop', 'off'], 'must be bell, desktop or off');

const WEBHOOK = v.pipe(
  v.string('must be an address such as https://hooks.example.com/T0/B0'),
  v.check(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'must be an address such as https://hooks.example.com/T0/B0',
  ),
);

const PRICE = v.pipe(
  v.number('must be the price of an hour as a number'),
  v.minValue(0, 'must not be less than 0'),
);

const PATTERN = v.pipe(
  v.string('must be a pattern such as prod* or /^(live|prod)-/'),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const pattern = accountPattern(dataset.value);
    if ('problem' in pattern) addIssue({ message: `is no pattern: ${pattern.problem}` });
  }),
  v.title('pattern'),
);

/** `config.yaml`: one schema a setting. */
export const SETTINGS = {
  account: v.pipe(
    v.string('must be the name of one of the accounts'),
    v.description('Name of the account to use among `accounts`; by default the first.'),
  ),
  accounts: v.pipe(
    v.array(v.pipe(ACCOUNT, v.title('accounts')), 'must be a list of accounts with name and endpoint'),
    v.description(
      'Batch accounts: `name`, `endpoint`, and if you wish `accessKey` (without it azb signs in with Entra ID), `readOnly`, and its own `storage`.',
    ),
  ),
  storage: v.pipe(
    STORAGE,
    v.title('address or connection string'),
    v.description(
      "The storage account whose containers azb shows: its address (`https://NAME.blob.core.windows.net`, for which azb signs in with Entra ID; a shared access signature may stand behind it), or a connection string. `AZURE_STORAGE_CONNECTION_STRING`, `AZURE_STORAGE_ACCOUNT` with `AZURE_STORAGE_KEY` or `AZURE_STORAGE_SAS_TOKEN`, and the section `[storage]` of az's file come before it, the `storage` of an account before these.",
    ),
  ),
  readOnly: v.pipe(YES_NO, v.description('Nothing can be changed unless `--write` is given.')),
  readOnlyAccounts: v.pipe(
    v.array(PATTERN, 'must be a list of patterns'),
    v.description(
      'Accounts whose name matches one of these are read-only unless `--write` is given or the account says `readOnly: false`. A pattern is a glob (`prod*`), or a regular expression between slashes (`/^(live|prod)-/`); case does not matter.',
    ),
  ),
  refreshSeconds: v.pipe(
    v.number('must be a number of seconds'),
    v.minValue(0.5, 'must be at least 0.5 seconds'),
    v.maxValue(3600, 'must be at most 3600 seconds'),
    v.description('Seconds between two refreshes of the view on the screen, 0.5 to 3600.'),
  ),
  rowLimit: v.pipe(
    v.number('must be a number of rows'),
    v.integer('must be a whole number'),
    v.minValue(1000, 'must be at least 1000 rows'),
    v.maxValue(1_000_000, 'must be at most 1000000 rows'),
    v.description('Rows of one list that are held in memory at most, 1000 to 1000000.'),
  ),
  tailMegabytes: v.pipe(
    v.number('must be a number of megabytes'),
    v.integer('must be a whole number'),
    v.minValue(1, 'must be at least 1 megabyte'),
    v.maxValue(512, 'must be at most 512 megabytes'),
    v.description(
      'Megabytes of a tail that are held in memory at most, of all its files together, 1 to 512. Older lines go first.',
    ),
  ),
  headless: v.pipe(YES_NO, v.description('Start without the header; `ctrl-e` shows it.')),
  crumbless: v.pipe(
    YES_NO,
    v.description('Start without the line that tells the way to here; `ctrl-g` shows it.'),
  ),
  header: v.pipe(
    v.picklist(['auto', 'small'], 'must be auto or small'),
    v.description('`auto` shows the large header where there is room, `small` always shows two lines.'),
  ),
  notify: v.pipe(
    v.union([RING, v.strictObject({ ring: v.optional(RING), webhook: v.optional(WEBHOOK) })], (issue) =>
      unionMessage(issue, 'must be bell, desktop or off, or ring and webhook'),
    ),
    v.title('`bell`, `desktop`, `off`, or a section'),
    v.description(
      'What happens when something that `B` watches is over: `bell` rings the terminal, `desktop` also shows a notification where the terminal can (OSC 9), `off` leaves it at a message. A section has that as `ring`, and a `webhook`, see below.',
    ),
  ),
  prices: v.pipe(
    v.strictObject({
      currency: v.pipe(
        v.string('must be a currency such as EUR'),
        v.minLength(1, 'must not be empty'),
        v.maxLength(8, 'must have at most 8 characters'),
      ),
      sizes: v.pipe(
        v.record(v.string(), v.strictObject({ dedicated: v.optional(PRICE), spot: v.optional(PRICE) })),
        v.transform((sizes) =>
          Object.fromEntries(Object.entries(sizes).map(([size, price]) => [size.toLowerCase(), price])),
        ),
      ),
    }),
    v.title('a section'),
    v.description(
      'What nodes cost, by your own words: `currency`, and `sizes` with a `dedicated` and a `spot` price an hour for each VM size, see below. Without it azb shows no costs.',
    ),
  ),
  restoreView: v.pipe(YES_NO, v.description('Start on the list that was open when azb ended.')),
  skin: v.pipe(
    v.string('must be the name of a skin'),
    v.description(
      '`dark`, `light`, the name of a file in `skins/` without `.yaml`, or `auto`: `light` where the terminal says that its background is (by `COLORFGBG`), else `dark`.',
    ),
  ),
  keys: v.pipe(
    v.record(v.string(), v.union([KEY, v.array(KEY)], 'must be a key or a list of keys')),
    v.description(
      'Other keys for what docs/keys.md lists, by name: `table.describe: f3`, `pools.resize: [z, f6]`, `table.save: []` for none. A key that is taken is refused with the name of what has it.',
    ),
  ),
} as const;

/** `aliases.yaml`: a word and the command that it stands for. */
export const ALIAS = v.pipe(
  v.string('must be a command, such as jobs or tasks myjob /failed'),
  v.trim(),
  v.minLength(1, 'must not be empty'),
  v.transform((text) => text.replace(/^:/, '')),
  v.title('command'),
);

const OVERRIDE = v.pipe(
  v.optional(YES_NO, false),
  v.description('Take the key even though azb uses it for something else.'),
);

/** `hotkeys.yaml`: the entry of a key. */
export const HOTKEY = v.union(
  [
    ALIAS,
    v.strictObject({
      command: v.pipe(ALIAS, v.description('What you would type behind `:`.')),
      help: v.pipe(v.optional(v.string('must be text')), v.description('What the help says about it.')),
      override: OVERRIDE,
    }),
  ],
  'must be a command, or command, help and override',
);

/** `plugins.yaml`: the entry of a plugin. */
export function pluginSchema(vocabulary: Vocabulary) {
  const scopes = [...Object.keys(vocabulary.columns), 'all'];
  return v.strictObject({
    key: v.pipe(KEY, v.description('The key that starts it.')),
    scopes: v.pipe(
      v.array(
        v.pipe(oneOf(scopes, 'a resource or all'), v.title('resources')),
        'must be a list of resources',
      ),
      v.minLength(1, 'must name a resource, or all'),
      v.description('Lists in which it works: names of resources, or `all`.'),
    ),
    help: v.pipe(v.string('must be text'), v.description('What the menu and the help say about it.')),
    command: v.pipe(
      v.string('must be a program'),
      v.minLength(1, 'must not be empty'),
      v.description('The program; no shell is between, so `sh` with `-c` is what runs a line of shell.'),
    ),
    args: v.pipe(
      v.optional(v.array(v.string('must be text; quote numbers'), 'must be a list of texts'), []),
      v.description('Its arguments, with the variables below.'),
    ),
    confirm: v.pipe(v.optional(YES_NO, false), v.description('Ask before it runs.')),
    dangerous: v.pipe(
      v.optional(YES_NO, false),
      v.description('It changes something: it asks, and is gone in read-only mode.'),
    ),
    background: v.pipe(
      v.optional(YES_NO, false),
      v.description('It runs without the terminal, and azb says how it ended.'),
    ),
    pause: v.pipe(
      v.optional(YES_NO, false),
      v.description('When it has ended, enter goes back to azb, so that its output can be read.'),
    ),
    override: OVERRIDE,
  });
}

/** What the branch that fits best says, because "none of them" helps nobody. */
export function unionMessage(issue: v.UnionIssue<v.BaseIssue<unknown>>, otherwise: string): string {
  const fitting = issue.issues?.find((inner) => inner.type === 'check' || inner.type === 'custom');
  return fitting?.message ?? otherwise;
}
