import { ServiceError, UsageError } from '../../lib/errors.ts';
import type { Scope } from '../../resources/types.ts';
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
      if (resource === 'packages') return packageOf(await manager(), scope, id, signal);
      if (resource === 'vmsizes') return vmSizeOf(await manager(), scope, id, signal);
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

/** The service tells in another place which version is the default one. */
async function packageOf(manager: AccountManager, scope: Scope, id: string, signal: AbortSignal) {
  const { rows } = await manager.listPage('packages', scope, undefined, signal);
  const found = (rows as readonly { readonly name: string }[]).find(
    ({ name }) => name.toLowerCase() === id.toLowerCase(),
  );
  if (found !== undefined) return found;
  const message = `the application ${scope.application} has no version ${id}`;
  throw new ServiceError({ status: 404, code: 'ApplicationPackageNotFound', message });
}

/** The service tells of all sizes at once. */
async function vmSizeOf(manager: AccountManager, scope: Scope, id: string, signal: AbortSignal) {
  const { rows } = await manager.listPage('vmsizes', scope, undefined, signal);
  const found = (rows as readonly { readonly name: string }[]).find(
    ({ name }) => name.toLowerCase() === id.toLowerCase(),
  );
  if (found !== undefined) return found;
  const message = `there is no VM size ${id} where the account is`;
  throw new ServiceError({ status: 404, code: 'VmSizeNotFound', message });
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
