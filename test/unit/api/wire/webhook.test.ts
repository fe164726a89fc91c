import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { postWebhook } from '../../../../src/api/wire/webhook.ts';
import { startProxy } from '../../../support/proxy.ts';
import { type Stub, type StubReply, startStub } from '../../../support/stub-service.ts';

const NEVER = new AbortController().signal;
const NOTICE = { text: 'Job render: all 12 tasks completed', what: 'job', id: 'rendér' };
const stubs: Stub[] = [];

beforeEach(() => {
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy'])
    vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(stubs.splice(0).map((stub) => stub.close()));
});

async function answering(reply: StubReply | Promise<StubReply>) {
  const stub = await startStub(() => reply);
  stubs.push(stub);
  return { url: `${stub.endpoint}/services/T0/secret`, seen: stub.seen, host: new URL(stub.endpoint).host };
}

describe('a webhook', () => {
  it('is told by one POST of a JSON object', async () => {
    const { url, seen } = await answering({ status: 204 });
    await postWebhook(url, NOTICE, NEVER);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      path: '/services/T0/secret',
      headers: { 'content-type': 'application/json' },
    });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(NOTICE);
  });

  it.each([
    [{ status: 404, body: 'no_service' }, 404],
    [{ status: 302, headers: { location: 'https://elsewhere.example.com' } }, 302],
    [{ status: 500 }, 500],
  ])('that answers %j was not told: the host is named, and no more of its address', async (reply, status) => {
    const { url, seen, host } = await answering(reply);
    await expect(postWebhook(url, NOTICE, NEVER)).rejects.toMatchObject({
      message: `the webhook was not told: ${host} answered ${status}`,
      next: 'see webhook of notify in config.yaml',
    });
    expect(seen).toHaveLength(1);
  });

  it('that does not answer in time was not told', async () => {
    const { url, host } = await answering(new Promise<StubReply>(() => undefined));
    await expect(postWebhook(url, NOTICE, NEVER, 20)).rejects.toMatchObject({
      message: `the webhook was not told: ${host} did not answer within 0.02 seconds`,
      next: 'see webhook of notify in config.yaml',
    });
  });

  it('that is not there was not told', async () => {
    await expect(postWebhook('http://127.0.0.1:1/secret', NOTICE, NEVER)).rejects.toMatchObject({
      message: 'the webhook was not told: 127.0.0.1:1 refuses connections',
    });
  });

  it('is told through the proxy that the environment names', async () => {
    const proxy = await startProxy();
    vi.stubEnv('HTTPS_PROXY', `http://${proxy.address}`);
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    await postWebhook('https://hooks.example.com/T0/secret', NOTICE, NEVER);
    expect(proxy.seen.map(({ host }) => host)).toEqual(['hooks.example.com:443']);
    expect(proxy.requests).toEqual(['hooks.example.com/T0/secret']);
  });
});
