import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addIdleJob, NEVER, startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import { cursorRow, startReadyUi } from '../support/ui.ts';

describe('changing what is there', () => {
  let emulator: TestEmulator;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'azb-edit-'));
    emulator = await startTestEmulator('--speed', '100');
    await addIdleJob(emulator, 'edited', ['a']);
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

  const priorityOf = async () =>
    ((await emulator.port.get('jobs', {}, 'edited', NEVER)) as { priority: number }).priority;

  it('opens it in $EDITOR, shows what differs, and sends that only when told to', async () => {
    const EDITOR = editor('once', `sed -i 's/^priority: .*/priority: 500/' "$1"`);
    const ui = await startReadyUi({ env: { ...emulator.env, EDITOR }, args: ['-c', 'jobs'] });
    ui.press('e');
    await ui.waitFor(/Change job edited\?[\s\S]*~ priority: 0 → 500/);
    ui.press('enter');
    await ui.waitFor((screen) => !screen.includes('Change job edited?'));
    expect(await priorityOf()).toBe(0);
    ui.press('e');
    await ui.waitFor(/Change job edited\?[\s\S]*\[ Save \]/);
    ui.press('tab', 'tab', 'enter');
    await ui.waitFor('job edited was changed');
    ui.press('ctrl-w');
    await ui.waitFor(/│ edited +active .* edited-pool +500 /);
    expect(await priorityOf()).toBe(500);
  });

  it('opens the editor again with what the service says is wrong', async () => {
    const log = join(folder, 'opened');
    const EDITOR = editor(
      'twice',
      `cat "$1" >> '${log}'
if grep -q '^#!' "$1"; then value=900; else value=5000; fi
sed -i "s/^priority: .*/priority: $value/" "$1"`,
    );
    const ui = await startReadyUi({ env: { ...emulator.env, EDITOR }, args: ['-c', 'jobs'] });
    ui.press('e');
    await ui.waitFor(/priority: \d+ → 5000/);
    ui.press('tab', 'tab', 'enter');
    await ui.waitFor(/priority: \d+ → 900/);
    expect(readFileSync(log, 'utf8')).toMatch(/^#! .*InvalidPropertyValue/m);
    ui.press('tab', 'tab', 'enter');
    await ui.waitFor('job edited was changed');
    expect(await priorityOf()).toBe(900);
  });

  it('makes another one like it', async () => {
    const ui = await startReadyUi({ env: emulator.env, args: ['-c', 'tasks edited'] });
    await ui.waitFor(() => cursorRow(ui).startsWith('a '));
    ui.press('ctrl-n');
    await ui.waitFor('Clone task a');
    ui.press('ctrl-u');
    ui.type('b');
    ui.press('ctrl-s');
    await ui.waitFor('task b was created');
    await ui.waitFor(() => cursorRow(ui).startsWith('b '));
    const task = await emulator.port.get('tasks', { job: 'edited' }, 'b', NEVER);
    expect(task).toMatchObject({ commandLine: 'true' });
  });
});
