import { UsageError } from '../../lib/errors.ts';
import type { ArmClient } from './arm-client.ts';

/** A subscription that somebody may see. */
export interface Subscription {
  readonly subscriptionId: string;
  readonly displayName: string;
}

const SUBSCRIPTIONS_VERSION = '2022-12-01';
const GROUPS_VERSION = '2021-04-01';
const STORAGE_VERSION = '2023-01-01';

/** @see https://learn.microsoft.com/rest/api/resources/subscriptions/list */
export async function fetchSubscriptions(
  client: ArmClient,
  signal: AbortSignal,
): Promise<readonly Subscription[]> {
  const all = await client.list('/subscriptions', signal, SUBSCRIPTIONS_VERSION);
  return all as readonly Subscription[];
}

/** What a subscription is called where people choose: its name, or its id where two have the name. */
export function labelOf({ subscriptionId, displayName }: Subscription, all: readonly Subscription[]): string {
  const isAlone = all.filter((other) => sameText(other.displayName, displayName)).length === 1;
  return isAlone && displayName !== '' ? displayName : subscriptionId;
}

/** The subscription of a name or an id; the only one when nothing is said. @throws UsageError otherwise. */
export function chosenSubscription(said: unknown, all: readonly Subscription[]): Subscription {
  const names = all.map((each) => labelOf(each, all));
  const next =
    names.length === 0
      ? 'az login, with a user who has a subscription'
      : `subscription: ${names.join(' or ')}`;
  if (said === undefined || said === '') {
    const [only, ...others] = all;
    if (only !== undefined && others.length === 0) return only;
    throw new UsageError('it is not said in which subscription', { next });
  }
  const text = String(said);
  const found = all.find((each) => sameText(each.subscriptionId, text) || sameText(labelOf(each, all), text));
  if (found !== undefined) return found;
  throw new UsageError(`there is no subscription ${text}`, { next });
}

/** @see https://learn.microsoft.com/rest/api/resources/resource-groups/list */
export async function fetchGroups(client: ArmClient, subscription: string, signal: AbortSignal) {
  return client.list(`/subscriptions/${subscription}/resourcegroups`, signal, GROUPS_VERSION);
}

/** @see https://learn.microsoft.com/rest/api/resources/resource-groups/create-or-update */
export async function makeGroup(
  client: ArmClient,
  { subscription, group, location }: { subscription: string; group: string; location: unknown },
  signal: AbortSignal,
): Promise<void> {
  const path = `/subscriptions/${subscription}/resourcegroups/${encodeURIComponent(group)}`;
  await client.send({ method: 'PUT', path, version: GROUPS_VERSION, body: { location } }, signal);
}

/** @see https://learn.microsoft.com/rest/api/resources/subscriptions/list-locations */
export async function fetchLocations(client: ArmClient, subscription: string, signal: AbortSignal) {
  const all = await client.list(`/subscriptions/${subscription}/locations`, signal, SUBSCRIPTIONS_VERSION);
  // Geographies and the like are listed too; accounts are made in regions.
  const isPlace = (each: object) =>
    ((each as { metadata?: { regionType?: string } }).metadata?.regionType ?? 'Physical') === 'Physical';
  return all.filter(isPlace);
}

/** @see https://learn.microsoft.com/rest/api/storagerp/storage-accounts/list */
export async function fetchStorageAccounts(client: ArmClient, subscription: string, signal: AbortSignal) {
  const path = `/subscriptions/${subscription}/providers/Microsoft.Storage/storageAccounts`;
  const all = await client.list(path, signal, STORAGE_VERSION);
  return all as readonly { readonly id: string; readonly name: string }[];
}

/** What a subscription has that a new account can be in, or be linked to: how each list is read. */
export const LISTED_BY_SUBSCRIPTION: Readonly<
  Record<string, (client: ArmClient, subscription: string, signal: AbortSignal) => Promise<readonly object[]>>
> = { resourcegroups: fetchGroups, locations: fetchLocations, storageaccounts: fetchStorageAccounts };

/** Names of Azure Resource Manager are the same in any case. */
export function sameText(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
