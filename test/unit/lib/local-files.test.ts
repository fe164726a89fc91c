import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completePath, contentTypeOf, findLocalFiles, type LeftOut } from '../../../src/lib/local-files.ts';

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'azb-local-'));
  await mkdir(join(home, 'data', 'deep'), { recursive: true });
  await mkdir(join(home, 'empty'));
  for (const name of ['a.csv', 'b.txt', '.hidden', 'deep/c.csv', 'odd [1].csv']) {
    await writeFile(join(home, 'data', name), name);
  }
  await symlink('nowhere', join(home, 'data', 'broken'));
  execFileSync('mkfifo', [join(home, 'data', 'pipe')]);
});
afterAll(() => rm(home, { recursive: true }));

const names = async (path: string) => (await findLocalFiles(path, home)).map(({ name }) => name);

describe('files of this machine', () => {
  it('are one file, under its own name', async () => {
    expect(await findLocalFiles('~/data/a.csv', home)).toEqual([
      { path: join(home, 'data', 'a.csv'), name: 'a.csv', size: 5 },
    ]);
    expect(await names(join(home, 'data', 'odd [1].csv'))).toEqual(['odd [1].csv']);
  });

  it('are all that is in a directory, but no links to nowhere and no pipes', async () => {
    const all = ['.hidden', 'a.csv', 'b.txt', 'deep/c.csv', 'odd [1].csv'];
    expect(await names('~/data')).toEqual(all);
    expect(await names(` ${join(home, 'data')}/ `)).toEqual(all);
  });

  it('are what links to files lead to, and nothing that links to directories lead to, be it in circles', async () => {
    const tree = join(home, 'tree');
    await mkdir(join(tree, 'sub'), { recursive: true });
    await symlink(join(home, 'data', 'a.csv'), join(tree, 'linked.csv'));
    await symlink('..', join(tree, 'sub', 'up'));
    await symlink(join(home, 'data'), join(tree, 'outside'));
    await symlink('nowhere', join(tree, 'broken'));
    const left: LeftOut[] = [];
    const found = async (path: string) =>
      (await findLocalFiles(path, home, (each) => left.push(each))).map(
        ({ name, size }) => `${name} ${size}`,
      );
    expect(await found(tree)).toEqual(['linked.csv 5']);
    const directory = 'a link to a directory: name it to upload it';
    expect(left).toEqual([
      { name: 'broken', why: 'a link that leads nowhere' },
      { name: 'outside', why: directory },
      { name: 'sub/up', why: directory },
    ]);
    left.length = 0;
    expect(await found(join(tree, '**/*.csv'))).toEqual(['linked.csv 5']);
    expect(left).toEqual([]);
    expect(await names(join(tree, 'outside'))).toContain('deep/c.csv');
    await expect(found(join(tree, 'sub'))).rejects.toThrow('it has no files in it');
  });

  it('are what a pattern matches, named from its first wildcard on', async () => {
    expect(await names('~/data/*.csv')).toEqual(['a.csv', 'odd [1].csv']);
    expect(await names('~/data/**/*.csv')).toEqual(['a.csv', 'deep/c.csv', 'odd [1].csv']);
    expect(await names('~/d*/deep/*')).toEqual(['data/deep/c.csv']);
  });

  it.each([
    ['~/none', 'there is no ~/none'],
    ['~/data/*.zip', '~/data/*.zip: no file matches it'],
    ['~/empty', '~/empty: it has no files in it'],
    ['~/data/pipe', '~/data/pipe is neither a file nor a directory'],
  ])('are none: %s', async (path, message) => {
    await expect(findLocalFiles(path, home)).rejects.toThrow(message);
  });
});

describe('a path that is being typed', () => {
  it('can go on to what is there', async () => {
    expect(await completePath('~/da', home)).toEqual(['~/data/']);
    expect(await completePath('~/data/', home)).toEqual([
      '~/data/a.csv',
      '~/data/b.txt',
      '~/data/broken',
      '~/data/deep/',
      '~/data/odd [1].csv',
      '~/data/pipe',
    ]);
    expect(await completePath('~/data/.h', home)).toEqual(['~/data/.hidden']);
    await expect(completePath('~/none/x', home)).rejects.toThrow('cannot be read');
  });
});

it('tells what kind of content a name means', async () => {
  expect(await Promise.all(['a.csv', 'a.LOG', 'a.json', 'noext'].map(contentTypeOf))).toEqual([
    'text/csv',
    'text/plain',
    'application/json',
    undefined,
  ]);
});
