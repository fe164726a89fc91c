import { describe, expect, test } from 'vitest';
import type { FileRef } from '../../src/api/port.ts';
import { topView } from '../../src/store/app-store.ts';
import type { ListView } from '../../src/store/state.ts';
import { listView } from '../../src/store/views.ts';
import { openScreen, type TestScreen } from '../support/frames.tsx';
import { page, scriptedPort } from '../support/scripted-port.ts';

const top = (screen: TestScreen) => topView(screen.store.getState());

describe('a terminal that is too small', () => {
  test('takes no key but the one to quit: what a key would do cannot be seen', async () => {
    const port = scriptedPort();
    const screen = await openScreen({ port });
    await screen.press('ctrl-d');
    await screen.resize(40, 9);
    await screen.press('tab', 'enter', 'ctrl-d');
    await screen.resize(80, 24);
    expect(port.asked('act')).toEqual([]);
    expect(screen.text()).toContain('Delete pool mypool?');
    await screen.resize(40, 9);
    await screen.press('ctrl-c');
    expect(screen.hasQuit()).toBe(true);
  });
});

describe('a filter that hides all', () => {
  test.each([
    [1, '1 is hidden'],
    [2000, '2,000 are hidden'],
  ])('says of %d rows how many that are', async (count, says) => {
    const rows = Array.from({ length: count }, (_, number) => ({ id: `job${number}`, state: 'active' }));
    const screen = await openScreen({ port: scriptedPort({ listPage: async () => page(rows) }) });
    await screen.press(':jobs /nothing\r');
    expect(screen.text()).toContain(`no jobs match: ${says} by the filter`);
  });
});

describe('a clone that no fields can hold', () => {
  test('is left at once as long as nothing was edited in it', async () => {
    const pool = {
      id: 'auto',
      vmSize: 'standard_a1_v2',
      enableAutoScale: true,
      autoScaleFormula: '$TargetDedicatedNodes = 1;',
    };
    const port = scriptedPort({ listPage: async () => page([pool]), get: async () => pool });
    const screen = await openScreen({ port, edit: (text) => `${text}displayName: mine\n` });
    await screen.press('ctrl-n');
    expect(screen.text()).toContain('the copy; e edits it');
    await screen.press('esc');
    expect(screen.text()).not.toContain('Clone pool auto');
    await screen.press('ctrl-n', 'e');
    expect(screen.text()).toContain('the body as edited; e opens it again');
    await screen.press('esc');
    expect(screen.text()).toContain('once more leaves the form');
  });
});

describe('l on what ran on a node', () => {
  /** The file whose tail `l` opens on the first row of a list. */
  async function tailed(view: ListView, row: object): Promise<FileRef | undefined> {
    const port = scriptedPort({ listPage: async () => page([row]) });
    const screen = await openScreen({ port, view });
    await screen.press('l');
    const shown = top(screen);
    return shown.kind === 'tail' ? shown.files[0] : undefined;
  }

  test('tails a task of the node, and its start task, which has no job', async () => {
    const view = listView('nodetasks', { pool: 'p', node: 'n' });
    expect(await tailed(view, { jobId: 'j', taskId: 't', taskState: 'running' })).toEqual({
      kind: 'task',
      job: 'j',
      task: 't',
      path: 'stdout.txt',
    });
    expect(await tailed(view, { taskState: 'completed' })).toEqual({
      kind: 'node',
      pool: 'p',
      node: 'n',
      path: 'startup/stdout.txt',
    });
  });

  test('tails a subtask where it ran; without a node there is nothing yet', async () => {
    const view = listView('subtasks', { job: 'j', task: 't' });
    const nodeInfo = { poolId: 'p', nodeId: 'n', taskRootDirectory: 'workitems\\j\\job-1\\t\\1' };
    expect(await tailed(view, { id: 1, nodeInfo })).toEqual({
      kind: 'node',
      pool: 'p',
      node: 'n',
      path: 'workitems/j/job-1/t/1/stdout.txt',
    });
    expect(await tailed(view, { id: 2 })).toBeUndefined();
  });
});
