import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoragePort } from '../../../../src/api/port.ts';
import { download } from '../../../../src/commands/shell/download.ts';
import { get } from '../../../../src/commands/shell/get.ts';
import { upload } from '../../../../src/commands/shell/upload.ts';
import { AzbError, ServiceError, UsageError } from '../../../../src/lib/errors.ts';
import { scriptedPort } from '../../../support/scripted-port.ts';
import { argumentsOf, contextOver } from './support.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azb-verbs-'));
  await mkdir(join(folder, 'in', 'deep'), { recursive: true });
  await writeFile(join(folder, 'in', 'a.txt'), 'one');
  await writeFile(join(folder, 'in', 'deep', 'b.bin'), 'two');
});
afterEach(() => rm(folder, { recursive: true }));

interface Sent {
  readonly path: string;
  readonly size: number;
  readonly contentType: string | undefined;
  readonly overwrite: boolean;
}

/** A storage account with these blobs in any container, which remembers what is sent. */
function accountWith(blobs: Readonly<Record<string, string>>, fails?: (path: string) => Error | undefined) {
  const sent: Sent[] = [];
  const upload: StoragePort['upload'] = async ({ path }, { size, contentType }, { overwrite }) => {
    const error = fails?.(path);
    if (error !== undefined) throw error;
    sent.push({ path, size, contentType, overwrite });
  };
  const storage = { upload } as StoragePort;
  const textOf = ({ path }: { readonly path: string }) => blobs[path] ?? '';
  const port = scriptedPort({
    storage,
    listPage: async (_resource, scope) => ({
      rows: Object.keys(blobs)
        .filter((name) => name.startsWith(scope.folder ?? ''))
        .map((name) => ({ name })),
      next: undefined,
      serverTime: 0,
    }),
    statFile: async (file) => ({
      size: textOf(file).length,
      lastModified: undefined,
      isDirectory: false,
      contentType: undefined,
    }),
    readFile: async (file, { start, end }) => Buffer.from(textOf(file)).subarray(start, end),
  });
  return { port, sent };
}

const refusal = (code: string, status = 409) => new ServiceError({ status, code, message: code });

describe('azb upload', () => {
  it('sends files, and directories with all that is in them, and prints what is there now', async () => {
    const { port, sent } = accountWith({});
    const { context, stdout } = contextOver(port);
    const args = argumentsOf(
      'upload',
      'input',
      join(folder, 'in'),
      join(folder, 'in', 'a.txt'),
      '--prefix',
      'x',
    );
    expect(await upload(args, context)).toBe(0);
    expect(sent.toSorted((left, right) => (left.path < right.path ? -1 : 1))).toEqual([
      { path: 'x/a.txt', size: 3, contentType: 'text/plain', overwrite: false },
      { path: 'x/a.txt', size: 3, contentType: 'text/plain', overwrite: false },
      { path: 'x/deep/b.bin', size: 3, contentType: 'application/octet-stream', overwrite: false },
    ]);
    expect(stdout.text()).toContain('input/x/deep/b.bin\n');
  });

  it('says which links it leaves out', async () => {
    const { port } = accountWith({});
    const { context, stderr } = contextOver(port);
    const tree = join(folder, 'linked');
    await mkdir(tree);
    await symlink(join(folder, 'in', 'a.txt'), join(tree, 'a'));
    await symlink('.', join(tree, 'round'));
    // Not everything that was asked for was sent.
    expect(await upload(argumentsOf('upload', 'input', tree), context)).toBe(1);
    expect(stderr.text()).toBe('azb: round is left out: a link to a directory: name it to upload it\n');
  });

  it('goes on after a failure, and says how to overwrite', async () => {
    const fails = (path: string) => (path === 'a.txt' ? refusal('BlobAlreadyExists') : undefined);
    const { port, sent } = accountWith({}, fails);
    const { context, stderr } = contextOver(port);
    expect(await upload(argumentsOf('upload', 'input', join(folder, 'in')), context)).toBe(1);
    expect(sent.map(({ path }) => path)).toEqual(['deep/b.bin']);
    expect(stderr.text()).toBe(
      'azb: a.txt: there is a blob of that name already\n  try: the same with --overwrite\n',
    );
  });

  it('says once that there is no container, or makes it', async () => {
    const { port } = accountWith({}, () => refusal('ContainerNotFound', 404));
    const args = ['upload', 'none', join(folder, 'in')];
    const { context } = contextOver(port);
    await expect(upload(argumentsOf(...args), context)).rejects.toMatchObject({
      message: 'there is no container none',
      next: 'the same with --create',
    });
    const there = accountWith({});
    there.port.play({ add: () => Promise.reject(refusal('ContainerAlreadyExists')) });
    expect(await upload(argumentsOf(...args, '--create'), contextOver(there.port).context)).toBe(0);
    expect(there.port.asked('add')).toEqual([['containers', {}, { name: 'none' }]]);
  });

  it('says how a folder is named', async () => {
    const { context } = contextOver(accountWith({}).port);
    const into = (place: string) => upload(argumentsOf('upload', place, join(folder, 'in')), context);
    await expect(into('input/my data/')).rejects.toMatchObject({
      message: 'input/my data/ does not name a container',
      next: "azb upload input PATH --prefix 'my data/'",
    });
    await expect(into('input/')).rejects.toMatchObject({ next: 'azb upload input PATH' });
  });

  it('sends nothing where a path leads to nothing, and nothing when it is read-only', async () => {
    const { port, sent } = accountWith({});
    const missing = argumentsOf('upload', 'input', join(folder, 'in'), join(folder, 'none'));
    await expect(upload(missing, contextOver(port).context)).rejects.toThrow(AzbError);
    const { context } = contextOver(port, { settings: { readOnly: true } });
    await expect(upload(argumentsOf('upload', 'input', folder), context)).rejects.toThrow('read-only');
    expect(sent).toEqual([]);
  });
});

describe('azb download', () => {
  const BLOBS = { 'a.txt': 'one', 'deep/b.txt': 'two', 'deep/more/c.txt': 'three', '../evil': 'x' };

  it('saves a blob under its own name or another, and never over a file unless told so', async () => {
    const { context, stdout } = contextOver(accountWith(BLOBS).port);
    const target = join(folder, 'new', 'saved.txt');
    await download(argumentsOf('download', 'c/deep/b.txt', target), context);
    expect(await readFile(target, 'utf8')).toBe('two');
    expect(stdout.text()).toBe(`${target}\n`);
    await expect(download(argumentsOf('download', 'c/a.txt', target), context)).rejects.toThrow(
      'exists already',
    );
    await download(argumentsOf('download', 'c/a.txt', target, '--overwrite'), context);
    expect(await readFile(target, 'utf8')).toBe('one');
  });

  it('saves a blob in a directory under its own name, whether that is there or only ends like one', async () => {
    const { context, stdout } = contextOver(accountWith(BLOBS).port);
    await download(argumentsOf('download', 'c/deep/b.txt', folder), context);
    await download(argumentsOf('download', 'c/a.txt', join(folder, 'new/')), context);
    expect(await readFile(join(folder, 'b.txt'), 'utf8')).toBe('two');
    expect(stdout.text()).toBe(`${join(folder, 'b.txt')}\n${join(folder, 'new', 'a.txt')}\n`);
    await expect(download(argumentsOf('download', 'c/deep/b.txt', folder), context)).rejects.toThrow(
      `${join(folder, 'b.txt')} exists already`,
    );
  });

  it('leaves what was there alone, and nothing half, when it does not come to its end', async () => {
    const target = join(folder, 'saved.txt');
    await writeFile(target, 'before');
    const args = argumentsOf('download', 'c/a.txt', target, '--overwrite');
    const reads: (() => Promise<Uint8Array>)[] = [
      () => Promise.reject(new ServiceError({ status: 500, code: 'InternalError', message: 'lost' })),
      async () => Buffer.from('on'),
      async () => new Uint8Array(),
    ];
    const { port } = accountWith(BLOBS);
    port.play({ readFile: () => reads.shift()?.() ?? Promise.reject(new Error('read too often')) });
    await expect(download(args, contextOver(port).context)).rejects.toThrow('lost');
    await expect(download(args, contextOver(port).context)).rejects.toThrow('changed while it was read');
    expect(await readFile(target, 'utf8')).toBe('before');
    expect((await readdir(folder)).toSorted()).toEqual(['in', 'saved.txt']);
  });

  it('saves no blob of which some pieces are from before a change, and some from after', async () => {
    const size = 5 * 2 ** 20;
    const { port } = accountWith(BLOBS);
    let version = 1;
    port.play({
      statFile: async () => ({
        size,
        lastModified: undefined,
        isDirectory: false,
        contentType: undefined,
        version: `v${version++}`,
      }),
      readFile: async (_file, { start, end }) => new Uint8Array(end - start),
    });
    const target = join(folder, 'mixed');
    await expect(
      download(argumentsOf('download', 'c/a.txt', target), contextOver(port).context),
    ).rejects.toThrow('changed while it was read');
    expect(await readdir(folder)).toEqual(['in']);
  });

  it('says of each name that the disk cannot take what is wrong, and goes on', async () => {
    const { context, stderr } = contextOver(accountWith({ a: 'one', 'a/b': 'two', c: 'three' }).port);
    const target = join(folder, 'all');
    expect(await download(argumentsOf('download', 'c/', target), context)).toBe(1);
    expect(await readFile(join(target, 'c'), 'utf8')).toBe('three');
    expect(stderr.text()).toContain(`azb: c/a/b: cannot write ${join(target, 'a', 'b')}`);
    await expect(
      download(argumentsOf('download', 'c/x/..'), contextOver(accountWith({}).port).context),
    ).rejects.toThrow('its name is none that a file can have here');
  });

  it('shows no name to a terminal that the terminal would act on', async () => {
    const name = 'a\u001b]52;c;eA==\u0007.txt';
    const { context, stdout, stderr } = contextOver(accountWith({ [name]: 'x', [`${name}/..`]: '' }).port, {
      isTerminal: true,
    });
    await download(argumentsOf('download', 'c/', join(folder, 'all')), context);
    expect(stdout.text() + stderr.text()).not.toContain('\u001b');
    expect(stdout.text()).toContain('a␛]52;c;eA==␇.txt');
  });

  it('prints a blob', async () => {
    const { context, stdout } = contextOver(accountWith(BLOBS).port);
    await download(argumentsOf('download', 'c/a.txt', '-'), context);
    expect(stdout.text()).toBe('one');
  });

  it('saves a folder with all that is in it, and nothing outside of the directory', async () => {
    const { context, stderr } = contextOver(accountWith(BLOBS).port);
    expect(await download(argumentsOf('download', 'c/deep/', folder), context)).toBe(0);
    expect(await readFile(join(folder, 'more', 'c.txt'), 'utf8')).toBe('three');
    expect(await download(argumentsOf('download', 'c/', join(folder, 'all')), context)).toBe(1);
    expect(await readFile(join(folder, 'all', 'deep', 'b.txt'), 'utf8')).toBe('two');
    expect(stderr.text()).toContain('c/../evil: its name is none that a file can have here');
  });

  it('says where nothing is', async () => {
    const { context } = contextOver(accountWith({}).port);
    await expect(download(argumentsOf('download', 'c/results/', folder), context)).rejects.toMatchObject({
      message: 'there are no blobs in c/results/',
      next: 'azb get blobs -c c --recursive',
    });
  });

  it('wants to know which blob', async () => {
    const { context } = contextOver(accountWith({}).port);
    await expect(download(argumentsOf('download', 'container'), context)).rejects.toThrow(UsageError);
  });
});

describe('azb get blobs', () => {
  it('asks for a container and the beginning of names', async () => {
    const { port } = accountWith({ 'a.txt': '' });
    const { context, stdout } = contextOver(port);
    await get(argumentsOf('get', 'blobs', '-c', 'input', '--prefix', "it's", '-o', 'name'), context);
    expect(port.asked('listPage')).toMatchObject([
      ['blobs', { container: 'input' }, { filter: "startswith(name,'it''s')" }],
    ]);
    expect(stdout.text()).toBe('a.txt\n');
    await expect(get(argumentsOf('get', 'blobs'), context)).rejects.toThrow('blobs need a container');
    await expect(get(argumentsOf('get', 'pools', '--prefix', 'a'), context)).rejects.toThrow(
      'pools have no --prefix',
    );
    const odata = argumentsOf('get', 'containers', '--filter', 'x');
    await expect(get(odata, context)).rejects.toThrow('containers have no --filter');
  });
});
