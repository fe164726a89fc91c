import type { Instant } from '../clock.ts';
import { type Database, KEY_END, type Table } from './database.ts';

/** What was measured of a pool at one time. */
export interface PoolSample {
  readonly time: Instant;
  readonly values: Readonly<Record<string, number>>;
}

/** Of a pool's samples, summed up: the load of the machine. */
export interface LoadSummary {
  readonly samples: number;
  readonly percent: number;
  readonly bytes: number;
  readonly peakBytes: number;
}

const NO_LOAD: LoadSummary = { samples: 0, percent: 0, bytes: 0, peakBytes: 0 };

/** The history of pools' measurements, on disk. */
export class SampleStore {
  readonly #table: Table<PoolSample['values']>;
  readonly #loads: Table<LoadSummary>;

  constructor(database: Database) {
    this.#table = database.table('poolsamples');
    this.#loads = database.table('poolloads');
  }

  /** Adds a sample and drops those from before `oldest`. */
  add(poolId: string, { time, values }: PoolSample, oldest: Instant): void {
    const id = poolId.toLowerCase();
    this.#table.put([id, time], values);
    const load = this.load(poolId);
    const { $CPUPercent: percent = 0, $MemoryBytes: bytes = 0 } = values;
    this.#loads.put(id, {
      samples: load.samples + 1,
      percent: load.percent + percent,
      bytes: load.bytes + bytes,
      peakBytes: Math.max(load.peakBytes, bytes),
    });
    for (const key of [...this.#table.keys({ start: [id], end: [id, oldest] })]) this.#table.remove(key);
  }

  /** All samples of a pool, oldest first. */
  of(poolId: string): PoolSample[] {
    const id = poolId.toLowerCase();
    const entries = [...this.#table.range({ start: [id], end: [id, KEY_END] })];
    return entries.map(({ key, value }) => ({ time: (key as [string, number])[1], values: value }));
  }

  /** The sums over all samples that were ever taken of the pool. */
  load(poolId: string): LoadSummary {
    return this.#loads.get(poolId.toLowerCase()) ?? NO_LOAD;
  }

  forget(poolId: string): void {
    const id = poolId.toLowerCase();
    this.#loads.remove(id);
    for (const key of [...this.#table.keys({ start: [id], end: [id, KEY_END] })]) this.#table.remove(key);
  }
}
