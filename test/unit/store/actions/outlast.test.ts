import { expect, test } from 'vitest';
import { ServiceError } from '../../../../src/lib/errors.ts';
import { acceptConfirm, startAction } from '../../../../src/store/actions/actions.ts';
import { outlast } from '../../../../src/store/actions/outlast.ts';
import { EMPTY_FEED } from '../../../../src/store/app-store.ts';
import type { BulkDialog, ConfirmDialog } from '../../../../src/store/dialogs.ts';
import { feedKeyOf } from '../../../../src/store/keys-of.ts';
import { listView } from '../../../../src/store/views.ts';
import { FakeTiming } from '../../../support/fake-timing.ts';
import { steps, storeKit } from '../../../support/store-kit.ts';

const never = new AbortController().signal;

function tooMany(retryAfter?: number): ServiceError {
  return new ServiceError({ status: 429, code: 'TooManyRequests', message: 'Too many.', retryAfter });
}

/** Answers with each error in turn, then with `done`. */
function after(...errors: readonly Error[]) {
  let calls = 0;
  const send = async (): Promise<string> => {
    const error = errors[calls];
    calls += 1;
    if (error !== undefined) throw error;
    return 'done';
  };
  return { send, calls: () => calls };
}

test('a request that is turned away is sent again when the service asked for it, or later and later', async () => {
  const timing = new FakeTiming();
  timing.chance = 0;
  const busy = new ServiceError({ status: 503, code: 'ServerBusy', message: 'Busy.' });
  const work = after(tooMany(7000), busy, busy);
  const result = outlast(timing, never, work.send);
  await steps();
  expect(timing.waits).toEqual([7000]);
  await timing.pass(7000, steps);
  expect(timing.waits).toEqual([1000]);
  await timing.pass(1000, steps);
  expect(timing.waits).toEqual([2000]);
  await timing.pass(2000, steps);
  expect(await result).toBe('done');
});

test('chance adds to the time that the service asked for, and never takes from it', async () => {
  const timing = new FakeTiming();
  timing.chance = 1;
  const result = outlast(timing, never, after(tooMany(8000)).send);
  await steps();
  expect(timing.waits).toEqual([10_000]);
  await timing.pass(10_000, steps);
  expect(await result).toBe('done');
});

test('any other failure is one at once: it may have had its effect', async () => {
  const lost = new ServiceError({ status: 500, code: 'InternalError', message: 'Sorry.' });
  const work = after(lost);
  await expect(outlast(new FakeTiming(), never, work.send)).rejects.toBe(lost);
  expect(work.calls()).toBe(1);
});

test('it gives up after some tries, and at once when no more is wanted', async () => {
  const timing = new FakeTiming();
  const work = after(...Array.from({ length: 20 }, () => tooMany(1000)));
  const result = outlast(timing, never, work.send);
  const failed = expect(result).rejects.toMatchObject({ code: 'TooManyRequests' });
  await steps();
  await timing.pass(60_000, steps);
  await failed;
  expect(work.calls()).toBe(8);
  const abort = new AbortController();
  const stopped = after(tooMany(1000), tooMany(1000));
  const refusal = expect(outlast(timing, abort.signal, stopped.send)).rejects.toThrow('Too many.');
  await steps();
  abort.abort();
  await refusal;
  expect(stopped.calls()).toBe(1);
  expect(timing.waits).toEqual([]);
});

test('many deletions wait for a busy service, and count what is gone already as done', async () => {
  const view = { ...listView('tasks', { job: 'j' }), cursor: 't0', marks: new Set(['t0', 't1', 't2']) };
  const asked: string[] = [];
  const act = async ({ id }: { readonly id: string }): Promise<void> => {
    asked.push(id);
    if (id === 't1' && asked.filter((other) => other === id).length === 1) throw tooMany(3000);
    if (id === 't2') throw new ServiceError({ status: 404, code: 'TaskNotFound', message: 'No such task.' });
  };
  const kit = storeKit({ view, port: { act } });
  const rows = ['t0', 't1', 't2'].map((id) => ({ id, state: 'completed' }));
  kit.store.setState({ feeds: { [feedKeyOf(view)]: { ...EMPTY_FEED, rows, complete: true, updatedAt: 0 } } });
  startAction(kit.services, 'delete');
  const all = acceptConfirm(kit.services, kit.store.getState().overlay as ConfirmDialog);
  await steps();
  expect(kit.store.getState().overlay as BulkDialog).toMatchObject({ done: 2, failures: [] });
  await kit.timing.pass(4000, steps);
  await all;
  expect(asked).toEqual(['t0', 't1', 't2', 't1']);
  expect(kit.store.getState().overlay).toBeUndefined();
  expect(kit.store.getState().flash?.text).toBe('Delete 3 tasks: done');
});

test('deleting one that is gone says so', async () => {
  const view = { ...listView('jobs', {}), cursor: 'j' };
  const missing = new ServiceError({ status: 404, code: 'JobNotFound', message: 'No such job.' });
  const kit = storeKit({ view, port: { act: () => Promise.reject(missing) } });
  const feed = { ...EMPTY_FEED, rows: [{ id: 'j', state: 'active' }], complete: true, updatedAt: 0 };
  kit.store.setState({ feeds: { [feedKeyOf(view)]: feed } });
  startAction(kit.services, 'delete');
  await acceptConfirm(kit.services, kit.store.getState().overlay as ConfirmDialog);
  expect(kit.store.getState().flash?.text).toBe('Delete job j: it was gone already');
  expect(kit.refreshes()).toBe(1);
});

test.each(['TaskCompleted', 'OperationInvalidForCurrentState'])(
  'terminating where the service says %s is done only when it had ended',
  async (code) => {
    const view = { ...listView('tasks', { job: 'j' }), cursor: 't' };
    const refused = new ServiceError({ status: 409, code, message: 'No.' });
    const kit = storeKit({ view, port: { act: () => Promise.reject(refused) } });
    const feed = { ...EMPTY_FEED, rows: [{ id: 't', state: 'running' }], complete: true, updatedAt: 0 };
    kit.store.setState({ feeds: { [feedKeyOf(view)]: feed } });
    startAction(kit.services, 'terminate');
    await acceptConfirm(kit.services, kit.store.getState().overlay as ConfirmDialog);
    const { flash } = kit.store.getState();
    if (code === 'TaskCompleted') expect(flash?.text).toBe('Terminate task t: it had ended already');
    else expect(flash).toMatchObject({ level: 'error', text: expect.stringContaining(code) });
  },
);
