import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { createBatchPort } from '../../src/api/batch.ts';
import type { BatchPort, BlobRef, StoragePort } from '../../src/api/port.ts';
import type { StorageChoice } from '../../src/api/storage/storage.ts';
import type { Exchange } from '../../src/api/wire/traffic.ts';
import { findStorage } from '../../src/config/find-storage.ts';
import { CredentialError, ServiceError, UnreachableError } from '../../src/lib/errors.ts';
import { startFast } from './support.ts';

const NEVER = new AbortController().signal;

/** azb's own port to an emulator, with a storage account as it would be configured. */
function portTo(
  emulator: Emulator,
  storage: StorageChoice,
  observe?: (exchange: Exchange) => void,
): BatchPort {
  const { account: name, endpoint, key } = emulator;
  const credential = { kind: 'shared key', key } as const;
  return createBatchPort({ name, endpoint, credential, source: 'test' }, observe, storage);
}

function choose(text: string): StorageChoice {
  return { settings: findStorage([{ label: 'test', text }], undefined) };
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

describe("azb's adapter of a storage account", () => {
  let emulator: Emulator;
  let port: BatchPort;
  let storage: StoragePort;
  let folder: string;
  let container: string;
  let number = 0;
  const exchanges: Exchange[] = [];

  beforeAll(async () => {
    emulator = await startFast();
    folder = await mkdtemp(join(tmpdir(), 'azb-adapter-'));
    port = portTo(emulator, choose(emulator.storageConnectionString), (exchange) => exchanges.push(exchange));
    storage = port.storage as StoragePort;
  });
  afterAll(async () => {
    await emulator.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    number += 1;
    container = `adapter-${number}`;
    await port.add('containers', {}, { name: container }, NEVER);
    exchanges.length = 0;
  });

  const blob = (path: string): BlobRef => ({ kind: 'blob', container, path });

  async function put(path: string, content: string | Buffer, overwrite = false): Promise<number[]> {
    const file = join(folder, 'file');
    await writeFile(file, content);
    const told: number[] = [];
    const source = { path: file, size: content.length, contentType: 'text/plain' };
    await storage.upload(blob(path), source, { overwrite, onProgress: (bytes) => told.push(bytes) }, NEVER);
    return told;
  }

  const names = (rows: readonly object[]) => rows.map((row) => (row as { name: string }).name);

  it('lists containers, by the beginning of their names and page by page', async () => {
    await port.add('containers', {}, { name: 'open-one', publicAccess: 'blob' }, NEVER);
    const filter = "startswith(name,'open')";
    const page = await port.listPage('containers', {}, { filter }, NEVER);
    expect(page).toMatchObject({
      rows: [{ name: 'open-one', properties: { publicAccess: 'blob', leaseState: 'available' } }],
      next: undefined,
    });
    const first = await port.listPage('containers', {}, { pageSize: 1 }, NEVER);
    const second = await port.listPage('containers', {}, { pageSize: 1, next: first.next ?? '' }, NEVER);
    expect(first.rows).toHaveLength(1);
    expect(names(second.rows)).not.toEqual(names(first.rows));
  });

  it('lists folders and blobs, and what is in a folder', async () => {
    for (const name of ['b.txt', 'a/1.txt', 'a/2.txt', 'a/deep/3.txt', "it's.txt"]) await put(name, name);
    const top = await port.listPage('blobs', { container }, {}, NEVER);
    expect(top.rows).toMatchObject([
      { name: 'a/', isFolder: true },
      { name: 'b.txt', properties: { contentLength: 5, contentType: 'text/plain', blobType: 'BlockBlob' } },
      { name: "it's.txt" },
    ]);
    const scope = { container, folder: 'a/' };
    const inside = await port.listPage('blobs', scope, {}, NEVER);
    expect(inside.rows).toMatchObject([
      { name: 'a/1.txt', folder: 'a/' },
      { name: 'a/2.txt', folder: 'a/' },
      { name: 'a/deep/', isFolder: true },
    ]);
    const filter = "startswith(name,'it''s')";
    expect(names((await port.listPage('blobs', { container }, { filter }, NEVER)).rows)).toEqual([
      "it's.txt",
    ]);
    const all = await port.listPage('blobs', scope, { recursive: true, pageSize: 2 }, NEVER);
    expect(names(all.rows)).toEqual(['a/1.txt', 'a/2.txt']);
    const rest = await port.listPage('blobs', scope, { recursive: true, next: all.next ?? '' }, NEVER);
    expect(names(rest.rows)).toEqual(['a/deep/3.txt']);
  });

  it('tells all of a container, a blob and a folder', async () => {
    await put('x.txt', 'hello');
    expect(await port.get('containers', {}, container, NEVER)).toMatchObject({
      name: container,
      url: `${emulator.endpoint}/azbstorage/${container}`,
    });
    expect(await port.get('blobs', { container }, 'x.txt', NEVER)).toMatchObject({
      name: 'x.txt',
      properties: { contentLength: 5, contentMD5: 'XUFAKrxLKna5cZ2REBfFkg==', accessTier: 'Hot' },
    });
    expect(await port.get('blobs', { container }, 'a/', NEVER)).toEqual({ name: 'a/', isFolder: true });
  });

  it('sends a big file in blocks and reads parts of it', async () => {
    const content = randomBytes(20 * 2 ** 20);
    const told = await put('big', content);
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toBe(content.length);
    expect(exchanges.filter(({ url }) => url.includes('comp=block')).length).toBeGreaterThan(2);
    expect((await port.statFile(blob('big'), NEVER)).size).toBe(content.length);
    const range = { start: 9_000_000, end: 9_000_100 };
    const part = await port.readFile(blob('big'), range, NEVER);
    expect(Buffer.from(part).equals(content.subarray(range.start, range.end))).toBe(true);
    const end = await port.readFile(
      blob('big'),
      { start: content.length - 3, end: content.length + 9 },
      NEVER,
    );
    expect(end.length).toBe(3);
    const beyond = await port.readFile(
      blob('big'),
      { start: content.length, end: content.length + 1 },
      NEVER,
    );
    expect(beyond.length).toBe(0);
  });

  it('takes an empty file', async () => {
    await put('empty', '');
    expect((await port.statFile(blob('empty'), NEVER)).size).toBe(0);
    expect((await port.readFile(blob('empty'), { start: 0, end: 10 }, NEVER)).length).toBe(0);
  });

  it('replaces a blob only when it is told to', async () => {
    await put('x', 'one');
    expect(await failureOf(put('x', 'two'))).toMatchObject({ code: 'BlobAlreadyExists' });
    await put('x', 'two', true);
    expect(Buffer.from(await port.readFile(blob('x'), { start: 0, end: 9 }, NEVER)).toString()).toBe('two');
  });

  it('stops an upload', async () => {
    const stop = new AbortController();
    const file = join(folder, 'long');
    await writeFile(file, Buffer.alloc(40 * 2 ** 20));
    const source = { path: file, size: 40 * 2 ** 20, contentType: undefined };
    const onProgress = () => stop.abort(new Error('enough'));
    const failure = await failureOf(
      storage.upload(blob('long'), source, { overwrite: false, onProgress }, stop.signal),
    );
    expect(failure).toMatchObject({ message: 'enough' });
    expect(await failureOf(port.statFile(blob('long'), NEVER))).toMatchObject({ status: 404 });
  });

  it('deletes blobs, folders with all that is in them, and containers', async () => {
    for (const name of ['a/1', 'a/2', 'a/b/3', 'ab']) await put(name, name);
    const act = (resource: string, id: string) =>
      port.act({ resource, action: 'delete', scope: { container }, id }, NEVER);
    await act('blobs', 'a/1');
    expect(await failureOf(act('blobs', 'a/1'))).toMatchObject({ status: 404 });
    await act('blobs', 'a/');
    const left = await port.listPage('blobs', { container }, { recursive: true }, NEVER);
    expect(names(left.rows)).toEqual(['ab']);
    await act('containers', container);
    expect(await failureOf(port.listPage('blobs', { container }, {}, NEVER))).toMatchObject({
      code: 'ContainerNotFound',
      message: 'the container does not exist',
    });
  });

  it('signs URLs to read and to write', async () => {
    await put('x y.txt', 'hello');
    const expires = new Date(Date.now() + 3_600_000);
    expect(storage.urlOf({ container, blob: 'a/x y.txt' })).toBe(
      `${emulator.endpoint}/azbstorage/${container}/a/x%20y.txt`,
    );
    const read = await storage.signedUrl({ container, blob: 'x y.txt' }, expires, NEVER);
    expect(await (await fetch(read)).text()).toBe('hello');
    expect((await fetch(read, { method: 'DELETE' })).status).toBe(403);
    const list = await storage.signedUrl({ container }, expires, NEVER);
    expect(await (await fetch(`${list}&restype=container&comp=list`)).text()).toContain(
      '<Name>x y.txt</Name>',
    );
    const write = await storage.signedUrl({ container, write: true }, expires, NEVER);
    const put2 = (url: string) =>
      fetch(url.replace('?', '/new?'), {
        method: 'PUT',
        headers: { 'x-ms-blob-type': 'BlockBlob' },
        body: '1',
      });
    expect((await put2(list)).status).toBe(403);
    expect((await put2(write)).status).toBe(201);
    // With a signature one can read, and sign for nobody.
    const signed = portTo(
      emulator,
      choose(`${emulator.endpoint}/azbstorage?${new URL(list).search.slice(1)}`),
    );
    expect(names((await signed.listPage('blobs', { container }, {}, NEVER)).rows)).toEqual([
      'new',
      'x y.txt',
    ]);
    expect(await failureOf(signed.listPage('containers', {}, {}, NEVER))).toBeInstanceOf(CredentialError);
    const removal = { resource: 'blobs', action: 'delete', scope: { container }, id: 'new' };
    expect(await failureOf(signed.act(removal, NEVER))).toMatchObject({
      code: 'AuthorizationPermissionMismatch',
      next: 'use a signature with more permissions, or the account key',
    });
    expect(
      await failureOf((signed.storage as StoragePort).signedUrl({ container }, expires, NEVER)),
    ).toMatchObject({
      message: 'azb has a signature itself, and cannot sign with it',
    });
  });

  it('tells of each request, without what gives permission', async () => {
    await port.listPage('blobs', { container }, {}, NEVER);
    expect(exchanges).toMatchObject([{ method: 'GET', outcome: '200' }]);
    expect(JSON.stringify(exchanges)).not.toContain('sig=');
  });

  it('says what is wrong with the account', async () => {
    const wrong = emulator.storageConnectionString.replace(/AccountKey=[^;]+/, 'AccountKey=d3Jvbmc=');
    const refused = await failureOf(portTo(emulator, choose(wrong)).listPage('containers', {}, {}, NEVER));
    expect(refused).toBeInstanceOf(CredentialError);
    expect(refused).toMatchObject({ message: expect.stringContaining('azbstorage refused the shared key') });
    const away = 'AccountName=a;AccountKey=d3Jvbmc=;BlobEndpoint=http://127.0.0.1:1/a';
    expect(
      await failureOf(portTo(emulator, choose(away)).listPage('containers', {}, {}, NEVER)),
    ).toBeInstanceOf(UnreachableError);
    const none = portTo(emulator, { problem: new CredentialError('none', { next: 'get one' }) });
    expect(none.storage).toBeUndefined();
    expect(await failureOf(none.listPage('containers', {}, {}, NEVER))).toMatchObject({
      message: 'none',
      next: 'get one',
    });
    expect(await failureOf(port.add('containers', {}, { name: container }, NEVER))).toBeInstanceOf(
      ServiceError,
    );
    expect(await failureOf(port.add('containers', {}, { name: 'new', colour: 1 }, NEVER))).toMatchObject({
      message: 'a container has no colour',
    });
    expect(await failureOf(port.add('blobs', { container }, {}, NEVER))).toMatchObject({
      message: 'blobs are made by uploading files',
    });
  });
});
