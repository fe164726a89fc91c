import { createManagementPort } from './api/arm/accounts.ts';
import type { AccountSettings } from './api/settings.ts';
import type { Exchange } from './api/wire/traffic.ts';
import { EndpointUnknown, findAccount } from './config/find-account.ts';
import { findManagement } from './config/find-management.ts';
import type { Configuration } from './config/load.ts';
import { AzbError } from './lib/errors.ts';

/**
 * The account as it is configured; one of which only the name is given is looked for in the subscriptions.
 * @throws CredentialError when there is none, or when it is found nowhere.
 */
export async function findAnywhere(
  configuration: Configuration,
  observe: (exchange: Exchange) => void,
): Promise<AccountSettings> {
  try {
    return findAccount(configuration.accountSources).settings;
  } catch (error) {
    if (!(error instanceof EndpointUnknown)) throw error;
    return await inSubscriptions(configuration, error, observe);
  }
}

async function inSubscriptions(
  configuration: Configuration,
  unknown: EndpointUnknown,
  observe: (exchange: Exchange) => void,
): Promise<AccountSettings> {
  try {
    const management = createManagementPort(findManagement(configuration, undefined), observe);
    return await management.access(unknown.account, new AbortController().signal);
  } catch (error) {
    if (!(error instanceof AzbError)) throw error;
    throw new EndpointUnknown(
      unknown.account,
      `${unknown.message}, nor can it be asked for: ${error.message}`,
      [error.next, unknown.next].filter((step) => step !== undefined).join('; or '),
    );
  }
}
