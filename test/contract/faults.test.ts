import { BlobSASPermissions, BlobServiceClient, type RestError } from '@azure/storage-blob';
import { afterEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
import { startFast, UBUNTU } from './support.ts';

describe('--fault', () => {
  let emulator: Emulator | undefined;
  const start = async (fault: string) => {
    emulator = await startFast({ fault });
    return emulator;
  };
  afterEach(() => emulator?.close());

  it('refuses with and without Retry-After, at a rate', async () => {
    const service = await start('Pool_List:429+7@1/2,Job_List:503');
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await raw(service, 'GET', '/pools')).status);
    expect(statuses).toEqual([200, 429, 200, 429]);
    expect((await raw(service, 'GET', '/pools')).headers['retry-after']).toBeUndefined();
    expect((await raw(service, 'GET', '/pools')).headers['retry-after']).toBe('7');
    const busy = await raw(service, 'GET', '/jobs');
    expect([busy.status, busy.json.code]).toEqual([503, 'ServerBusy']);
    expect(busy.headers['retry-after']).toBeUndefined();
  });

  it('does what it was asked, and denies it', async () => {
    const service = await start('Pool_Add:lose');
    const body = JSON.stringify({ id: 'p', vmSize: 'standard_d1', virtualMachineConfiguration: UBUNTU });
    expect((await raw(service, 'POST', '/pools', { body })).status).toBe(500);
    expect((await raw(service, 'GET', '/pools/p')).status).toBe(200);
  });

  it('breaks connections, before and in the middle of an answer', async () => {
    const service = await start('Pool_List:drop,Account_ListSupportedImages:truncate');
    await expect(raw(service, 'GET', '/pools')).rejects.toThrow();
    await expect(raw(service, 'GET', '/supportedimages')).rejects.toThrow();
    expect((await raw(service, 'GET', '/jobs')).status).toBe(200);
  });

  const containerOf = async (service: Emulator) => {
    const options = { retryOptions: { maxTries: 1 } };
    const client = BlobServiceClient.fromConnectionString(service.storageConnectionString, options);
    const container = client.getContainerClient('c-1');
    await container.create();
    return container;
  };
  const refused = async (call: Promise<unknown>) => {
    const error = (await call.then(
      () => undefined,
      (reason: unknown) => reason,
    )) as RestError;
    return [error.statusCode, error.code, error.response?.headers.get('retry-after')];
  };

  it('reaches the operations of the Blob service, which throttles with 503', async () => {
    const container = await containerOf(
      await start('PutBlob:429+7@1/2,DeleteBlob:500,ListBlobs:503,Pool_List:429'),
    );
    const put = (name: string) => container.getBlockBlobClient(name).upload('text', 4);
    await put('a');
    expect(await refused(put('b'))).toEqual([503, 'ServerBusy', '7']);
    expect(await container.getBlobClient('a').downloadToBuffer(0, 4)).toEqual(Buffer.from('text'));
    expect(await refused(container.deleteBlob('a'))).toEqual([500, 'InternalError', undefined]);
    expect(await refused(container.listBlobsFlat().next())).toEqual([503, 'ServerBusy', undefined]);
  });

  it('loses and breaks answers of the Blob service, too', async () => {
    const container = await containerOf(await start('PutBlob:lose,GetBlob:truncate,ListBlobs:drop'));
    const blob = container.getBlockBlobClient('a');
    expect((await refused(blob.upload('long text', 9))).slice(0, 2)).toEqual([500, 'InternalError']);
    expect((await blob.getProperties()).contentLength).toBe(9);
    await expect(container.listBlobsFlat().next()).rejects.toMatchObject({ statusCode: undefined });
    const signed = await blob.generateSasUrl({
      permissions: BlobSASPermissions.parse('r'),
      expiresOn: new Date(Date.now() + 3_600_000),
    });
    const answer = await fetch(signed);
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '9']);
    await expect(answer.text()).rejects.toThrow();
  });

  it('takes its time, and keeps nobody who stops it', async () => {
    const service = await start('Pool_List:latency=3600000,Job_List:latency=20');
    const waiting = raw(service, 'GET', '/pools').catch((error: Error) => error.message);
    expect((await raw(service, 'GET', '/jobs')).status).toBe(200);
    await service.close();
    emulator = undefined;
    expect(await waiting).toContain('hang up');
  });
});
