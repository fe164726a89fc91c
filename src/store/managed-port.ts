import type { AccountFacts, BatchPort, ManagementPort, NewPackage, UploadFile } from '../api/port.ts';
import { CredentialError, ServiceError } from '../lib/errors.ts';
import type { AccountRow } from '../resources/account.ts';
import { type AccountsAtHome, mergeAccounts } from '../resources/account-merge.ts';
import { isManaged, resourceNamed } from '../resources/registry.ts';
import type { Entity, Scope } from '../resources/types.ts';

/** Who azb is while there is no account. */
const NOBODY: AccountFacts = {
  name: '',
  endpoint: '',
  region: '',
  auth: 'Entra ID',
  source: '',
};

/**
 * One port to both planes: what is managed is asked for there, everything else of the account in use. `named` is the
 * account that is meant where there is none in use.
 */
export function joinPorts(
  data: BatchPort | undefined,
  management: ManagementPort,
  named?: string,
): BatchPort {
  const base = data ?? withoutAccount();
  const within = (resource: string, scope: Scope): Scope =>
    inAccount(resource, scope, data?.account.name ?? named);
  return {
    ...base,
    ...readsOf(base, data, management, within),
    add: (resource, scope, body, signal) => {
      if (resource === 'applications' && data !== undefined) {
        const { archive, ...wanted } = body as NewPackage & { readonly archive: UploadFile };
        return management.publish(data.account.name, wanted, archive, () => {}, signal);
      }
      return (isManaged(resource) ? management : base).add(resource, scope, body, signal);
    },
    act: async (operation, signal) => {
      const { resource, scope } = operation;
      // Applications are listed by the account, and changed where it is managed.
      if (resource === 'applications' && data !== undefined)
        return management.act({ ...operation, scope: { ...scope, account: data.account.name } }, signal);
      const meant = { ...operation, scope: within(resource, scope) };
      return (isManaged(resource) ? management : base).act(meant, signal);
    },
    settled: async (resource, id, signal) => {
      if (resource === 'accounts') await management.settled(id, signal);
    },
  };
}

/** What is in an account, or near it, is so of the one in use. @throws CredentialError where there is none. */
function inAccount(resource: string, scope: Scope, inUse: string | undefined): Scope {
  if (!['packages', 'vmsizes', 'quotas'].includes(resource)) return scope;
  const account = scope.account ?? inUse;
  if (account === undefined) throw noAccount();
  return { ...scope, account };
}

/** How lists and single entities are read. Quotas come all at once, with what the data plane tells of their use. */
function readsOf(
  base: BatchPort,
  data: BatchPort | undefined,
  management: ManagementPort,
  within: (resource: string, scope: Scope) => Scope,
): Pick<BatchPort, 'listPage' | 'get'> {
  const quotasOf = (scope: Scope, signal: AbortSignal): Promise<readonly Entity[]> =>
    management.quotas(within('quotas', scope).account ?? '', data, signal);
  return {
    listPage: async (resource, scope, query, signal) => {
      if (!isManaged(resource)) return base.listPage(resource, scope, query, signal);
      if (resource !== 'quotas') return management.listPage(resource, within(resource, scope), query, signal);
      return { rows: await quotasOf(scope, signal), next: undefined, serverTime: Date.now() };
    },
    get: async (resource, scope, id, signal) => {
      if (!isManaged(resource)) return base.get(resource, scope, id, signal);
      if (resource !== 'quotas') return management.get(resource, within(resource, scope), id, signal);
      const { idOf } = resourceNamed(resource);
      const found = (await quotasOf(scope, signal)).find((row) => idOf(row) === id);
      if (found === undefined) throw noQuota(id);
      return found;
    },
  };
}

/**
 * A port whose list of accounts begins with those of the configuration, for whoever asks once. Where the others cannot
 * be asked for, those come first, and then the reason.
 */
export function withKnownAccounts(port: BatchPort, home: AccountsAtHome): BatchPort {
  return {
    ...port,
    listPage: async (resource, scope, query, signal) => {
      if (resource !== 'accounts') return port.listPage(resource, scope, query, signal);
      const rows: Entity[] = [];
      const page = (more: readonly Entity[], next?: string) => ({
        rows: mergeAccounts(home, more as readonly AccountRow[]),
        next,
        serverTime: Date.now(),
      });
      if (query.next === REASON) return port.listPage(resource, scope, {}, signal);
      try {
        let next: string | undefined;
        do {
          const part = await port.listPage(resource, scope, next === undefined ? {} : { next }, signal);
          rows.push(...part.rows);
          next = part.next;
        } while (next !== undefined);
      } catch (error) {
        if (home.known.length === 0 && home.here === undefined) throw error;
        return page([], REASON);
      }
      return page(rows);
    },
  };
}

/** The page after the accounts of the configuration, where there is nothing but the reason why. */
const REASON = 'why there is no more';

function noQuota(id: string): ServiceError {
  return new ServiceError({
    status: 404,
    code: 'QuotaNotFound',
    message: `the account has no quota of ${id}`,
  });
}

function noAccount(): CredentialError {
  return new CredentialError('there is no account to ask', {
    next: 'azb get accounts, or :accounts, lists those of your subscriptions',
  });
}

function withoutAccount(): BatchPort {
  const refuse = (): Promise<never> => Promise.reject(noAccount());
  return {
    account: NOBODY,
    listPage: refuse,
    get: refuse,
    add: refuse,
    addTasks: refuse,
    update: refuse,
    act: refuse,
    ask: refuse,
    statFile: refuse,
    readFile: refuse,
    taskCounts: refuse,
  };
}
