import { isDeepStrictEqual } from 'node:util';
import type { Entity, Resource } from '../../resources/types.ts';

export interface Merge {
  readonly rows: readonly Entity[];
  /** The rows as they were before, of those that changed. */
  readonly before: ReadonlyMap<string, Entity>;
  readonly changed: boolean;
  /** Rows that would have belonged to the list were left out because it was full. */
  readonly overflowed: boolean;
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
  return { rows: changed ? rows : held, before, changed, overflowed: false };
}

/** What a list may hold. */
export interface ListBounds {
  /** Rows at most. */
  readonly limit: number;
  /** There are rows before the first one held: what is new there is none of ours. */
  readonly cutStart: boolean;
  /** There are rows after the last one held. */
  readonly cutEnd: boolean;
  /** Which rows belong to the list; a row that changed and does not any more goes. */
  keep(row: Entity): boolean;
}

/**
 * Brings a list up to date with the rows that changed since the last look. New rows go where the service's
 * ordinal order of ids puts them. Of a list that is cut only what lies between the first and the last row held is taken.
 */
export function mergeDelta(
  resource: Resource<Entity>,
  held: readonly Entity[],
  delta: readonly Entity[],
  bounds: ListBounds,
): Merge {
  const before = new Map<string, Entity>();
  if (isHeld(resource, held, delta)) return { rows: held, before, changed: false, overflowed: false };
  const fresh = new Map(delta.map((row) => [resource.idOf(row), row]));
  let changed = false;
  const rows: Entity[] = [];
  for (const row of held) {
    const id = resource.idOf(row);
    const update = fresh.get(id);
    if (update !== undefined) fresh.delete(id);
    if (update === undefined || sameEntity(row, update)) {
      rows.push(row);
      continue;
    }
    changed = true;
    if (!bounds.keep(update)) continue;
    before.set(id, row);
    rows.push(update);
  }
  const added = addedRows(resource, held, fresh, bounds);
  if (added.length > 0) {
    changed = true;
    rows.push(...added);
    rows.sort((left, right) => ordinal(resource.idOf(left), resource.idOf(right)));
  }
  const overflowed = rows.length > bounds.limit;
  if (!changed) return { rows: held, before, changed, overflowed };
  // The end of a list stays its end.
  const isEnd = bounds.cutStart && !bounds.cutEnd;
  const kept = isEnd ? rows.slice(-bounds.limit) : rows.slice(0, bounds.limit);
  return { rows: kept, before, changed, overflowed };
}

/**
 * Whether all these rows are held as they are. Most looks bring nothing else, and a list of many thousands is not to be copied
 * for them. A list that is not in the order of its ids may answer no to what it holds.
 */
function isHeld(resource: Resource<Entity>, held: readonly Entity[], rows: readonly Entity[]): boolean {
  return rows.every((row) => {
    const old = findById(resource, held, resource.idOf(row));
    return old !== undefined && sameEntity(old, row);
  });
}

function findById(resource: Resource<Entity>, held: readonly Entity[], id: string): Entity | undefined {
  let [low, high] = [0, held.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = held[middle];
    if (row === undefined) return undefined;
    const order = ordinal(resource.idOf(row), id);
    if (order === 0) return row;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

/** The rows that are new and belong among those held. */
function addedRows(
  resource: Resource<Entity>,
  held: readonly Entity[],
  fresh: ReadonlyMap<string, Entity>,
  bounds: ListBounds,
): Entity[] {
  const [first, last] = [held[0], held[held.length - 1]];
  const start = bounds.cutStart && first !== undefined ? resource.idOf(first) : undefined;
  const end = bounds.cutEnd && last !== undefined ? resource.idOf(last) : undefined;
  const isInside = (id: string) =>
    (start === undefined || ordinal(id, start) > 0) && (end === undefined || ordinal(id, end) < 0);
  return [...fresh].filter(([id, row]) => bounds.keep(row) && isInside(id)).map(([, row]) => row);
}

function sameEntity(left: Entity, right: Entity): boolean {
  return left === right || isDeepStrictEqual(left, right);
}

function ordinal(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
