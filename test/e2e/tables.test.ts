import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { addIdleJob, NEVER, poolBody, startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import type { TestTerminal } from '../support/terminal.ts';
import { cursorRow, startReadyUi } from '../support/ui.ts';

const FIFTY = Array.from({ length: 50 }, (_, index) => `t${String(index + 1).padStart(2, '0')}`);

describe('tables', () => {
  let emulator: TestEmulator;

  beforeAll(async () => {
    // Slow enough that a key is pressed while a pool is resized.
    emulator = await startTestEmulator('--speed', '0.5');
    await addIdleJob(emulator, 'fifty', FIFTY);
  });
  afterAll(() => emulator.end('SIGTERM'));

  function openTasks(job: string, ...args: string[]): Promise<TestTerminal> {
    return startReadyUi({ env: emulator.env, args: ['-c', `tasks ${job}`, ...args], rows: 34 });
  }

  it('obey every key that was typed ahead in one write', async () => {
    const ui = await openTasks('fifty');
    await ui.waitFor(() => cursorRow(ui).startsWith('t01 '));
    ui.type('jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjkk');
    await ui.waitFor(() => cursorRow(ui).startsWith('t38 '));
    ui.press('G', 'up', 'up', 'pgup', 'down', 'space', 'space', 'c');
    await ui.waitFor('copied 2 ids');
    ui.press('esc', 'g', 'down', 'enter');
    await ui.waitFor('files(fifty/t02)');
    ui.press('esc', 'd');
    await ui.waitFor('describe(fifty/t02)');
    ui.press('q', ':');
    ui.type('pools\r/fifty\renter');
    await ui.waitFor('pools[1');
  });

  it('obey keys that were typed before their rows came, but make no other key wait', async () => {
    const slow = await startTestEmulator('--speed', '100', '--fault', 'Task_List:latency=2000');
    onTestFinished(() => slow.end('SIGTERM'));
    await addIdleJob(slow, 'slow', FIFTY);
    const ui = await startReadyUi({ env: slow.env, args: ['-c', 'jobs'] });
    ui.press('enter', 'j', 'j', 'd');
    await ui.waitFor('loading tasks in slow');
    await ui.waitFor('describe(slow/t03)');
    ui.type(':files slow t07\rd');
    await ui.waitFor('files(slow/t07)');
    ui.type(':tasks nowhere\rjj:');
    await ui.waitFor((screen) => /^ :/m.test(screen) && screen.includes('loading tasks in nowhere'));
  });

  it('narrow as the filter is typed, and say when it is no pattern', async () => {
    const ui = await openTasks('fifty');
    await ui.waitFor('tasks(fifty)[50]');
    ui.type('/4');
    await ui.waitFor('tasks(fifty)[14/50] </4>');
    expect(ui.screen()).toContain('│ t04 ');
    expect(ui.screen()).not.toContain('│ t05 ');
    ui.type('[');
    await ui.waitFor(/bad pattern: \S/);
    expect(ui.screen()).toContain('tasks(fifty)[50]');
    ui.press('enter');
    await ui.waitFor('bad pattern, so nothing is filtered');
    ui.press('/', 'ctrl-u', '!', '4', 'enter');
    await ui.waitFor('tasks(fifty)[36/50] </!4>');
    ui.press('/', 'ctrl-u');
    ui.type('state=completed\r');
    await ui.waitFor('no tasks match: 50 are hidden by the filter');
    ui.press('esc');
    await ui.waitFor('tasks(fifty)[50]');
  });

  it('sort by value, the cursor staying on its task', async () => {
    const ui = await openTasks('fifty');
    await ui.waitFor('tasks(fifty)[50]');
    ui.press('down', 'down');
    await ui.waitFor(() => cursorRow(ui).startsWith('t03 '));
    ui.press('N');
    await ui.waitFor('│ ID↑');
    ui.press('N');
    await ui.waitFor((screen) => screen.includes('│ ID↓') && screen.includes('│ t20 '));
    expect(cursorRow(ui)).toMatch(/^t03 /);
    ui.press('g');
    await ui.waitFor(() => cursorRow(ui).startsWith('t50 '));
    ui.press('~');
    await ui.waitFor('│ ID↑');
    ui.press('>');
    await ui.waitFor('STATE↑');
  });

  it('complete a command, and say when there is none of that name', async () => {
    const ui = await openTasks('fifty');
    ui.type(':po');
    await ui.waitFor(/^ :pools$/m);
    ui.press('tab', 'enter');
    await ui.waitFor('pools[1]');
    ui.type(':jobs\r');
    await ui.waitFor('jobs[1]');
    ui.type(':tasks fi');
    await ui.waitFor(/^ :tasks fifty$/m);
    ui.press('tab', 'enter');
    await ui.waitFor('tasks(fifty)[50]');
    ui.type(':nonsense\r');
    await ui.waitFor(/there is no command or resource nonsense.*try: : and tab/);
    expect(ui.screen()).toContain('tasks(fifty)[50]');
    ui.type(':nodes\r');
    await ui.waitFor(/nodes live somewhere: which one\?.*try: :nodes POOL/);
  });

  it('delete what is marked, but only after being told to', async () => {
    await addIdleJob(emulator, 'marked', FIFTY.slice(0, 9));
    const ui = await openTasks('marked');
    await ui.waitFor('tasks(marked)[9]');
    ui.press('space', 'space', 'space');
    await ui.waitFor('3 marked');
    ui.type('/t0[4-9]\r');
    await ui.waitFor('tasks(marked)[6/9]');
    ui.press('space', 'ctrl-d');
    await ui.waitFor('Delete 4 tasks?');
    for (const id of ['t01', 't02', 't03', 't04']) expect(ui.screen()).toMatch(new RegExp(`│ +${id} +│`));
    expect(ui.screen()).toContain('3 of them are hidden by the filter.');
    ui.press('enter');
    await ui.waitFor((screen) => !screen.includes('Delete 4 tasks?'));
    expect((await emulator.port.taskCounts('marked', NEVER)).tasks.active).toBe(9);
    ui.press('ctrl-d', 'tab', 'enter');
    await ui.waitFor('Delete 4 tasks: done');
    await ui.waitFor('tasks(marked)[5] </t0[4-9]>');
    expect((await emulator.port.taskCounts('marked', NEVER)).tasks.active).toBe(5);
    expect(ui.screen()).not.toContain(' marked ');
  });

  it('change nothing in read-only mode, and do not offer to', async () => {
    const ui = await startReadyUi({ env: emulator.env, args: ['--readonly'] });
    await ui.waitFor('read-only');
    expect(ui.screen()).toContain('Describe');
    for (const word of ['Delete', 'Resize', 'New']) expect(ui.screen()).not.toContain(word);
    for (const [key, name] of [
      ['ctrl-d', 'delete'],
      ['n', 'new'],
      ['z', 'resize'],
    ] as const) {
      ui.press(key);
      await ui.waitFor(`${name}: not in read-only mode (--write allows it)`);
    }
    expect(ui.screen()).not.toMatch(/[╭╮]/);
    ui.press('?');
    await ui.waitFor(/<ctrl-d> +Delete \(not in read-only mode\)/);
  });

  it('resize a pool, and show its nodes come', async () => {
    await emulator.port.add('pools', {}, poolBody('growing', 0), NEVER);
    const ui = await startReadyUi({ env: emulator.env });
    await ui.waitFor(/│ growing +active +steady +0 +0 /);
    ui.type('/growing\r');
    await ui.waitFor(() => cursorRow(ui).startsWith('growing '));
    ui.press('z');
    await ui.waitFor('Resize pool growing');
    ui.press('ctrl-u');
    ui.type('3');
    ui.press('ctrl-s');
    await ui.waitFor(/│ growing +active +resizing +0 +3 /);
    ui.press('z');
    await ui.waitFor('cannot resize growing: a resize is under way');
    await ui.waitFor(/│ growing +active +steady +3 +3 /);
    ui.press('enter');
    await ui.waitFor((screen) => (screen.match(/│ tvmps_\S+ +idle /g) ?? []).length === 3);
  });

  it('describe a resource, show its YAML, and find text in both', async () => {
    const ui = await startReadyUi({ env: emulator.env });
    await ui.waitFor(() => cursorRow(ui).startsWith('fifty-pool '));
    ui.press('d');
    await ui.waitFor('describe(fifty-pool)');
    await ui.waitFor(/Allocation State: +steady/);
    ui.press('y');
    await ui.waitFor(/│allocationState: steady/);
    await ui.waitFor(/│ {2}nodeAgentSKUId: batch\.node\.ubuntu 18\.04/);
    ui.type('/sku\r');
    await ui.waitFor('</sku> [1:2]');
    ui.press('n');
    await ui.waitFor('</sku> [2:2]');
    ui.press('esc', 'esc');
    await ui.waitFor(/ pools\[/);
  });
});
