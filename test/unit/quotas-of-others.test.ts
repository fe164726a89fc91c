import { expect, test } from 'vitest';
import { CredentialError, ServiceError } from '../../src/lib/errors.ts';
import { withUsageOfOthers } from '../../src/quotas-of-others.ts';
import { scriptedManagement } from '../support/scripted-management.ts';
import { scriptedPort } from '../support/scripted-port.ts';

const { signal } = new AbortController();
const ALONE = [{ name: 'pools', kind: 'count', quota: 100, used: undefined }];
const COUNTED = [{ name: 'pools', kind: 'count', quota: 100, used: 7 }];

function port(script: Parameters<typeof scriptedManagement>[0]) {
  const told: string[] = [];
  const opened: string[] = [];
  const open = ({ name }: { readonly name: string }) => {
    opened.push(name);
    return scriptedPort();
  };
  const management = withUsageOfOthers(scriptedManagement(script), open, (line) => void told.push(line));
  return { told, opened, rows: () => management.quotas('other', undefined, signal) };
}

test('quotas of an account that is not configured come with what it uses of them', async () => {
  const { told, opened, rows } = port({
    quotas: async (_, data) => (data === undefined ? ALONE : COUNTED),
  });
  expect(await rows()).toEqual(COUNTED);
  expect(await rows()).toEqual(COUNTED);
  expect(opened).toEqual(['other']);
  expect(told).toEqual([]);
});

test('quotas of an account that cannot be opened come alone, and it is said why', async () => {
  const forbidden = new ServiceError({ status: 403, code: 'AuthorizationFailed', message: 'you may not' });
  const { told, rows } = port({
    quotas: async () => ALONE,
    access: () => Promise.reject(forbidden),
  });
  expect(await rows()).toEqual(ALONE);
  expect(await rows()).toEqual(ALONE);
  expect(told).toEqual([
    expect.stringMatching(/^how much of its quotas other uses cannot be told: .*you may not/),
  ]);
});

test('an account whose key was replaced is opened anew', async () => {
  let isKeyGood = true;
  const { opened, rows } = port({
    quotas: async (_, data) => {
      if (data !== undefined && !isKeyGood) throw new CredentialError('the key is refused');
      return data === undefined ? ALONE : COUNTED;
    },
  });
  await rows();
  isKeyGood = false;
  expect(await rows()).toEqual(ALONE);
  isKeyGood = true;
  expect(await rows()).toEqual(COUNTED);
  expect(opened).toEqual(['other', 'other']);
});
