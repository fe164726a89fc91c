import type { Clock } from '../clock.ts';
import type { Quotas } from '../engine/world.ts';
import type { TransferOptions } from '../storage/transfer.ts';
import type { Database } from '../store/database.ts';
import { Mirror } from '../store/mirror.ts';
import { AccountRegistry, type RegistryOptions } from './account-registry.ts';
import { HOME_GROUP, HOME_LOCATION } from './names.ts';
import type { PackageRecord } from './package-record.ts';

/** A resource group as it is kept. */
export interface GroupRecord {
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What the operations of the management plane work on. */
export class Management {
  readonly accounts: AccountRegistry;
  readonly groups: Mirror<GroupRecord>;
  readonly storages: RegistryOptions['storages'];
  readonly #options: RegistryOptions;

  private constructor(options: RegistryOptions, accounts: AccountRegistry) {
    this.#options = options;
    this.accounts = accounts;
    this.storages = options.storages;
    this.groups = new Mirror(options.main.engine.world.database, 'groups', ({ name }) => name);
    if (this.groups.get(HOME_GROUP) === undefined) {
      this.groups.put({ name: HOME_GROUP, location: HOME_LOCATION, tags: {} });
    }
  }

  static async open(options: RegistryOptions): Promise<Management> {
    const management = new Management(options, await AccountRegistry.open(options));
    await management.database.committed();
    return management;
  }

  get database(): Database {
    return this.#options.main.engine.world.database;
  }

  get packages(): Mirror<PackageRecord> {
    return this.accounts.packages;
  }

  get clock(): Clock {
    return this.#options.settings.clock;
  }

  /** What every account may have; the data planes go by the same. */
  get quotas(): Quotas {
    return this.#options.settings.quotas;
  }

  /** The tokens that open the management plane, where not any does. */
  tokens(): readonly string[] {
    return this.#options.mainKeys.values();
  }

  /** How archives come from and go to the linked storage account. */
  get transfers(): TransferOptions {
    const { engine } = this.#options.main;
    return { signal: engine.world.closing, idleMs: this.#options.settings.transferIdleMs };
  }

  get acceptsTokens(): boolean {
    return this.#options.settings.acceptsTokens;
  }

  get reportProblem(): (problem: unknown) => void {
    return this.#options.settings.reportProblem;
  }
}
