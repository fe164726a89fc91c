import type { ManagementPort } from '../../api/port.ts';
import type { AzbError } from '../../lib/errors.ts';
import { type AccountRow, isChanging, type KnownAccount } from '../../resources/account.ts';
import { mergeAccounts } from '../../resources/account-merge.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { Entity } from '../../resources/types.ts';
import { type AppStore, EMPTY_FEED } from '../app-store.ts';
import { flash, flashError } from '../flash.ts';
import { feedKey } from '../keys-of.ts';
import { pulseKey } from '../pulse.ts';
import type { AppState, Feed, Session } from '../state.ts';
import { mergeWhole } from './feed-merge.ts';
import { failureStatus, type Source } from './source.ts';

/** Milliseconds between two looks while an account is made or deleted. */
const SOON = 2_000;

export interface AccountSourceContext {
  readonly store: AppStore;
  readonly management: ManagementPort | undefined;
  now(): number;
}

/**
 * The accounts: those of the configuration at once, those of Azure Resource Manager as they come. That it cannot be
 * asked hides nothing of what is known without it.
 */
export class AccountSource implements Source {
  readonly key = feedKey('accounts', {});
  readonly #context: AccountSourceContext;

  constructor(context: AccountSourceContext) {
    this.#context = context;
  }

  async tick(signal: AbortSignal): Promise<void> {
    const { management } = this.#context;
    const held = this.#feed().rows as readonly AccountRow[];
    const isFirst = this.#feed().updatedAt === undefined;
    // What is known at home may have changed, which says nothing of how old the rest is.
    this.#show(
      held.filter(({ id }) => id !== undefined),
      {},
    );
    // Where nothing is, what there is to show is that the others are waited for, or why they do not come.
    if (isFirst && this.#feed().rows.length > 0) this.#set({ ...this.#fresh(), complete: false });
    if (management === undefined) {
      this.#set({ ...this.#fresh(), complete: true });
      return;
    }
    const found: AccountRow[] = [];
    let next: string | undefined;
    do {
      const query = next === undefined ? {} : { next };
      const page = await management.listPage('accounts', {}, query, signal);
      found.push(...(page.rows as readonly AccountRow[]));
      next = page.next;
      // What was there at the last look stays until all of them were asked.
      if (next !== undefined && held.every(({ id }) => id === undefined)) this.#show(found, this.#fresh());
    } while (next !== undefined);
    this.#show(found, { ...this.#fresh(), complete: true, error: undefined, retryAt: undefined });
    await this.#tellEnds(held, found, management, signal);
  }

  failed(error: AzbError, retryAt: number): void {
    this.#set({ status: failureStatus(error), error, retryAt, complete: true });
  }

  forget(): void {
    this.#context.store.setState(({ feeds: { [this.key]: _, ...feeds } }) => ({ feeds }));
  }

  interval(): number | undefined {
    const refresh = this.#context.store.getState().session.refreshSeconds * 1000;
    if ((this.#feed().rows as readonly AccountRow[]).some(isChanging)) return Math.max(SOON, refresh);
    return Math.max((resourceNamed('accounts').refreshEvery ?? 0) * 1000, refresh);
  }

  /** Says what came of accounts that were being made. */
  async #tellEnds(
    before: readonly AccountRow[],
    after: readonly AccountRow[],
    management: ManagementPort,
    signal: AbortSignal,
  ): Promise<void> {
    const { store } = this.#context;
    for (const { id, name, properties } of before) {
      if (properties?.provisioningState !== 'Creating') continue;
      const now = after.find((row) => row.id?.toLowerCase() === id?.toLowerCase());
      const state = now?.properties?.provisioningState;
      if (state === 'Creating') continue;
      if (state === 'Succeeded')
        flash(store, 'info', `account ${name} was made: :account ${name} goes to it`);
      else await management.settled(name, signal).catch((error: unknown) => flashError(store, error));
    }
  }

  #show(arm: readonly AccountRow[], change: Partial<Feed>): void {
    const { store } = this.#context;
    const { pulses } = store.getState();
    const rows = mergeAccounts(accountsAtHome(store.getState()), arm).map((row) => {
      const pulse = pulses[pulseKey(row)];
      return pulse === undefined ? row : { ...row, pulse };
    });
    const held = this.#feed().rows as readonly AccountRow[];
    const merged = mergeWhole(resourceNamed('accounts'), held, rows as readonly Entity[]);
    // That more is known of an account than before is no change of the account.
    const before = held.some(({ id }) => id !== undefined) ? merged.before : new Map();
    this.#set({ rows: merged.rows, before, ...change });
  }

  #fresh(): Pick<Feed, 'status' | 'updatedAt'> {
    return { status: 'ready', updatedAt: this.#context.now() };
  }

  #feed(): Feed {
    return this.#context.store.getState().feeds[this.key] ?? EMPTY_FEED;
  }

  #set(change: Partial<Feed>): void {
    const feed = { ...this.#feed(), ...change };
    this.#context.store.setState(({ feeds }) => ({ feeds: { ...feeds, [this.key]: feed } }));
  }
}

/** The accounts that are known without asking. */
function accountsAtHome({ preferences, session }: Pick<AppState, 'preferences' | 'session'>) {
  const { accounts: known, readOnlyOf } = preferences;
  return { known, here: accountInUse(session), ...(readOnlyOf === undefined ? {} : { readOnlyOf }) };
}

function accountInUse({ account, readOnly, readOnlyReason }: Session): KnownAccount | undefined {
  if (account === undefined) return undefined;
  const { name, endpoint, region, auth, source } = account;
  const rule = readOnly ? (readOnlyReason ?? 'by --readonly') : undefined;
  return { name, endpoint, region, auth, readOnly: rule, source };
}
