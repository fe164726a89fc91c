import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { runAzb } from '../support/azb-process.ts';
import { NEVER, poolBody, startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import { startReadyUi } from '../support/ui.ts';
import { until } from '../support/until.ts';

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator('--entra');
});
afterAll(() => emulator.end('SIGTERM'));

const SECRET = 'the secret of the endpoint of tokens';

interface TokenRequest {
  readonly resource: string | null;
  readonly secret: string | string[] | undefined;
}

/**
 * The endpoint of tokens that a managed identity has on App Service, and the environment that leads there.
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
async function startIdentity(status: number, seconds = 24 * 3600) {
  const requests: TokenRequest[] = [];
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const resource = searchParams.get('resource');
    requests.push({ resource, secret: request.headers['x-identity-header'] });
    const token = {
      access_token: 'a token',
      expires_on: String(Math.floor(Date.now() / 1000) + seconds),
      resource,
      token_type: 'Bearer',
    };
    const refusal = { statusCode: status, message: 'No identity is assigned to this app.' };
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(status === 200 ? token : refusal));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { AZURE_BATCH_ACCOUNT, AZURE_BATCH_ENDPOINT } = emulator.env;
  const env = {
    AZURE_BATCH_ACCOUNT,
    AZURE_BATCH_ENDPOINT,
    IDENTITY_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`,
    IDENTITY_HEADER: SECRET,
  };
  return { env, requests };
}

describe('a managed identity', () => {
  test('is asked once for a token of the Batch service, which serves all requests', async () => {
    const { env, requests } = await startIdentity(200);
    const pools = 'kind: pool\nid: a\nvmSize: standard_a1_v2\n';
    const image =
      'virtualMachineConfiguration: { imageReference: { publisher: canonical, offer: ubuntuserver, sku: 18.04-lts }, nodeAgentSKUId: batch.node.ubuntu 18.04 }\n';
    const stdin = `${pools}${image}---\n${pools.replace('id: a', 'id: b')}${image}`;
    const created = await runAzb(['create', '-f', '-'], { env, stdin });
    expect(created).toEqual({ code: 0, out: 'pool/a created\npool/b created\n', err: '' });
    expect(requests).toEqual([{ resource: 'https://batch.core.windows.net/', secret: SECRET }]);
    expect(await runAzb(['get', 'pools', '-o', 'name'], { env })).toMatchObject({ code: 0, out: 'a\nb\n' });
  });

  test('is asked for a token of Azure Resource Manager where accounts are listed, and of Batch for what is used', async () => {
    const { env, requests } = await startIdentity(200);
    const { code, out } = await runAzb(['get', 'quotas', '-o', 'csv'], { env });
    expect([code, out]).toEqual([0, expect.stringContaining('dedicated cores,total,')]);
    const asked = requests.map(({ resource }) => resource);
    expect(asked.toSorted()).toEqual(['https://batch.core.windows.net/', 'https://management.azure.com']);
  });

  test('is asked again shortly before a token ends, while the list goes on', async () => {
    // Five minutes before its end a token is renewed: this one lasts three seconds.
    const { env, requests } = await startIdentity(200, 5 * 60 + 3);
    const ui = await startReadyUi({ env });
    await until(
      async () => requests.filter(({ resource }) => resource === 'https://batch.core.windows.net/').length,
      (count) => count >= 2,
    );
    const port = emulator.port;
    await port.add('pools', {}, poolBody('after', 0), NEVER);
    await ui.waitFor(/│ after +active/);
    await port.act({ resource: 'pools', action: 'delete', scope: {}, id: 'after' }, NEVER);
    ui.press('ctrl-c');
    expect((await ui.exit).code).toBe(0);
  });

  test('that gives no token is told of in two lines', async () => {
    const { env, requests } = await startIdentity(400);
    const { code, out, err } = await runAzb(['get', 'pools'], { env });
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^azb: no Entra ID token for Batch could be had: .*\n {2}try: az login, .*\n$/);
    expect(err).not.toContain(SECRET);
    expect(requests.length).toBeGreaterThan(0);
  });
});
