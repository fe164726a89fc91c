import type { Binding, KeyScope } from './types.ts';

/** A key of the user's own: a hotkey or a plugin. */
export interface UserKey {
  /** `hotkey:f5`, `plugin:NAME`. */
  readonly id: string;
  readonly key: string;
  readonly scopes: readonly KeyScope[];
  readonly help: string;
  readonly dangerous: boolean;
  /** Takes the key from azb's own bindings. */
  readonly override: boolean;
  /** Left out of the header's menu. */
  readonly quiet: boolean;
}

/** What was asked for and cannot be, in words. */
export interface KeyConflict {
  /** The id of the binding that was to have other keys, or of the user's key. */
  readonly id: string;
  readonly text: string;
}

export interface CustomKeys {
  readonly table: readonly Binding[];
  readonly conflicts: readonly KeyConflict[];
}

/** Scopes that take every key while they are open: nothing of a view works there. */
const MODAL: readonly KeyScope[] = ['prompt', 'dialog', 'form', 'picker'];
const TYPING: readonly KeyScope[] = ['prompt', 'form', 'picker'];
const TEXTS: readonly KeyScope[] = ['text', 'tail', 'help'];

/**
 * The key table with other keys for some bindings and with the user's own keys. What would make two things of
 * one key in one place is not done, and said in `conflicts`; so is a key that works less widely than asked.
 */
export function customKeys(
  builtIn: readonly Binding[],
  rebound: Readonly<Record<string, readonly string[]>>,
  own: readonly UserKey[],
): CustomKeys {
  const conflicts: KeyConflict[] = [];
  let table = rebind(builtIn, rebound, conflicts);
  for (const userKey of own) {
    const taken = table.filter((binding) => clashes(binding, userKey));
    if (taken.length > 0 && !userKey.override) {
      const whose = taken.map(named).join(', ');
      conflicts.push({
        id: userKey.id,
        text: `${userKey.key} is taken by ${whose}: choose another key, or say override: true`,
      });
      continue;
    }
    table = [...ownBindings(userKey), ...table.map((binding) => yielded(binding, userKey))];
  }
  return { table, conflicts };
}

function rebind(
  builtIn: readonly Binding[],
  rebound: Readonly<Record<string, readonly string[]>>,
  conflicts: KeyConflict[],
): readonly Binding[] {
  const refused = new Set<string>();
  const rebuilt = () =>
    builtIn.map((binding) => {
      const keys = refused.has(binding.id) ? undefined : rebound[binding.id];
      return keys === undefined ? binding : { ...binding, keys };
    });
  // One that is refused keeps its old key, which another one may have been given: look again.
  for (let table = rebuilt(); ; table = rebuilt()) {
    const found = firstClash(table, rebound, refused);
    if (found === undefined) {
      conflicts.push(...shadows(table, rebound, refused));
      return table;
    }
    refused.add(found.id);
    conflicts.push(found);
  }
}

function firstClash(
  table: readonly Binding[],
  rebound: Readonly<Record<string, readonly string[]>>,
  refused: ReadonlySet<string>,
): KeyConflict | undefined {
  const changed = table.filter(({ id }) => Object.hasOwn(rebound, id) && !refused.has(id));
  for (const binding of changed) {
    for (const key of binding.keys) {
      const other = table.find(
        (candidate) =>
          candidate.id !== binding.id && candidate.scope === binding.scope && candidate.keys.includes(key),
      );
      if (other !== undefined) {
        return { id: binding.id, text: `${key} is taken by ${named(other)}, so nothing is changed` };
      }
      if (TYPING.includes(binding.scope) && (key.length === 1 || key === 'space')) {
        return { id: binding.id, text: `${key} types a character there, so nothing is changed` };
      }
    }
  }
  return undefined;
}

/** A nearer place that has the key keeps it: that is allowed, but must not be a riddle. */
function shadows(
  table: readonly Binding[],
  rebound: Readonly<Record<string, readonly string[]>>,
  refused: ReadonlySet<string>,
): KeyConflict[] {
  return table
    .filter(({ id }) => Object.hasOwn(rebound, id) && !refused.has(id))
    .flatMap((binding) =>
      binding.keys.flatMap((key) => {
        const nearer = table.filter(
          (other) => isNearer(other.scope, binding.scope) && other.keys.includes(key),
        );
        return nearer.map((other) => ({
          id: binding.id,
          text: `works, but in ${other.scope} ${key} stays ${named(other)}`,
        }));
      }),
    );
}

/** Whether the first scope is asked before the second one somewhere. */
function isNearer(first: KeyScope, second: KeyScope): boolean {
  if (MODAL.includes(first) || MODAL.includes(second) || first === second || first === 'global') return false;
  if (second === 'global') return true;
  if (second === 'nodes') return first === 'map';
  if (second === 'text') return first === 'tail' || first === 'help';
  return second === 'table' && !TEXTS.includes(first);
}

/** Whether a key of the user's own would be two things at once, or hide what stood there. */
function clashes(binding: Binding, own: UserKey): boolean {
  if (MODAL.includes(binding.scope) || !binding.keys.includes(own.key)) return false;
  return own.scopes.some(
    (scope) => binding.scope === scope || isNearer(binding.scope, scope) || isNearer(scope, binding.scope),
  );
}

/** A binding without the key that one of the user's own takes; one that is only hidden keeps it. */
function yielded(binding: Binding, own: UserKey): Binding {
  const gives = own.scopes.some((scope) => binding.scope === scope || isNearer(binding.scope, scope));
  if (!gives || MODAL.includes(binding.scope) || !binding.keys.includes(own.key)) return binding;
  return { ...binding, keys: binding.keys.filter((key) => key !== own.key) };
}

function ownBindings(own: UserKey): Binding[] {
  return own.scopes.map((scope) => ({
    id: own.id,
    scope,
    keys: [own.key],
    help: own.help,
    ...(own.dangerous ? { dangerous: true } : {}),
    ...(own.quiet ? { quiet: true } : {}),
  }));
}

function named(binding: Binding): string {
  return `${binding.help} (${binding.id})`;
}
