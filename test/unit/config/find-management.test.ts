import { describe, expect, test } from 'vitest';
import type { AccountSettings } from '../../../src/api/settings.ts';
import type { AccountSource } from '../../../src/config/find-account.ts';
import { findManagement } from '../../../src/config/find-management.ts';

const account = (endpoint: string, key?: string): AccountSettings => ({
  name: 'a',
  endpoint,
  credential: key === undefined ? { kind: 'Entra ID', cloud: 'AzureCloud' } : { kind: 'shared key', key },
  source: 'test',
});
const EMULATOR: AccountSource = {
  label: 'environment',
  account: 'azbdemo',
  endpoint: 'http://127.0.0.1:8910',
  accessKey: 'bWFpbg==',
};

describe('where accounts are managed', () => {
  test.each([
    ['https://a.westeurope.batch.azure.com', 'https://management.azure.com', 'AzureCloud'],
    ['https://a.chinaeast.batch.chinacloudapi.cn', 'https://management.chinacloudapi.cn', 'AzureChinaCloud'],
    ['https://a.x.batch.usgovcloudapi.net', 'https://management.usgovcloudapi.net', 'AzureUSGovernment'],
  ])('of %s is %s, with Entra ID, whatever key the account has', (endpoint, expected, cloud) => {
    expect(findManagement({ accountSources: [EMULATOR] }, account(endpoint, 'c2VjcmV0'))).toEqual({
      endpoint: expected,
      credential: { kind: 'Entra ID', cloud },
    });
  });

  test('without an account is in the cloud that az uses', () => {
    const at = (cloud: string | undefined) =>
      findManagement({ accountSources: [], cloud }, undefined).endpoint;
    expect(at('AzureChinaCloud')).toBe('https://management.chinacloudapi.cn');
    expect(at('Elsewhere')).toBe('https://management.azure.com');
    expect(at(undefined)).toBe('https://management.azure.com');
  });

  test('of an emulated account is at its address, where its key is a token', () => {
    expect(
      findManagement({ accountSources: [EMULATOR] }, account('http://127.0.0.1:8910', 'bWFpbg==')),
    ).toEqual({
      endpoint: 'http://127.0.0.1:8910',
      credential: { kind: 'shared key', key: 'bWFpbg==' },
    });
  });

  test('of an account of which only the name is known is where the emulator is, if one is named', () => {
    const elsewhere = { label: 'flags', account: 'other' };
    expect(findManagement({ accountSources: [elsewhere, EMULATOR] }, undefined)).toEqual({
      endpoint: 'http://127.0.0.1:8910',
      credential: { kind: 'shared key', key: 'bWFpbg==' },
    });
  });

  test('can be said; the key is then that of the account at the same address', () => {
    const known = { accountSources: [EMULATOR], armEndpoint: '127.0.0.1:8910' };
    expect(findManagement(known, account('http://127.0.0.1:9999', 'b3RoZXI='))).toEqual({
      endpoint: 'http://127.0.0.1:8910',
      credential: { kind: 'shared key', key: 'bWFpbg==' },
    });
    expect(() => findManagement({ accountSources: [], armEndpoint: 'ftp://x' }, undefined)).toThrow(
      'AZB_ARM_ENDPOINT',
    );
  });

  test('gets no key of an account elsewhere, and elsewhere gets no key at all', () => {
    const far = { ...EMULATOR, endpoint: 'https://a.westeurope.batch.azure.com' };
    const local = { accountSources: [far], armEndpoint: 'http://127.0.0.1:8910' };
    expect(
      findManagement(local, account('https://a.westeurope.batch.azure.com', 'c2VjcmV0')).credential.kind,
    ).toBe('Entra ID');
    const stack = { accountSources: [EMULATOR], armEndpoint: 'https://management.stack.example' };
    expect(findManagement(stack, account('http://127.0.0.1:8910', 'bWFpbg==')).credential.kind).toBe(
      'Entra ID',
    );
  });
});
