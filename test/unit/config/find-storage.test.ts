import { describe, expect, it } from 'vitest';
import { chooseStorage, findStorage, type StorageSource } from '../../../src/config/find-storage.ts';
import { CredentialError } from '../../../src/lib/errors.ts';

const KEY = Buffer.from('a key').toString('base64');
const BATCH = { name: 'contoso', endpoint: 'https://contoso.westeurope.batch.azure.com' };

const found = (source: Omit<StorageSource, 'label'>, batch = BATCH) =>
  findStorage([{ label: 'here', ...source }], batch);

describe('the storage account', () => {
  it.each([
    [
      'a connection string with a key',
      {
        text: `DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=${KEY};EndpointSuffix=core.windows.net`,
      },
      {
        name: 'acct',
        endpoint: 'https://acct.blob.core.windows.net',
        credential: { kind: 'shared key', key: KEY },
      },
    ],
    [
      'a connection string with a signature and an address',
      { text: 'BlobEndpoint=https://acct.blob.core.windows.net/;SharedAccessSignature=?sv=1&sig=a%3D' },
      {
        name: 'acct',
        endpoint: 'https://acct.blob.core.windows.net',
        credential: { kind: 'signature', token: 'sv=1&sig=a%3D' },
      },
    ],
    [
      'an emulator, whose account is in the path',
      { text: `AccountName=azbstorage;AccountKey=${KEY};BlobEndpoint=http://127.0.0.1:8910/azbstorage` },
      {
        name: 'azbstorage',
        endpoint: 'http://127.0.0.1:8910/azbstorage',
        credential: { kind: 'shared key', key: KEY },
      },
    ],
    [
      'the emulator whose key everybody knows',
      { text: 'UseDevelopmentStorage=true' },
      { name: 'devstoreaccount1', endpoint: 'http://127.0.0.1:10000/devstoreaccount1' },
    ],
    [
      'an address to sign in to',
      { text: 'https://acct.blob.core.windows.net' },
      {
        name: 'acct',
        endpoint: 'https://acct.blob.core.windows.net',
        credential: { kind: 'Entra ID', cloud: 'AzureCloud' },
      },
    ],
    [
      'an address with a signature',
      { text: 'https://acct.blob.core.windows.net/?sv=1&sig=a' },
      {
        endpoint: 'https://acct.blob.core.windows.net',
        credential: { kind: 'signature', token: 'sv=1&sig=a' },
      },
    ],
    [
      'a name and a key',
      { account: 'acct', key: KEY },
      { name: 'acct', credential: { kind: 'shared key', key: KEY } },
    ],
    [
      'a name and a signature',
      { account: 'acct', signature: '?sv=1' },
      { credential: { kind: 'signature', token: 'sv=1' } },
    ],
    ['a name alone', { account: 'acct' }, { credential: { kind: 'Entra ID', cloud: 'AzureCloud' } }],
  ])('is understood from %s', (_, source, expected) => {
    expect(found(source)).toMatchObject({ source: 'here', ...expected });
  });

  it('is in the cloud of the Batch account', () => {
    const china = { name: 'contoso', endpoint: 'https://contoso.chinaeast2.batch.chinacloudapi.cn' };
    expect(found({ account: 'acct' }, china)).toMatchObject({
      endpoint: 'https://acct.blob.core.chinacloudapi.cn',
      credential: { kind: 'Entra ID', cloud: 'AzureChinaCloud' },
    });
  });

  it('is that of the Batch account before any other, and never that of another one', () => {
    const sources: StorageSource[] = [
      { label: 'config', batchAccount: 'OTHER', text: 'https://other.blob.core.windows.net' },
      { label: 'config', batchAccount: 'Contoso', text: 'https://own.blob.core.windows.net' },
      { label: 'environment', account: 'env' },
      { label: 'config', text: 'https://any.blob.core.windows.net' },
    ];
    expect(findStorage(sources, BATCH).name).toBe('own');
    expect(findStorage(sources, { ...BATCH, name: 'third' })).toMatchObject({
      name: 'env',
      source: 'environment',
    });
    expect(findStorage(sources.slice(3), BATCH).name).toBe('any');
  });

  it.each([
    ['nothing', {}],
    ['a string that is none', { text: `secret ${KEY}` }],
    ['a string without a key', { text: 'AccountName=acct' }],
    ['a key that is cut', { account: 'acct', key: 'no key!' }],
    ['an address of another kind', { text: 'ftp://acct' }],
  ])('says what is wrong with %s, and repeats no secret', (_, source) => {
    const { problem } = chooseStorage({ storageSources: [{ label: 'here', ...source }] }, BATCH);
    expect(problem).toBeInstanceOf(CredentialError);
    expect(problem?.next).toBeDefined();
    expect(problem?.message).not.toContain(KEY);
  });
});
