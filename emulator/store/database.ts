import { type Key as LmdbKey, type RangeOptions as LmdbRange, open, type RootDatabase } from 'lmdb';

/** One kind of record on disk. Reads see what was written in the group that is still open. */
export interface Table<V> {
  get(key: Key): V | undefined;
  has(key: Key): boolean;
  put(key: Key, value: V): void;
  remove(key: Key): void;
  /** Entries in key order. Finish reading before the next write: a write moves the cursor. */
  range(options: RangeOptions): Iterable<{ key: Key; value: V }>;
  keys(options: RangeOptions): Iterable<Key>;
}

export type Key = string | number | readonly (string | number)[];

export interface RangeOptions {
  /** First key, included unless `exclusiveStart`. */
  readonly start?: Key;
  readonly exclusiveStart?: boolean;
  /** First key that is no longer part. */
  readonly end?: Key;
  readonly limit?: number;
}

/** Sorts after every string and number that a key can hold. */
export const KEY_END = '\uffff';

/** Address space reserved for the map; the file grows only as it fills. */
const MAP_SIZE_BYTES = 64 * 2 ** 30;

/** A transaction that stays open until `finish` is called, which commits it there and then. */
interface Group {
  readonly commit: () => void;
  readonly done: Promise<void>;
}

/**
 * The emulator's records in LMDB, with group commit: the first change opens a transaction, all changes of
 * the same turn of the event loop join it, and one commit (and one sync) serves them all. This is what lets
 * ten thousand acknowledged changes a second be durable.
 */
export class Database {
  readonly #root: RootDatabase;
  readonly #beforeCommit: (() => void)[] = [];
  #group: Group | undefined;
  #lastCommit: Promise<void> = Promise.resolve();

  /** @param durable whether a commit is synced to the disk before it counts. */
  constructor(path: string, durable: boolean) {
    this.#root = open({
      path,
      maxDbs: 32,
      mapSize: MAP_SIZE_BYTES,
      ...(durable ? { overlappingSync: true } : { noSync: true }),
    });
  }

  table<V>(name: string): Table<V> {
    const db = this.#root.openDB<V, LmdbKey>({ name, encoding: 'json' });
    return {
      get: (key) => db.get(key as LmdbKey),
      has: (key) => db.doesExist(key as LmdbKey),
      put: (key, value) => this.#change(() => void db.put(key as LmdbKey, value)),
      remove: (key) => this.#change(() => void db.remove(key as LmdbKey)),
      range: (options) => db.getRange(options as LmdbRange) as Iterable<{ key: Key; value: V }>,
      keys: (options) => db.getKeys(options as LmdbRange) as Iterable<Key>,
    };
  }

  /** Registers what has to be written once a group rather than once a change, such as counters. */
  beforeCommit(hook: () => void): void {
    this.#beforeCommit.push(hook);
  }

  /** Resolves when every change made so far is committed, and on the disk if the database is durable. */
  committed(): Promise<void> {
    return this.#group?.done ?? this.#lastCommit;
  }

  async close(): Promise<void> {
    await this.committed();
    await this.#root.close();
  }

  #change(apply: () => void): void {
    if (this.#group === undefined) this.#openGroup();
    apply();
  }

  #openGroup(): void {
    const group = deferred();
    let finish: () => void = () => {};
    // LMDB's wrapper keeps the transaction open while the callback's result is pending. A thenable of ours,
    // rather than a promise, makes the commit happen at a moment we choose, between two changes.
    const pending = {
      // biome-ignore lint/suspicious/noThenProperty: this is the thenable.
      then(committed: () => void) {
        finish = committed;
      },
    };
    this.#root.transactionSync(() => pending, NOT_ABORTABLE | SYNC_ONCE);
    const commit = () => {
      try {
        finish();
        group.resolve();
      } catch (error) {
        group.reject(error);
      }
    };
    this.#group = { commit, done: group.promise };
    setImmediate(() => this.#closeGroup());
  }

  #closeGroup(): void {
    const group = this.#group;
    if (group === undefined) return;
    for (const hook of this.#beforeCommit) hook();
    this.#group = undefined;
    this.#lastCommit = group.done;
    group.commit();
  }
}

function deferred() {
  let resolve = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // Whoever waits gets the rejection; a commit that nobody waits for must not end the process.
  promise.catch(() => {});
  return { promise, resolve, reject };
}

const NOT_ABORTABLE = 0x2;
/** With overlapping sync, the commit syncs the data file once rather than data and header apart. */
const SYNC_ONCE = 0x10000;
