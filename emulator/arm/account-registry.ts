import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ACCOUNT, AccountKeys } from '../account-key.ts';
import { type DataPlane, type DataPlaneSettings, startDataPlane } from '../data-plane.ts';
import type { AutoStorage } from '../storage/auto-storage.ts';
import { Mirror } from '../store/mirror.ts';
import { type AccountRecord, type AccountSettings, keyRefusal, USUAL_SETTINGS } from './account-record.ts';
import { HOME_GROUP, HOME_LOCATION } from './names.ts';
import { keyOfPackage, type PackageRecord } from './package-record.ts';

/** The storage accounts that can be linked to Batch accounts. */
export interface StorageDirectory {
  /** The one with this id in Azure Resource Manager, however its letters are cased. */
  find(id: string): AutoStorage | undefined;
  readonly ids: readonly string[];
  /** The one that the emulator's own account is linked to. */
  readonly home: string | undefined;
}

export interface RegistryOptions {
  readonly settings: DataPlaneSettings;
  /** The data plane of the emulator's own account, in whose records the other accounts are kept. */
  readonly main: DataPlane;
  readonly mainKeys: AccountKeys;
  /** Directory below which each account has one of its own. */
  readonly directory: string;
  readonly storages: StorageDirectory;
  /** Hears of a data plane that had to stop, since its state cannot be kept any more. */
  readonly onFailure: (failure: Error) => void;
}

interface Running {
  readonly plane: DataPlane;
  readonly keys: AccountKeys;
}

export type NewAccount = Pick<AccountRecord, 'name' | 'group' | 'location' | 'settings'>;

/** The Batch accounts of the subscription: what is known of each, and the data plane that it has. */
export class AccountRegistry {
  /** The packages of all accounts that came by way of a storage account. */
  readonly packages: Mirror<PackageRecord>;
  readonly #options: RegistryOptions;
  readonly #records: Mirror<AccountRecord>;
  readonly #running = new Map<string, Running>();
  #closing = false;

  private constructor(options: RegistryOptions) {
    this.#options = options;
    this.#records = new Mirror(options.main.engine.world.database, 'accounts', ({ name }) => name);
    this.packages = new Mirror<PackageRecord>(options.main.engine.world.database, 'packages', keyOfPackage);
    this.#running.set(ACCOUNT, { plane: options.main, keys: options.mainKeys });
    if (this.#records.get(ACCOUNT) === undefined) this.#addMain();
    this.#removePackages((record) => this.get(record.account)?.created !== record.accountCreated);
  }

  /** Reads what accounts there are, starts their data planes, and goes on with what was under way. */
  static async open(options: RegistryOptions): Promise<AccountRegistry> {
    const registry = new AccountRegistry(options);
    try {
      await Promise.all(registry.all().map((record) => registry.#resume(record)));
    } catch (error) {
      await registry.close();
      throw error;
    }
    return registry;
  }

  all(): readonly AccountRecord[] {
    return this.#records.all();
  }

  get(name: string): AccountRecord | undefined {
    return this.#records.get(name);
  }

  /** Where the account's data plane is; undefined while it has none. */
  endpointOf({ name }: AccountRecord): string | undefined {
    return this.#running.get(name.toLowerCase())?.plane.endpoint;
  }

  /** The data plane of an account; undefined while it has none. */
  planeOf({ name }: AccountRecord): DataPlane | undefined {
    return this.#running.get(name.toLowerCase())?.plane;
  }

  keysOf({ name }: AccountRecord): AccountKeys | undefined {
    return this.#running.get(name.toLowerCase())?.keys;
  }

  /** Begins to make an account of a name that is free. */
  create(account: NewAccount): AccountRecord {
    const created = this.#world.clock.now();
    const record: AccountRecord = {
      ...account,
      created,
      state: 'Creating',
      operation: operationOn(account.name),
    };
    this.#records.put(record);
    this.#scheduleCreation(record.name);
    return record;
  }

  change(record: AccountRecord, settings: AccountSettings): AccountRecord {
    return this.#records.put({ ...record, settings });
  }

  /** Begins to take an account away, with all that it has. */
  delete(record: AccountRecord): AccountRecord {
    const deleting: AccountRecord = { ...record, state: 'Deleting', operation: operationOn(record.name) };
    this.#records.put(deleting);
    this.#scheduleDeletion(deleting.name);
    return deleting;
  }

  /** Stops the data planes of all accounts but the emulator's own. */
  async close(): Promise<void> {
    this.#closing = true;
    const others = [...this.#running].filter(([name]) => name !== ACCOUNT);
    await Promise.all(others.map(([, { plane }]) => plane.close()));
  }

  get #world() {
    return this.#options.main.engine.world;
  }

  #addMain(): void {
    const now = this.#world.clock.now();
    const { home } = this.#options.storages;
    const link = { authenticationMode: 'StorageKeys', lastKeySync: now } as const;
    this.#records.put({
      name: ACCOUNT,
      group: HOME_GROUP,
      location: HOME_LOCATION,
      created: now,
      state: 'Succeeded',
      operation: operationOn(ACCOUNT),
      settings: {
        ...USUAL_SETTINGS,
        ...(home === undefined ? {} : { autoStorage: { storageAccountId: home, ...link } }),
      },
    });
  }

  async #resume(record: AccountRecord): Promise<void> {
    if (record.name === ACCOUNT) return;
    if (record.state === 'Creating') this.#scheduleCreation(record.name);
    else if (record.state === 'Deleting') this.#scheduleDeletion(record.name);
    else if (record.state === 'Succeeded') await this.#start(record);
  }

  #scheduleCreation(name: string): void {
    this.#world.afterDelay('createAccount', async () => {
      const record = this.#records.get(name);
      if (record?.state !== 'Creating') return;
      try {
        await this.#start(record);
      } catch (error) {
        this.#records.put({ ...record, state: 'Failed' });
        throw error;
      }
    });
  }

  #scheduleDeletion(name: string): void {
    this.#world.afterDelay('deleteAccount', async () => {
      const running = this.#running.get(name.toLowerCase());
      this.#running.delete(name.toLowerCase());
      if (running === undefined) await rm(this.#directoryOf(name), { recursive: true, force: true });
      else await running.plane.close(true);
      this.#removePackages(({ account }) => account.toLowerCase() === name.toLowerCase());
      this.#records.remove(name);
    });
  }

  #removePackages(isGone: (record: PackageRecord) => boolean): void {
    for (const record of this.packages.all().filter(isGone)) this.packages.remove(keyOfPackage(record));
  }

  async #start(record: AccountRecord): Promise<void> {
    const { name } = record;
    const directory = this.#directoryOf(name);
    const keys = await AccountKeys.open(directory);
    const now = () => this.#records.get(name) ?? record;
    const storageOf = () => this.#storageOf(now());
    const start = (port: number) =>
      startDataPlane(this.#options.settings, {
        name,
        keys,
        directory,
        port,
        get autoStorage() {
          return storageOf();
        },
        refusesKeys: () => keyRefusal(now()),
      });
    const plane = await start(record.port ?? 0).catch((error: NodeJS.ErrnoException) => {
      // Somebody else may have the port meanwhile; the account then is where there is room.
      if (error.code === 'EADDRINUSE') return start(0);
      throw error;
    });
    if (this.#closing) return plane.close();
    this.#running.set(name.toLowerCase(), { plane, keys });
    void plane.failed.then(this.#options.onFailure);
    this.#records.put({ ...now(), state: 'Succeeded', port: plane.port });
  }

  #storageOf({ settings: { autoStorage } }: AccountRecord): AutoStorage | undefined {
    return autoStorage === undefined ? undefined : this.#options.storages.find(autoStorage.storageAccountId);
  }

  #directoryOf(name: string): string {
    return join(this.#options.directory, name.toLowerCase());
  }
}

/** The service names operations after what they are about. */
function operationOn(name: string): string {
  return `${name}-${randomUUID()}`;
}
