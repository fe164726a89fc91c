import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startFast } from './support.ts';

const OPEN_FILES = '/proc/self/fd';

/** Files below a directory that this process has open. */
function openBelow(directory: string): string[] {
  return readdirSync(OPEN_FILES).flatMap((each) => {
    try {
      const path = readlinkSync(join(OPEN_FILES, each));
      return path.startsWith(directory) ? [path] : [];
    } catch {
      // The one that this directory was read by.
      return [];
    }
  });
}

it.runIf(existsSync(OPEN_FILES))('an account that does not start leaves none of its files open', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'azb-data-plane-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const application = join(directory, 'applications', 'tool');
  await mkdir(application, { recursive: true });
  await writeFile(join(application, 'application.json'), 'no JSON');
  await expect(startFast({ data: directory })).rejects.toThrow('is no JSON');
  expect(openBelow(directory)).toEqual([]);
  await rm(application, { recursive: true });
  const emulator = await startFast({ data: directory });
  expect(openBelow(directory)).not.toEqual([]);
  await emulator.close();
});
