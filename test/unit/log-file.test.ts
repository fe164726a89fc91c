import { mkdtempSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLog } from '../../src/log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'azb-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

const entries = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^\S+Z /, ''));
const exchange = { method: 'GET', url: '/pools', outcome: '200', milliseconds: 4.4 };

test('a log that cannot be written for a while says how much it lacks, and nothing else ends', async () => {
  const path = join(folder, 'azb.log');
  const log = openLog(path);
  log.exchange(exchange);
  await rename(path, `${path}.kept`);
  await mkdir(path);
  log.exchange(exchange);
  log.error('lost too');
  await rmdir(path);
  await rename(`${path}.kept`, path);
  log.error('here again');
  log.error('and on');
  expect(entries(path)).toEqual([
    'azb starts',
    'GET /pools 200 4ms',
    '2 entries could not be written',
    'here again',
    'and on',
  ]);
});

test('a log that cannot be begun says so with the next step', () => {
  expect(() => openLog(join(folder, 'none', 'azb.log'))).toThrow('the log file cannot be written');
});
