import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createArmClient } from '../../../src/api/arm/arm-client.ts';
import type { StorageSettings } from '../../../src/api/settings.ts';
import { createStorageClient } from '../../../src/api/storage/storage-client.ts';
import { listContainers } from '../../../src/api/storage/storage-lists.ts';
import { uploadToUrl } from '../../../src/api/storage/storage-upload.ts';

const NEVER = new AbortController().signal;
const servers: Server[] = [];
/** Requests that came to the other host. */
const strayed: string[] = [];
let other = '';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  strayed.length = 0;
  other = await serve(({ method, url, headers }, response) => {
    strayed.push(`${method} ${url} ${headers.authorization ?? ''}`);
    response.end('{}');
  });
});

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('what azb shows to one host never goes to another', () => {
  it('where a list of Azure Resource Manager goes on elsewhere', async () => {
    const endpoint = await serve((_, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ value: [], nextLink: `${other}/next?api-version=1` }));
    });
    const settings = { endpoint, credential: { kind: 'shared key', key: 'c2VjcmV0' } } as const;
    const client = await createArmClient(settings, () => {});
    const sizes = client.call(
      'subscription',
      async ({ location }, abortSignal) => {
        for await (const each of location.listSupportedVirtualMachineSkus('here', { abortSignal })) {
          throw new Error(`nothing was listed, and still there is ${each.name}`);
        }
      },
      NEVER,
    );
    await expect(sizes).rejects.toThrow(`goes on at ${other}, which is not the endpoint`);
    await expect(client.list('/subscriptions', NEVER)).rejects.toThrow(`goes on at ${other}`);
    expect(strayed).toEqual([]);
  });

  it('where a storage account redirects', async () => {
    const endpoint = await serve(({ url }, response) => {
      response.writeHead(307, { Location: `${other}${url}` }).end();
    });
    const credential = { kind: 'shared key', key: 'c2VjcmV0' } as const;
    const settings: StorageSettings = { name: 'acct', endpoint: `${endpoint}/acct`, credential, source: '' };
    const client = await createStorageClient(settings, () => {});
    await expect(listContainers(client, {}, NEVER)).rejects.toMatchObject({ statusCode: 307 });
    const folder = await mkdtemp(join(tmpdir(), 'azb-redirect-'));
    try {
      const path = join(folder, 'file');
      await writeFile(path, 'content');
      const file = { path, size: 7, contentType: undefined };
      const sent = uploadToUrl(`${endpoint}/acct/c/b?sig=secret`, file, () => {}, NEVER);
      await expect(sent).rejects.toMatchObject({ status: 307 });
    } finally {
      await rm(folder, { recursive: true });
    }
    expect(strayed).toEqual([]);
  });
});
