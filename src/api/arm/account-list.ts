import { AzbError, isMissing, ServiceError, UsageError } from '../../lib/errors.ts';
import type { ArmClient } from './arm-client.ts';
import { fetchSubscriptions, labelOf, type Subscription, sameText } from './subscriptions.ts';

/** An account as Azure Resource Manager writes it. */
export interface ArmAccount {
  /** `/subscriptions/…/batchAccounts/NAME`. */
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** What its subscription is called. Azure Resource Manager does not say this with the account. */
  readonly subscription?: string;
  readonly properties?: {
    readonly accountEndpoint?: string;
    readonly provisioningState?: string;
    readonly allowedAuthenticationModes?: readonly string[] | null;
    readonly dedicatedCoreQuota?: number | null;
    readonly lowPriorityCoreQuota?: number | null;
    readonly dedicatedCoreQuotaPerVMFamily?: readonly { name: string; coreQuota: number }[] | null;
    readonly dedicatedCoreQuotaPerVMFamilyEnforced?: boolean;
    readonly poolQuota?: number;
    readonly activeJobAndJobScheduleQuota?: number;
  };
}

/** Subscriptions asked at a time: some people may see hundreds. */
const AT_A_TIME = 4;

/** The accounts of all subscriptions, in steps, and where each of them is. */
export class AccountList {
  readonly #client: ArmClient;
  readonly #known = new Map<string, ArmAccount>();
  /** Ids, in lower case, of the known accounts that the latest look at their subscription showed. */
  readonly #listed = new Set<string>();

  constructor(client: ArmClient) {
    this.#client = client;
  }

  /** The accounts of some subscriptions, those `from` the place on, and the place of the next ones. */
  async step(
    from: number,
    signal: AbortSignal,
  ): Promise<{ readonly accounts: readonly ArmAccount[]; readonly next: number | undefined }> {
    const all = await this.subscriptions(from === 0, signal);
    const some = all.slice(from, from + AT_A_TIME);
    const outcomes = await Promise.allSettled(some.map((each) => this.#ofSubscription(each, all, signal)));
    signal.throwIfAborted();
    const accounts = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    const serious = refusals.find((reason) => !isClosed(reason));
    // One subscription that gives nobody a look must not hide the others.
    if (serious !== undefined) throw serious;
    if (all.length > 0 && refusals.length === all.length) throw refusals[0];
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') this.#take(some[at]?.subscriptionId ?? '', outcome.value);
    }
    const next = from + AT_A_TIME;
    return { accounts, next: next < all.length ? next : undefined };
  }

  #subscriptions: readonly Subscription[] | undefined;

  /** The subscriptions, as they were asked for the last time unless `anew`. */
  async subscriptions(anew: boolean, signal: AbortSignal): Promise<readonly Subscription[]> {
    if (anew || this.#subscriptions === undefined) {
      this.#subscriptions = await fetchSubscriptions(this.#client, signal);
    }
    return this.#subscriptions;
  }

  /** The account of a name, of a name and a location (`mine.westeurope`), or of an id. */
  async find(said: string, signal: AbortSignal): Promise<ArmAccount> {
    const known = this.#named(said);
    if (known !== undefined) return known;
    await this.#readAll(signal);
    const found = this.#named(said);
    if (found !== undefined) return found;
    throw new ServiceError({
      status: 404,
      code: 'AccountNotFound',
      message: `no subscription that you may see has a Batch account ${said}`,
      next: ':accounts, or azb get accounts, lists those that there are',
    });
  }

  remember(account: ArmAccount): void {
    this.#known.set(account.id.toLowerCase(), account);
  }

  /** Knows what a subscription has, and no more what it had: the name may be that of another account by now. */
  #take(subscription: string, accounts: readonly ArmAccount[]): void {
    const place = `/subscriptions/${subscription}/`.toLowerCase();
    for (const id of this.#listed) {
      if (!id.startsWith(place)) continue;
      this.#listed.delete(id);
      this.#known.delete(id);
    }
    for (const account of accounts) {
      this.remember(account);
      this.#listed.add(account.id.toLowerCase());
    }
  }

  async #readAll(signal: AbortSignal): Promise<void> {
    let next: number | undefined = 0;
    while (next !== undefined) next = (await this.step(next, signal)).next;
  }

  /** @throws UsageError where a name alone does not say which. */
  #named(said: string): ArmAccount | undefined {
    const all = [...this.#known.values()];
    const byId = all.find(({ id }) => sameText(id, said));
    if (byId !== undefined) return byId;
    const fitting = all.filter(
      ({ name, location }) => sameText(name, said) || sameText(`${name}.${location}`, said),
    );
    if (fitting.length < 2) return fitting[0];
    throw new UsageError(`there are ${fitting.length} Batch accounts ${said}`, {
      next: fitting.map(({ name, location }) => `${name}.${location}`).join(' or '),
    });
  }

  async #ofSubscription(
    subscription: Subscription,
    all: readonly Subscription[],
    signal: AbortSignal,
  ): Promise<ArmAccount[]> {
    const path = `/subscriptions/${subscription.subscriptionId}/providers/Microsoft.Batch/batchAccounts`;
    const accounts = (await this.#client.list(path, signal)) as readonly ArmAccount[];
    return accounts.map((account) => ({ ...account, subscription: labelOf(subscription, all) }));
  }
}

/** Whether a subscription just has nothing to show to this user. */
function isClosed(error: unknown): boolean {
  return (
    error instanceof AzbError &&
    (isMissing(error) || (error instanceof ServiceError && (error.status === 403 || error.status === 409)))
  );
}
