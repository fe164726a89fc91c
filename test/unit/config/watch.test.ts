import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { watchConfiguration } from '../../../src/config/watch.ts';

/** Watches a folder below a temporary one; `settle` is the quiet after changes, which the test decides about. */
async function watched(start: (folder: string) => Promise<void>) {
  const above = await mkdtemp(join(tmpdir(), 'azb-watch-'));
  const folder = join(above, 'azb');
  await start(folder);
  let pending: (() => void) | undefined;
  let changes = 0;
  const troubles: Error[] = [];
  const stop = watchConfiguration({
    folder,
    setTimer: (run) => {
      pending = run;
      return () => {
        pending = undefined;
      };
    },
    onChange: () => {
      changes += 1;
    },
    onTrouble: (error) => troubles.push(error),
  });
  onTestFinished(async () => {
    stop();
    await rm(above, { recursive: true });
  });
  return {
    folder,
    stop,
    troubles,
    isNoticed: () => pending !== undefined,
    /** Waits until a change was noticed, lets the quiet pass, and gives how many changes were told of so far. */
    settle: async () => {
      await vi.waitFor(() => expect(pending).toBeDefined(), { timeout: 90_000 });
      const run = pending;
      pending = undefined;
      run?.();
      return changes;
    },
  };
}

test('a file that is written, or replaced by another as editors do, is noticed', async () => {
  const { folder, settle, troubles } = await watched((path) => mkdir(path).then(() => undefined));
  await writeFile(join(folder, 'config.yaml'), 'a: 1\n');
  expect(await settle()).toBe(1);
  await writeFile(join(folder, '.config.new'), 'a: 2\n');
  await rename(join(folder, '.config.new'), join(folder, 'config.yaml'));
  expect(await settle()).toBe(2);
  expect(troubles).toEqual([]);
});

test('so is a skin, also in a folder that is made later', async () => {
  const { folder, settle } = await watched((path) => mkdir(path).then(() => undefined));
  await mkdir(join(folder, 'skins'));
  const before = await settle();
  await writeFile(join(folder, 'skins', 'mine.yaml'), 'bad: red\n');
  expect(await settle()).toBe(before + 1);
});

test('the folder may appear later; what else appears beside it is no change', async () => {
  const { folder, settle } = await watched(() => Promise.resolve());
  await writeFile(join(folder, '..', 'other'), '');
  expect(await settle()).toBe(0);
  await mkdir(folder);
  expect(await settle()).toBe(1);
  await writeFile(join(folder, 'config.yaml'), 'a: 1\n');
  expect(await settle()).toBe(2);
});
