import { lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginFile } from '../../../src/lib/whole-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azb-whole-'));
});
afterEach(() => rm(folder, { recursive: true }));

const textIn = (name: string) => readFile(join(folder, name), 'utf8');

describe('a file that is written in pieces', () => {
  it('is in its place only when it is whole', async () => {
    const file = await beginFile(join(folder, 'f'));
    await file.write(Buffer.from('two'), 3);
    await file.write(Buffer.from('one'), 0);
    expect(await readdir(folder)).not.toContain('f');
    await file.keep();
    expect(await textIn('f')).toBe('onetwo');
    expect(await readdir(folder)).toEqual(['f']);
  });

  it('leaves what was there as it is when nothing comes of it', async () => {
    await writeFile(join(folder, 'f'), 'before');
    const file = await beginFile(join(folder, 'f'), { replace: true });
    await file.write(Buffer.from('after'), 0);
    await file.discard();
    expect(await textIn('f')).toBe('before');
    expect(await readdir(folder)).toEqual(['f']);
  });

  it('takes the place of nothing, unless told so', async () => {
    const file = await beginFile(join(folder, 'f'));
    await writeFile(join(folder, 'f'), 'somebody was faster');
    await expect(file.keep()).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await textIn('f')).toBe('somebody was faster');
    expect(await readdir(folder)).toEqual(['f']);
  });

  it('takes the place of a link, and not of what it leads to', async () => {
    await writeFile(join(folder, 'elsewhere'), 'untouched');
    await symlink('elsewhere', join(folder, 'f'));
    const file = await beginFile(join(folder, 'f'), { replace: true });
    await file.write(Buffer.from('new'), 0);
    await file.keep();
    expect(await textIn('elsewhere')).toBe('untouched');
    expect((await lstat(join(folder, 'f'))).isSymbolicLink()).toBe(false);
    expect(await textIn('f')).toBe('new');
  });

  it('goes to a device without replacing it', async () => {
    const file = await beginFile('/dev/null', { replace: true });
    await file.write(Buffer.from('lost'), 0);
    await file.keep();
    expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
  });
});
