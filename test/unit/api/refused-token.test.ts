import { afterEach, expect, it, vi } from 'vitest';
import { createBatchPort } from '../../../src/api/batch.ts';
import { type Stub, startStub } from '../../support/stub-service.ts';

const HOUR = 3_600_000;

/** Whoever is signed in, with a new token for each time that one is asked for. */
class SignedIn {
  static tokens = 0;

  async getToken() {
    SignedIn.tokens += 1;
    return { token: `t${SignedIn.tokens}`, expiresOnTimestamp: Date.now() + HOUR };
  }
}

vi.mock('@azure/identity', () => ({ DefaultAzureCredential: SignedIn }));

let stub: Stub | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await stub?.close();
});

it('signs with a new token after the service has refused the one before', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  let accepted = 'Bearer t1';
  stub = await startStub(({ headers }) =>
    headers.authorization === accepted ? { body: { value: [] } } : { status: 401 },
  );
  const port = createBatchPort({ ...stub.settings, credential: { kind: 'Entra ID', cloud: 'AzureCloud' } });
  const look = () => port.listPage('pools', {}, {}, new AbortController().signal);
  await look();
  vi.setSystemTime(Date.now() + HOUR / 2);
  accepted = 'Bearer t2';
  await expect(look()).rejects.toThrow();
  expect((await look()).rows).toEqual([]);
  expect(stub.seen.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer t1',
    'Bearer t1',
    'Bearer t2',
  ]);
});
