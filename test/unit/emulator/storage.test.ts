import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileWildcard } from '../../../emulator/runner/wildcard.ts';
import { ConnectionStringError, parseConnectionString } from '../../../emulator/storage/auto-storage.ts';
import { BlobContainer } from '../../../emulator/storage/blob-container.ts';
import { parseBlobList } from '../../../emulator/storage/blob-list.ts';
import { type BlobServer, startBlobServer } from '../../support/blob-server.ts';

describe('wildcards', () => {
  it.each([
    ['*.txt', ['a.txt', '.txt'], ['a.txt']],
    ['.*', ['.a', 'a'], ['.a']],
    ['a?c', ['abc', 'ac', 'abbc'], ['abc']],
    ['[ac]x', ['ax', 'bx', 'cx'], ['ax', 'cx']],
    ['[a-c]x', ['ax', 'bx', 'dx', '-x'], ['ax', 'bx']],
    ['[!a-c]x', ['ax', 'dx'], ['dx']],
    ['a[*]', ['a*', 'ab'], ['a*']],
    ['[]]', [']', 'x'], [']']],
    ['a[b', ['a[b', 'ab'], ['a[b']],
    ['*a*b', ['ab', 'xaxb', 'ba', 'aabab'], ['ab', 'xaxb', 'aabab']],
  ])('%s', (pattern, names, expected) => {
    expect(names.filter(compileWildcard(pattern))).toEqual(expected);
  });

  it('agree with a regular expression on patterns of stars and letters', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }), (pattern, name) => {
        const regular = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(compileWildcard(pattern)(name)).toBe(regular.test(name));
      }),
    );
  });

  it('take no time worth mention however nasty they are', () => {
    const matches = compileWildcard(`${'*a'.repeat(500)}b`);
    expect(matches('a'.repeat(5000))).toBe(false);
  });
});

describe('lists of blobs', () => {
  it('give names as they are, and where to read on', () => {
    const xml =
      '<?xml version="1.0"?><EnumerationResults><Blobs><Blob><Name>a &amp; b&#x20;&lt;.txt</Name><Properties/></Blob>' +
      '<Blob><Name Encoded="true">c%2Fd</Name></Blob><BlobPrefix><Name>no/</Name></BlobPrefix></Blobs>' +
      '<NextMarker>2!8</NextMarker></EnumerationResults>';
    expect(parseBlobList(xml)).toEqual({ names: ['a & b <.txt', 'c/d'], next: '2!8' });
    expect(parseBlobList('<EnumerationResults><Blobs/><NextMarker/></EnumerationResults>')).toEqual({
      names: [],
      next: undefined,
    });
  });
});

describe('connection strings', () => {
  const now = new Date('2026-01-02T03:04:05Z');

  it('know the storage emulator', () => {
    const url = new URL(parseConnectionString('UseDevelopmentStorage=true').containerUrl('c', now));
    expect(url.origin + url.pathname).toBe('http://127.0.0.1:10000/devstoreaccount1/c');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      sr: 'c',
      sp: 'rl',
      st: '2026-01-02T02:49:05Z',
      se: '2026-01-03T03:04:05Z',
    });
  });

  it('have the usual address, or a signature of their own', () => {
    const usual = parseConnectionString('AccountName=a;AccountKey=AAAA;EndpointSuffix=core.windows.net');
    expect(usual.containerUrl('c', now)).toMatch(/^https:\/\/a\.blob\.core\.windows\.net\/c\?sv=/);
    const signed = parseConnectionString('BlobEndpoint=http://h/;SharedAccessSignature=sv=1&sig=x%2B');
    expect(signed.containerUrl('c', now)).toBe('http://h/c?sv=1&sig=x%2B');
  });

  it.each([
    '',
    'nonsense',
    'AccountName=a',
    'AccountKey=AAAA',
    'BlobEndpoint=file:///x;AccountName=a;AccountKey=A',
  ])('are refused when they say too little: %j', (text) => {
    expect(() => parseConnectionString(text)).toThrow(ConnectionStringError);
  });
});

describe('a container', () => {
  let server: BlobServer;
  let directory: string;
  beforeEach(async () => {
    server = await startBlobServer();
    server.containers.set('c', new Map());
    directory = await mkdtemp(join(tmpdir(), 'azb-blobs-'));
  });
  afterEach(async () => {
    await server.close();
    await rm(directory, { recursive: true });
  });

  it('takes big files in blocks, and empty ones', async () => {
    const options = { signal: new AbortController().signal, idleMs: 10_000 };
    const container = new BlobContainer(server.sas('c'), options, { singleBytes: 10, blockBytes: 4 });
    const path = join(directory, 'file');
    await writeFile(path, '0123456789abcdef+');
    await container.upload('big', path, 17);
    await container.upload('d/a ü.txt', path, 10);
    await container.upload('empty', path, 0);
    const blobs = server.containers.get('c');
    expect(blobs?.get('big')?.toString()).toBe('0123456789abcdef+');
    expect(blobs?.get('d/a ü.txt')?.toString()).toBe('0123456789');
    expect(blobs?.get('empty')?.length).toBe(0);
    expect(server.requests).toHaveLength(8);
    await expect(container.upload('../other', path, 1)).rejects.toThrow('No blob can have the name');
    const names: string[] = [];
    for await (const name of container.list('')) names.push(name);
    expect(names).toEqual(['big', 'd/a ü.txt', 'empty']);
  });
});
