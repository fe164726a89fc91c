import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ACCOUNT, AccountKeys } from './account-key.ts';
import { keyRefusal } from './arm/account-record.ts';
import type { AccountRegistry, StorageDirectory } from './arm/account-registry.ts';
import { managementAt } from './arm/answer.ts';
import { Management } from './arm/management.ts';
import { storageId } from './arm/names.ts';
import { openBlobService } from './blobs/blob-service.ts';
import { connectionStringOf } from './blobs/storage-account.ts';
import { type Clock, SystemClock } from './clock.ts';
import { type DataPlaneSettings, startDataPlane } from './data-plane.ts';
import type { Quotas } from './engine/world.ts';
import { Faults, parseFaults } from './http/faults.ts';
import type { Answered } from './http/pipeline.ts';
import { parseConnectionString } from './storage/auto-storage.ts';
import { DatabaseFailure } from './store/database.ts';

export interface EmulatorOptions {
  /** Address to listen on; the loopback when not given. */
  readonly host?: string;
  /** Port to listen on; any free one when not given or 0. */
  readonly port?: number;
  /** Directory that keeps the state; without it the state is in a temporary one that goes at the end. */
  readonly data?: string | undefined;
  /** Divides every simulated delay. */
  readonly speed?: number;
  readonly quotas?: Partial<Quotas>;
  /** Whether any bearer token is taken in place of a signature. */
  readonly entra?: boolean;
  /** What is to go wrong on purpose, as `--fault` takes it. Throws FaultSpecError when it cannot be read. */
  readonly fault?: string | undefined;
  /** Connection string of the storage account that is linked to the Batch account; its own where not given. */
  readonly autoStorage?: string | undefined;
  /** Milliseconds without a byte after which a download or an upload is given up. */
  readonly transferIdleMs?: number;
  /** Most bytes that a task may write to stdout and stderr together; it is ended beyond that. */
  readonly outputBytes?: number;
  /** Most connections at a time; one more is closed at once. */
  readonly connections?: number;
  readonly clock?: Clock;
  /** Hears of every request once it is answered. */
  readonly onAnswered?: (answered: Answered) => void;
  /** Hears of what went wrong inside. Without a listener it is written to stderr. */
  readonly onProblem?: (problem: unknown) => void;
}

/** A running emulator. */
export interface Emulator {
  /** `http://host:port`, no slash at the end. */
  readonly endpoint: string;
  readonly account: string;
  /** The account's first key in Base64, as it was at the start. */
  readonly key: string;
  /** What clients of Azure Storage take to find the emulator's own storage account. */
  readonly storageConnectionString: string;
  /** Resolves with the reason if it has to stop by itself, since its state cannot be kept any more. */
  readonly failed: Promise<Error>;
  /** Stops listening, kills all tasks, and removes the temporary directory, if there is one. */
  close(): Promise<void>;
}

/** What a new Batch account may have, as the service sets it; nodes are limited by the machine instead. */
const QUOTAS: Quotas = {
  dedicatedCores: 500,
  lowPriorityCores: 500,
  pools: 100,
  activeJobsAndSchedules: 300,
  nodes: 100,
};

const TRANSFER_IDLE_MS = 60_000;

const OUTPUT_BYTES = 2 ** 30;

const MOST_CONNECTIONS = 1_000;

/** Starts the Batch service in this process. Rejects when the port is taken or the data cannot be opened. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = settingsOf(options);
  if (options.autoStorage !== undefined) parseConnectionString(options.autoStorage);
  const { data } = options;
  const directory = data === undefined ? await mkdtemp(join(tmpdir(), 'azb-emulator-')) : resolve(data);
  await mkdir(directory, { recursive: true });
  const keys = await AccountKeys.open(directory);
  const storageKeys = await AccountKeys.open(join(directory, 'storage-account'));
  let registry: AccountRegistry | undefined;
  let storages: StorageDirectory | undefined;
  const record = () => registry?.get(ACCOUNT);
  const main = await startDataPlane(settings, {
    name: ACCOUNT,
    keys,
    directory,
    port: options.port ?? 0,
    get autoStorage() {
      return storages?.find(record()?.settings.autoStorage?.storageAccountId ?? '');
    },
    refusesKeys: () => keyRefusal(record()),
  });
  const failed = failure(main.failed);
  const storageConnectionString = connectionStringOf(main.endpoint, storageKeys.primary);
  storages = storagesOf(storageConnectionString, options.autoStorage);
  try {
    main.house(await openBlobService(main, settings, storageKeys, directory));
    const management = await Management.open({
      settings,
      main,
      mainKeys: keys,
      directory: join(directory, 'accounts'),
      storages,
      onFailure: failed.report,
    });
    registry = management.accounts;
    linkHome(registry, storages);
    main.house(managementAt(management, main.endpoint));
  } catch (error) {
    await main.close();
    throw error;
  }
  return {
    endpoint: main.endpoint,
    account: ACCOUNT,
    key: keys.primary,
    storageConnectionString,
    failed: failed.promise,
    close: async () => {
      await registry?.close();
      await main.close();
    },
  };
}

/** The storage accounts that can be linked: the one that was named, and the emulator's own, which others are instead of. */
function storagesOf(own: string, other: string | undefined): StorageDirectory {
  const idOf = (connection: string) =>
    storageId(/(?:^|;)\s*AccountName=([^;]+)/i.exec(connection)?.[1] ?? 'devstoreaccount1');
  const known = [...(other === undefined ? [] : [other]), own].map((connection) => ({
    id: idOf(connection),
    storage: parseConnectionString(connection),
  }));
  return {
    home: known[0]?.id,
    ids: known.map(({ id }) => id),
    find: (id) => known.find((each) => each.id.toLowerCase() === id.toLowerCase())?.storage,
  };
}

/** What is said at this start goes before what was said at the one before; who is linked to nothing stays so. */
function linkHome(registry: AccountRegistry, { home }: StorageDirectory): void {
  const record = registry.get(ACCOUNT);
  const link = record?.settings.autoStorage;
  if (record === undefined || link === undefined || home === undefined) return;
  if (link.storageAccountId === home) return;
  registry.change(record, { ...record.settings, autoStorage: { ...link, storageAccountId: home } });
}

/** The first of the failures that can end the emulator. */
function failure(first: Promise<Error>) {
  let report: (error: Error) => void = () => {};
  const promise = new Promise<Error>((fulfil) => {
    report = fulfil;
  });
  void first.then(report);
  return { promise, report: (error: Error) => report(error) };
}

function settingsOf(options: EmulatorOptions): DataPlaneSettings {
  const tell = options.onProblem ?? ((problem: unknown) => console.error('azb emulator:', problem));
  return {
    host: options.host ?? '127.0.0.1',
    clock: options.clock ?? new SystemClock(),
    speed: options.speed ?? 1,
    quotas: { ...QUOTAS, ...options.quotas },
    acceptsTokens: options.entra ?? false,
    transferIdleMs: options.transferIdleMs ?? TRANSFER_IDLE_MS,
    outputBytes: options.outputBytes ?? OUTPUT_BYTES,
    connections: options.connections ?? MOST_CONNECTIONS,
    faults: options.fault === undefined ? new Faults() : parseFaults(options.fault),
    temporary: options.data === undefined,
    reportProblem: (problem) => {
      // Whatever was under way fails with the database; it is told once, by `failed`.
      if (!(problem instanceof DatabaseFailure)) tell(problem);
    },
    onAnswered: options.onAnswered,
  };
}
