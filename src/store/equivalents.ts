import { shellQuote } from '../lib/shell-quote.ts';
import { resourceNamed } from '../resources/registry.ts';
import type { Operation, Scope } from '../resources/types.ts';

/** The `az batch` lines that would do the same, `most` at most; ids are quoted for a shell. */
export function azLines(
  operations: readonly Operation[],
  chosen: Readonly<Record<string, unknown>>,
  most: number,
): string[] {
  return operations.slice(0, most).flatMap(({ resource, action, scope, id, args }) => {
    const known = resourceNamed(resource).actions.find(({ name }) => name === action);
    const line = known?.az?.(shellQuote(id), quotedScope(scope), { ...args, ...chosen });
    return line === undefined ? [] : [line];
  });
}

function quotedScope(scope: Scope): Scope {
  return Object.fromEntries(Object.entries(scope).map(([part, id]) => [part, shellQuote(String(id))]));
}
