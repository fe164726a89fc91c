import { KEYS } from '../keys/table.ts';
import type { Binding, KeyScope } from '../keys/types.ts';
import type { AppState } from '../store/state.ts';

const HOTKEY = 'hotkey:';
const PLUGIN = 'plugin:';

/** The key table as the user's files have it: other keys for some bindings, hotkeys and plugins. */
export function keysOf({ preferences }: AppState): readonly Binding[] {
  const { keys, hotkeys, plugins } = preferences;
  const isPlain = hotkeys.length === 0 && plugins.length === 0 && Object.keys(keys).length === 0;
  if (isPlain) return KEYS;
  return [
    ...plugins.flatMap((plugin) =>
      plugin.scopes.map((scope) => ({
        id: PLUGIN + plugin.name,
        scope: scopeOfResource(scope),
        keys: [plugin.key],
        help: plugin.help,
        dangerous: plugin.dangerous,
      })),
    ),
    ...KEYS.map((binding) => {
      const own = keys[binding.id];
      return own === undefined ? binding : { ...binding, keys: own };
    }),
    ...hotkeys.map(
      ({ key, help }): Binding => ({ id: HOTKEY + key, scope: 'global', keys: [key], help, quiet: true }),
    ),
  ];
}

/** The key to name in a hint: the first one that does what the binding does. */
export function keyFor({ preferences }: AppState, id: string): string {
  const keys = preferences.keys[id] ?? KEYS.find((binding) => binding.id === id)?.keys ?? [];
  return keys[0] ?? 'no key';
}

/** Lists whose rows are of another kind of list, and take its keys. */
const SHARED: Readonly<Record<string, KeyScope>> = { failedtasks: 'tasks', runningtasks: 'tasks' };

/**
 * The scope of a resource's list; `all` is any table. Every resource may have a scope, though few have keys of azb's own, and
 * some those of another.
 */
export function scopeOfResource(name: string): KeyScope {
  return name === 'all' ? 'table' : (SHARED[name] ?? (name as KeyScope));
}

/** The hotkey's key, when a binding is one of the user's. */
export function hotkeyOf(binding: Binding): string | undefined {
  return binding.id.startsWith(HOTKEY) ? binding.id.slice(HOTKEY.length) : undefined;
}

/** The plugin's name, when a binding is one. */
export function pluginOf(binding: Binding): string | undefined {
  return binding.id.startsWith(PLUGIN) ? binding.id.slice(PLUGIN.length) : undefined;
}
