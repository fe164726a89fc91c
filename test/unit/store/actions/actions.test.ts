import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../../src/lib/errors.ts';
import type { Operation } from '../../../../src/resources/types.ts';
import { acceptConfirm, startAction } from '../../../../src/store/actions/actions.ts';
import { EMPTY_FEED, topView } from '../../../../src/store/app-store.ts';
import type { BulkDialog, ConfirmDialog, FormDialog } from '../../../../src/store/dialogs.ts';
import { submitForm } from '../../../../src/store/forms/form-submit.ts';
import { feedKeyOf } from '../../../../src/store/keys-of.ts';
import type { ListView } from '../../../../src/store/state.ts';
import { listView, resetViews, updateList } from '../../../../src/store/views.ts';
import { nodeId, SAMPLES } from '../../../support/samples.ts';
import { type StoreKitOptions, storeKit } from '../../../support/store-kit.ts';

/** The samples of a resource on the screen, with the cursor on a row and some rows marked. */
function onList(
  view: ListView,
  cursor: string,
  marks: readonly string[] = [],
  options: StoreKitOptions = {},
) {
  const shown: ListView = { ...view, cursor, marks: new Set(marks) };
  const kit = storeKit({ ...options, view: shown });
  const rows = SAMPLES[view.resource] ?? [];
  kit.store.setState({ feeds: { [feedKeyOf(view)]: { ...EMPTY_FEED, rows, complete: true, updatedAt: 0 } } });
  const overlay = () => kit.store.getState().overlay;
  const flashed = () => kit.store.getState().flash?.text;
  const acted = () => kit.port.asked('act').map(([operation]) => operation as Operation);
  const top = () => topView(kit.store.getState()) as ListView;
  return { ...kit, overlay, flashed, acted, top };
}

const TASKS = listView('tasks', { job: 'myjob' });
const JOBS = listView('jobs', {});
const NODES = listView('nodes', { pool: 'mypool' });
const POOLS = listView('pools', {});

describe('asking before an action', () => {
  test('names what it will touch, warns, and has Cancel in focus', () => {
    const { services, overlay } = onList(JOBS, 'myjob');
    startAction(services, 'delete');
    expect(overlay()).toMatchObject({
      kind: 'confirm',
      title: 'Delete job myjob?',
      lines: ['Tasks and their files go too.'],
      targets: ['myjob'],
      hidden: 0,
      focus: 0,
      verb: 'Delete',
      operations: [{ resource: 'jobs', action: 'delete', scope: {}, id: 'myjob' }],
    });
  });

  test('goes by the marks, in place of the cursor', () => {
    const { services, overlay } = onList(TASKS, 'mytask1', ['mytask4', 'mytask5']);
    startAction(services, 'terminate');
    expect(overlay()).toMatchObject({ title: 'Terminate 2 tasks?', targets: ['mytask4', 'mytask5'] });
  });

  test('leaves out what it cannot be done to, and says why', () => {
    const { services, overlay } = onList(TASKS, 'mytask1', ['mytask1', 'mytask4']);
    startAction(services, 'terminate');
    expect(overlay()).toMatchObject({
      targets: ['mytask4'],
      lines: ['Left out: the task has completed already (mytask1)'],
    });
  });

  test('says so where there is no such action', () => {
    const { services, overlay, flashed } = onList(listView('images', {}), '');
    startAction(services, 'delete');
    expect(flashed()).toBe('images have no action delete');
    expect(overlay()).toBeUndefined();
  });

  test('says why when it can be done to nothing', () => {
    const { services, overlay, flashed } = onList(TASKS, 'mytask1');
    startAction(services, 'terminate');
    expect(overlay()).toBeUndefined();
    expect(flashed()).toBe('cannot terminate mytask1: the task has completed already');
  });

  test('counts what it leaves out by the reason, that of most first', () => {
    const completed = Array.from({ length: 12 }, (_, index) => ({ id: `done${index}`, state: 'completed' }));
    const kit = storeKit({ view: JOBS });
    const rows = [{ id: 'gone', state: 'deleting' }, ...completed, { id: 'runs', state: 'active' }];
    const feed = { ...EMPTY_FEED, rows, complete: true, updatedAt: 0 };
    kit.store.setState({ feeds: { [feedKeyOf(JOBS)]: feed } });
    const mark = (ids: readonly string[]): void =>
      updateList(kit.store, (view) => ({ ...view, marks: new Set(ids) }));
    mark(rows.map(({ id }) => id));
    startAction(kit.services, 'terminate');
    expect(kit.store.getState().overlay).toMatchObject({
      targets: ['runs'],
      lines: [
        expect.anything(),
        'Left out: the job is completed already (12, such as done0); the job is deleting already (gone)',
      ],
    });
    kit.store.setState({ overlay: undefined });
    mark(completed.map(({ id }) => id));
    startAction(kit.services, 'terminate');
    expect(kit.store.getState().flash?.text).toBe(
      'cannot terminate any of the 12: the job is completed already',
    );
  });

  test('warns of marks that the filter hides', () => {
    const { services, overlay } = onList({ ...TASKS, filter: 'mytask4' }, 'mytask4', ['mytask4', 'mytask5']);
    startAction(services, 'delete');
    expect(overlay()).toMatchObject({ targets: ['mytask4', 'mytask5'], hidden: 1 });
  });

  test('does not touch a row that the filter hides and that nobody marked', () => {
    const { services, overlay, flashed } = onList({ ...TASKS, filter: 'nothing-like-it' }, 'mytask4');
    startAction(services, 'delete');
    expect(overlay()).toBeUndefined();
    expect(flashed()).toBe('nothing to delete: there is no row under the cursor');
  });

  test('forgets marks of what is gone', () => {
    const { services, overlay } = onList(TASKS, 'mytask4', ['mytask4', 'gone']);
    startAction(services, 'delete');
    expect(overlay()).toMatchObject({ targets: ['mytask4'] });
  });

  test('leaves out marks that are not loaded any more, where the list is only a part', () => {
    const { services, store, overlay } = onList(TASKS, 'mytask4', ['mytask4', 'elsewhere']);
    const [[key, feed] = []] = Object.entries(store.getState().feeds);
    store.setState({ feeds: { [key ?? '']: { ...(feed ?? EMPTY_FEED), complete: false, cutEnd: true } } });
    startAction(services, 'delete');
    expect(overlay()).toMatchObject({
      targets: ['mytask4'],
      lines: [expect.anything(), 'Left out: not among the rows that are loaded now (elsewhere)'],
    });
  });

  test('counts what stands in several rows by state', () => {
    const { services, overlay } = onList(TASKS, 'mytask1', ['mytask1', 'mytask2', 'mytask3', 'mytask4']);
    startAction(services, 'delete');
    expect(overlay()).toMatchObject({ facts: ['3 completed, 1 running'] });
    const one = onList(TASKS, 'mytask1');
    startAction(one.services, 'delete');
    expect(one.overlay()).toMatchObject({ facts: [] });
  });

  test('counts what goes with a job, a pool, a node', () => {
    const within = (view: ListView, rows: readonly object[], action: string) => {
      const ids = rows.map((row) => (row as { id: string }).id);
      const kit = storeKit({ view: { ...view, cursor: ids[0], marks: new Set(ids) } });
      const feed = { ...EMPTY_FEED, rows, complete: true, updatedAt: 0 };
      kit.store.setState({ feeds: { [feedKeyOf(view)]: feed } });
      startAction(kit.services, action);
      return (kit.store.getState().overlay as ConfirmDialog).facts;
    };
    const counts = { active: 3968, running: 12, succeeded: 1, failed: 1 };
    const counted = { id: 'a', state: 'active', taskCounts: counts };
    expect(within(JOBS, [counted], 'delete')).toEqual([
      'With it: 12 running tasks, 3,968 waiting tasks, 2 ended tasks',
    ]);
    expect(within(JOBS, [counted, { id: 'b', state: 'active' }], 'terminate')).toEqual([
      '2 active',
      'With them: 12 running tasks, 3,968 waiting tasks (1 not asked about yet)',
    ]);
    const pool = { id: 'p', state: 'active', currentDedicatedNodes: 1, currentLowPriorityNodes: 0 };
    expect(within(POOLS, [pool], 'delete')).toEqual(['With it: 1 dedicated node']);
    const node = { id: 'n', state: 'running', runningTasksCount: 2 };
    expect(within(NODES, [node], 'delete')).toEqual(['With it: 2 running tasks']);
  });

  test('offers the choices of the action, with the mildest first', () => {
    const { services, overlay } = onList(JOBS, 'myjob');
    startAction(services, 'disable');
    expect(overlay()).toMatchObject({ chosen: { disableTasks: 'requeue' } });
  });

  test('asks for values in a form, once for all that are marked', async () => {
    const one = onList(POOLS, 'mypool');
    startAction(one.services, 'resize');
    expect(one.overlay()).toMatchObject({ kind: 'form', title: 'Resize pool mypool' });
    const two = onList(POOLS, 'mypool', ['mypool', 'quota', 'render-gpu']);
    startAction(two.services, 'resize');
    expect(two.overlay()).toMatchObject({ title: 'Resize 2 pools' });
    expect((two.overlay() as FormDialog).note).toContain('x stops it (render-gpu)');
    await submitForm(two.services);
    expect(two.acted().map(({ id, args }) => [id, args?.targetDedicatedNodes])).toEqual([
      ['mypool', 3],
      ['quota', 3],
    ]);
  });

  test('says why there is no form', () => {
    const { services, overlay, flashed } = onList(POOLS, 'render-gpu');
    startAction(services, 'resize');
    expect(overlay()).toBeUndefined();
    expect(flashed()).toBe('cannot resize render-gpu: a resize is under way: x stops it');
  });

  test('a resize form starts from the targets', () => {
    const { services, overlay } = onList(POOLS, 'quota');
    startAction(services, 'resize');
    expect((overlay() as FormDialog).values).toMatchObject({ targetDedicatedNodes: '50' });
  });
});

describe('doing it', () => {
  const accept = (kit: ReturnType<typeof onList>) =>
    acceptConfirm(kit.services, kit.overlay() as ConfirmDialog);

  test('one thing: done, said, asked for again, unmarked', async () => {
    const kit = onList(JOBS, 'myjob', ['myjob']);
    startAction(kit.services, 'disable');
    await accept(kit);
    expect(kit.acted()).toEqual([
      { resource: 'jobs', action: 'disable', scope: {}, id: 'myjob', args: { disableTasks: 'requeue' } },
    ]);
    expect(kit.flashed()).toBe('Disable job myjob: accepted');
    expect(kit.overlay()).toBeUndefined();
    expect(kit.top().marks.size).toBe(0);
    expect(kit.refreshes()).toBe(1);
    expect(kit.store.getState().busy).toBe(0);
  });

  test('what is deleted at once goes from the list at once, filtered or not; a job goes when the service says so', async () => {
    const act = async ({ id }: Operation) => {
      if (id === 'mytask5') throw new ServiceError({ status: 409, code: 'TaskLocked', message: 'not now' });
    };
    const kit = onList(TASKS, 'mytask1', ['mytask1', 'mytask4', 'mytask5'], { port: { act } });
    const whole = feedKeyOf(TASKS);
    const pushed = feedKeyOf({ ...TASKS, pushedFilter: "state eq 'active'" });
    const other = feedKeyOf(listView('tasks', { job: 'myjob2' }));
    const [feed = EMPTY_FEED] = Object.values(kit.store.getState().feeds);
    const held = { ...feed, total: feed.rows.length };
    kit.store.setState({ feeds: { [whole]: held, [pushed]: held, [other]: held } });
    startAction(kit.services, 'delete');
    await accept(kit);
    const ids = (key: string) =>
      kit.store.getState().feeds[key]?.rows.map((row) => (row as { id: string }).id) ?? [];
    for (const key of [whole, pushed]) {
      expect(ids(key)).toHaveLength(held.rows.length - 2);
      expect(ids(key)).toContain('mytask5');
      expect(ids(key)).not.toContain('mytask4');
      expect(kit.store.getState().feeds[key]?.total).toBe(held.rows.length - 2);
    }
    expect(kit.store.getState().feeds[other]).toBe(held);
    const jobs = onList(JOBS, 'myjob');
    startAction(jobs.services, 'delete');
    await accept(jobs);
    expect(Object.values(jobs.store.getState().feeds)[0]?.rows).toContain(SAMPLES.jobs?.[0]);
  });

  test('one thing that fails stays marked, and the reason is shown', async () => {
    const act = () =>
      Promise.reject(
        new ServiceError({ status: 409, code: 'JobNotActive', message: 'The job is not active.' }),
      );
    const kit = onList(JOBS, 'myjob', ['myjob'], { port: { act } });
    startAction(kit.services, 'delete');
    await accept(kit);
    expect(kit.store.getState().flash).toMatchObject({
      level: 'error',
      text: 'Delete job myjob: The job is not active. (JobNotActive)',
    });
    expect([...kit.top().marks]).toEqual(['myjob']);
  });

  test('many things: those that failed stay marked, on the screen with their reasons', async () => {
    const act = async ({ id }: Operation) => {
      if (id === 'mytask5')
        throw new ServiceError({ status: 409, code: 'OperationNotAllowed', message: 'late' });
    };
    const kit = onList(TASKS, 'mytask4', ['mytask10', 'mytask4', 'mytask5'], { port: { act } });
    startAction(kit.services, 'terminate');
    await accept(kit);
    expect(kit.acted().map(({ id }) => id)).toEqual(['mytask10', 'mytask4', 'mytask5']);
    expect(kit.overlay()).toMatchObject({
      kind: 'bulk',
      state: 'ended',
      failures: [{ id: 'mytask5', reason: 'late (OperationNotAllowed)' }],
    });
    expect(kit.flashed()).toBe('Terminate 3 tasks: 1 of 3 failed');
    expect([...kit.top().marks]).toEqual(['mytask5']);
  });

  test('many things that all succeed leave nothing on the screen', async () => {
    const kit = onList(TASKS, 'mytask4', ['mytask10', 'mytask4']);
    startAction(kit.services, 'terminate');
    await accept(kit);
    expect(kit.overlay()).toBeUndefined();
    expect(kit.flashed()).toBe('Terminate 2 tasks: done');
    expect(kit.top().marks.size).toBe(0);
  });

  test('requests under way are not broken off when the work is stopped', async () => {
    const signals: AbortSignal[] = [];
    const kit = onList(TASKS, 'mytask4', ['mytask10', 'mytask4'], {
      port: {
        act: async (_operation, signal) => {
          signals.push(signal);
          (kit.overlay() as BulkDialog).abort.abort();
        },
      },
    });
    startAction(kit.services, 'delete');
    await accept(kit);
    expect(signals.some((signal) => signal.aborted)).toBe(false);
  });

  test('nodes are removed in one request, because a pool takes no second one meanwhile', async () => {
    const kit = onList(NODES, nodeId(1), [nodeId(1), nodeId(2)]);
    startAction(kit.services, 'delete');
    await accept(kit);
    expect(kit.acted()).toEqual([
      expect.objectContaining({
        action: 'delete',
        args: { nodeList: [nodeId(1), nodeId(2)], nodeDeallocationOption: 'requeue' },
      }),
    ]);
    expect(kit.top().marks.size).toBe(0);
  });

  test('marks of another list stay, when it was gone to meanwhile', async () => {
    const kit = onList(JOBS, 'myjob');
    startAction(kit.services, 'delete');
    const done = accept(kit);
    resetViews(kit.store, [{ ...TASKS, marks: new Set(['myjob']) }]);
    await done;
    expect([...kit.top().marks]).toEqual(['myjob']);
  });
});
