import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { taskPage } from '../../../../emulator/handlers/task-page.ts';
import type { TaskRecord } from '../../../../emulator/model/entities.ts';
import { createJob } from '../../../../emulator/model/job.ts';
import { beginTask, completeTask, createTask } from '../../../../emulator/model/task.ts';
import { compileFilter, parseFilter } from '../../../../emulator/odata/index.ts';
import { Database } from '../../../../emulator/store/database.ts';
import { TaskStore } from '../../../../emulator/store/task-store.ts';

const JOB = 7;
const START = Date.UTC(2026, 0, 1) * 1000;
const job = createJob({ id: 'j', poolInfo: { poolId: 'p' } }, START, START);

describe('the store of tasks', () => {
  let directory: string;
  let database: Database;
  let store: TaskStore;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'azb-tasks-'));
    database = new Database(directory, false);
    store = new TaskStore(database);
  });
  afterEach(async () => {
    await database.close();
    await rm(directory, { recursive: true, force: true });
  });

  const add = (id: string, now = START): TaskRecord => {
    const record = createTask({ id, commandLine: 'true' }, job, 0, now);
    store.insert(JOB, record);
    return record;
  };
  const run = (record: TaskRecord, exitCode: number, now = START + 1): TaskRecord => {
    const running = beginTask(record, { poolId: 'p', nodeId: 'n' }, 'running', now);
    store.update(JOB, record, running);
    const done = completeTask(running, { kind: 'exited', exitCode }, now + 1);
    store.update(JOB, running, done);
    return done;
  };
  const ids = (records: readonly TaskRecord[]) => records.map(({ task }) => task.id);

  it('finds ids however they are cased, and keeps their spelling', () => {
    add('Mixed');
    add('lower');
    expect(store.get(JOB, 'mIXED')?.task.id).toBe('Mixed');
    expect(store.get(JOB, 'LOWER')?.task.id).toBe('lower');
    expect(store.get(JOB, 'other')).toBeUndefined();
    expect(store.get(JOB + 1, 'lower')).toBeUndefined();
  });

  it('keeps the queue in the order in which tasks became ready', () => {
    add('z', START + 1);
    add('a', START + 2);
    add('m', START + 3);
    expect(ids(store.ready(JOB, 10))).toEqual(['z', 'a', 'm']);
    run(store.get(JOB, 'a') ?? add('a'), 0);
    expect(ids(store.ready(JOB, 10))).toEqual(['z', 'm']);
  });

  it('counts what a walk through all tasks would count, whatever happened', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ id: fc.integer({ min: 0, max: 9 }), act: fc.integer({ min: 0, max: 3 }) })),
        (steps) => {
          for (const { id, act } of steps) {
            const known = store.get(JOB, `t${id}`);
            if (known === undefined) add(`t${id}`, START + id);
            else if (act === 0) store.remove(JOB, known);
            else if (known.task.state === 'active') run(known, act - 1);
          }
          const all = store.list(JOB, undefined, 100).map(({ task }) => task);
          const { tasks, ready } = store.counts(JOB);
          const completed = all.filter((task) => task.state === 'completed');
          expect(tasks).toEqual({
            active: all.filter((task) => task.state === 'active').length,
            running: 0,
            completed: completed.length,
            succeeded: completed.filter((task) => task.executionInfo.result === 'success').length,
            failed: completed.filter((task) => task.executionInfo.result === 'failure').length,
          });
          expect(ready).toBe(tasks.active);
          expect(store.ready(JOB, 100)).toHaveLength(ready);
          expect(store.listByState(JOB, ['completed'], undefined, 100)).toHaveLength(completed.length);
          expect(store.changedSince(JOB, 0, 100)).toHaveLength(all.length);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('gives the same tasks through an index as by looking at every one, page by page', () => {
    for (let number = 0; number < 60; number += 1) {
      const record = add(`t${String(number).padStart(2, '0')}`, START + number);
      if (number % 3 !== 0) run(record, number % 2, START + 1000 * number);
    }
    const since = "stateTransitionTime ge DateTime'2026-01-01T00:00:00.03Z'";
    const filters = [
      "state eq 'completed'",
      "state eq 'active'",
      "state eq 'Completed' and executionInfo/exitCode eq 1",
      "id ge 't20' and id lt 't31'",
      "state eq 'completed' and id gt 't20' and id le 't31'",
      "startswith(id,'t1')",
      since,
      `${since} and state eq 'completed'`,
      "executionInfo/exitCode eq 1 or id eq 't00'",
      "id eq 'none'",
    ];
    const all = store.list(JOB, undefined, 100).map(({ task }) => task);
    for (const text of filters) {
      const filter = parseFilter(text);
      const matches = compileFilter(filter);
      for (const size of [1, 7, 1000]) {
        const found: string[] = [];
        let after: string | undefined;
        do {
          const page = taskPage(store, JOB, { filter, matches, select: (entity) => entity, size, after });
          expect(page.tasks.length).toBeLessThanOrEqual(size);
          found.push(...page.tasks.map((task) => task.id));
          after = page.next;
        } while (after !== undefined);
        expect([text, found]).toEqual([text, all.filter(matches).map((task) => task.id)]);
      }
    }
  });

  it('begins a range of ids where it begins, whatever lies before', () => {
    const listed: (string | undefined)[] = [];
    const watched = Object.assign(Object.create(store) as TaskStore, {
      list: (number: number, after: string | undefined, limit: number) => {
        listed.push(after);
        return store.list(number, after, limit);
      },
    });
    for (const id of ['t1', 't1zzz', 't2', 't20']) add(id);
    const text = "id ge 't2'";
    const filter = parseFilter(text);
    const query = { filter, matches: compileFilter(filter), select: (entity: object) => entity, size: 1 };
    expect(taskPage(watched, JOB, { ...query, after: undefined }).tasks.map(({ id }) => id)).toEqual(['t2']);
    expect(store.list(JOB, listed[0], 9).map(({ task }) => task.id)).toEqual(['t2', 't20']);
  });

  it('knows its counts after being opened again', async () => {
    run(add('a'), 0);
    add('b', START + 5);
    await database.close();
    database = new Database(directory, false);
    store = new TaskStore(database);
    expect(store.counts(JOB)).toMatchObject({ tasks: { active: 1, completed: 1, succeeded: 1 }, ready: 1 });
  });
});
