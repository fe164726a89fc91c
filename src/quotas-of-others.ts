import type { AccountAccess, BatchPort, ManagementPort } from './api/port.ts';
import { AzbError } from './lib/errors.ts';
import type { Quota } from './resources/quota.ts';

/**
 * A management port that tells also of an account that is not in use how much of its quotas is used: it goes to that
 * account by `open`, and counts. Where it may not, the quotas come alone, and `tell` hears why, once for each reason.
 */
export function withUsageOfOthers(
  management: ManagementPort,
  open: (access: AccountAccess) => BatchPort,
  tell: (line: string) => void,
): ManagementPort {
  const ports = new Map<string, BatchPort>();
  let told = '';

  async function usage(account: string, signal: AbortSignal): Promise<readonly Quota[]> {
    const port = ports.get(account) ?? open(await management.access(account, signal));
    // Kept when it has worked: a key may be replaced.
    ports.delete(account);
    const rows = (await management.quotas(account, port, signal)) as readonly Quota[];
    ports.set(account, port);
    return rows;
  }

  return {
    ...management,
    quotas: async (account, data, signal) => {
      const rows = (await management.quotas(account, data, signal)) as readonly Quota[];
      if (rows.length === 0 || rows.some(({ used }) => used !== undefined)) return rows;
      try {
        return await usage(account, signal);
      } catch (error) {
        if (!(error instanceof AzbError)) throw error;
        const line = `how much of its quotas ${account} uses cannot be told: ${error.message}`;
        if (line !== told) tell(line);
        told = line;
        return rows;
      }
    },
  };
}
