import { createBatchPort } from './api/batch.ts';
import type { BatchPort, ManagementPort } from './api/port.ts';
import type { Exchange } from './api/traffic.ts';
import { AzbError } from './lib/errors.ts';
import type { Quota } from './resources/quota.ts';

/**
 * A management port that tells also of an account that is not configured how much of its quotas is used: it goes to that
 * account and counts. Where it may not, the quotas come alone, and `tell` hears why.
 */
export function withUsageOfOthers(
  management: ManagementPort,
  observe: (exchange: Exchange) => void,
  tell: (line: string) => Promise<void>,
): ManagementPort {
  const usage = async (account: string, signal: AbortSignal): Promise<readonly Quota[]> => {
    const port: BatchPort = createBatchPort(await management.access(account, signal), observe);
    return (await management.quotas(account, port, signal)) as readonly Quota[];
  };
  return {
    ...management,
    quotas: async (account, data, signal) => {
      const rows = (await management.quotas(account, data, signal)) as readonly Quota[];
      if (rows.length === 0 || rows.some(({ used }) => used !== undefined)) return rows;
      try {
        return await usage(account, signal);
      } catch (error) {
        if (!(error instanceof AzbError)) throw error;
        await tell(`how much of its quotas ${account} uses cannot be told: ${error.message}`);
        return rows;
      }
    },
  };
}
