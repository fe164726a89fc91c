import { execFileSync } from 'node:child_process';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ByteRange,
  fileNames,
  NodeFileError,
  openFile,
  removeFile,
  statFile,
  statFiles,
} from '../../../emulator/runner/node-files.ts';

let base: string;
let root: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'azb-files-'));
  root = join(base, 'root');
  await mkdir(join(root, 'wd', 'deep'), { recursive: true });
  await writeFile(join(root, 'stdout.txt'), '0123456789', { mode: 0o644 });
  await writeFile(join(root, 'wd', 'deep', 'a b.bin'), '');
  await writeFile(join(base, 'secret.txt'), 'secret');
});
afterEach(async () => {
  await rm(base, { recursive: true, force: true });
});

const names = async (recursive: boolean) => {
  const found = await statFiles(root, await fileNames(root, { recursive }));
  return found.map(({ name }) => name);
};
const read = async (path: string, range?: ByteRange) => text((await openFile(root, path, range)).stream);
const codeOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof NodeFileError ? error.code : error;
};

describe('fileNames and statFiles', () => {
  it('lists the top level, or everything', async () => {
    expect(await names(false)).toEqual(['stdout.txt', 'wd']);
    expect(await names(true)).toEqual(['stdout.txt', 'wd', 'wd/deep', 'wd/deep/a b.bin']);
  });

  it('finds nothing in an absent root', async () => {
    root = join(base, 'absent');
    expect(await names(true)).toEqual([]);
  });

  it('leaves out links that lead outside or nowhere and does not walk through links', async () => {
    await symlink('../secret.txt', join(root, 'out'));
    await symlink(base, join(root, 'outdir'));
    await symlink('nowhere', join(root, 'broken'));
    await symlink('wd', join(root, 'loop'));
    await symlink('stdout.txt', join(root, 'inside'));
    expect(await names(true)).toEqual(['inside', 'loop', 'stdout.txt', 'wd', 'wd/deep', 'wd/deep/a b.bin']);
  });
});

describe('statFile', () => {
  it('describes files and directories', async () => {
    expect(await statFile(root, 'stdout.txt')).toMatchObject({
      name: 'stdout.txt',
      isDirectory: false,
      size: 10,
      mode: '0o100644',
      contentType: 'text/plain',
    });
    expect(await statFile(root, 'wd')).toMatchObject({ isDirectory: true, size: 0 });
    expect(await statFile(root, 'wd/deep/a b.bin')).toMatchObject({
      contentType: 'application/octet-stream',
    });
    expect(await statFile(root, 'absent')).toBeUndefined();
  });

  it.each([
    '../secret.txt',
    'wd/../../secret.txt',
    '/etc/passwd',
    '',
    '.',
    '..',
    'wd//deep',
    'stdout.txt\0',
    'out',
    'outdir/secret.txt',
  ])('never leaves the root with %j', async (path) => {
    await symlink('../secret.txt', join(root, 'out'));
    await symlink('..', join(root, 'outdir'));
    expect(await statFile(root, path)).toBeUndefined();
    expect(await codeOf(openFile(root, path))).toBe('notFound');
  });
});

describe('openFile', () => {
  it('reads all of a file or a range of it', async () => {
    expect(await read('stdout.txt')).toBe('0123456789');
    expect(await read('stdout.txt', { start: 2, end: 4 })).toBe('234');
    expect(await read('stdout.txt', { start: 8 })).toBe('89');
    expect(await read('stdout.txt', { start: 9, end: 100 })).toBe('9');
    expect(await read('wd/deep/a b.bin')).toBe('');
    const opened = await openFile(root, 'stdout.txt', { start: 3, end: 5 });
    expect(opened).toMatchObject({ start: 3, length: 3, file: { size: 10 } });
    opened.stream.destroy();
  });

  it('refuses a range behind the end, a directory, a pipe and an absent file', async () => {
    expect(await codeOf(read('stdout.txt', { start: 10 }))).toBe('invalidRange');
    expect(await codeOf(read('stdout.txt', { start: 4, end: 3 }))).toBe('invalidRange');
    expect(await codeOf(read('wd/deep/a b.bin', { start: 0 }))).toBe('invalidRange');
    expect(await codeOf(read('wd'))).toBe('isDirectory');
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(await codeOf(read('pipe'))).toBe('notFound');
    expect(await codeOf(read('absent'))).toBe('notFound');
  });

  it('yields what was there at opening when the file grows, shrinks or goes away', async () => {
    const growing = await openFile(root, 'stdout.txt');
    await appendFile(join(root, 'stdout.txt'), 'more');
    expect(await text(growing.stream)).toBe('0123456789');
    const empty = await openFile(root, 'wd/deep/a b.bin');
    await appendFile(join(root, 'wd/deep/a b.bin'), 'more');
    expect(await text(empty.stream)).toBe('');
    const shrinking = await openFile(root, 'stdout.txt');
    await truncate(join(root, 'stdout.txt'), 4);
    expect(await text(shrinking.stream)).toBe('0123');
    const removed = await openFile(root, 'stdout.txt');
    await rm(join(root, 'stdout.txt'));
    expect(await text(removed.stream)).toBe('0123');
  });
});

describe('removeFile', () => {
  it('removes files, and directories with their contents only when told to', async () => {
    await removeFile(root, 'stdout.txt', { recursive: false });
    expect(await codeOf(removeFile(root, 'stdout.txt', { recursive: false }))).toBe('notFound');
    expect(await codeOf(removeFile(root, 'wd', { recursive: false }))).toBe('directoryNotEmpty');
    await removeFile(root, 'wd', { recursive: true });
    expect(await readdir(root)).toEqual([]);
  });

  it('never removes the root, anything outside, or what a link leads to', async () => {
    await symlink('../secret.txt', join(root, 'out'));
    await symlink('..', join(root, 'outdir'));
    await removeFile(root, 'out', { recursive: true });
    for (const path of ['', '.', '..', '../secret.txt', 'outdir/secret.txt', '/tmp']) {
      expect(await codeOf(removeFile(root, path, { recursive: true }))).toBe('notFound');
    }
    await removeFile(root, 'outdir', { recursive: true });
    expect(await readFile(join(base, 'secret.txt'), 'utf8')).toBe('secret');
    expect((await readdir(root)).sort()).toEqual(['stdout.txt', 'wd']);
  });
});
