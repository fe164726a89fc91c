/**
 * What the UI takes from the user's files: joins the configuration with what only the rest of azb knows, the
 * names of keys, columns and roles, and explains what does not fit.
 */
import { BUILT_IN_SKINS, ROLES } from './components/skins.ts';
import { knownAccounts } from './config/known-accounts.ts';
import type { Configuration } from './config/load.ts';
import { notifyOf } from './config/notify.ts';
import { type ReadOnlyFlags, readOnlyReason } from './config/read-only.ts';
import type { Vocabulary } from './config/schema.ts';
import { loadUserFiles, type UserFiles } from './config/user-files.ts';
import { customKeys, type KeyConflict, type UserKey } from './keys/custom.ts';
import { findBinding } from './keys/find.ts';
import { KEYS } from './keys/table.ts';
import type { Binding } from './keys/types.ts';
import type { Prices } from './lib/prices.ts';
import { hasLightBackground, type Style } from './lib/style.ts';
import { withCost } from './resources/cost.ts';
import { RESOURCES } from './resources/registry.ts';
import { scopeOfResource } from './screens/key-table.ts';
import type { Preferences } from './store/preferences.ts';

/** Settings of the UI, flags and files taken together. Made anew when a file changes. */
export interface UiSettings {
  readonly refreshSeconds: number;
  readonly readOnly: boolean;
  /** Why, when it is not the flag that says so. */
  readonly readOnlyReason: string | undefined;
  /** Patterns of accounts that are: a change of them is to be noticed. */
  readonly readOnlyAccounts: readonly string[];
  /** Rows of one list that are held at most. */
  readonly rowLimit: number;
  /** Megabytes of a tail that are held at most. */
  readonly tailMegabytes: number;
  /** Starts without the header. */
  readonly headless: boolean;
  /** Starts without the line that tells the way to here. */
  readonly crumbless: boolean;
  /** Starts on the list that was open when azb ended. */
  readonly restoreView: boolean;
  readonly preferences: Preferences;
  /** What is wrong with the files, a line each. */
  readonly problems: readonly string[];
}

/** The flags of the UI that settings give way to. */
export interface UiFlags extends ReadOnlyFlags {
  readonly refresh: number | undefined;
  readonly headless: boolean;
}

/** Where there are no prices, the column of costs can be named all the same: it is shown as soon as there are some. */
const NO_PRICES: Prices = { currency: 'cost', sizes: {} };

/** The names that configuration files may use. */
export function vocabulary(prices: Prices = NO_PRICES): Vocabulary {
  return {
    bindings: KEYS.map(({ id }) => id),
    columns: Object.fromEntries(
      RESOURCES.map((resource) => [
        resource.name,
        withCost(resource, prices).map(({ id, title }) => ({ id, title })),
      ]),
    ),
    roles: Object.keys(ROLES),
  };
}

/** The settings for an account; bad files are told of in `problems` and never reject. */
export async function uiSettings(
  configuration: Configuration,
  flags: UiFlags,
  account: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<UiSettings> {
  const { settings, paths } = configuration;
  const files = await loadUserFiles(paths.configFolder, vocabulary(settings.prices));
  const reason = readOnlyReason(configuration, account, flags);
  const { preferences, problems } = preferencesOf(
    configuration,
    files,
    flags,
    hasLightBackground(env) ? 'light' : 'dark',
  );
  return {
    refreshSeconds: flags.refresh ?? settings.refreshSeconds,
    readOnly: reason !== undefined,
    readOnlyReason: flags.readonly ? undefined : reason,
    readOnlyAccounts: settings.readOnlyAccounts,
    rowLimit: settings.rowLimit,
    tailMegabytes: settings.tailMegabytes,
    headless: flags.headless || settings.headless,
    crumbless: settings.crumbless,
    restoreView: settings.restoreView,
    preferences,
    problems: [...configuration.problems, ...files.problems, ...problems],
  };
}

function preferencesOf(
  configuration: Configuration,
  files: UserFiles,
  flags: UiFlags,
  usualSkin: 'dark' | 'light',
): { readonly preferences: Preferences; readonly problems: readonly string[] } {
  const { settings, place } = configuration;
  const places = new Map<string, string>();
  const own = [...files.hotkeys.map(hotkeyKey), ...files.plugins.map(pluginKey)];
  for (const hotkey of files.hotkeys) places.set(`hotkey:${hotkey.key}`, hotkey.place);
  for (const plugin of files.plugins) places.set(`plugin:${plugin.name}`, plugin.place);
  const rebound = Object.fromEntries(
    Object.entries(settings.keys).map(([id, keys]) => [id, typeof keys === 'string' ? [keys] : keys]),
  );
  const { table, conflicts } = customKeys(KEYS, rebound, own);
  const isTaken = (id: string) => table.some((binding) => binding.id === id);
  const sure = new Set(own.filter(({ override }) => override).map(({ id }) => id));
  const notes = hiddenSorts(table).filter(({ id }) => !sure.has(id));
  const skins = allSkins(files);
  const skin = settings.skin === 'auto' ? usualSkin : settings.skin;
  const isSkin = Object.hasOwn(skins, skin);
  const skinProblem = `${place(['skin'])}: there is no skin ${skin}: ${Object.keys(skins).join(', ')}`;
  return {
    preferences: {
      accounts: knownAccounts(configuration, flags),
      readOnlyOf: (account) => readOnlyReason(configuration, account, flags),
      aliases: files.aliases,
      hotkeys: files.hotkeys.filter(({ key }) => isTaken(`hotkey:${key}`)),
      plugins: files.plugins.filter(({ name }) => isTaken(`plugin:${name}`)),
      views: files.views,
      keys: changedKeys(table),
      skins,
      skin: isSkin ? skin : usualSkin,
      header: settings.header,
      notify: notifyOf(settings),
      prices: settings.prices,
    },
    problems: [
      ...[...conflicts, ...notes].map(
        ({ id, text }) => `${places.get(id) ?? `${place(['keys', id])}: ${id}`}: ${text}`,
      ),
      ...(isSkin ? [] : [skinProblem]),
    ],
  };
}

function hotkeyKey({ key, help, override }: UserFiles['hotkeys'][number]): UserKey {
  return { id: `hotkey:${key}`, key, scopes: ['global'], help, dangerous: false, override, quiet: true };
}

function pluginKey({ name, key, scopes, help, dangerous, override }: UserFiles['plugins'][number]): UserKey {
  const where = scopes.map(scopeOfResource);
  return { id: `plugin:${name}`, key, scopes: where, help, dangerous, override, quiet: false };
}

/** Letters that sorted a list and do something else now: they sort only where no key of the table is. */
function hiddenSorts(table: readonly Binding[]): KeyConflict[] {
  const hidden = new Map<string, { readonly id: string; readonly key: string; readonly lists: string[] }>();
  for (const { name, columns } of RESOURCES) {
    for (const { sortKey: key } of columns) {
      if (key === undefined) continue;
      const scopes = [scopeOfResource(name), 'table', 'global'] as const;
      const binding = findBinding(key, scopes, false, table);
      if (binding === undefined || findBinding(key, scopes, false, KEYS) !== undefined) continue;
      const entry = hidden.get(binding.id + key) ?? { id: binding.id, key, lists: [] };
      entry.lists.push(name);
      hidden.set(binding.id + key, entry);
    }
  }
  return [...hidden.values()].map(({ id, key, lists }) => ({
    id,
    text: `${key} does not sort ${lists.join(', ')} any more: > and < do`,
  }));
}

/** The keys of azb's own bindings that differ from the key table. */
function changedKeys(table: readonly { readonly id: string; readonly keys: readonly string[] }[]) {
  const known = new Map(KEYS.map(({ id, keys }) => [id, keys]));
  return Object.fromEntries(
    table.flatMap(({ id, keys }) => {
      const before = known.get(id);
      return before === undefined || before === keys ? [] : [[id, keys]];
    }),
  );
}

function allSkins({ skins }: UserFiles): Record<string, Readonly<Record<string, Style>>> {
  const own = Object.entries(skins).map(([name, { base, styles }]) => [
    name,
    { ...BUILT_IN_SKINS[base], ...styles },
  ]);
  return { ...BUILT_IN_SKINS, ...Object.fromEntries(own) };
}
