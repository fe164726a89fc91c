import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApplicationCatalog } from '../../../emulator/packages/application-catalog.ts';
import { unzip } from '../../../emulator/packages/unzip.ts';
import { makeZip, type ZipFile } from '../../support/zip.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'azb-packages-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('unzip', () => {
  async function unpack(files: readonly ZipFile[], change = (bytes: Buffer) => bytes): Promise<string> {
    const archive = join(directory, 'a.zip');
    await writeFile(archive, change(makeZip(files)));
    await unzip(archive, join(directory, 'out'));
    return join(directory, 'out');
  }

  it('gives the files of an archive, with their rights', async () => {
    const big = 'x'.repeat(300_000);
    const out = await unpack([
      { name: 'bin/' },
      { name: 'bin/run', content: '#!/bin/sh', mode: 0o100750 },
      { name: 'data\\from windows.txt', content: big },
      { name: 'plain', content: 'stored', stored: true },
      { name: 'empty' },
    ]);
    expect(await readFile(join(out, 'bin/run'), 'utf8')).toBe('#!/bin/sh');
    expect((await stat(join(out, 'bin/run'))).mode & 0o777).toBe(0o750);
    expect(await readFile(join(out, 'data/from windows.txt'), 'utf8')).toBe(big);
    expect(await readFile(join(out, 'plain'), 'utf8')).toBe('stored');
    expect(await readFile(join(out, 'empty'), 'utf8')).toBe('');
  });

  it('makes links that stay inside', async () => {
    const out = await unpack([
      { name: 'lib/real', content: 'r' },
      { name: 'link', content: 'lib/real', mode: 0o120777 },
    ]);
    expect(await readlink(join(out, 'link'))).toBe('lib/real');
  });

  it.each([
    ['a path that climbs', [{ name: '../out' }]],
    ['a path that climbs with backslashes', [{ name: 'a\\..\\..\\out' }]],
    ['an absolute path', [{ name: '/etc/passwd' }]],
    ['a link that points outside', [{ name: 'link', content: '../../x', mode: 0o120777 }]],
    ['a link to an absolute path', [{ name: 'link', content: '/etc', mode: 0o120777 }]],
    ['a wrong checksum', [{ name: 'a', content: 'abc', crc: 1 }]],
  ])('refuses %s', async (_what, files: ZipFile[]) => {
    await expect(unpack(files)).rejects.toMatchObject({ name: 'ZipError' });
    expect((await readdir(directory)).sort().filter((name) => name !== 'out')).toEqual(['a.zip']);
  });

  it('refuses what is no archive, and one that is cut short', async () => {
    await expect(unpack([], () => Buffer.from('hello'))).rejects.toMatchObject({ name: 'ZipError' });
    const cut = (bytes: Buffer) => bytes.subarray(40);
    await expect(unpack([{ name: 'a', content: 'abc' }], cut)).rejects.toMatchObject({ name: 'ZipError' });
  });

  it('refuses an entry that unpacks to more than it says', async () => {
    const lie = (bytes: Buffer) => {
      const at = bytes.indexOf('PK\x01\x02');
      bytes.writeUInt32LE(2, at + 24);
      return bytes;
    };
    await expect(unpack([{ name: 'a', content: 'abcdef' }], lie)).rejects.toMatchObject({ name: 'ZipError' });
  });
});

describe('the catalogue of applications', () => {
  const archive = () => Readable.from([makeZip([{ name: 'a', content: '1' }])]);

  it('is read again as it was left', async () => {
    const catalog = await ApplicationCatalog.open(directory);
    const first = await catalog.putPackage('Tool', '1.0', archive());
    await catalog.putPackage('tool', '2.0', archive());
    await catalog.describe(catalog.get('TOOL') ?? first, { displayName: 'A tool', defaultVersion: '1.0' });
    const again = await ApplicationCatalog.open(directory);
    expect(again.all()).toEqual([
      { id: 'Tool', displayName: 'A tool', versions: ['1.0', '2.0'], defaultVersion: '1.0' },
    ]);
    expect(again.resolve({ applicationId: 'tool' })?.version).toBe('1.0');
    expect(again.resolve({ applicationId: 'tool', version: '2.0' })?.archive).toBe(
      join(directory, 'Tool', '2.0.zip'),
    );
    expect(again.resolve({ applicationId: 'tool', version: '3.0' })).toBeUndefined();
  });

  it('takes what was put into its directory by hand', async () => {
    await mkdir(join(directory, 'mine'));
    await writeFile(join(directory, 'mine', '7.zip'), makeZip([]));
    const catalog = await ApplicationCatalog.open(directory);
    expect(catalog.get('mine')?.versions).toEqual(['7']);
    expect(catalog.resolve({ applicationId: 'mine' })).toBeUndefined();
  });

  it('keeps nothing of an archive that cannot be unpacked', async () => {
    const catalog = await ApplicationCatalog.open(directory);
    await expect(catalog.putPackage('bad', '1', Readable.from(['no zip']))).rejects.toMatchObject({
      name: 'ZipError',
    });
    expect(catalog.all()).toEqual([]);
    expect(await readdir(directory)).toEqual([]);
  });
});
