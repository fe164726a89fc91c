import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../../src/lib/errors.ts';
import { runBulk, type Unit } from '../../../../src/store/actions/bulk.ts';
import type { BulkDialog, Failure } from '../../../../src/store/dialogs.ts';
import { deferred, steps, storeKit } from '../../../support/store-kit.ts';

/** So many units, each of which the test ends. */
function units(count: number) {
  const running: {
    readonly id: string;
    end(failures?: readonly Failure[]): void;
    fail(error: unknown): void;
  }[] = [];
  let started = 0;
  function* make(): Generator<Unit> {
    for (let number = 1; number <= count; number += 1) {
      const id = `t${number}`;
      yield {
        size: 1,
        ids: [id],
        run: () => {
          started += 1;
          const { promise, resolve, reject } = deferred<readonly Failure[]>();
          running.push({ id, end: (failures = []) => resolve(failures), fail: reject });
          return promise;
        },
      };
    }
  }
  return { units: make(), running, started: () => started };
}

describe('bulk work', () => {
  test('has at most eight requests under way, and starts the next as one ends', async () => {
    const kit = storeKit();
    const work = units(30);
    const all = runBulk(kit.services, { title: 'Delete 30 tasks', total: 30, units: work.units });
    await steps();
    expect(work.started()).toBe(8);
    work.running[3]?.end();
    await steps();
    expect(work.started()).toBe(9);
    for (let done = 0; done < 30; done += 1) {
      for (const unit of work.running) unit.end();
      await steps();
    }
    expect(await all).toEqual([]);
    expect(work.started()).toBe(30);
  });

  test('shows how far it is, and what failed, without stopping for it', async () => {
    const kit = storeKit();
    const work = units(3);
    const dialog = () => kit.store.getState().overlay as BulkDialog;
    const all = runBulk(kit.services, { title: 'Delete 3 tasks', total: 3, units: work.units });
    expect(dialog()).toMatchObject({ title: 'Delete 3 tasks', total: 3, done: 0, state: 'running' });
    await steps();
    work.running[1]?.fail(
      new ServiceError({
        status: 409,
        code: 'TaskCompleted',
        message: 'no',
        details: [{ key: 'Reason', value: 'late' }],
      }),
    );
    await steps();
    const failure = { id: 't2', reason: 'no (TaskCompleted), Reason: late' };
    expect(dialog()).toMatchObject({ done: 1, failures: [failure], state: 'running' });
    work.running[0]?.end();
    work.running[2]?.end([{ id: 't3', reason: 'itself' }]);
    expect(await all).toEqual([failure, { id: 't3', reason: 'itself' }]);
    expect(dialog()).toMatchObject({ done: 3, state: 'ended' });
  });

  test('stopped, it starts nothing more, and waits for what is under way', async () => {
    const kit = storeKit();
    const work = units(30);
    const dialog = () => kit.store.getState().overlay as BulkDialog;
    const all = runBulk(kit.services, { title: 'Delete', total: 30, units: work.units });
    await steps();
    work.running[0]?.end();
    await steps();
    dialog().abort.abort();
    expect(dialog()).toMatchObject({ state: 'running', done: 1 });
    expect(dialog().abort.signal.aborted).toBe(true);
    for (const unit of work.running) unit.end();
    expect(await all).toEqual([]);
    expect(work.started()).toBe(9);
    expect(dialog()).toMatchObject({ state: 'cancelled', done: 9 });
  });

  test('who reads what failed keeps the place while more is done', async () => {
    const kit = storeKit();
    const work = units(3);
    const dialog = () => kit.store.getState().overlay as BulkDialog;
    const all = runBulk(kit.services, { title: 'Delete', total: 3, units: work.units });
    await steps();
    kit.store.setState({ overlay: { ...dialog(), first: 7 } });
    for (const unit of work.running) unit.end();
    await all;
    expect(dialog()).toMatchObject({ done: 3, first: 7 });
  });

  test('nothing to do is done at once', async () => {
    const kit = storeKit();
    expect(await runBulk(kit.services, { title: 'x', total: 0, units: [] })).toEqual([]);
  });
});
