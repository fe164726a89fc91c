import { expect, it } from 'vitest';
import { accountNameOf, cloudOf, regionOf } from '../../../../src/api/settings.ts';
import { networkError, timeoutError } from '../../../../src/api/wire/network-errors.ts';
import { UnreachableError } from '../../../../src/lib/errors.ts';

const ENDPOINT = 'https://acct.westeurope.batch.azure.com';

it.each([
  ['getaddrinfo ENOTFOUND acct.westeurope.batch.azure.com', 'no host of the name'],
  ['connect ECONNREFUSED 127.0.0.1:1', 'refuses connections'],
  ['unable to verify the first certificate: UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'],
  ['CERT_HAS_EXPIRED certificate has expired', 'not valid at this time'],
  ['ERR_TLS_CERT_ALTNAME_INVALID Hostname/IP does not match', 'for another host'],
  ['SSL routines:ssl3_get_record:wrong version number', 'protocol'],
  ['connect EHOSTUNREACH 10.0.0.1', 'no way to'],
  ['connect ETIMEDOUT 10.0.0.1', 'does not answer'],
  ['socket hang up', 'broke the connection'],
])('%s', (message, words) => {
  const error = networkError(new Error(message), ENDPOINT);
  expect(error).toBeInstanceOf(UnreachableError);
  expect(error.message).toContain(words);
  expect(error.message).toContain('acct.westeurope.batch.azure.com');
  expect(error.next).toBeDefined();
});

it('keeps what it does not know', () => {
  expect(networkError(new Error('strange weather'), ENDPOINT).message).toContain('strange weather');
  expect(timeoutError(ENDPOINT, 30_000).message).toContain('30 seconds');
});

it('reads account, region and cloud from an endpoint', () => {
  expect(regionOf(ENDPOINT)).toBe('westeurope');
  expect(accountNameOf(ENDPOINT)).toBe('acct');
  expect(regionOf('http://127.0.0.1:8910')).toBe('local');
  expect(regionOf('http://[::1]:8910')).toBe('local');
  expect(regionOf('https://batch.example.org')).toBe('batch.example.org');
  expect(accountNameOf('http://127.0.0.1:8910')).toBeUndefined();
  expect(cloudOf(ENDPOINT)).toBe('AzureCloud');
  expect(cloudOf('https://a.chinaeast.batch.chinacloudapi.cn')).toBe('AzureChinaCloud');
  expect(cloudOf('https://a.usgovarizona.batch.usgovcloudapi.net')).toBe('AzureUSGovernment');
});
