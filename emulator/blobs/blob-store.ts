import type { Instant } from '../clock.ts';
import type { Database, Table, Key as TableKey } from '../store/database.ts';
import type { ContentFiles } from './content-files.ts';
import type { Blob, Block, Container, Part } from './records.ts';
import { StorageFault } from './storage-fault.ts';

/** Sorts after all names that begin with what stands before it. */
const LAST_CHARACTER = '\u{10ffff}';

/**
 * Blocks that no list has named are kept for so long (µs) after the last one was put to their blob, as by the service.
 * @see https://learn.microsoft.com/rest/api/storageservices/put-block#remarks
 */
const BLOCK_LIFE = 7 * 24 * 3600 * 1e6;

/** What a list of blobs is about. */
export interface Listing {
  readonly prefix: string;
  readonly delimiter: string;
  /** Only what comes after this name. */
  readonly after: string;
  readonly uncommitted: boolean;
}

/** An entry of a list: a blob, or a prefix that stands for all that begin with it. */
export type Listed =
  | { readonly kind: 'blob'; readonly blob: Blob }
  | { readonly kind: 'prefix'; readonly name: string };

/**
 * The records of containers and blobs. Reads and writes are of this moment, without waiting, so that what a condition
 * was checked against is what is replaced; the files of what is replaced go once that is safe.
 */
export class BlobStore {
  readonly files: ContentFiles;
  readonly #database: Database;
  readonly #containers: Table<Container>;
  readonly #numbers: Table<number>;
  readonly #blobs: Table<Blob>;
  readonly #parts: Table<readonly Part[]>;
  readonly #blocks: Table<Block>;
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(database: Database, files: ContentFiles) {
    this.files = files;
    this.#database = database;
    this.#containers = database.table('blobcontainers');
    this.#numbers = database.table('blobnumbers');
    this.#blobs = database.table('blobs');
    this.#parts = database.table('blobparts');
    this.#blocks = database.table('blobblocks');
  }

  /** Removes what has been given up, and files that no record names. For the start. */
  async tidy(now: Instant): Promise<void> {
    this.collect(now);
    const kept = new Set<string>();
    for (const { value } of this.#parts.range({})) for (const { file } of value) kept.add(file);
    for (const { value } of this.#blocks.range({})) kept.add(value.file);
    await this.#database.committed();
    await this.files.removeOthers((file) => kept.has(file));
  }

  /** Removes blocks to whose blob nothing was put for long, and the blob with them where it has nothing else. */
  collect(now: Instant): void {
    const latest = new Map<string, Instant>();
    for (const { key, value } of this.#blocks.range({})) {
      const blob = blobOfBlock(key);
      latest.set(blob, Math.max(latest.get(blob) ?? value.put, value.put));
    }
    const isOld = (key: TableKey) => now - (latest.get(blobOfBlock(key)) ?? now) > BLOCK_LIFE;
    const old = [...this.#blocks.range({})].filter(({ key }) => isOld(key));
    for (const { key } of old) this.#blocks.remove(key);
    const live = new Set([...this.#blocks.keys({})].map(blobOfBlock));
    const empty = [...this.#blobs.range({})].filter(
      ({ key, value }) => value.uncommitted === true && !live.has(blobOfBlock(key)),
    );
    for (const { key } of empty) this.#blobs.remove(key);
    this.#discard(old.map(({ value }) => value));
  }

  /** Resolves when all changes made so far are safe. */
  settled(): Promise<void> {
    return this.#database.committed();
  }

  container(name: string): Container | undefined {
    return this.#containers.get(name);
  }

  demandContainer(name: string): Container {
    const container = this.container(name);
    if (container === undefined) throw new StorageFault('ContainerNotFound');
    return container;
  }

  *containers(prefix: string, after: string): Generator<Container> {
    const start = after > prefix ? after : prefix;
    const range = {
      start,
      exclusiveStart: start === after && after !== '',
      end: `${prefix}${LAST_CHARACTER}`,
    };
    for (const { value } of this.#containers.range(range)) yield value;
  }

  addContainer(container: Omit<Container, 'number'>): void {
    const number = (this.#numbers.get('last') ?? 0) + 1;
    this.#numbers.put('last', number);
    this.#containers.put(container.name, { ...container, number });
  }

  putContainer(container: Container): void {
    this.#containers.put(container.name, container);
  }

  removeContainer(container: Container): void {
    const range = { start: [container.number], end: [container.number + 1] };
    const parts = [...this.#parts.range(range)];
    const blocks = [...this.#blocks.range(range)];
    for (const key of [...this.#blobs.keys(range)]) this.#blobs.remove(key);
    for (const { key } of parts) this.#parts.remove(key);
    for (const { key } of blocks) this.#blocks.remove(key);
    this.#containers.remove(container.name);
    this.#discard([...parts.flatMap(({ value }) => value), ...blocks.map(({ value }) => value)]);
  }

  /** A blob by name, also one of which there are blocks only. */
  blob(container: Container, name: string): Blob | undefined {
    return this.#blobs.get([container.number, name]);
  }

  demandBlob(container: Container, name: string): Blob {
    const blob = this.blob(container, name);
    if (blob === undefined || blob.uncommitted === true) throw new StorageFault('BlobNotFound');
    return blob;
  }

  parts(container: Container, name: string): readonly Part[] {
    return this.#parts.get([container.number, name]) ?? [];
  }

  /** Changes what is said of a blob and leaves its content alone. */
  describeBlob(container: Container, blob: Blob): void {
    this.#blobs.put([container.number, blob.name], blob);
  }

  /** Gives a blob its content, in place of what it had; blocks that were put to it and are not in it go. */
  putBlob(container: Container, blob: Blob, parts: readonly Part[]): void {
    const key = [container.number, blob.name] as const;
    const before = this.parts(container, blob.name);
    const blocks = this.#takeBlocks(container, blob.name);
    this.#blobs.put(key, blob);
    this.#parts.put(key, parts);
    const kept = new Set(parts.map(({ file }) => file));
    this.#discard([...before, ...blocks].filter(({ file }) => !kept.has(file)));
  }

  removeBlob(container: Container, name: string): void {
    const key = [container.number, name] as const;
    const files = [...this.parts(container, name), ...this.#takeBlocks(container, name)];
    this.#blobs.remove(key);
    this.#parts.remove(key);
    this.#discard(files);
  }

  blocks(container: Container, name: string): Block[] {
    return [...this.#blocks.range(blockRange(container, name))].map(({ value }) => value);
  }

  /** Any one of the blocks: there may be tens of thousands. */
  someBlock(container: Container, name: string): Block | undefined {
    for (const { value } of this.#blocks.range(blockRange(container, name))) return value;
    return undefined;
  }

  block(container: Container, name: string, id: string): Block | undefined {
    return this.#blocks.get([container.number, name, id]);
  }

  putBlock(container: Container, name: string, block: Block): void {
    const before = this.block(container, name, block.id);
    this.#blocks.put([container.number, name, block.id], block);
    if (before !== undefined) this.#discard([before]);
  }

  /** What a list has in it, in order, prefixes in place of what stands below them. */
  *list(container: Container, listing: Listing): Generator<Listed> {
    let after: string | undefined = listing.after;
    while (after !== undefined) {
      after = yield* this.#listFrom(container, listing, after);
    }
  }

  /** The entries up to the first prefix, and where it goes on behind that; undefined at the end. */
  *#listFrom(
    { number }: Container,
    { prefix, delimiter, uncommitted }: Listing,
    after: string,
  ): Generator<Listed, string | undefined> {
    const isAfter = after !== '' && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0;
    const start = [number, isAfter ? after : prefix];
    const end = [number, `${prefix}${LAST_CHARACTER}`];
    for (const { value: blob } of this.#blobs.range({ start, exclusiveStart: isAfter, end })) {
      if (blob.uncommitted === true && !uncommitted) continue;
      const cut = delimiter === '' ? -1 : blob.name.indexOf(delimiter, prefix.length);
      if (cut >= 0) {
        const name = blob.name.slice(0, cut + delimiter.length);
        yield { kind: 'prefix', name };
        return afterPrefix(name);
      }
      yield { kind: 'blob', blob };
    }
    return undefined;
  }

  /** Does pieces of work of one name one after the other. */
  async oneAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(name) ?? Promise.resolve();
    const result = before.then(work, work);
    const turn = result.catch(() => {});
    this.#turns.set(name, turn);
    try {
      return await result;
    } finally {
      if (this.#turns.get(name) === turn) this.#turns.delete(name);
    }
  }

  #takeBlocks(container: Container, name: string): Block[] {
    const found = [...this.#blocks.range(blockRange(container, name))];
    for (const { key } of found) this.#blocks.remove(key);
    return found.map(({ value }) => value);
  }

  #discard(parts: readonly { readonly file: string }[]): void {
    if (parts.length === 0) return;
    const remove = () => this.files.remove(parts.map(({ file }) => file));
    // Until the change is on the disk, the next start may find the record of before, and want its bytes.
    this.#database.committed().then(remove, () => {});
  }
}

type Key = (string | number)[];

function blobOfBlock(key: TableKey): string {
  return JSON.stringify((key as Key).slice(0, 2));
}

function blockRange({ number }: Container, name: string) {
  return { start: [number, name, ''], end: [number, name, LAST_CHARACTER] };
}

/** Where a list goes on behind all that begins with a prefix. */
export function afterPrefix(prefix: string): string {
  return `${prefix}${LAST_CHARACTER}`;
}
