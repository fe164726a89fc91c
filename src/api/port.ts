import type { Entity, Operation, Scope } from '../resources/types.ts';
import type { AccountSettings } from './settings.ts';

/**
 * What azb needs of Batch. The store and the shell verbs know this interface only; the adapter over
 * `@azure/batch` stands behind it. Entities are wire-shaped (the service's own JSON names; times as ISO 8601
 * text), so that YAML shows what the service said and nothing that a newer service adds is lost.
 *
 * Every method rejects with an AzbError: ServiceError when the service answered with an error,
 * UnreachableError when it did not answer, CredentialError when no valid credential could be had. An aborted
 * signal rejects with the signal's reason.
 */
export interface BatchPort {
  readonly account: AccountFacts;

  /** The service's clock in milliseconds, as its answers tell of it: times that it gives, and is given, are by that. */
  now?(): number;

  /**
   * What can be done with blobs beside what all resources have in common. The lists `containers` and `blobs` are there
   * in any case: without a storage account they are refused with the reason.
   */
  readonly storage?: StoragePort | undefined;

  /** One page of a list, in the service's order. Scope members that the resource needs must be given. */
  listPage(resource: string, scope: Scope, query: ListQuery, signal: AbortSignal): Promise<Page>;

  /** One whole entity. Also gives the ETag where the service sends one. */
  get(resource: string, scope: Scope, id: string, signal: AbortSignal): Promise<Entity>;

  /** Adds one entity from a wire-shaped body. Unknown properties are sent, so that the service can refuse them. */
  add(resource: string, scope: Scope, body: Entity, signal: AbortSignal): Promise<void>;

  /** Adds at most 100 tasks in one call; one result a task, in the order of `bodies`. */
  addTasks(job: string, bodies: readonly Entity[], signal: AbortSignal): Promise<TaskAddOutcome[]>;

  /**
   * Changes the given properties; `etag` makes it conditional (If-Match). Null takes the start task of a pool
   * away; nothing else can be taken away.
   */
  update(
    resource: string,
    scope: Scope,
    id: string,
    patch: Entity,
    etag: string | undefined,
    signal: AbortSignal,
  ): Promise<void>;

  /** Does one of the actions of the registry, `delete` among them. */
  act(operation: Operation, signal: AbortSignal): Promise<void>;

  /** Asks something that changes nothing but has an answer, such as what a formula would make of a pool. */
  ask(question: Operation, signal: AbortSignal): Promise<Entity>;

  /** Size and times of a task's or a node's file. */
  statFile(file: FileRef, signal: AbortSignal): Promise<FileFacts>;

  /** Bytes `[start, end)` of a file; fewer when the file ends before; empty when it ends at or before `start`. */
  readFile(file: FileRef, range: ByteRange, signal: AbortSignal): Promise<Uint8Array>;

  /** Tasks of a job by state, and the slots they take. */
  taskCounts(job: string, signal: AbortSignal): Promise<TaskCounts>;

  /**
   * Resolves when what was begun on a resource is over, where the service tells; absent where it does not. Rejects when
   * it failed.
   */
  settled?(resource: string, id: string, signal: AbortSignal): Promise<void>;
}

/** The two keys of an account. They are shown when they are asked for, and neither written nor logged. */
export interface AccountKeyPair {
  readonly primary: string;
  readonly secondary: string;
}

/** What opens an account. Whoever hands it on does not look into it: it may hold a key. */
export type { AccountSettings as AccountAccess } from './settings.ts';

/**
 * What azb needs of the plane that manages accounts. It knows the lists of accounts, quotas, subscriptions, resource
 * groups and locations, and rejects as {@link BatchPort} does.
 */
export interface ManagementPort {
  /** The host that is asked, for people. */
  readonly host: string;
  listPage(resource: string, scope: Scope, query: ListQuery, signal: AbortSignal): Promise<Page>;
  get(resource: string, scope: Scope, id: string, signal: AbortSignal): Promise<Entity>;
  /** Begins to make an account; resolves when that is accepted, see {@link ManagementPort.settled}. */
  add(resource: string, scope: Scope, body: Entity, signal: AbortSignal): Promise<void>;
  act(operation: Operation, signal: AbortSignal): Promise<void>;
  /** Resolves when what was begun on an account is over; rejects when it failed. */
  settled(account: string, signal: AbortSignal): Promise<void>;
  keys(account: string, signal: AbortSignal): Promise<AccountKeyPair>;
  /** What opens an account: its key where shared keys are allowed and may be read, Entra ID otherwise. */
  access(account: string, signal: AbortSignal): Promise<AccountSettings>;
  /** Makes a version of an application's package out of an archive, which goes by way of the linked storage account. */
  publish(
    account: string,
    wanted: NewPackage,
    file: UploadFile,
    onProgress: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** What an account may have, and what the one behind `data` has of it. */
  quotas(account: string, data: BatchPort | undefined, signal: AbortSignal): Promise<readonly Entity[]>;
}

/** A version of an application's package that is to be made. */
export interface NewPackage {
  readonly application: string;
  readonly version: string;
  /** Whether references without a version shall stand for it. */
  readonly isDefault: boolean;
}

/** Who azb is to the service. Never holds a secret. */
export interface AccountFacts {
  readonly name: string;
  /** With scheme, without a slash at the end. */
  readonly endpoint: string;
  /** Read from the endpoint's name (`n.region.batch…`), or `local` for a loopback endpoint. */
  readonly region: string;
  readonly auth: 'shared key' | 'Entra ID';
  /** Where the account was found: flags, environment, az config … */
  readonly source: string;
}

/** The storage account whose blobs azb shows. Never holds a secret. */
export interface StorageFacts {
  readonly name: string;
  /** Where its blobs are, with scheme, without a slash at the end. */
  readonly endpoint: string;
  readonly auth: 'shared key' | 'signature' | 'Entra ID';
  readonly source: string;
}

/** A file of this machine that becomes a blob. */
export interface UploadFile {
  readonly path: string;
  readonly size: number;
  readonly contentType: string | undefined;
}

export interface UploadOptions {
  /** Whether a blob of that name may be replaced; otherwise it rejects with the code BlobAlreadyExists. */
  readonly overwrite: boolean;
  /** Told how many bytes are there so far. */
  onProgress(bytes: number): void;
}

/** What a shared access signature is for; without a blob it is for reading and listing the container. */
export interface SignedTarget {
  readonly container: string;
  readonly blob?: string | undefined;
  /** Also for writing, as a task's output files need it. */
  readonly write?: boolean | undefined;
}

export interface StoragePort {
  readonly account: StorageFacts;
  /** Sends a file in blocks, straight from the disk. */
  upload(blob: BlobRef, file: UploadFile, options: UploadOptions, signal: AbortSignal): Promise<void>;
  /** The URL of a container or blob, with nothing in it that gives permission. */
  urlOf(target: SignedTarget): string;
  /** The URL with a signature that opens it to anyone until then. */
  signedUrl(target: SignedTarget, expires: Date, signal: AbortSignal): Promise<string>;
}

export interface ListQuery {
  readonly select?: readonly string[];
  /** OData, as the service's `$filter`. */
  readonly filter?: string;
  /** 1 to 1000; default 1000. */
  readonly pageSize?: number;
  /** `Page.next` of the page before. */
  readonly next?: string;
  /** Files and blobs only: descend into directories. */
  readonly recursive?: boolean;
}

export interface Page {
  readonly rows: readonly Entity[];
  /** Give it to the next call to go on; undefined at the end. */
  readonly next: string | undefined;
  /** The service's clock (its Date header) in milliseconds; the base of later delta queries. */
  readonly serverTime: number;
  /** What should be said of the list, such as that it was made of a part only. */
  readonly note?: string | undefined;
  /** How far a list has come that takes many requests: `12 of 240 jobs`. */
  readonly progress?: string | undefined;
}

export type FileRef =
  | { readonly kind: 'task'; readonly job: string; readonly task: string; readonly path: string }
  | { readonly kind: 'node'; readonly pool: string; readonly node: string; readonly path: string }
  | BlobRef;

/** A blob; its path is its whole name. */
export interface BlobRef {
  readonly kind: 'blob';
  readonly container: string;
  readonly path: string;
}

export interface FileFacts {
  readonly size: number;
  readonly lastModified: Date | undefined;
  readonly isDirectory: boolean;
  readonly contentType: string | undefined;
  /** Another one when any of the bytes may be others; undefined of what only grows, and where it is not told. */
  readonly version?: string | undefined;
}

export interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export interface TaskCounts {
  readonly tasks: StateCounts;
  readonly slots: StateCounts;
}

export interface StateCounts {
  readonly active: number;
  readonly running: number;
  readonly completed: number;
  readonly succeeded: number;
  readonly failed: number;
}

export type TaskAddOutcome =
  | { readonly id: string; readonly ok: true }
  | {
      readonly id: string;
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly retryable: boolean;
    };

/** Counts requests, for the header and for the poller's budget. */
export interface TrafficMeter {
  /** Requests of the last 60 seconds. */
  perMinute(): number;
  readonly total: number;
}
