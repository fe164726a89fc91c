import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createArmClient } from '../../../../src/api/arm/arm-client.ts';
import { createBatchPort } from '../../../../src/api/batch.ts';
import type { AccountSettings, StorageSettings } from '../../../../src/api/settings.ts';
import { proxyFor } from '../../../../src/api/wire/proxy.ts';
import { startProxy } from '../../../support/proxy.ts';

vi.mock('@azure/identity', () => ({
  DefaultAzureCredential: class {
    getToken = async () => ({ token: 'secret', expiresOnTimestamp: Date.now() + 3_600_000 });
  },
}));

const NEVER = new AbortController().signal;
const BATCH = 'https://acct.westeurope.batch.azure.com';
const credential = { kind: 'shared key', key: 'c2VjcmV0' } as const;
const account: AccountSettings = { name: 'acct', endpoint: BATCH, credential, source: 'test' };
const stored: StorageSettings = {
  name: 'stored',
  endpoint: 'https://stored.blob.core.windows.net',
  credential,
  source: 'test',
};
const azure = {
  endpoint: 'https://management.azure.com',
  credential: { kind: 'Entra ID', cloud: 'AzureCloud' },
} as const;
const OF_THE_TESTER = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy'];

beforeEach(() => {
  for (const name of OF_THE_TESTER) vi.stubEnv(name, undefined);
  // The certificate of the test's service is for another host.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
});

afterEach(() => vi.unstubAllEnvs());

describe('which proxy', () => {
  const of = (env: Record<string, string>, endpoint = BATCH) => proxyFor(endpoint, env)?.href;

  it.each([
    [{ HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128/'],
    [{ https_proxy: 'p:3128' }, 'http://p:3128/'],
    [{ ALL_PROXY: 'https://u:w@p' }, 'https://u:w@p/'],
    [{ HTTP_PROXY: 'http://p:3128' }, undefined],
    [{ HTTPS_PROXY: '' }, undefined],
  ])('%j leads to %s', (env, expected) => {
    expect(of(env)).toBe(expected);
  });

  it.each([
    ['acct.westeurope.batch.azure.com', true],
    ['batch.azure.com', true],
    ['.azure.com', true],
    ['*.azure.com', true],
    ['other.com, AZURE.com', true],
    ['azure.com:443', true],
    ['*', true],
    ['zure.com', false],
    ['azure.com:8443', false],
    ['cct.westeurope.batch.azure.com', false],
  ])('NO_PROXY=%s exempts the account: %s', (list, isExempt) => {
    expect(of({ HTTPS_PROXY: 'http://p', NO_PROXY: list })).toBe(isExempt ? undefined : 'http://p/');
  });

  it('is none for this machine', () => {
    for (const endpoint of ['http://127.0.0.1:8910', 'http://localhost:8910', 'http://[::1]:8910']) {
      expect(of({ HTTP_PROXY: 'http://p', ALL_PROXY: 'http://p' }, endpoint)).toBeUndefined();
    }
  });

  it('is an error with the next step where azb cannot go through it', () => {
    expect(() => of({ ALL_PROXY: 'socks5://p:1080' })).toThrow(/ALL_PROXY names a proxy of the kind socks5/);
    expect(() => of({ HTTPS_PROXY: 'http://' })).toThrow(/HTTPS_PROXY is no address/);
  });
});

describe('behind a proxy', () => {
  it('Batch, storage and Azure Resource Manager are asked, and the proxy is shown no signature', async () => {
    const proxy = await startProxy();
    vi.stubEnv('HTTPS_PROXY', `http://me:p%40ss@${proxy.address}`);
    const port = createBatchPort(account, () => {}, { settings: stored });
    expect((await port.listPage('pools', {}, {}, NEVER)).rows).toEqual([]);
    expect((await port.listPage('pools', {}, {}, NEVER)).rows).toEqual([]);
    expect((await port.listPage('containers', {}, {}, NEVER)).rows).toEqual([]);
    const arm = await createArmClient(azure, () => {});
    expect(await arm.list('/subscriptions', NEVER)).toEqual([]);
    expect(proxy.requests).toEqual([
      'acct.westeurope.batch.azure.com/pools',
      'acct.westeurope.batch.azure.com/pools',
      'stored.blob.core.windows.net/',
      'management.azure.com/subscriptions',
    ]);
    // One connection to a host serves all requests to it.
    expect(proxy.seen.map(({ host }) => host)).toEqual([
      'acct.westeurope.batch.azure.com:443',
      'stored.blob.core.windows.net:443',
      'management.azure.com:443',
    ]);
    for (const { headers } of proxy.seen) {
      expect(Object.keys(headers).toSorted()).toEqual(['host', 'proxy-authorization', 'proxy-connection']);
      expect(headers['proxy-authorization']).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    }
  });

  it.each([
    [403, 'does not let this host be asked (403)'],
    [407, 'wants a user name and password (407)'],
    [500, 'answered with HTTP 500'],
  ])('that answers with %i it is the proxy that is told of', async (status, what) => {
    const proxy = await startProxy({ status });
    vi.stubEnv('HTTPS_PROXY', `http://me:secret@${proxy.address}`);
    const port = createBatchPort(account, () => {}, { settings: stored });
    const expected = {
      message: `the proxy ${proxy.address} ${what}`,
      next: expect.stringMatching(/^check the proxy in HTTPS_PROXY; NO_PROXY=\S+ asks/),
    };
    await expect(port.listPage('pools', {}, {}, NEVER)).rejects.toMatchObject(expected);
    await expect(port.listPage('containers', {}, {}, NEVER)).rejects.toMatchObject(expected);
    const arm = await createArmClient(azure, () => {});
    await expect(arm.list('/subscriptions', NEVER)).rejects.toMatchObject(expected);
  });

  it.each(['pools', 'containers', 'subscriptions'])(
    'that never answers nobody waits for %s longer than they want, and no connection is left',
    async (what) => {
      const proxy = createServer().listen(0, '127.0.0.1');
      onTestFinished(() => void proxy.close());
      await once(proxy, 'listening');
      vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
      const leaving = new AbortController();
      const connected = once(proxy, 'connection');
      const asked =
        what === 'subscriptions'
          ? (await createArmClient(azure, () => {})).list('/subscriptions', leaving.signal)
          : createBatchPort(account, () => {}, { settings: stored }).listPage(what, {}, {}, leaving.signal);
      asked.catch(() => undefined);
      const [socket] = (await connected) as [Socket];
      const ended = once(socket.resume(), 'close');
      leaving.abort(new Error('somebody has left'));
      await expect(asked).rejects.toThrow('somebody has left');
      await ended;
    },
  );

  it('that is not there it is the proxy that is told of', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1');
    await expect(createBatchPort(account).listPage('pools', {}, {}, NEVER)).rejects.toThrow(
      /^the proxy 127\.0\.0\.1:1 cannot be used: connect ECONNREFUSED/,
    );
  });
});
