import { ServiceError, UsageError } from '../../lib/errors.ts';
import type { Entity, Scope } from '../../resources/types.ts';
import type { ManagementPort } from '../port.ts';
import type { ManagementSettings } from '../settings.ts';
import type { Exchange } from '../wire/traffic.ts';
import type { AccountManager } from './account-manager.ts';

/**
 * The adapter between azb and Azure Resource Manager. Nothing is loaded and nobody signs in before the first call; a
 * credential that cannot be used rejects that call. `observe` is told of each request.
 */
export function createManagementPort(
  settings: ManagementSettings,
  observe: (exchange: Exchange) => void = () => {},
): ManagementPort {
  let connected: Promise<AccountManager> | undefined;
  const manager = (): Promise<AccountManager> => {
    connected ??= connect(settings, observe).catch((error: unknown) => {
      connected = undefined;
      throw error;
    });
    return connected;
  };
  return {
    host: new URL(settings.endpoint).host,
    listPage: async (resource, scope, query, signal) =>
      (await manager()).listPage(resource, scope, query.next, signal),
    get: async (resource, scope, id, signal) => {
      const absent = FOUND_IN_LIST[resource];
      if (absent !== undefined) {
        const found = await findByName(await manager(), resource, scope, id, signal);
        if (found === undefined) throw new ServiceError({ status: 404, ...absent(scope, id) });
        return found;
      }
      demandAccounts(resource, 'shown alone');
      return (await manager()).get(id, signal);
    },
    add: async (resource, _scope, body, signal) => {
      demandAccounts(resource, 'created');
      return (await manager()).create(body, signal);
    },
    act: async (operation, signal) => (await manager()).act(operation, signal),
    settled: async (account, signal) => (await manager()).settled(account, signal),
    keys: async (account, signal) => (await manager()).keys(account, signal),
    access: async (account, signal) => (await manager()).access(account, signal),
    publish: async (account, wanted, file, onProgress, signal) =>
      (await manager()).publish(account, wanted, file, onProgress, signal),
    quotas: async (account, data, signal) => (await manager()).quotas(account, data, signal),
  };
}

/**
 * Lists of which one entry is told only with all the others: which version is the default one stands in another place, and
 * sizes come all at once. What is said where there is none.
 */
const FOUND_IN_LIST: Readonly<
  Record<string, (scope: Scope, id: string) => { code: string; message: string }>
> = {
  packages: ({ application }, id) => ({
    code: 'ApplicationPackageNotFound',
    message: `the application ${application} has no version ${id}`,
  }),
  vmsizes: (_scope, id) => ({
    code: 'VmSizeNotFound',
    message: `there is no VM size ${id} where the account is`,
  }),
};

async function findByName(
  manager: AccountManager,
  resource: string,
  scope: Scope,
  id: string,
  signal: AbortSignal,
): Promise<Entity | undefined> {
  const { rows } = await manager.listPage(resource, scope, undefined, signal);
  return (rows as readonly { readonly name: string }[]).find(
    ({ name }) => name.toLowerCase() === id.toLowerCase(),
  );
}

function demandAccounts(resource: string, what: string): void {
  if (resource !== 'accounts') throw new UsageError(`${resource} cannot be ${what}`);
}

async function connect(
  settings: ManagementSettings,
  observe: (exchange: Exchange) => void,
): Promise<AccountManager> {
  const [{ AccountManager }, { createArmClient }] = await Promise.all([
    import('./account-manager.ts'),
    import('./arm-client.ts'),
  ]);
  return new AccountManager(settings, await createArmClient(settings, observe));
}
