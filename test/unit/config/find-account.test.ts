import { describe, expect, it } from 'vitest';
import { parseEndpoint } from '../../../src/config/endpoint.ts';
import { type AccountSource, findAccount } from '../../../src/config/find-account.ts';
import { CredentialError } from '../../../src/lib/errors.ts';

const KEY = Buffer.from('a key').toString('base64');
const OTHER_KEY = Buffer.from('another key').toString('base64');

function sources(...given: Partial<AccountSource>[]): AccountSource[] {
  const labels = ['flags', 'environment', 'az config', 'config.yaml'];
  return labels.map((label, index) => ({ label, ...given[index] }));
}

it('takes each part from the first place that has it, and says which', () => {
  const found = findAccount(
    sources(
      { endpoint: 'one.eu.batch.azure.com' },
      { account: 'one', accessKey: KEY },
      { account: 'one', endpoint: 'https://two.eu.batch.azure.com', accessKey: OTHER_KEY },
    ),
  );
  expect(found.settings).toEqual({
    name: 'one',
    endpoint: 'https://one.eu.batch.azure.com',
    credential: { kind: 'shared key', key: KEY },
    source: 'flags',
  });
  expect(found.origins).toEqual({ name: 'flags', endpoint: 'flags', credential: 'environment' });
});

it('never mixes the parts of two accounts', () => {
  const az = { account: 'old', endpoint: 'https://old.eu.batch.azure.com', accessKey: OTHER_KEY };
  const found = findAccount(sources({}, { account: 'new', endpoint: 'https://new.eu.batch.azure.com' }, az));
  expect(found.settings.credential).toEqual({ kind: 'Entra ID', cloud: 'AzureCloud' });
  expect(() => findAccount(sources({ account: 'new' }, {}, az))).toThrow(/no endpoint of the account new/);
});

it('reads the name in an endpoint that comes before any name', () => {
  const env = { account: 'old', endpoint: 'https://old.eu.batch.azure.com', accessKey: OTHER_KEY };
  const { settings } = findAccount(sources({ endpoint: 'https://new.eu.batch.azure.com' }, env));
  expect(settings.name).toBe('new');
  expect(settings.credential.kind).toBe('Entra ID');
});

it('keeps the name for an endpoint that has none, such as the emulator', () => {
  const env = { account: 'azbdemo', accessKey: KEY };
  const { settings } = findAccount(sources({ endpoint: 'http://127.0.0.1:8910' }, env));
  expect(settings).toMatchObject({ name: 'azbdemo', endpoint: 'http://127.0.0.1:8910' });
  expect(settings.credential.kind).toBe('shared key');
});

it('finds the named one among the configured accounts', () => {
  const own = (name: string): AccountSource => ({
    label: 'config.yaml',
    account: name,
    endpoint: `https://${name}.eu.batch.azure.com`,
  });
  const all = [{ label: 'flags', account: 'second' }, own('first'), own('second')];
  expect(findAccount(all).settings.endpoint).toBe('https://second.eu.batch.azure.com');
  expect(findAccount(all.slice(1)).settings.name).toBe('first');
});

describe('what is missing', () => {
  it.each([
    [sources(), /no Batch account is configured/, /azb demo/],
    [sources({}, { account: 'acct' }), /no endpoint/, /AZURE_BATCH_ENDPOINT=https:\/\/acct\.REGION/],
    [sources({ endpoint: 'http://localhost:1' }), /no account name/, /--account/],
    [
      sources({ account: 'a', endpoint: 'a.eu.batch.azure.com', accessKey: 'cut off' }),
      /not Base64/,
      /keys list/,
    ],
    [sources({ account: 'a', endpoint: 'ftp://a' }), /not an address/, /https:\/\/ACCOUNT/],
  ])('%#', (given, message, next) => {
    const error = (() => {
      try {
        return findAccount(given);
      } catch (reason) {
        return reason;
      }
    })();
    expect(error).toBeInstanceOf(CredentialError);
    expect(error).toMatchObject({ message, next });
    expect(String(error)).not.toContain('cut off');
  });
});

it.each([
  ['acct.eu.batch.azure.com', 'https://acct.eu.batch.azure.com'],
  ['https://acct.eu.batch.azure.com/', 'https://acct.eu.batch.azure.com'],
  ['127.0.0.1:8910', 'http://127.0.0.1:8910'],
  ['localhost:8910', 'http://localhost:8910'],
  ['https://localhost:8910', 'https://localhost:8910'],
  ['http://batch.example.org', 'http://batch.example.org'],
])('reads the endpoint %s', (text, endpoint) => {
  expect(parseEndpoint(text, 'flags')).toBe(endpoint);
});
