import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readState, updateState, writeState } from '../../../src/config/state-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azb-state-'));
});
afterEach(() => rm(folder, { recursive: true }));

const STATE = {
  commands: ['tasks myjob', 'pools'],
  filters: ['failed'],
  sorts: { tasks: { column: 'exit', descending: true } },
  lastViews: { acct: 'tasks myjob' },
  formulas: { 'acct mypool': [{ formula: 'x=1;', interval: 'PT5M', at: 5, outcome: 'applied' }] },
};

test('what is written is read again, and nothing is left beside it', async () => {
  const path = join(folder, 'deep', 'azb', 'state.json');
  writeState(path, { ...STATE, commands: [] });
  writeState(path, STATE);
  expect(await readState(path)).toEqual(STATE);
  expect(await readdir(join(folder, 'deep', 'azb'))).toEqual(['state.json']);
  expect((await stat(path)).mode & 0o077).toBe(0);
});

test('a write that fails leaves the file of before, and nothing beside it', async () => {
  const path = join(folder, 'state.json');
  await mkdir(path);
  await writeFile(join(path, 'kept'), 'x');
  expect(() => writeState(path, STATE)).toThrow();
  expect(await readdir(folder)).toEqual(['state.json']);
  expect(await readFile(join(path, 'kept'), 'utf8')).toBe('x');
});

test('a file that is missing or makes no sense is as if it had never been', async () => {
  expect(await readState(join(folder, 'none.json'))).toBeUndefined();
  const path = join(folder, 'state.json');
  await writeFile(path, '{"commands": ["a", ');
  expect(await readState(path)).toBeUndefined();
  await writeFile(path, '[]');
  expect(await readState(path)).toBeUndefined();
});

test('parts that make no sense are left out', async () => {
  const whole = { formula: 'x', interval: 'PT5M', at: 1, outcome: 'applied' };
  const broken = Object.keys(whole).map((name) => ({ ...whole, [name]: null }));
  const path = join(folder, 'state.json');
  const text = JSON.stringify({
    commands: ['a', 3],
    filters: 'x',
    sorts: { tasks: { column: 'id' }, jobs: 'id', pools: { column: 3 }, nodes: null },
    lastViews: { acct: 'jobs', other: null },
    formulas: { 'acct p': [...broken, 7, null, ...STATE.formulas['acct mypool']], 'acct q': 'x' },
  });
  await writeFile(path, text);
  expect(await readState(path)).toEqual({
    commands: ['a'],
    filters: [],
    sorts: { tasks: { column: 'id', descending: false } },
    lastViews: { acct: 'jobs' },
    formulas: { 'acct p': STATE.formulas['acct mypool'], 'acct q': [] },
  });
});

test('of two that run at once neither forgets what the other remembered', async () => {
  const path = join(folder, 'state.json');
  writeState(path, STATE);
  const one = {
    commands: ['jobs', 'pools', 'tasks myjob'],
    filters: ['failed'],
    sorts: { ...STATE.sorts, jobs: { column: 'age', descending: false } },
    lastViews: { acct: 'jobs' },
    formulas: { ...STATE.formulas, 'acct first': [] },
  };
  const other = {
    commands: ['nodes p', ...STATE.commands],
    filters: ['running', 'failed'],
    sorts: { tasks: { column: 'id', descending: false } },
    lastViews: { acct: 'tasks myjob', second: 'pools' },
    formulas: { ...STATE.formulas, 'acct second': [] },
  };
  updateState(path, STATE, one);
  updateState(path, STATE, other);
  expect(await readState(path)).toEqual({
    commands: ['nodes p', 'jobs', 'pools', 'tasks myjob'],
    filters: ['running', 'failed'],
    sorts: { tasks: { column: 'id', descending: false }, jobs: { column: 'age', descending: false } },
    lastViews: { acct: 'jobs', second: 'pools' },
    formulas: { ...STATE.formulas, 'acct first': [], 'acct second': [] },
  });
  updateState(path, other, other);
  expect((await readState(path))?.commands).toEqual(['nodes p', 'jobs', 'pools', 'tasks myjob']);
  updateState(join(folder, 'new.json'), STATE, other);
  expect(await readState(join(folder, 'new.json'))).toEqual(other);
});
