import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BlobServiceClient } from '@azure/storage-blob';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createBatchPort } from '../../../../src/api/batch.ts';
import { deleteStored } from '../../../../src/api/storage/storage-blobs.ts';

const NEVER = new AbortController().signal;

/** A container of these blobs, whose deletions end as told. */
function clientOf(names: readonly string[], remove: (name: string) => void) {
  const container = {
    async *listBlobsFlat() {
      for (const name of names) yield { name };
    },
    deleteBlob: async (name: string) => remove(name),
  };
  return { getContainerClient: () => container } as unknown as BlobServiceClient;
}

it('deletes a folder of which somebody else deletes a part, and says what it could not delete', async () => {
  const deleted: string[] = [];
  const refusal = (statusCode: number) => Object.assign(new Error(String(statusCode)), { statusCode });
  const operation = { resource: 'blobs', action: 'delete', scope: { container: 'c' }, id: 'a/' };
  const client = clientOf(['a/1', 'a/gone', 'a/2'], (name) => {
    if (name === 'a/gone') throw refusal(404);
    deleted.push(name);
  });
  await deleteStored(client, operation, NEVER);
  expect(deleted).toEqual(['a/1', 'a/2']);
  const closed = clientOf(['a/1'], () => {
    throw refusal(403);
  });
  await expect(deleteStored(closed, operation, NEVER)).rejects.toThrow('403');
});

it('deletes a folder for as long as that takes', async () => {
  const blob = (name: string) => `<Blob><Name>${name}</Name><Properties><Etag>1</Etag></Properties></Blob>`;
  const server = createServer(({ method }, response) => {
    if (method === 'DELETE') {
      vi.advanceTimersByTime(40_000);
      response.writeHead(202).end();
    } else {
      response.setHeader('content-type', 'application/xml');
      response.end(
        `<EnumerationResults><Blobs>${['f/1', 'f/2', 'f/3'].map(blob).join('')}</Blobs><NextMarker/></EnumerationResults>`,
      );
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const account = {
    name: 'a',
    endpoint,
    credential: { kind: 'shared key', key: 'c2VjcmV0' },
    source: '',
  } as const;
  const port = createBatchPort(account, () => {}, { settings: { ...account, endpoint: `${endpoint}/a` } });
  const operation = { resource: 'blobs', action: 'delete', scope: { container: 'c' }, id: 'f/' };
  await expect(port.act(operation, NEVER)).resolves.toBeUndefined();
});
