import type { NodeRecord } from '../model/entities.ts';
import type { Database, Table } from './database.ts';
import { ordinal } from './mirror.ts';

/** The nodes of all pools, in memory and written through. */
export class NodeStore {
  readonly #table: Table<NodeRecord>;
  readonly #pools = new Map<string, Map<string, NodeRecord>>();

  constructor(database: Database) {
    this.#table = database.table<NodeRecord>('nodes');
    for (const { value } of this.#table.range({})) this.#pool(value.poolId).set(fold(value.node.id), value);
  }

  get(poolId: string, nodeId: string): NodeRecord | undefined {
    return this.#pools.get(fold(poolId))?.get(fold(nodeId));
  }

  put(record: NodeRecord): NodeRecord {
    this.#pool(record.poolId).set(fold(record.node.id), record);
    this.#table.put([fold(record.poolId), fold(record.node.id)], record);
    return record;
  }

  remove(record: NodeRecord): void {
    this.#pool(record.poolId).delete(fold(record.node.id));
    this.#table.remove([fold(record.poolId), fold(record.node.id)]);
  }

  /** The nodes of a pool, in no particular order. */
  inPool(poolId: string): Iterable<NodeRecord> {
    return this.#pools.get(fold(poolId))?.values() ?? [];
  }

  /** The nodes of a pool, sorted by id. */
  sorted(poolId: string): NodeRecord[] {
    return [...this.inPool(poolId)].sort((a, b) => ordinal(a.node.id, b.node.id));
  }

  *all(): Iterable<NodeRecord> {
    for (const pool of this.#pools.values()) yield* pool.values();
  }

  #pool(poolId: string): Map<string, NodeRecord> {
    const key = fold(poolId);
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const created = new Map<string, NodeRecord>();
    this.#pools.set(key, created);
    return created;
  }
}

function fold(id: string): string {
  return id.toLowerCase();
}
