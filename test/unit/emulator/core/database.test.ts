import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database, DatabaseFailure } from '../../../../emulator/store/database.ts';

describe('the database', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'azb-database-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('reads what was written before it is committed, and after it was opened again', async () => {
    const database = new Database(directory, true);
    const table = database.table<{ n: number }>('things');
    table.put(['a', 1], { n: 1 });
    table.put(['a', 2], { n: 2 });
    table.remove(['a', 2]);
    expect(table.get(['a', 1])).toEqual({ n: 1 });
    expect(table.has(['a', 2])).toBe(false);
    await database.close();
    const again = new Database(directory, true);
    expect([...again.table('things').keys({})]).toEqual([['a', 1]]);
    await again.close();
  });

  it('takes changes while others are being waited for', async () => {
    const database = new Database(directory, true);
    const table = database.table<number>('numbers');
    const waits: Promise<void>[] = [];
    for (let round = 0; round < 20; round += 1) {
      table.put(round, round);
      waits.push(database.committed());
      await new Promise((resolve) => setImmediate(resolve));
      table.put(100 + round, round);
    }
    await Promise.all(waits);
    await database.close();
    const again = new Database(directory, false);
    expect([...again.table('numbers').keys({})]).toHaveLength(40);
    await again.close();
  });

  it('asks for what is written once a group just before it is committed', async () => {
    const database = new Database(directory, true);
    const table = database.table<number>('numbers');
    let total = 0;
    let asked = 0;
    database.beforeCommit(() => {
      asked += 1;
      table.put('total', total);
    });
    for (let number = 1; number <= 10; number += 1) {
      total += number;
      table.put(String(number), number);
    }
    await database.committed();
    expect(asked).toBe(1);
    expect(table.get('total')).toBe(55);
    await database.close();
  });

  it('takes no more changes after one that failed, and keeps none of its group', async () => {
    const database = new Database(directory, true);
    const table = database.table<number>('numbers');
    const heard: string[] = [];
    database.onFailure((failure) => heard.push(failure.message));
    table.put('kept', 1);
    await database.committed();
    table.put('lost', 1);
    const group = database.committed();
    const tooLong = 'x'.repeat(10_000);
    expect(() => table.put(tooLong, 1)).toThrow(DatabaseFailure);
    expect(() => table.put('later', 1)).toThrow(DatabaseFailure);
    await expect(group).rejects.toThrow(DatabaseFailure);
    await expect(database.committed()).rejects.toThrow(DatabaseFailure);
    expect(heard).toHaveLength(1);
    await database.close();
    const again = new Database(directory, true);
    expect([...again.table('numbers').keys({})]).toEqual(['kept']);
    await again.close();
  });

  it('gives ranges in the order of their keys', async () => {
    const database = new Database(directory, false);
    const table = database.table<number>('numbers');
    for (const id of ['b', 'B', 'a10', 'a9', 'a']) table.put([1, id], 0);
    table.put([2, 'a'], 0);
    const ids = [...table.keys({ start: [1, 'a'], exclusiveStart: true, end: [1, '\uffff'] })];
    expect(ids.map((key) => (key as [number, string])[1])).toEqual(['a10', 'a9', 'b']);
    await database.close();
  });
});
