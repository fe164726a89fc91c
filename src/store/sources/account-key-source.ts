import type { ManagementPort } from '../../api/port.ts';
import type { AzbError } from '../../lib/errors.ts';
import type { AccountKey } from '../../resources/account-key.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { Scope } from '../../resources/types.ts';
import { type AppStore, EMPTY_FEED } from '../app-store.ts';
import { feedKey } from '../keys-of.ts';
import type { AppState, Feed } from '../state.ts';
import { failureStatus, type Source } from './source.ts';

export interface AccountKeyContext {
  readonly store: AppStore;
  readonly management: ManagementPort;
  now(): number;
  /** Hears of an account of which a key was replaced while its keys are on the screen. */
  onNewKey(account: string): void;
}

/** The keys of an account, hidden unless the user asked to see one, and held only while they are on the screen. */
export class AccountKeySource implements Source {
  readonly key: string;
  readonly #account: string;
  readonly #store: AppStore;
  readonly #management: ManagementPort;
  readonly #now: () => number;
  readonly #onNewKey: (account: string) => void;

  constructor({ store, management, now, onNewKey }: AccountKeyContext, scope: Scope) {
    this.#store = store;
    this.#management = management;
    this.#now = now;
    this.#onNewKey = onNewKey;
    this.#account = scope.account ?? '';
    this.key = feedKey('accountkeys', scope);
  }

  async tick(signal: AbortSignal): Promise<void> {
    const pair = await this.#management.keys(this.#account, signal);
    // Keys that come after their list was left are not kept.
    signal.throwIfAborted();
    const held = this.#feed().rows as readonly AccountKey[];
    let isNew = false;
    const rows = (['primary', 'secondary'] as const).map((name): AccountKey => {
      const before = held.find((row) => row.name === name);
      isNew ||= before !== undefined && before.key !== pair[name];
      return { name, key: pair[name], isShown: before?.isShown === true };
    });
    this.#set({
      status: 'ready',
      rows,
      complete: true,
      updatedAt: this.#now(),
      error: undefined,
      retryAt: undefined,
    });
    if (isNew) this.#onNewKey(this.#account);
  }

  failed(error: AzbError, retryAt: number): void {
    this.#set({ status: failureStatus(error), error, retryAt });
  }

  forget(): void {
    this.#store.setState(({ feeds: { [this.key]: _, ...feeds } }) => ({ feeds }));
  }

  left(): void {
    this.forget();
  }

  interval(): number {
    return (resourceNamed('accountkeys').refreshEvery ?? 0) * 1000;
  }

  #feed(): Feed {
    return this.#store.getState().feeds[this.key] ?? EMPTY_FEED;
  }

  #set(change: Partial<Feed>): void {
    const feed = { ...this.#feed(), ...change };
    this.#store.setState(({ feeds }) => ({ feeds: { ...feeds, [this.key]: feed } }));
  }
}

/** Shows a key that is hidden, and hides it again. */
export function toggleKey(store: AppStore, scope: Scope, name: string): void {
  const key = feedKey('accountkeys', scope);
  store.setState((state: AppState) => {
    const feed = state.feeds[key];
    if (feed === undefined) return {};
    const rows = (feed.rows as readonly AccountKey[]).map((row) =>
      row.name === name ? { ...row, isShown: !row.isShown } : row,
    );
    return { feeds: { ...state.feeds, [key]: { ...feed, rows } } };
  });
}
