import { AzbError, ServiceError, UsageError } from '../../lib/errors.ts';
import type { Entity, Operation, Scope } from '../../resources/types.ts';
import type { AccountKeyPair, BatchPort, NewPackage, Page, UploadFile } from '../port.ts';
import { type AccountSettings, cloudOfManagement, type ManagementSettings } from '../settings.ts';
import { groupOf, subscriptionOf } from './account-id.ts';
import { AccountList, type ArmAccount } from './account-list.ts';
import { withStorageId } from './account-storage.ts';
import type { ArmClient } from './arm-client.ts';
import { fetchUsage, quotaRows } from './quotas.ts';
import { chosenSubscription, LISTED_BY_SUBSCRIPTION, labelOf, makeGroup } from './subscriptions.ts';
import { fetchSizes, type Sizes, vmSizeRows } from './vm-sizes.ts';

/** Where accounts that nobody configured come from, for people. */
const SOURCE = 'Azure Resource Manager';

/** An operation that was begun and goes on at the service. */
type UnderWay = { poll(signal: AbortSignal): Promise<unknown> };

/** What azb does in Azure Resource Manager; see `ManagementPort`. */
export class AccountManager {
  readonly #settings: ManagementSettings;
  readonly #client: ArmClient;
  readonly #list: AccountList;
  readonly #underWay = new Map<string, UnderWay>();
  /** By location. */
  readonly #sizes = new Map<string, Promise<Sizes>>();

  constructor(settings: ManagementSettings, client: ArmClient) {
    this.#settings = settings;
    this.#client = client;
    this.#list = new AccountList(client);
  }

  async listPage(
    resource: string,
    { subscription, account, application }: Scope,
    next: string | undefined,
    signal: AbortSignal,
  ): Promise<Page> {
    switch (resource) {
      case 'packages':
        return page(await this.#packages(account, application, signal));
      case 'vmsizes': {
        const inUse = await this.#list.find(account ?? '', signal);
        return page(vmSizeRows(inUse, await this.#sizesNear(inUse)));
      }
      case 'accounts': {
        const { accounts, next: following } = await this.#list.step(Number(next ?? 0), signal);
        return page(accounts, following === undefined ? undefined : String(following));
      }
      case 'subscriptions': {
        const all = await this.#list.subscriptions(true, signal);
        return page(all.map((each) => ({ ...each, id: labelOf(each, all) })));
      }
      default: {
        const read = LISTED_BY_SUBSCRIPTION[resource];
        if (read === undefined) throw new UsageError(`there is no resource of the name ${resource}`);
        return page(await read(this.#client, await this.#subscription(subscription, signal), signal));
      }
    }
  }

  async #packages(account = '', application = '', signal: AbortSignal): Promise<readonly Entity[]> {
    const { fetchPackages } = await import('./packages.ts');
    return fetchPackages(this.#client, await this.#list.find(account, signal), application, signal);
  }

  async get(said: string, signal: AbortSignal): Promise<ArmAccount> {
    const known = await this.#list.find(said, signal);
    const { body } = await this.#client.send({ method: 'GET', path: known.id }, signal);
    const { subscription } = known;
    const account = { ...(body as ArmAccount), ...(subscription === undefined ? {} : { subscription }) };
    this.#list.remember(account);
    return account;
  }

  /** Checks the name, makes the group if that is wanted, and begins to make the account. */
  async create(body: Entity, signal: AbortSignal): Promise<void> {
    const { name, id, subscription, resourceGroup, makeResourceGroup, ...rest } = body as Record<
      string,
      unknown
    >;
    const called = textOf(name ?? id, 'name');
    const group = textOf(resourceGroup, 'resourceGroup');
    const location = textOf((rest as { location?: unknown }).location, 'location');
    const all = await this.#list.subscriptions(false, signal);
    const { subscriptionId } = chosenSubscription(subscription, all);
    await this.#demandFree(subscriptionId, location, called, signal);
    const linked = await withStorageId(this.#client, subscriptionId, rest, signal);
    if (makeResourceGroup === true) {
      await makeGroup(this.#client, { subscription: subscriptionId, group, location }, signal);
    }
    const path = `/subscriptions/${subscriptionId}/resourceGroups/${encodeURIComponent(group)}/providers/Microsoft.Batch/batchAccounts/${encodeURIComponent(called)}`;
    await this.#begin(called, 'PUT', path, linked, signal);
    this.#list.remember({ id: path, name: called, location });
  }

  async act(operation: Operation, signal: AbortSignal): Promise<void> {
    const { resource, action, scope, id, args } = operation;
    switch (`${resource}.${action}`) {
      case 'accounts.delete': {
        const account = await this.#list.find(id, signal);
        return this.#begin(account.name, 'DELETE', account.id, undefined, signal);
      }
      case 'accountkeys.regenerate':
        return this.#regenerate(scope.account ?? '', id === 'primary' ? 'Primary' : 'Secondary', signal);
      case 'applications.delete':
      case 'applications.deleteVersion':
      case 'packages.delete':
      case 'packages.makeDefault': {
        const account = await this.#list.find(scope.account ?? '', signal);
        const { changePackages } = await import('./packages.ts');
        return changePackages(this.#client, account, operation, signal);
      }
      default:
        throw new UsageError(`${resource} cannot be asked to ${action} ${JSON.stringify(args ?? {})}`);
    }
  }

  async #regenerate(said: string, keyName: 'Primary' | 'Secondary', signal: AbortSignal): Promise<void> {
    const { token } = this.#client;
    const before = token === undefined ? undefined : await this.keys(said, signal);
    const after = await this.#on(said, signal, (client, account, abortSignal) =>
      client.batchAccountOperations.regenerateKey(
        groupOf(account),
        account.name,
        { keyName },
        { abortSignal },
      ),
    );
    // The emulator takes a key of its own account as a token: it may be the one that is no more.
    const name = keyName === 'Primary' ? 'primary' : 'secondary';
    if (token !== undefined && before?.[name] === token) this.#client.renewToken(after[name] ?? token);
  }

  async settled(name: string, signal: AbortSignal): Promise<void> {
    await this.#underWay.get(name.toLowerCase())?.poll(signal);
  }

  async keys(said: string, signal: AbortSignal): Promise<AccountKeyPair> {
    const { primary = '', secondary = '' } = await this.#on(said, signal, (client, account, abortSignal) =>
      client.batchAccountOperations.getKeys(groupOf(account), account.name, { abortSignal }),
    );
    return { primary, secondary };
  }

  async access(said: string, signal: AbortSignal): Promise<AccountSettings> {
    const account = await this.get(said, signal);
    const {
      accountEndpoint,
      provisioningState,
      allowedAuthenticationModes: modes,
    } = account.properties ?? {};
    if (accountEndpoint === undefined) {
      throw new AzbError(
        `the account ${account.name} has no endpoint yet: it is ${provisioningState ?? 'not ready'}`,
        {
          next: 'wait until it is Succeeded',
        },
      );
    }
    const endpoint = withScheme(accountEndpoint);
    const key = modes?.includes('SharedKey') === false ? undefined : await this.#keyIfAllowed(said, signal);
    const { credential, endpoint: management } = this.#settings;
    const otherwise = credential.kind === 'Entra ID' ? credential.cloud : 'AzureCloud';
    return {
      name: account.name,
      endpoint,
      credential:
        key === undefined
          ? { kind: 'Entra ID', cloud: cloudOfManagement(management, otherwise) }
          : { kind: 'shared key', key },
      source: SOURCE,
    };
  }

  async publish(
    said: string,
    wanted: NewPackage,
    file: UploadFile,
    onProgress: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const account = await this.#list.find(said, signal);
    const { publishPackage } = await import('./packages.ts');
    await publishPackage(this.#client, account, wanted, file, onProgress, signal);
  }

  async quotas(said: string, data: BatchPort | undefined, signal: AbortSignal): Promise<readonly Entity[]> {
    const account = await this.get(said, signal);
    return quotaRows(account, await this.#usage(account, data, signal));
  }

  async #usage(account: ArmAccount, data: BatchPort | undefined, signal: AbortSignal) {
    if (data === undefined || !isSameHost(account, data.account.endpoint)) return undefined;
    return fetchUsage(data, await this.#sizesNear(account), signal);
  }

  /** The sizes of the account's location, which are asked for once. */
  #sizesNear(account: ArmAccount): Promise<Sizes> {
    const key = account.location.toLowerCase();
    const sizes = this.#sizes.get(key) ?? fetchSizes(this.#client, account, new AbortController().signal);
    this.#sizes.set(key, sizes);
    // What failed once is asked for again.
    sizes.catch(() => this.#sizes.delete(key));
    return sizes;
  }

  /** The first key; undefined when this user may not read keys, but perhaps sign in. */
  async #keyIfAllowed(said: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      return (await this.keys(said, signal)).primary;
    } catch (error) {
      if (error instanceof ServiceError && (error.status === 403 || error.status === 409)) return undefined;
      throw error;
    }
  }

  async #demandFree(
    subscription: string,
    location: string,
    name: string,
    signal: AbortSignal,
  ): Promise<void> {
    const type = 'Microsoft.Batch/batchAccounts' as const;
    const place = location.replaceAll(' ', '').toLowerCase();
    const { nameAvailable, message, reason } = await this.#client.call(
      subscription,
      (client, abortSignal) => client.location.checkNameAvailability(place, { name, type }, { abortSignal }),
      signal,
    );
    if (nameAvailable !== false) return;
    const why = message ?? `the name ${name} is ${reason === 'Invalid' ? 'not valid' : 'taken'}`;
    throw new AzbError(why.replace(/\.$/, ''), {
      next: reason === 'Invalid' ? '3 to 24 lower-case letters and digits' : 'another name',
    });
  }

  /** Sends what takes its time; resolves when it is accepted, and goes on by itself. */
  async #begin(
    name: string,
    requestMethod: 'PUT' | 'DELETE',
    path: string,
    body: object | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const send = async (request: Parameters<ArmClient['send']>[0], abort: AbortSignal) => {
      const { status, headers, body: answer } = await this.#client.send(request, abort);
      return { flatResponse: answer, rawResponse: { statusCode: status, headers, body: answer } };
    };
    const never = new AbortController().signal;
    const poller = await this.#client.sdk.createHttpPoller({
      requestPath: path,
      requestMethod,
      sendInitialRequest: () =>
        send({ method: requestMethod, path, ...(body === undefined ? {} : { body }) }, signal),
      sendPollRequest: (link, options) =>
        send({ method: 'GET', path: link }, (options?.abortSignal as AbortSignal | undefined) ?? never),
    });
    this.#underWay.set(name.toLowerCase(), {
      poll: (abortSignal) => poller.pollUntilDone({ abortSignal }),
    });
  }

  async #on<T>(
    said: string,
    signal: AbortSignal,
    operation: (
      client: Parameters<Parameters<ArmClient['call']>[1]>[0],
      account: ArmAccount,
      abortSignal: AbortSignal,
    ) => Promise<T>,
  ): Promise<T> {
    const account = await this.#list.find(said, signal);
    return this.#client.call(
      subscriptionOf(account),
      (client, abortSignal) => operation(client, account, abortSignal),
      signal,
    );
  }

  async #subscription(said: string | undefined, signal: AbortSignal): Promise<string> {
    return chosenSubscription(said, await this.#list.subscriptions(false, signal)).subscriptionId;
  }
}

function page(rows: readonly Entity[], next?: string): Page {
  return { rows, next, serverTime: Date.now() };
}

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw new UsageError(`an account needs ${name}`, {
    next: 'name, subscription, resourceGroup and location',
  });
}

/** The service names hosts, the emulator says how to get to them too. */
function withScheme(endpoint: string): string {
  const url = new URL(/^https?:\/\//.test(endpoint) ? endpoint : `https://${endpoint}`);
  return url.origin;
}

function isSameHost({ properties }: ArmAccount, endpoint: string): boolean {
  const { accountEndpoint } = properties ?? {};
  return accountEndpoint !== undefined && withScheme(accountEndpoint) === new URL(endpoint).origin;
}
