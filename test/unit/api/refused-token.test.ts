import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createArmClient } from '../../../src/api/arm/arm-client.ts';
import { createBatchPort } from '../../../src/api/batch.ts';
import { startProxy } from '../../support/proxy.ts';

const NEVER = new AbortController().signal;
const HOUR = 3_600_000;

/** Whoever is signed in. Like the real one it keeps its token for as long as that says it lasts. */
class SignedIn {
  static count = 0;
  readonly #token: string;

  constructor() {
    SignedIn.count += 1;
    this.#token = `t${SignedIn.count}`;
  }

  async getToken() {
    return { token: this.#token, expiresOnTimestamp: Date.now() + HOUR };
  }
}

vi.mock('@azure/identity', () => ({ DefaultAzureCredential: SignedIn }));

beforeEach(() => {
  SignedIn.count = 0;
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  vi.stubEnv('NO_PROXY', undefined);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const credential = { kind: 'Entra ID', cloud: 'AzureCloud' } as const;

async function lists() {
  const account = { name: 'a', endpoint: 'https://a.westeurope.batch.azure.com', credential, source: '' };
  const stored = { name: 's', endpoint: 'https://s.blob.core.windows.net', credential, source: '' };
  const port = createBatchPort(account, () => {}, { settings: stored });
  const arm = await createArmClient({ endpoint: 'https://management.azure.com', credential }, () => {});
  return {
    pools: async () => (await port.listPage('pools', {}, {}, NEVER)).rows,
    containers: async () => (await port.listPage('containers', {}, {}, NEVER)).rows,
    subscriptions: () => arm.list('/subscriptions', NEVER),
    keys: () =>
      arm.call(
        'subscription',
        ({ batchAccountOperations }, abortSignal) =>
          batchAccountOperations.getKeys('g', 'a', { abortSignal }),
        NEVER,
      ),
    terminate: () => port.act({ resource: 'jobs', action: 'terminate', scope: {}, id: 'j' }, NEVER),
  };
}

it.each(['pools', 'containers', 'subscriptions'] as const)(
  'asks for %s again at once, with a new token, after the service has refused the one before',
  async (what) => {
    let accepted = 'Bearer t1';
    const shown: (string | undefined)[] = [];
    const proxy = await startProxy({
      accepts: (authorization) => {
        shown.push(authorization);
        return authorization === accepted;
      },
    });
    vi.stubEnv('HTTPS_PROXY', `http://${proxy.address}`);
    const list = (await lists())[what];
    await list();
    vi.setSystemTime(Date.now() + HOUR / 2);
    accepted = 'Bearer t2';
    expect(await list()).toEqual([]);
    expect(shown).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2']);
    // A new token that is refused as well is no reason for another.
    accepted = 'nobody';
    await expect(list()).rejects.toThrow(/refused|AuthenticationFailed|401/);
    expect(shown.slice(3)).toEqual(['Bearer t2']);
  },
);

it('sends what is to be done again with a new token: what was refused was not done', async () => {
  let accepted = 'Bearer t1';
  const proxy = await startProxy({ accepts: (authorization) => authorization === accepted });
  vi.stubEnv('HTTPS_PROXY', `http://${proxy.address}`);
  const { pools, terminate } = await lists();
  await pools();
  vi.setSystemTime(Date.now() + HOUR / 2);
  accepted = 'Bearer t2';
  await terminate().catch((error: Error) => expect(error.message).not.toMatch(/refused/));
  const host = 'a.westeurope.batch.azure.com';
  expect(proxy.requests).toEqual([`${host}/pools`, `${host}/jobs/j/terminate`, `${host}/jobs/j/terminate`]);
});

it('asks for what only the SDK itself knows to ask again with a new token too', async () => {
  let accepted = 'Bearer t1';
  const proxy = await startProxy({ accepts: (authorization) => authorization === accepted });
  vi.stubEnv('HTTPS_PROXY', `http://${proxy.address}`);
  const { keys } = await lists();
  await keys();
  vi.setSystemTime(Date.now() + HOUR / 2);
  accepted = 'Bearer t2';
  await keys();
  expect(proxy.requests).toHaveLength(3);
});
