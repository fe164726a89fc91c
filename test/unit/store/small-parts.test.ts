import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../src/lib/errors.ts';
import { EMPTY_FEED, topView } from '../../../src/store/app-store.ts';
import { flash, flashError } from '../../../src/store/flash.ts';
import { editText, insertText, type TextEdit } from '../../../src/store/forms/text-field.ts';
import { startHeartbeat } from '../../../src/store/heartbeat.ts';
import { documentKey, feedKey, fileKey } from '../../../src/store/keys-of.ts';
import { TailText } from '../../../src/store/tail-text.ts';
import {
  historyBack,
  historyForward,
  listView,
  popView,
  pushView,
  resetViews,
  tailView,
  updateList,
} from '../../../src/store/views.ts';
import { SECOND } from '../../support/samples.ts';
import { page } from '../../support/scripted-port.ts';
import { steps, storeKit } from '../../support/store-kit.ts';

describe('a text field', () => {
  /** The text with `|` for the cursor, after the edits. */
  function edited(start: string, ...edits: (TextEdit | { type: string })[]): string {
    const caret = start.indexOf('|');
    let field = { text: start.replace('|', ''), caret };
    for (const edit of edits)
      field = typeof edit === 'string' ? editText(field, edit) : insertText(field, edit.type);
    return `${field.text.slice(0, field.caret)}|${field.text.slice(field.caret)}`;
  }

  test.each<[string, string, ...(TextEdit | { type: string })[]]>([
    ['ab|cd', 'abX|cd', { type: 'X' }],
    ['ab|cd', 'a|bcd', 'left'],
    ['ab|cd', 'abc|d', 'right'],
    ['|ab', '|ab', 'left'],
    ['ab|', 'ab|', 'right'],
    ['ab|cd', '|abcd', 'home'],
    ['ab|cd', 'abcd|', 'end'],
    ['ab|cd', 'a|cd', 'erase'],
    ['|ab', '|ab', 'erase'],
    ['ab|cd', 'ab|d', 'delete'],
    ['ab|', 'ab|', 'delete'],
    ['ab|cd', '|', 'clear'],
    ['one two  |x', 'one |x', 'eraseWord'],
    ['one|', '|', 'eraseWord'],
    ['a😀|b', 'a|b', 'erase'],
    ['a|😀b', 'a😀|b', 'right'],
    ['a|😀b', 'a|b', 'delete'],
  ])('%s becomes %s', (start, end, ...edits) => {
    expect(edited(start, ...edits)).toBe(end);
  });
});

describe('views on a stack', () => {
  const names = (kit: ReturnType<typeof storeKit>) =>
    kit.store.getState().views.map((view) => (view.kind === 'list' ? view.resource : view.kind));

  function walked() {
    const kit = storeKit({ view: listView('pools', {}) });
    pushView(kit.store, listView('nodes', { pool: 'p' }));
    resetViews(kit.store, [listView('jobs', {})]);
    return kit;
  }

  test('the first one is not left', () => {
    const kit = storeKit({ view: listView('pools', {}) });
    expect(popView(kit.store)).toBe(false);
    expect(names(kit)).toEqual(['pools']);
  });

  test('the history goes back and forth through whole stacks', () => {
    const kit = walked();
    expect(historyBack(kit.store)).toBe(true);
    expect(names(kit)).toEqual(['pools', 'nodes']);
    expect(historyBack(kit.store)).toBe(true);
    expect(names(kit)).toEqual(['pools']);
    expect(historyBack(kit.store)).toBe(false);
    expect(historyForward(kit.store)).toBe(true);
    expect(historyForward(kit.store)).toBe(true);
    expect(names(kit)).toEqual(['jobs']);
    expect(historyForward(kit.store)).toBe(false);
  });

  test('another way taken forgets what lay ahead', () => {
    const kit = walked();
    historyBack(kit.store);
    pushView(kit.store, listView('images', {}));
    expect(historyForward(kit.store)).toBe(false);
  });

  test('a view keeps its cursor, filter and marks while others stand on it', () => {
    const kit = storeKit({ view: listView('pools', {}) });
    updateList(kit.store, (view) => ({
      ...view,
      cursor: 'mypool',
      filter: 'my',
      marks: new Set(['mypool']),
    }));
    pushView(kit.store, listView('nodes', { pool: 'mypool' }));
    popView(kit.store);
    expect(topView(kit.store.getState())).toMatchObject({ cursor: 'mypool', filter: 'my' });
  });

  test('a file that is opened again is at its end', () => {
    const kit = storeKit({ view: listView('pools', {}) });
    const file = { kind: 'task', job: 'j', task: 't', path: 'stdout.txt' } as const;
    const tail = {
      status: 'following' as const,
      files: [],
      text: new TailText(1, () => 1000),
      marks: [],
      following: false,
      updatedAt: 0,
      error: undefined,
    };
    kit.store.setState({ tails: { [fileKey(file)]: tail } });
    pushView(kit.store, tailView(file));
    expect(kit.store.getState().tails[fileKey(file)]?.following).toBe(true);
  });
});

describe('names of data', () => {
  test('are different for different places', () => {
    const keys = [
      feedKey('tasks', { job: 'a' }),
      feedKey('tasks', { job: 'b' }),
      feedKey('files', { job: 'a', task: 'b' }),
      feedKey('files', { pool: 'a', node: 'b' }),
      feedKey('tasks', { job: 'a' }, "state eq 'active'"),
      documentKey({ resource: 'tasks', scope: { job: 'a' }, id: 'b' }),
      fileKey({ kind: 'task', job: 'a', task: 'b', path: 'c' }),
      fileKey({ kind: 'node', pool: 'a', node: 'b', path: 'c' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('messages', () => {
  test('the same text again is a new message', () => {
    const { store } = storeKit();
    flash(store, 'info', 'x');
    const first = store.getState().flash?.serial;
    flash(store, 'info', 'x');
    expect(store.getState().flash?.serial).not.toBe(first);
  });

  test('an error says what happened, the reason and the next step', () => {
    const { store } = storeKit();
    flashError(
      store,
      new ServiceError({
        status: 409,
        code: 'X',
        message: 'No.',
        details: [
          { key: 'Reason', value: 'because' },
          { key: 'Other', value: 'left out' },
        ],
        next: 'wait',
      }),
    );
    expect(store.getState().flash).toMatchObject({
      level: 'error',
      text: 'No. (X) – Reason: because – try: wait',
    });
  });
});

describe('the heartbeat', () => {
  function beating(view = listView('jobs', {})) {
    const kit = storeKit({ view });
    let beats = 0;
    const stop = startHeartbeat({
      store: kit.store,
      port: kit.port,
      meter: { perMinute: () => 7, total: 7 },
      timing: kit.timing,
      onBeat: () => {
        beats += 1;
      },
    });
    return { ...kit, stop, beats: () => beats, pass: (ms: number) => kit.timing.pass(ms, steps) };
  }

  test('lets ages tick every second, and counts requests', async () => {
    const { beats, pass, store } = beating();
    await pass(5 * SECOND);
    expect(beats()).toBe(6);
    expect(store.getState().requestsPerMinute).toBe(7);
  });

  test('does not show a rate that sways a little, but one that has changed', async () => {
    const { store, timing } = storeKit();
    let rate = 60;
    const meter = { perMinute: () => rate, total: 0 };
    startHeartbeat({ store, port: undefined, meter, timing, onBeat: () => undefined });
    const shown: number[] = [];
    for (const next of [1, 60, 61, 58, 66, 67, 40, 0]) {
      rate = next;
      await timing.pass(SECOND, steps);
      shown.push(store.getState().requestsPerMinute);
    }
    expect(shown).toEqual([1, 60, 60, 60, 60, 67, 40, 0]);
  });

  test('tells of a sleep of the machine when it is over, and of nothing shorter', async () => {
    const { store, timing } = storeKit();
    let woken = 0;
    const onWake = () => {
      woken += 1;
    };
    startHeartbeat({ store, port: undefined, meter: undefined, timing, onBeat: () => undefined, onWake });
    timing.sleep(20 * SECOND);
    await timing.pass(5 * SECOND, steps);
    expect(woken).toBe(0);
    timing.sleep(3 * 3600 * SECOND);
    await timing.pass(5 * SECOND, steps);
    expect(woken).toBe(1);
  });

  test('takes messages away after a while, each after its own', async () => {
    const { pass, store } = beating();
    flash(store, 'info', 'one');
    await pass(6 * SECOND);
    expect(store.getState().flash?.text).toBe('one');
    flash(store, 'info', 'two');
    await pass(6 * SECOND);
    expect(store.getState().flash?.text).toBe('two');
    await pass(6 * SECOND);
    expect(store.getState().flash).toBeUndefined();
    flash(store, 'info', 'after a pause');
    await pass(6 * SECOND);
    expect(store.getState().flash?.text).toBe('after a pause');
  });

  test('counts pools and nodes now and then, page by page', async () => {
    const { pass, store, port } = beating();
    await steps();
    expect(store.getState().totals).toEqual({ pools: 5, nodes: 11 });
    port.play({
      listPage: async (_resource, _scope, { next }) =>
        next === undefined ? page([{ id: 'a', currentDedicatedNodes: 2 }], '1') : page([{ id: 'b' }]),
    });
    await pass(14 * SECOND);
    expect(store.getState().totals).toEqual({ pools: 5, nodes: 11 });
    await pass(2 * SECOND);
    expect(store.getState().totals).toEqual({ pools: 2, nodes: 2 });
  });

  test('asks for nothing where the list of pools on the screen knows it', async () => {
    const view = listView('pools', {});
    const kit = storeKit({ view });
    const rows = [{ id: 'a', currentDedicatedNodes: 2, currentLowPriorityNodes: 1 }];
    kit.store.setState({
      feeds: { [feedKey('pools', {})]: { ...EMPTY_FEED, rows, complete: true, updatedAt: 0 } },
    });
    const { store, port, timing } = kit;
    startHeartbeat({ store, port, meter: undefined, timing, onBeat: () => undefined });
    await steps();
    expect(store.getState().totals).toEqual({ pools: 1, nodes: 3 });
    expect(port.calls).toEqual([]);
  });

  test('keeps the totals when they cannot be asked for, and stops when told', async () => {
    const { pass, store, port, stop, timing } = beating();
    await steps();
    port.play({ listPage: () => Promise.reject(new Error('gone')) });
    await pass(20 * SECOND);
    expect(store.getState().totals).toEqual({ pools: 5, nodes: 11 });
    stop();
    expect(timing.waits).toEqual([]);
  });
});
