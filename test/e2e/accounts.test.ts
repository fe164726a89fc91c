import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import { startReadyUi } from '../support/ui.ts';

describe('accounts', () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator('--speed', '4');
  });
  afterAll(() => emulator.end('SIGTERM'));

  it('are made by the form, opened, have pools and quotas of their own, and are deleted', async () => {
    const ui = await startReadyUi({ env: emulator.env });
    ui.type(':accounts');
    ui.press('enter');
    await ui.waitFor(/azbdemo\(\*\) +Succeeded +both +westeurope/);
    ui.press('n');
    await ui.waitFor('New account');
    ui.type('mine');
    ui.press('tab', 'tab', 'tab', 'tab', 'enter');
    await ui.waitFor(/\d+ choices/);
    ui.type('northeur');
    await ui.waitFor('1 choice ');
    ui.press('enter');
    await ui.waitFor(/› Location +northeurope/);
    ui.press('ctrl-s');
    await ui.waitFor('account mine was created');
    await ui.waitFor(/│ mine +Creating +Azure +northeurope/);
    await ui.waitFor(/│ mine +Succeeded/);
    await ui.waitFor('account mine was made: enter goes to it');
    ui.press('enter');
    await ui.waitFor(/pools\[0\]/);
    await ui.waitFor(/Account: +mine|azb \S+ mine /);
    ui.press('n');
    await ui.waitFor('New pool');
    ui.press('ctrl-s');
    await ui.waitFor(/│ mypool +active +steady +3 /);
    ui.type(':quotas');
    ui.press('enter');
    await ui.waitFor(/│ standardAv2Family +VM family +3 +500 +497 /);
    ui.type(':account azbdemo');
    ui.press('enter');
    await ui.waitFor(/pools\[0\]/);
    ui.type(':accounts');
    ui.press('enter');
    await ui.waitFor(/│ mine +Succeeded/);
    ui.type('/^mine');
    ui.press('enter', 'ctrl-d');
    await ui.waitFor('Delete account mine');
    ui.type('mine');
    ui.press('ctrl-s');
    await ui.waitFor(/│ mine +Deleting/);
    await ui.waitFor(/no accounts match|accounts\[0\/1\]/);
    ui.press('ctrl-c');
    expect((await ui.exit).code).toBe(0);
  });
});
