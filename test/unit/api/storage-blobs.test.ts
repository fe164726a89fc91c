import type { BlobServiceClient } from '@azure/storage-blob';
import { expect, it } from 'vitest';
import { deleteStored } from '../../../src/api/storage-blobs.ts';

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
