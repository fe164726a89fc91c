import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Operating } from '../../../emulator/blobs/answer-parts.ts';
import { getBlob } from '../../../emulator/blobs/blob-operations.ts';
import { BlobStore } from '../../../emulator/blobs/blob-store.ts';
import { ContentFiles } from '../../../emulator/blobs/content-files.ts';
import { checkBlobName, checkContainerName } from '../../../emulator/blobs/names.ts';
import { connectionStringOf, isBlobRequest } from '../../../emulator/blobs/storage-account.ts';
import { nameElement, parseBlockList, xmlDocument } from '../../../emulator/blobs/xml.ts';
import { parseBlobList } from '../../../emulator/storage/blob-list.ts';
import { Database } from '../../../emulator/store/database.ts';

describe('XML', () => {
  it('is written so that it can be read again, whatever the names', () => {
    const names = ['a & <b>', '"ü"', 'bell\u0007', 'plain'];
    const blobs = names.map((name) => ['Blob', [nameElement(name)]] as const);
    const text = xmlDocument([
      'List',
      [
        ['Blobs', blobs],
        ['None', undefined],
        ['Empty', ''],
      ],
      { At: 'x"y' },
    ]);
    expect(parseBlobList(text).names).toEqual(names);
    expect(text).toContain('<List At="x&quot;y">');
    expect(text).toContain('<Empty />');
    expect(text).not.toContain('None');
  });

  it('of a list of blocks is read as clients write it, and nothing else is', () => {
    const list =
      '\uFEFF<?xml version="1.0" encoding="utf-8"?>\n<BlockList>\n <Latest>AAA=</Latest><Committed>BBB=</Committed> <Uncommitted>CCC=</Uncommitted>\n</BlockList>';
    expect(parseBlockList(list)).toEqual([
      { from: 'Latest', id: 'AAA=' },
      { from: 'Committed', id: 'BBB=' },
      { from: 'Uncommitted', id: 'CCC=' },
    ]);
    expect(parseBlockList('<BlockList />')).toEqual([]);
    for (const text of [
      '',
      '<Blocks/>',
      '<BlockList><Latest>?</Latest></BlockList>',
      '<BlockList>x</BlockList>',
    ]) {
      expect(parseBlockList(text), text).toBeUndefined();
    }
  });
});

describe('names', () => {
  it('of containers and blobs are those that the service takes', () => {
    for (const name of ['abc', 'a-b-1', '$root', 'x'.repeat(63)])
      expect(() => checkContainerName(name)).not.toThrow();
    for (const name of ['ab', 'A-b', 'a--b', '-ab', 'ab-', 'x'.repeat(64)])
      expect(() => checkContainerName(name), name).toThrow();
    for (const name of ['a', 'ü/😀', 'x'.repeat(1024)]) expect(() => checkBlobName(name)).not.toThrow();
    for (const name of ['', '\ud800', 'a\0b', 'x'.repeat(1025), '😀'.repeat(500)])
      expect(() => checkBlobName(name)).toThrow();
  });

  it('tell requests to the storage account from those to Batch', () => {
    expect(['/azbstorage', '/azbstorage/c/b?x', '/azbstorage?comp=list'].every(isBlobRequest)).toBe(true);
    expect(['/pools', '/azbstorages', '/', undefined].some(isBlobRequest)).toBe(false);
    expect(connectionStringOf('http://127.0.0.1:1', 'a2V5')).toContain(
      'BlobEndpoint=http://127.0.0.1:1/azbstorage',
    );
  });
});

describe('the bytes of blobs', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'azb-content-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const textOf = async (content: Readable) => {
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  };
  const count = async () =>
    (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
      .length;
  const gone = async () => {
    while ((await count()) > 0) await new Promise((resolve) => setImmediate(resolve));
  };

  it('are read over the borders of their parts', async () => {
    const files = new ContentFiles(directory, true);
    const parts = await Promise.all(
      ['one', 'two', 'three'].map((text) => files.write(Readable.from([Buffer.from(text)]))),
    );
    expect(await textOf(files.read(parts, 0, 11))).toBe('onetwothree');
    expect(await textOf(files.read(parts, 2, 7))).toBe('etwot');
    expect(await textOf(files.read(parts, 3, 3))).toBe('');
  });

  it('stay as long as somebody reads them', async () => {
    const files = new ContentFiles(directory, false);
    const part = await files.write(Readable.from([Buffer.from('still here')]));
    const content = files.read([part], 0, part.size);
    files.remove([part.file]);
    expect(await textOf(content)).toBe('still here');
    await gone();
  });

  it('leave nothing behind when they do not come to their end', async () => {
    const files = new ContentFiles(directory, false);
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half');
        throw new Error('the client went away');
      })(),
    );
    await expect(files.write(broken)).rejects.toThrow('the client went away');
    expect(await count()).toBe(0);
  });

  it('of a copy outlive those that it was made of, and do not grow with them', async () => {
    const files = new ContentFiles(directory, false);
    const part = await files.write(Readable.from([Buffer.from('log')]));
    const [copy] = await files.copy([part], true);
    await files.append(part.file, part.size, Readable.from([Buffer.from(' goes on')]));
    files.remove([part.file]);
    if (copy === undefined) throw new Error('there is no copy');
    expect(await textOf(files.read([copy], 0, copy.size))).toBe('log');
  });
});

describe('a blob that is read', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'azb-reading-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is given as it was when it was asked for, even if it is replaced before its first byte is sent', async () => {
    const database = new Database(join(directory, 'state'), false);
    const files = new ContentFiles(join(directory, 'blobs'), false);
    const store = new BlobStore(database, files);
    const facts = { metadata: {}, modified: 1 };
    store.addContainer({ ...facts, name: 'c00', publicAccess: 'none' });
    const container = store.demandContainer('c00');
    const put = async (text: string) => {
      const { file, size } = await files.write(Readable.from([Buffer.from(text)]));
      const blob = { ...facts, name: 'b', type: 'BlockBlob', size, headers: {}, created: 1 } as const;
      store.putBlob(container, blob, [{ file, size }]);
      await store.settled();
    };
    await put('before');
    const request = { container: 'c00', blob: 'b', headers: {}, query: new Map() };
    const reply = await getBlob({ store, request, access: { kind: 'owner' } } as unknown as Operating);
    await put('after, which is longer');
    await put('and once more');
    const stored = async () =>
      (await readdir(join(directory, 'blobs'), { recursive: true, withFileTypes: true })).filter((each) =>
        each.isFile(),
      ).length;
    // What was in between is gone, what is being read is not.
    while ((await stored()) > 2) await new Promise((resolve) => setImmediate(resolve));
    const chunks: Buffer[] = [];
    for await (const chunk of reply.stream?.content ?? []) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('before');
    while ((await stored()) > 1) await new Promise((resolve) => setImmediate(resolve));
    await database.close();
  });
});
