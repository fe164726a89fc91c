import { expect, test } from 'vitest';
import { ServiceError } from '../../src/lib/errors.ts';
import { withUsageOfOthers } from '../../src/quotas-of-others.ts';
import { scriptedManagement } from '../support/scripted-management.ts';

const { signal } = new AbortController();
const ALONE = [{ name: 'pools', kind: 'count', quota: 100, used: undefined }];
const COUNTED = [{ name: 'pools', kind: 'count', quota: 100, used: 7 }];

function port(script: Parameters<typeof scriptedManagement>[0]) {
  const told: string[] = [];
  const tell = async (line: string) => void told.push(line);
  const management = withUsageOfOthers(scriptedManagement(script), () => {}, tell);
  return { told, rows: () => management.quotas('other', undefined, signal) };
}

test('quotas of an account that is not configured come with what it uses of them', async () => {
  const { told, rows } = port({ quotas: async (_, data) => (data === undefined ? ALONE : COUNTED) });
  expect(await rows()).toEqual(COUNTED);
  expect(told).toEqual([]);
});

test('quotas of an account that cannot be opened come alone, and it is said why', async () => {
  const forbidden = new ServiceError({ status: 403, code: 'AuthorizationFailed', message: 'you may not' });
  const { told, rows } = port({
    quotas: async () => ALONE,
    access: () => Promise.reject(forbidden),
  });
  expect(await rows()).toEqual(ALONE);
  expect(told).toEqual([
    expect.stringMatching(/^how much of its quotas other uses cannot be told: .*you may not/),
  ]);
});
