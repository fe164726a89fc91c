import { ODataSyntaxError } from './syntax.ts';

const PATH = /^[A-Za-z_]\w*(?:\/[A-Za-z_]\w*)*$/;

/**
 * Parses a `$select` such as `id, executionInfo/exitCode` into paths. Throws {@link ODataSyntaxError} for an empty
 * item or one that is no path.
 */
export function parseSelect(text: string): string[][] {
  const paths: string[][] = [];
  let position = 0;
  for (const item of text.split(',')) {
    const path = item.trim();
    if (!PATH.test(path)) {
      throw new ODataSyntaxError(
        position,
        `'${path}' at position ${position} is not the name of a property.`,
      );
    }
    paths.push(path.split('/'));
    position += item.length + 1;
  }
  return paths;
}

/**
 * A copy of `entity` with only the selected properties, in the entity's own order. An annotation such as
 * `stats@odata.navigationLinkUrl` goes with its property. A path into a list selects from each of its items.
 */
export function project(entity: unknown, select: readonly (readonly string[])[]): unknown {
  if (Array.isArray(entity)) return entity.map((item) => project(item, select));
  if (typeof entity !== 'object' || entity === null) return entity;
  const chosen = groupByHead(select);
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(entity)) {
    const rest = chosen.get(name.split('@', 1)[0] ?? name);
    if (rest === undefined) continue;
    result[name] = rest.some((path) => path.length === 0) ? value : project(value, rest);
  }
  return result;
}

function groupByHead(select: readonly (readonly string[])[]): Map<string, (readonly string[])[]> {
  const groups = new Map<string, (readonly string[])[]>();
  for (const [head, ...rest] of select) {
    if (head === undefined) continue;
    groups.set(head, [...(groups.get(head) ?? []), rest]);
  }
  return groups;
}
