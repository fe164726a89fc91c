import { connect } from 'node:net';
import { BlobSASPermissions, BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answered } from '../../emulator/http/pipeline.ts';
import { stringToSign } from '../../emulator/http/shared-key.ts';
import { sign } from '../../emulator/http/signature.ts';
import type { Emulator } from '../../emulator/server.ts';
import { addReadyPool, clientFor, completedTask, startFast, until } from './support.ts';

describe('a client that goes away', () => {
  const answered: Answered[] = [];
  const problems: unknown[] = [];
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startFast({
      onAnswered: (each) => answered.push(each),
      onProblem: (problem) => problems.push(problem),
    });
  });
  afterAll(() => emulator.close());

  /** Begins to send a body, and goes as soon as the emulator wants it. */
  function goInBody(method: string, target: string, headers: readonly string[]): void {
    const { hostname, port } = new URL(emulator.endpoint);
    const socket = connect(Number(port), hostname);
    const lines = [
      `${method} ${target} HTTP/1.1`,
      'Host: emulator',
      'Content-Length: 1000',
      'Expect: 100-continue',
      ...headers,
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    socket.once('data', () => socket.end('the beginning'));
    socket.once('end', () => socket.destroy());
    socket.on('error', () => {});
  }

  /** What the log says of the request to the path. */
  const loggedOf = (path: string) =>
    until(
      async () => answered.find(({ url }) => url.startsWith(path)),
      (found) => found !== undefined,
    );

  it('in the middle of a body to the service is no problem of the emulator', async () => {
    goInBody('POST', '/jobs?api-version=2022-10-01.16.0', []);
    expect(await loggedOf('/jobs?')).toMatchObject({ method: 'POST', status: 0, code: 'ClientGone' });
    expect(problems).toEqual([]);
  });

  it('nor to Azure Resource Manager', async () => {
    goInBody('PUT', '/subscriptions/1?api-version=2023-11-01', []);
    expect(await loggedOf('/subscriptions/1')).toMatchObject({ status: 0, code: 'ClientGone' });
    expect(problems).toEqual([]);
  });

  it('nor to the storage account', async () => {
    const service = BlobServiceClient.fromConnectionString(emulator.storageConnectionString);
    await service.createContainer('c-c');
    const blob = service.getContainerClient('c-c').getBlockBlobClient('half');
    const permissions = BlobSASPermissions.parse('cw');
    const url = new URL(
      await blob.generateSasUrl({ permissions, expiresOn: new Date(Date.now() + 600_000) }),
    );
    goInBody('PUT', url.pathname + url.search, ['x-ms-version: 2021-12-02', 'x-ms-blob-type: BlockBlob']);
    expect(await loggedOf('/azbstorage/c-c/half')).toMatchObject({ status: 0, code: 'ClientGone' });
    expect(await blob.exists()).toBe(false);
    expect(problems).toEqual([]);
  });

  it('nor to the emulator itself', async () => {
    const key = Buffer.from(`${emulator.account}:${emulator.key}`).toString('base64');
    goInBody('PUT', '/_emulator/applications/a/versions/1', [`Authorization: Basic ${key}`]);
    expect(await loggedOf('/_emulator/')).toMatchObject({ status: 0, code: 'ClientGone' });
    expect(problems).toEqual([]);
  });

  it('nor in the middle of a file', async () => {
    const client = clientFor(emulator);
    await addReadyPool(client, 'p', 1);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    // More than the buffers between take.
    await client.task.add('j', { id: 't', commandLine: 'head -c 50000000 /dev/zero' });
    await completedTask(client, 'j', 't');
    const rawUrl = '/jobs/j/tasks/t/files/stdout.txt?api-version=2022-10-01.16.0';
    const headers = { 'ocp-date': new Date().toUTCString() };
    const signature = sign(stringToSign({ method: 'GET', rawUrl, headers }, emulator.account), emulator.key);
    const leaving = new AbortController();
    const response = await fetch(emulator.endpoint + rawUrl, {
      headers: { ...headers, authorization: `SharedKey ${emulator.account}:${signature}` },
      signal: leaving.signal,
    });
    await response.body?.getReader().read();
    leaving.abort();
    expect(await loggedOf('/jobs/j/tasks/t/files/')).toMatchObject({ status: 0, code: 'ClientGone' });
    expect(problems).toEqual([]);
  });
});
