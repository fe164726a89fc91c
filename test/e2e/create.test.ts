import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addIdleJob, NEVER, poolBody, startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import { cursorRow, startReadyUi } from '../support/ui.ts';

describe('making things', () => {
  let emulator: TestEmulator;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'azb-create-'));
    // Slow enough that the pool is seen while it is resized.
    emulator = await startTestEmulator('--speed', '0.5');
    await emulator.port.add('pools', {}, poolBody('taken', 1), NEVER);
    await addIdleJob(emulator, 'waiting', []);
  });
  afterAll(async () => {
    await emulator.end('SIGTERM');
    rmSync(folder, { recursive: true });
  });

  /** An editor that does what the shell lines say; the file is $1. */
  function editor(name: string, script: string): string {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o700);
    return path;
  }

  it('a pool by the form, its image by the picker, and shows it being resized until it is steady', async () => {
    const ui = await startReadyUi({ env: emulator.env });
    ui.press('n');
    await ui.waitFor('New pool');
    ui.press('ctrl-u');
    ui.type('formed');
    ui.press('tab', 'tab', 'enter');
    await ui.waitFor(/[1-9]\d* choices/);
    ui.type('debian');
    await ui.waitFor((screen) => screen.includes('/debian') && !screen.includes('ubuntuserver'));
    expect(ui.screen()).toContain('batch.node.debian');
    const picked = /│ (\S*debian\S*):(\S+) (batch\.node\.debian \d+)/.exec(ui.screen());
    ui.press('enter');
    await ui.waitFor(/› Image +\S*debian\S* batch\.node\.debian/);
    ui.press('tab', 'ctrl-u');
    ui.type('2');
    ui.press('ctrl-s');
    await ui.waitFor('pool formed was created');
    await ui.waitFor(/│ formed +active +resizing +0 +2 /);
    expect(cursorRow(ui)).toMatch(/^formed /);
    await ui.waitFor(/│ formed +active +steady +2 +2 /);
    const [, image = '', sku = '', agent = ''] = picked ?? [];
    const [publisher, offer] = image.split(':');
    expect(await emulator.port.get('pools', {}, 'formed', NEVER)).toMatchObject({
      targetDedicatedNodes: 2,
      virtualMachineConfiguration: { imageReference: { publisher, offer, sku }, nodeAgentSKUId: agent },
    });
  });

  it('says in the form what is wrong, and loses nothing of what was typed', async () => {
    const ui = await startReadyUi({ env: emulator.env });
    ui.press('n');
    await ui.waitFor('New pool');
    ui.press('ctrl-u');
    ui.type('not an id');
    await ui.waitFor('letters, digits, - and _ only');
    ui.press('ctrl-u');
    ui.type('taken');
    ui.press('tab', 'ctrl-u');
    ui.type('Standard_D2_v2');
    ui.press('tab', 'tab', 'ctrl-u');
    ui.type('many');
    await ui.waitFor('a whole number from 0');
    ui.press('ctrl-s');
    await ui.waitFor(/› Nodes +many/);
    ui.press('ctrl-u');
    ui.type('0');
    ui.press('ctrl-s');
    await ui.waitFor('(PoolExists)');
    expect(ui.screen()).toMatch(/Id +taken/);
    expect(ui.screen()).toMatch(/VM size +Standard_D2_v2/);
    ui.press('shift-tab', 'shift-tab', 'shift-tab');
    ui.type('2');
    await ui.waitFor((screen) => /› Id +taken2/.test(screen) && !screen.includes('PoolExists'));
    ui.press('ctrl-s');
    await ui.waitFor('pool taken2 was created');
    const pool = await emulator.port.get('pools', {}, 'taken2', NEVER);
    expect(pool).toMatchObject({ vmSize: 'standard_d2_v2', targetDedicatedNodes: 0 });
  });

  it('a job on a pool from the list, then a range of tasks, which run', async () => {
    const ui = await startReadyUi({ env: emulator.env, args: ['-c', 'jobs'] });
    ui.press('n');
    await ui.waitFor('New job');
    ui.press('ctrl-u');
    ui.type('ranged');
    ui.press('tab', 'enter');
    await ui.waitFor(/│ taken +│/);
    ui.type('taken');
    ui.press('enter');
    await ui.waitFor(/› Pool +taken/);
    ui.press('ctrl-s');
    await ui.waitFor('job ranged was created');

    ui.press('enter');
    await ui.waitFor('tasks(ranged)[0');
    ui.press('n');
    await ui.waitFor('New task');
    await ui.waitFor('Create 10');
    ui.press('tab', 'ctrl-u');
    ui.type("/bin/bash -c 'echo this is number {}'");
    ui.press('ctrl-s');
    await ui.waitFor('tasks(ranged)[10]');
    await ui.waitFor((screen) => (screen.match(/│ mytask\d+ +completed +success/g) ?? []).length === 10);
    ui.type('/mytask7\r');
    await ui.waitFor(() => cursorRow(ui).startsWith('mytask7 '));
    ui.press('l');
    await ui.waitFor(/│this is number 7 /);
  });

  it('a thousand tasks, a hundred an answer, with what failed of them', async () => {
    await addIdleJob(emulator, 'thousand', ['t0005']);
    const ui = await startReadyUi({ env: emulator.env, args: ['-c', 'tasks thousand'] });
    ui.press('n');
    await ui.waitFor('New task');
    ui.press('ctrl-u');
    ui.type('t{0001..1000}');
    await ui.waitFor('Create 1,000');
    ui.press('ctrl-s');
    await ui.waitFor(/1,000 of 1,000/);
    await ui.waitFor(/✗ t0005: .*TaskExists/);
    ui.press('esc');
    await ui.waitFor('tasks(thousand)[1,000]');
    expect((await emulator.port.taskCounts('thousand', NEVER)).tasks.active).toBe(1000);
  });

  it('what $EDITOR saves, with the terminal given to it meanwhile', async () => {
    const log = join(folder, 'stty');
    const edit = editor(
      'edits',
      `stty -a > '${log}'; echo 'the editor is here'; sed -i 's/^targetDedicatedNodes: .*/targetDedicatedNodes: 0/; $ a metadata: [{ name: by, value: editor }]' "$1"`,
    );
    const ui = await startReadyUi({ env: { ...emulator.env, EDITOR: edit } });
    ui.press('n');
    await ui.waitFor('New pool');
    ui.press('ctrl-u');
    ui.type('edited');
    ui.press('shift-tab', 'e');
    await ui.waitFor('the body as edited');
    expect(ui.output).toContain('the editor is here');
    expect(readFileSync(log, 'utf8')).toMatch(/[^-]icanon.*[^-]echo /s);
    expect(ui.isAlternate()).toBe(true);
    ui.press('ctrl-s');
    await ui.waitFor('pool edited was created');
    const pool = await emulator.port.get('pools', {}, 'edited', NEVER);
    expect(pool).toMatchObject({ targetDedicatedNodes: 0, metadata: [{ name: 'by', value: 'editor' }] });
  });

  it.each([
    ['is not YAML', `printf 'id: kept\\nvmSize: @x\\n' > "$1"`, /the YAML is wrong in line 2: Plain value/],
    ['ends with an error', 'exit 3', /the editor ended with status 3.*try: save and leave/],
  ])('nothing when what the editor leaves %s', async (name, script, message) => {
    const edit = editor(name.replaceAll(' ', '-'), script);
    const ui = await startReadyUi({ env: { ...emulator.env, VISUAL: edit } });
    ui.press('n');
    await ui.waitFor('New pool');
    ui.press('ctrl-u');
    ui.type('kept');
    ui.press('ctrl-o');
    await ui.waitFor(message);
    expect(ui.screen()).toContain('New pool');
    ui.press('esc', 'esc');
    await ui.waitFor((screen) => !screen.includes('New pool'));
    await expect(emulator.port.get('pools', {}, 'kept', NEVER)).rejects.toThrow('does not exist');
  });

  it.each([
    ['is set or installed', undefined, /no editor is set.*try: export EDITOR=/],
    ['is installed by its name', 'no-such-editor', /no-such-editor could not be started.*try: export EDITOR/],
  ])('says so when no editor %s, and keeps the form', async (_name, EDITOR, message) => {
    const ui = await startReadyUi({ env: { ...emulator.env, EDITOR, PATH: '/nonexistent' } });
    ui.press('n');
    await ui.waitFor('New pool');
    ui.press('ctrl-o');
    await ui.waitFor(message);
    expect(ui.screen()).toMatch(/› Id +mypool/);
  });
});
