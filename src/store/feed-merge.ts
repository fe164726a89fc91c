import type { Entity, Resource } from '../resources/types.ts';

export interface Merge {
  readonly rows: readonly Entity[];
  /** The rows as they were before, of those that changed. */
  readonly before: ReadonlyMap<string, Entity>;
  readonly changed: boolean;
}

/**
 * The service's rows with what is already held: an unchanged row keeps its object, so that whoever remembers
 * something about it still finds it, and an unchanged list keeps its array.
 */
export function mergeWhole(
  resource: Resource<Entity>,
  held: readonly Entity[],
  fresh: readonly Entity[],
): Merge {
  const known = new Map(held.map((row) => [resource.idOf(row), row]));
  const before = new Map<string, Entity>();
  let changed = held.length !== fresh.length;
  const rows = fresh.map((row, index) => {
    const id = resource.idOf(row);
    const old = known.get(id);
    if (old !== undefined && sameEntity(old, row)) {
      if (held[index] !== old) changed = true;
      return old;
    }
    changed = true;
    if (old !== undefined) before.set(id, old);
    return row;
  });
  return { rows: changed ? rows : held, before, changed };
}

/**
 * Brings a list up to date with the rows that changed since the last look. New rows go where the service's
 * ordinal order of ids puts them; beyond `limit` rows they are not taken.
 */
export function mergeDelta(
  resource: Resource<Entity>,
  held: readonly Entity[],
  delta: readonly Entity[],
  limit: number,
): Merge {
  const before = new Map<string, Entity>();
  const fresh = new Map(delta.map((row) => [resource.idOf(row), row]));
  let changed = false;
  const rows = held.map((row) => {
    const id = resource.idOf(row);
    const update = fresh.get(id);
    if (update === undefined) return row;
    fresh.delete(id);
    if (sameEntity(row, update)) return row;
    changed = true;
    before.set(id, row);
    return update;
  });
  const added = [...fresh.values()].slice(0, Math.max(0, limit - rows.length));
  if (added.length > 0) {
    changed = true;
    rows.push(...added);
    rows.sort((left, right) => ordinal(resource.idOf(left), resource.idOf(right)));
  }
  return { rows: changed ? rows : held, before, changed };
}

function sameEntity(left: Entity, right: Entity): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

function ordinal(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
