import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  AnonymousCredential,
  BlobSASPermissions,
  BlobServiceClient,
  ContainerClient,
  ContainerSASPermissions,
  generateAccountSASQueryParameters,
  type RestError,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { startFast, until } from './support.ts';
import { TravellingClock } from './travelling-clock.ts';

const ONCE = { retryOptions: { maxTries: 1 } };

/** Status and code of the refusal that a call ends in. */
async function refused(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { statusCode, code } = error as RestError;
    return `${statusCode} ${code ?? ''}`;
  }
  throw new Error('The call was not refused.');
}

async function textOf(client: ContainerClient, blob: string): Promise<string> {
  return (await client.getBlobClient(blob).downloadToBuffer()).toString('utf8');
}

describe('the storage account, asked by @azure/storage-blob', () => {
  let emulator: Emulator;
  let service: BlobServiceClient;
  let container: ContainerClient;
  let number = 0;

  beforeAll(async () => {
    emulator = await startFast();
    service = BlobServiceClient.fromConnectionString(emulator.storageConnectionString, ONCE);
  });
  afterAll(() => emulator.close());
  beforeEach(async () => {
    number += 1;
    container = service.getContainerClient(`c-${number}`);
    await container.create();
  });

  const put = (name: string, text: string) =>
    container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text));
  const names = async (options: Parameters<ContainerClient['listBlobsFlat']>[0] = {}) => {
    const found: string[] = [];
    for await (const { name } of container.listBlobsFlat(options)) found.push(name);
    return found;
  };

  it('makes, lists, describes and removes containers', async () => {
    const other = service.getContainerClient(`other-${number}`);
    await other.create({ access: 'blob', metadata: { Colour: 'green & red' } });
    expect(await refused(other.create())).toBe('409 ContainerAlreadyExists');
    expect(await other.createIfNotExists()).toMatchObject({ succeeded: false });
    const listed = [];
    for await (const each of service.listContainers({ prefix: 'other-', includeMetadata: true }))
      listed.push(each);
    expect(listed).toMatchObject([
      {
        name: other.containerName,
        metadata: { Colour: 'green & red' },
        properties: { publicAccess: 'blob' },
      },
    ]);
    const properties = await other.getProperties();
    expect(properties).toMatchObject({
      blobPublicAccess: 'blob',
      leaseState: 'available',
      metadata: { colour: 'green & red' },
    });
    await other.setMetadata({ a: '1' });
    await other.setAccessPolicy();
    expect(await other.getAccessPolicy()).toMatchObject({ signedIdentifiers: [] });
    expect(await other.getProperties()).toMatchObject({ metadata: { a: '1' }, blobPublicAccess: undefined });
    await other.delete();
    expect(await other.exists()).toBe(false);
    expect(await refused(other.delete())).toBe('404 ContainerNotFound');
    expect(await refused(service.getContainerClient('No_Such').create())).toBe('400 InvalidResourceName');
    expect(await refused(service.getContainerClient('ab').create())).toBe('400 OutOfRangeInput');
  });

  it('lists containers page by page', async () => {
    for (const name of ['p-a', 'p-b', 'p-c']) await service.createContainer(`${name}-${number}`);
    const pages = [];
    for await (const page of service.listContainers({ prefix: 'p-' }).byPage({ maxPageSize: 2 })) {
      pages.push(page.containerItems.map(({ name }) => name));
    }
    expect(pages).toEqual([[`p-a-${number}`, `p-b-${number}`], [`p-c-${number}`]]);
  });

  it('keeps a blob with what is said of it', async () => {
    const blob = container.getBlockBlobClient('a b/ü & 1%.txt');
    const written = await blob.upload('hello', 5, {
      blobHTTPHeaders: {
        blobContentType: 'text/plain',
        blobContentEncoding: 'identity',
        blobContentLanguage: 'de',
        blobCacheControl: 'no-cache',
        blobContentDisposition: 'inline',
      },
      metadata: { Owner: 'me' },
      tier: 'Cool',
    });
    const properties = await blob.getProperties();
    expect(properties).toMatchObject({
      etag: written.etag,
      contentLength: 5,
      contentType: 'text/plain',
      contentEncoding: 'identity',
      contentLanguage: 'de',
      cacheControl: 'no-cache',
      contentDisposition: 'inline',
      blobType: 'BlockBlob',
      accessTier: 'Cool',
      metadata: { owner: 'me' },
    });
    expect(Buffer.from(properties.contentMD5 ?? []).toString('base64')).toBe('XUFAKrxLKna5cZ2REBfFkg==');
    expect(await textOf(container, blob.name)).toBe('hello');
    for await (const item of container.listBlobsFlat({ includeMetadata: true })) {
      expect(item).toMatchObject({
        name: 'a b/ü & 1%.txt',
        metadata: { Owner: 'me' },
        properties: {
          contentLength: 5,
          contentType: 'text/plain',
          accessTier: 'Cool',
          blobType: 'BlockBlob',
        },
      });
      expect(`"${item.properties.etag}"`).toBe(written.etag);
    }
    await blob.setMetadata({ b: '2' });
    await blob.setHTTPHeaders({ blobContentType: 'text/html' });
    await blob.setAccessTier('Hot');
    expect(await blob.getProperties()).toMatchObject({
      contentType: 'text/html',
      contentEncoding: undefined,
      metadata: { b: '2' },
      accessTier: 'Hot',
    });
    await blob.delete();
    expect(await refused(blob.delete())).toBe('404 BlobNotFound');
    expect(await refused(blob.download())).toBe('404 BlobNotFound');
    expect(await refused(blob.getProperties())).toMatch(/^404/);
  });

  it('puts blocks together, also those of before', async () => {
    const blob = container.getBlockBlobClient('blocks');
    const id = (text: string) => Buffer.from(text).toString('base64');
    await blob.stageBlock(id('1'), 'one,', 4);
    await blob.stageBlock(id('2'), 'two,', 4);
    expect(await names()).toEqual([]);
    expect(await names({ includeUncommitedBlobs: true })).toEqual(['blocks']);
    expect(await refused(blob.download())).toBe('404 BlobNotFound');
    await blob.commitBlockList([id('2'), id('1')]);
    expect(await textOf(container, 'blocks')).toBe('two,one,');
    await blob.stageBlock(id('3'), 'three,', 6);
    const lists = await blob.getBlockList('all');
    expect(lists.committedBlocks?.map(({ size }) => size)).toEqual([4, 4]);
    expect(lists.uncommittedBlocks).toEqual([{ name: id('3'), size: 6 }]);
    expect(await refused(blob.stageBlock(id('long'), 'x', 1))).toBe('400 InvalidBlobOrBlock');
    expect(await refused(blob.commitBlockList([id('9')]))).toBe('400 InvalidBlockList');
    await blob.commitBlockList([id('1'), id('3'), id('1')]);
    expect(await textOf(container, 'blocks')).toBe('one,three,one,');
    expect((await blob.getBlockList('all')).uncommittedBlocks ?? []).toEqual([]);
    expect((await blob.download(2, 6)).contentLength).toBe(6);
    expect((await blob.downloadToBuffer(2, 6)).toString()).toBe('e,thre');
  });

  it('takes a file in blocks, and gives it back', async () => {
    const content = randomBytes(5 * 2 ** 20);
    const blob = container.getBlockBlobClient('big');
    await blob.uploadData(content, { blockSize: 2 ** 20, maxSingleShotSize: 2 ** 20, concurrency: 4 });
    expect((await blob.downloadToBuffer(0, undefined, { blockSize: 2 ** 20 })).equals(content)).toBe(true);
  });

  it('gives parts', async () => {
    await put('r', '0123456789');
    const blob = container.getBlobClient('r');
    const part = await blob.download(3, 4, { rangeGetContentMD5: true });
    expect(part).toMatchObject({ contentLength: 4, contentRange: 'bytes 3-6/10' });
    expect((await blob.downloadToBuffer(8)).toString()).toBe('89');
    expect(await refused(blob.download(10, 1))).toBe('416 InvalidRange');
    await put('empty', '');
    expect((await container.getBlobClient('empty').getProperties()).contentLength).toBe(0);
  });

  it('appends', async () => {
    const blob = container.getAppendBlobClient('log');
    await blob.create({ metadata: { a: '1' } });
    await Promise.all(['one\n', 'two\n', 'six\n'].map((line) => blob.appendBlock(line, 4)));
    expect((await textOf(container, 'log')).split('\n').sort()).toEqual(['', 'one', 'six', 'two']);
    const answer = await blob.appendBlock('end\n', 4, { conditions: { appendPosition: 12 } });
    expect(answer).toMatchObject({ blobAppendOffset: '12', blobCommittedBlockCount: 4 });
    expect(await refused(blob.appendBlock('x', 1, { conditions: { appendPosition: 12 } }))).toBe(
      '412 AppendPositionConditionNotMet',
    );
    expect(await refused(blob.appendBlock('x', 1, { conditions: { maxSize: 16 } }))).toBe(
      '412 MaxBlobSizeConditionNotMet',
    );
    expect(await refused(container.getBlockBlobClient('log').stageBlock('AAAA', 'x', 1))).toBe(
      '409 InvalidBlobType',
    );
    expect(await blob.getProperties()).toMatchObject({
      blobType: 'AppendBlob',
      contentLength: 16,
      metadata: { a: '1' },
    });
  });

  it('lists with prefixes, folders and pages', async () => {
    for (const name of ['a/1', 'a/2', 'a/b/3', 'b', 'c/😀/4', 'c/x']) await put(name, name);
    expect(await names({ prefix: 'a/' })).toEqual(['a/1', 'a/2', 'a/b/3']);
    const pages: string[][] = [];
    for await (const page of container.listBlobsByHierarchy('/').byPage({ maxPageSize: 2 })) {
      const { blobPrefixes = [], blobItems } = page.segment;
      pages.push([...blobPrefixes, ...blobItems].map(({ name }) => name));
    }
    expect(pages).toEqual([['a/', 'b'], ['c/']]);
    const below: string[] = [];
    for await (const item of container.listBlobsByHierarchy('/', { prefix: 'c/' }))
      below.push(`${item.kind} ${item.name}`);
    expect(below.sort()).toEqual(['blob c/x', 'prefix c/😀/']);
    expect(await refused(service.getContainerClient('none').listBlobsFlat().next())).toBe(
      '404 ContainerNotFound',
    );
  });

  it('copies within the account', async () => {
    const source = container.getAppendBlobClient('source');
    await source.create({ metadata: { from: 'here' } });
    await source.appendBlock('text', 4);
    const target = container.getBlobClient('target');
    const poller = await target.beginCopyFromURL(source.url);
    expect(await poller.pollUntilDone()).toMatchObject({ copyStatus: 'success' });
    await source.appendBlock(' and more', 9);
    expect(await textOf(container, 'target')).toBe('text');
    expect(await target.getProperties()).toMatchObject({ copyStatus: 'success', metadata: { from: 'here' } });
    await put('block', 'a block blob');
    await container.getBlobClient('twin').syncCopyFromURL(container.getBlobClient('block').url);
    await container.deleteBlob('block');
    expect(await textOf(container, 'twin')).toBe('a block blob');
    expect(await refused(target.beginCopyFromURL(container.getBlobClient('none').url))).toBe(
      '404 CannotVerifyCopySource',
    );
    await target.syncCopyFromURL(`https://azbstorage.blob.core.windows.net/${container.containerName}/twin`);
    expect(await textOf(container, 'target')).toBe('a block blob');
    expect(await refused(target.beginCopyFromURL('http://example.org/x'))).toBe('501 NotImplemented');
  });

  it('minds conditions', async () => {
    const blob = container.getBlockBlobClient('c');
    const { etag = '' } = await blob.upload('1', 1);
    expect(await refused(blob.upload('2', 1, { conditions: { ifNoneMatch: '*' } }))).toBe(
      '409 BlobAlreadyExists',
    );
    expect(await refused(blob.upload('2', 1, { conditions: { ifMatch: '"0x0"' } }))).toBe(
      '412 ConditionNotMet',
    );
    await blob.upload('2', 1, { conditions: { ifMatch: etag } });
    expect(await refused(blob.download(0, 1, { conditions: { ifMatch: etag } }))).toBe('412 ConditionNotMet');
    const { etag: present = '', lastModified } = await blob.getProperties();
    expect(await refused(blob.download(0, 1, { conditions: { ifNoneMatch: present } }))).toMatch(/^304/);
    expect(await refused(blob.delete({ conditions: { ifUnmodifiedSince: new Date(0) } }))).toBe(
      '412 ConditionNotMet',
    );
    await blob.delete({ conditions: { ifUnmodifiedSince: lastModified ?? new Date() } });
  });

  it('refuses content that is not what was sent', async () => {
    const blob = container.getBlockBlobClient('md5');
    const wrong = { transactionalContentMD5: new Uint8Array(16) };
    expect(await refused(blob.stageBlock('AAAA', 'x', 1, wrong))).toBe('400 Md5Mismatch');
    expect(await names({ includeUncommitedBlobs: true })).toEqual([]);
  });

  it('leaves no bytes of what is gone', async () => {
    await put('x', 'one');
    await put('x', 'two');
    await container.deleteBlob('x');
    await container.getBlockBlobClient('y').stageBlock('AAAA', 'x', 1);
    await container.delete();
    expect(await names().catch(() => 'gone')).toBe('gone');
  });

  it('says what it does not do', async () => {
    await put('x', 'x');
    const blob = container.getBlobClient('x');
    expect(await refused(blob.createSnapshot())).toBe('501 NotImplemented');
    expect(await refused(blob.getBlobLeaseClient().acquireLease(15))).toBe('501 NotImplemented');
    expect(await refused(blob.setTags({ a: 'b' }))).toBe('501 NotImplemented');
    expect(await refused(container.getPageBlobClient('p').create(512))).toBe('501 NotImplemented');
    expect(await refused(blob.setAccessTier('Archive'))).toBe('501 NotImplemented');
    expect(await refused(service.setProperties({}))).toBe('501 NotImplemented');
    expect(await service.getProperties()).toMatchObject({ deleteRetentionPolicy: { enabled: false } });
    expect(await service.getAccountInfo()).toMatchObject({ accountKind: 'StorageV2' });
  });

  describe('who may', () => {
    const expiresOn = new Date(Date.now() + 3_600_000);

    it('a wrong key may nothing', async () => {
      const url = service.url;
      const stranger = new BlobServiceClient(
        url,
        new StorageSharedKeyCredential('azbstorage', 'd3Jvbmc='),
        ONCE,
      );
      expect(await refused(stranger.createContainer('x-x'))).toBe('403 AuthenticationFailed');
      const nobody = new BlobServiceClient(url, new AnonymousCredential(), ONCE);
      expect(await refused(nobody.createContainer('x-x'))).toBe('401 NoAuthenticationInformation');
    });

    it('everybody may read what is open to them', async () => {
      await put('x', 'open');
      const anyone = new ContainerClient(container.url, new AnonymousCredential(), ONCE);
      expect(await refused(anyone.getBlobClient('x').download())).toBe('404 ResourceNotFound');
      await container.setAccessPolicy('blob');
      expect(await textOf(anyone, 'x')).toBe('open');
      expect(await refused(anyone.listBlobsFlat().next())).toBe('404 ResourceNotFound');
      await container.setAccessPolicy('container');
      expect((await anyone.listBlobsFlat().next()).value?.name).toBe('x');
      expect(await refused(anyone.getBlobClient('x').delete())).toBe('401 NoAuthenticationInformation');
    });

    it('a signature for a container may what it says', async () => {
      await put('x', 'here');
      const signed = async (permissions: string, more: object = {}) =>
        new ContainerClient(
          await container.generateSasUrl({
            permissions: ContainerSASPermissions.parse(permissions),
            expiresOn,
            ...more,
          }),
          undefined,
          ONCE,
        );
      const reader = await signed('r');
      expect(await textOf(reader, 'x')).toBe('here');
      expect(await refused(reader.listBlobsFlat().next())).toBe('403 AuthorizationPermissionMismatch');
      expect(await refused(reader.getBlockBlobClient('x').upload('y', 1))).toBe(
        '403 AuthorizationPermissionMismatch',
      );
      expect(await refused(reader.delete())).toBe('403 AuthorizationPermissionMismatch');
      const creator = await signed('c');
      await creator.getBlockBlobClient('new').upload('y', 1);
      expect(await refused(creator.getBlockBlobClient('new').upload('z', 1))).toBe(
        '403 AuthorizationPermissionMismatch',
      );
      await (await signed('w')).getBlockBlobClient('new').upload('z', 1);
      await (await signed('d')).deleteBlob('new');
      const late = await signed('r', {
        startsOn: new Date(Date.now() - 7_200_000),
        expiresOn: new Date(Date.now() - 1000),
      });
      expect(await refused(late.getBlobClient('x').download())).toBe('403 AuthenticationFailed');
      const early = await signed('r', { startsOn: new Date(Date.now() + 1_800_000) });
      expect(await refused(early.getBlobClient('x').download())).toBe('403 AuthenticationFailed');
      const elsewhere = new ContainerClient(
        reader.url.replace(container.containerName, 'c-1'),
        undefined,
        ONCE,
      );
      if (container.containerName !== 'c-1') {
        expect(await refused(elsewhere.getBlobClient('x').download())).toBe('403 AuthenticationFailed');
      }
    });

    it('a signature for a blob may what it says of that blob', async () => {
      await put('x', 'here');
      const url = await container.getBlobClient('x').generateSasUrl({
        permissions: BlobSASPermissions.parse('r'),
        expiresOn,
        contentType: 'text/x-special',
      });
      const response = await fetch(url);
      expect([await response.text(), response.headers.get('content-type')]).toEqual([
        'here',
        'text/x-special',
      ]);
      expect((await fetch(url.replace('/x?', '/y?'))).status).toBe(403);
      expect((await fetch(url.replace('sp=r', 'sp=rw'))).status).toBe(403);
      const delegated = await fetch(`${url}&skoid=1`);
      expect([delegated.status, await delegated.text()]).toEqual([
        403,
        expect.stringContaining('user delegation'),
      ]);
    });

    it('a signature for the account may what it says', async () => {
      const signed = (permissions: string, types: string) => {
        const credential = service.credential as StorageSharedKeyCredential;
        const query = generateAccountSASQueryParameters(
          {
            expiresOn,
            permissions: AccountSASPermissions.parse(permissions),
            resourceTypes: AccountSASResourceTypes.parse(types).toString(),
            services: AccountSASServices.parse('b').toString(),
          },
          credential,
        );
        return new BlobServiceClient(`${service.url}?${query}`, undefined, ONCE);
      };
      expect((await signed('l', 's').listContainers().next()).done).toBe(false);
      expect(await refused(signed('l', 'o').listContainers().next())).toBe(
        '403 AuthorizationResourceTypeMismatch',
      );
      expect(await refused(signed('r', 'sco').listContainers().next())).toBe(
        '403 AuthorizationPermissionMismatch',
      );
      await signed('c', 'c').createContainer(`by-account-${number}`);
    });
  });
});

it('gives clients their request id back', async () => {
  const emulator = await startFast();
  const headers = { 'x-ms-client-request-id': 'mine' };
  const answer = await fetch(`${emulator.endpoint}/azbstorage/c-c?restype=container`, { headers });
  await emulator.close();
  expect(answer.headers.get('x-ms-client-request-id')).toBe('mine');
});

it('does not show signatures in its log', async () => {
  const urls: string[] = [];
  const emulator = await startFast({ onAnswered: ({ url }) => urls.push(url) });
  await fetch(`${emulator.endpoint}/azbstorage/c-c/b?sv=2021-12-02&sig=secret&se=1`);
  await emulator.close();
  expect(urls).toEqual(['/azbstorage/c-c/b?sv=2021-12-02&sig=…&se=1']);
});

it('finds nothing for beginnings that no name can have, however long they are', async () => {
  const emulator = await startFast();
  try {
    const service = BlobServiceClient.fromConnectionString(emulator.storageConnectionString, ONCE);
    const container = service.getContainerClient('long');
    await container.create();
    await container.getBlockBlobClient('x').upload('1', 1);
    const prefix = 'x'.repeat(3000);
    for await (const { name } of container.listBlobsFlat({ prefix })) throw new Error(name);
    for await (const { name } of service.listContainers({ prefix })) throw new Error(name);
    const from = { continuationToken: Buffer.from(prefix).toString('base64url') };
    expect(await refused(container.listBlobsFlat().byPage(from).next())).toBe(
      '400 InvalidQueryParameterValue',
    );
  } finally {
    await emulator.close();
  }
});

it('collects blocks that no list has named a week after the last one', async () => {
  const clock = new TravellingClock();
  const data = await mkdtemp(join(tmpdir(), 'azb-blobs-'));
  const DAY = 24 * 3_600_000;
  const emulator = await startFast({ clock, data });
  try {
    const owner = BlobServiceClient.fromConnectionString(emulator.storageConnectionString, ONCE);
    await owner.createContainer('given-up');
    // Requests that are signed one by one bear the machine's time.
    const url = await owner.getContainerClient('given-up').generateSasUrl({
      permissions: ContainerSASPermissions.parse('racwdl'),
      expiresOn: new Date(Date.now() + 30 * DAY),
    });
    const container = new ContainerClient(url, new AnonymousCredential(), ONCE);
    const found = async () => {
      const names: string[] = [];
      for await (const { name } of container.listBlobsFlat({ includeUncommitedBlobs: true }))
        names.push(name);
      return names;
    };
    const filesLeft = async () => {
      const entries = await readdir(join(data, 'blobs'), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).length;
    };
    for (const name of ['begun', 'going', 'whole'])
      await container.getBlockBlobClient(name).stageBlock('MQ==', 'one', 3);
    await container.getBlockBlobClient('whole').commitBlockList(['MQ==']);
    await container.getBlockBlobClient('whole').stageBlock('Mg==', 'two', 3);
    clock.travel(5 * DAY);
    await container.getBlockBlobClient('going').stageBlock('Mg==', 'two', 3);
    clock.travel(3 * DAY);
    expect(await found()).toEqual(['going', 'whole']);
    expect(await textOf(container, 'whole')).toBe('one');
    const blocks = async (name: string) =>
      (await container.getBlockBlobClient(name).getBlockList('uncommitted')).uncommittedBlocks ?? [];
    expect(await blocks('going')).toHaveLength(2);
    expect(await blocks('whole')).toEqual([]);
    await until(filesLeft, (number) => number === 3);
    clock.travel(5 * DAY);
    expect(await found()).toEqual(['whole']);
  } finally {
    await emulator.close();
    await rm(data, { recursive: true, force: true });
  }
});

it('keeps blobs from run to run, and nothing that no blob has', async () => {
  const data = await mkdtemp(join(tmpdir(), 'azb-blobs-'));
  try {
    const first = await startFast({ data });
    const before = BlobServiceClient.fromConnectionString(first.storageConnectionString, ONCE);
    await before.createContainer('kept');
    await before.getContainerClient('kept').getBlockBlobClient('a').upload('text', 4);
    await before.getContainerClient('kept').getBlockBlobClient('b').upload('gone', 4);
    await before.getContainerClient('kept').deleteBlob('b');
    await first.close();
    const second = await startFast({ data });
    const after = BlobServiceClient.fromConnectionString(second.storageConnectionString, ONCE);
    expect(await textOf(after.getContainerClient('kept'), 'a')).toBe('text');
    await second.close();
    expect(second.storageConnectionString.replace(second.endpoint, '')).toBe(
      first.storageConnectionString.replace(first.endpoint, ''),
    );
    const files = (await readdir(join(data, 'blobs'), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile(),
    );
    expect(
      await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8'))),
    ).toEqual(['text']);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
});
