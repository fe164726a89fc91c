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

/**
 * The disk took a change no more. What is in memory may be ahead of it from then on, so that nothing is to be shown or
 * changed any more.
 */
export class DatabaseFailure extends Error {
  override readonly name = 'DatabaseFailure';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** A transaction that stays open until it is committed, there and then, or given up. */
interface Group {
  /** Throws when it cannot be committed. */
  readonly commit: () => void;
  readonly abort: (failure: DatabaseFailure) => void;
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
  readonly #failureListeners: ((failure: DatabaseFailure) => void)[] = [];
  #failure: DatabaseFailure | undefined;

  /** @param durable whether a commit is synced to the disk before it counts. */
  constructor(path: string, durable: boolean) {
    this.#root = open({
      path,
      maxDbs: 64,
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

  /** Hears of it when the disk takes no more changes. All later ones are refused with the same failure. */
  onFailure(listener: (failure: DatabaseFailure) => void): void {
    this.#failureListeners.push(listener);
  }

  /**
   * Resolves when every change made so far is committed, and on the disk if the database is durable.
   * Rejects with the {@link DatabaseFailure} if one of them could not be.
   */
  committed(): Promise<void> {
    return this.#group?.done ?? this.#lastCommit;
  }

  async close(): Promise<void> {
    if (this.#failure === undefined) await this.committed();
    await this.#root.close();
  }

  #change(apply: () => void): void {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      if (this.#group === undefined) this.#openGroup();
      apply();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  #openGroup(): void {
    const group = deferred();
    let finish: () => void = () => {};
    let giveUp: (reason: unknown) => void = () => {};
    let isTried = false;
    // LMDB's wrapper keeps the transaction open while the callback's result is pending. A thenable of ours,
    // rather than a promise, makes the commit happen at a moment we choose, between two changes.
    const pending = {
      // biome-ignore lint/suspicious/noThenProperty: this is the thenable.
      then(committed: () => void, failed: (reason: unknown) => void) {
        finish = committed;
        giveUp = failed;
      },
    };
    this.#root.transactionSync(() => pending, NOT_ABORTABLE | SYNC_ONCE);
    this.#group = {
      commit: () => {
        isTried = true;
        finish();
        group.resolve();
      },
      abort: (failure) => {
        group.reject(failure);
        // A commit that failed has ended the transaction itself.
        if (isTried) return;
        try {
          giveUp(failure);
        } catch {
          // The wrapper gives the reason back once the transaction is undone.
        }
      },
      done: group.promise,
    };
    setImmediate(() => this.#closeGroup());
  }

  #closeGroup(): void {
    const group = this.#group;
    if (group === undefined) return;
    this.#lastCommit = group.done;
    try {
      for (const hook of this.#beforeCommit) hook();
      this.#group = undefined;
      group.commit();
    } catch (error) {
      this.#group = group;
      this.#fail(error);
    }
  }

  /** Gives up the open group, and with it the database. */
  #fail(error: unknown): DatabaseFailure {
    if (this.#failure !== undefined) return this.#failure;
    const failure = new DatabaseFailure(error);
    this.#failure = failure;
    const group = this.#group;
    this.#group = undefined;
    if (group !== undefined) this.#lastCommit = group.done;
    group?.abort(failure);
    for (const listener of this.#failureListeners) listener(failure);
    return failure;
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
