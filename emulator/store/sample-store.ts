import type { Instant } from '../clock.ts';
import { type Database, KEY_END, type Table } from './database.ts';

/** What was measured of a pool at one time. */
export interface PoolSample {
  readonly time: Instant;
  readonly values: Readonly<Record<string, number>>;
}

/** The history of pools' measurements, on disk. */
export class SampleStore {
  readonly #table: Table<PoolSample['values']>;

  constructor(database: Database) {
    this.#table = database.table('poolsamples');
  }

  /** Adds a sample and drops those from before `oldest`. */
  add(poolId: string, { time, values }: PoolSample, oldest: Instant): void {
    const id = poolId.toLowerCase();
    this.#table.put([id, time], values);
    for (const key of [...this.#table.keys({ start: [id], end: [id, oldest] })]) this.#table.remove(key);
  }

  /** All samples of a pool, oldest first. */
  of(poolId: string): PoolSample[] {
    const id = poolId.toLowerCase();
    const entries = [...this.#table.range({ start: [id], end: [id, KEY_END] })];
    return entries.map(({ key, value }) => ({ time: (key as [string, number])[1], values: value }));
  }

  forget(poolId: string): void {
    const id = poolId.toLowerCase();
    for (const key of [...this.#table.keys({ start: [id], end: [id, KEY_END] })]) this.#table.remove(key);
  }
}
