import { KEYS } from './table.ts';
import type { Binding, KeyScope } from './types.ts';

/** The binding of a key in the first of the scopes that has one; dangerous ones do not exist when read-only. */
export function findBinding(
  key: string,
  scopes: readonly KeyScope[],
  readOnly: boolean,
  table: readonly Binding[] = KEYS,
): Binding | undefined {
  for (const scope of scopes) {
    const found = table.find((binding) => binding.scope === scope && binding.keys.includes(key));
    if (found !== undefined) return found.dangerous === true && readOnly ? undefined : found;
  }
  return undefined;
}

/** The bindings of the scopes in the table's order, without the keys that an earlier scope hides. */
export function bindingsOf(
  scopes: readonly KeyScope[],
  readOnly: boolean,
  table: readonly Binding[] = KEYS,
): Binding[] {
  return scopes.flatMap((scope, depth) => {
    const before = scopes.slice(0, depth);
    return table.flatMap((binding) => {
      if (binding.scope !== scope || (readOnly && binding.dangerous === true)) return [];
      const keys = binding.keys.filter((key) => findBinding(key, before, false, table) === undefined);
      if (keys.length === 0) return [];
      return [keys.length === binding.keys.length ? binding : { ...binding, keys }];
    });
  });
}

/** A key as people read it: `<ctrl-d>`. */
export function keyLabel(key: string): string {
  return `<${key}>`;
}
