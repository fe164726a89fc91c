import { UsageError } from '../../lib/errors.ts';
import type { ArmClient } from './arm-client.ts';
import { fetchStorageAccounts, sameText } from './subscriptions.ts';

interface LinkedBody {
  readonly properties?: { readonly autoStorage?: { readonly storageAccountId?: string } };
}

/**
 * The body of an account with the id of the storage account that is linked to it, as the service wants it, where it has the
 * name, as people know it. @throws UsageError when the subscription has none of that name
 */
export async function withStorageId(
  client: ArmClient,
  subscription: string,
  body: LinkedBody,
  signal: AbortSignal,
): Promise<object> {
  const { properties } = body;
  const named = properties?.autoStorage?.storageAccountId ?? '';
  if (named === '' || named.startsWith('/')) return body;
  const all = await fetchStorageAccounts(client, subscription, signal);
  const found = all.find(({ name }) => sameText(name, named));
  if (found === undefined) {
    throw new UsageError(`the subscription has no storage account ${named}`, {
      next:
        all.length === 0
          ? 'the id of one of another subscription, /subscriptions/…, or none'
          : all.map(({ name }) => name).join(' or '),
    });
  }
  const autoStorage = { ...properties?.autoStorage, storageAccountId: found.id };
  return { ...body, properties: { ...properties, autoStorage } };
}
