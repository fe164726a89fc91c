import { expect, it, onTestFinished, vi } from 'vitest';
import { withDeadline } from '../../../../src/api/wire/deadline.ts';
import { UnreachableError } from '../../../../src/lib/errors.ts';

const ENDPOINT = 'https://a.westeurope.batch.azure.com';
const HOUR = 3_600_000;

/** A request that only its signal ends. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('broken off')), { once: true });
  });
}

it('ends a request at the deadline, and says that nobody answered', async () => {
  const failure = withDeadline(ENDPOINT, 1, new AbortController().signal, untilAborted);
  await expect(failure).rejects.toMatchObject({ message: expect.stringContaining('did not answer') });
});

it.each([
  [{}, 'check your network, VPN'],
  [
    { HTTPS_PROXY: 'http://p:3128' },
    'check the proxy in HTTPS_PROXY; NO_PROXY=a.westeurope.batch.azure.com asks',
  ],
  [{ all_proxy: 'p:3128' }, 'check the proxy in ALL_PROXY; '],
  [{ HTTPS_PROXY: 'http://p:3128', NO_PROXY: 'azure.com' }, 'check your network, VPN'],
])('says with %j what may hold it', async (env: Record<string, string>, next) => {
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy'])
    vi.stubEnv(name, env[name]);
  onTestFinished(() => void vi.unstubAllEnvs());
  const failure = withDeadline(ENDPOINT, 1, new AbortController().signal, untilAborted);
  await expect(failure).rejects.toMatchObject({ next: expect.stringContaining(next) });
});

it('ends a request with the signal of whoever asked, and gives their reason', async () => {
  const asked = new AbortController();
  const reason = new Error('the view was left');
  const failure = withDeadline(ENDPOINT, HOUR, asked.signal, untilAborted);
  asked.abort(reason);
  await expect(failure).rejects.toBe(reason);
});

it('asks for nothing when whoever asked has left already', async () => {
  let isAsked = false;
  const failure = withDeadline(ENDPOINT, HOUR, AbortSignal.abort(new Error('left')), async () => {
    isAsked = true;
  });
  await expect(failure).rejects.toThrow('left');
  expect(isAsked).toBe(false);
});

it('names a connection that fails by itself', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const failure = withDeadline(ENDPOINT, HOUR, new AbortController().signal, () => Promise.reject(refused));
  await expect(failure).rejects.toBeInstanceOf(UnreachableError);
});
