import type { Database, Table } from './database.ts';

/**
 * A kind of record that there are few of (pools, jobs, nodes): all of them in memory, and written through.
 * Keys are compared without case, as the service compares ids; order is by key, ordinally.
 */
export class Mirror<V> {
  readonly #table: Table<V>;
  readonly #values = new Map<string, V>();
  readonly #idOf: (value: V) => string;
  #sorted: readonly V[] | undefined;

  constructor(database: Database, name: string, idOf: (value: V) => string) {
    this.#table = database.table<V>(name);
    this.#idOf = idOf;
    for (const { value } of this.#table.range({})) this.#values.set(fold(idOf(value)), value);
  }

  get size(): number {
    return this.#values.size;
  }

  get(id: string): V | undefined {
    return this.#values.get(fold(id));
  }

  /** Adds a record, or replaces the one with the same id. */
  put(value: V): V {
    const key = fold(this.#idOf(value));
    this.#values.set(key, value);
    this.#sorted = undefined;
    this.#table.put(key, value);
    return value;
  }

  remove(id: string): void {
    const key = fold(id);
    this.#values.delete(key);
    this.#sorted = undefined;
    this.#table.remove(key);
  }

  /** All records, sorted by id ordinally. The array is not to be changed. */
  all(): readonly V[] {
    this.#sorted ??= [...this.#values.values()].sort((a, b) => ordinal(this.#idOf(a), this.#idOf(b)));
    return this.#sorted;
  }
}

/** Compares as the service sorts: by code unit, with no regard to language. */
export function ordinal(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function fold(id: string): string {
  return id.toLowerCase();
}
