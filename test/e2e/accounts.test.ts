import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createManagementPort } from '../../src/api/arm/accounts.ts';
import { createBatchPort } from '../../src/api/batch.ts';
import { runAzb } from '../support/azb-process.ts';
import { addIdleJob, NEVER, startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import { sendAccountForm, startReadyUi } from '../support/ui.ts';

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
    await sendAccountForm(ui, 'mine');
    await ui.waitFor('account mine is being made');
    await ui.waitFor(/│ mine +Creating +Azure +northeurope/);
    await ui.waitFor(/│ mine +Succeeded/);
    await ui.waitFor('account mine was made: :account mine goes to it');
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
    ui.press('p');
    await ui.waitFor(/│ mine +Succeeded +Azure +northeurope +1 pool, 3 nodes, 0 jobs /);
    await ui.waitFor(/│ azbdemo\(\*\) +Succeeded +both +westeurope +0 pools, 0 nodes, 0 jobs /);
    ui.press('down', 'u');
    await ui.waitFor(/quotas\(mine\)/);
    await ui.waitFor(/│ standardAv2Family +VM family +3 +500 +497 /);
    ui.press('esc');
    ui.type('/^mine');
    ui.press('enter', 'ctrl-d');
    await ui.waitFor('Delete account mine');
    ui.type('mine');
    ui.press('ctrl-s');
    await ui.waitFor(/│ mine +Deleting/);
    await ui.waitFor(/no accounts match|accounts\[0\/1\]/);
    ui.press('ctrl-c');
    expect((await ui.exit).code).toBe(0);
    // What the shell shows came back at the end, and not between one account and the next.
    expect(ui.output.match(/\x1b\[\?1049./g)).toEqual(['\x1b[?1049h', '\x1b[?1049l']);
    expect(ui.isAlternate()).toBe(false);
  });

  it('take the keys that are typed ahead while azb goes to them, and the one that is left takes none', async () => {
    const made = await runAzb(['create', '-f', '-'], {
      env: emulator.env,
      stdin: 'kind: account\nname: next\nresourceGroup: azb\nlocation: westus\n',
    });
    expect(made.code).toBe(0);
    await addIdleJob(emulator, 'here', ['a', 'b']);
    const ui = await startReadyUi({ env: emulator.env });
    ui.type(':tasks here\r');
    await ui.waitFor('tasks(here)[2]');
    ui.type(':account next\r');
    await ui.waitFor('pools[0]');
    // All in one read: what comes after the first line must not happen to the account that is still on the screen.
    ui.type(':account azbdemo\r:tasks here\r\x04');
    await ui.waitFor('Delete task a');
    ui.press('tab', 'enter');
    await ui.waitFor('tasks(here)[1]');
    expect(ui.screen()).toMatch(/azbdemo/);
    ui.type(':account next\r:jobs\r:images\r');
    await ui.waitFor(/images\[\d+\]/);
    expect(ui.screen()).not.toMatch(/azbdemo/);
    ui.press('ctrl-c');
    expect((await ui.exit).code).toBe(0);
  });

  it('show nothing of one another, whatever is under way and whichever cannot be reached', async () => {
    const slow = await startTestEmulator('--speed', '4', '--fault', 'Job_List:latency=1500');
    const home = await mkdtemp(join(tmpdir(), 'azb-home-'));
    onTestFinished(async () => {
      await slow.end('SIGTERM');
      await rm(home, { recursive: true });
    });
    const made = await runAzb(['create', '-f', '-'], {
      env: slow.env,
      stdin: 'kind: account\nname: slow\nresourceGroup: azb\nlocation: westus\n',
    });
    expect(made.code).toBe(0);
    const credential = { kind: 'shared key', key: slow.env.AZURE_BATCH_ACCESS_KEY ?? '' } as const;
    const access = await createManagementPort({ endpoint: slow.endpoint, credential }).access('slow', NEVER);
    await addIdleJob({ ...slow, port: createBatchPort(access) }, 'theirs', ['a']);
    await addIdleJob(emulator, 'ours', ['a']);
    const key = access.credential.kind === 'shared key' ? access.credential.key : '';
    await mkdir(join(home, '.config', 'azb'), { recursive: true });
    await writeFile(
      join(home, '.config', 'azb', 'config.yaml'),
      `restoreView: false
accounts:
  - { name: slow, endpoint: '${access.endpoint}', accessKey: '${key}' }
  - { name: dead, endpoint: 'http://127.0.0.1:1', accessKey: '${key}' }
  - { name: wrong, endpoint: '${access.endpoint}', accessKey: '${key}' }
`,
      { mode: 0o600 },
    );
    const ui = await startReadyUi({ env: { ...emulator.env, HOME: home } });
    const seen: string[] = [];
    const go = async (to: string, what: RegExp) => {
      ui.type(`:account ${to}\r`);
      await ui.waitFor((screen) => {
        seen.push(screen);
        return what.test(screen);
      });
    };
    for (let round = 0; round < 2; round += 1) {
      await go('slow', /│ theirs-pool +active/);
      ui.type(':jobs\r');
      await ui.waitFor('jobs[');
      // The list of jobs is still on its way.
      await go('dead', /127\.0\.0\.1:1 refuses connections/);
      await go('wrong', /refused the account name or its key/);
      await go('azbdemo', /│ ours-pool +active/);
      ui.type(':jobs\r');
      await ui.waitFor(/│ ours +active/);
      expect(ui.screen()).not.toContain('theirs');
    }
    ui.press('ctrl-c');
    expect((await ui.exit).code).toBe(0);
    // Whatever was on the screen at any time is of the account that it names.
    const mixed = seen.filter((screen) =>
      /Account: +azbdemo/.test(screen)
        ? screen.includes('theirs')
        : /Account: +\w/.test(screen) && screen.includes('ours'),
    );
    expect(seen.length).toBeGreaterThanOrEqual(8);
    expect(mixed).toEqual([]);
  });

  it('are made, listed with their quotas, and deleted from a shell', async () => {
    const home = await mkdtemp(join(tmpdir(), 'azb-home-'));
    const azb = (args: readonly string[], stdin = '') =>
      runAzb(args, { env: { ...emulator.env, HOME: home }, stdin });
    try {
      const made = await azb(
        ['create', '-f', '-'],
        'kind: account\nname: scripted\nresourceGroup: azb\nlocation: westus\n',
      );
      expect(made).toMatchObject({ code: 0, out: 'account/scripted created\n' });
      const { out: csv } = await azb(['get', 'accounts', '-o', 'csv']);
      expect(csv).toMatch(/^azbdemo\(\*\),Succeeded,both,westeurope,azb,/m);
      expect(csv).toMatch(/^scripted,Succeeded,Azure,westus,azb,/m);
      const { out: json } = await azb(['get', 'account', 'scripted', '-o', 'json']);
      expect(JSON.parse(json)).toMatchObject({ properties: { poolQuota: 100 } });
      const { out: quotas } = await azb(['get', 'quotas', '--account', 'scripted']);
      expect(quotas).toMatch(/^standardNCFamily +VM family +0 +100 /m);
      const { out: pools, err } = await azb(['get', 'pools', '--account', 'scripted', '-o', 'name']);
      expect([pools, err]).toEqual(['', 'no pools found\n']);
      await mkdir(join(home, '.config', 'azb'), { recursive: true });
      await writeFile(join(home, '.config', 'azb', 'config.yaml'), 'readOnlyAccounts: [script*]\n');
      const refused = await azb(['delete', 'account', 'scripted', '--yes']);
      expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('its name matches script*') });
      const deleted = await azb(['delete', 'account', 'scripted', '--yes', '--write']);
      expect(deleted).toMatchObject({ code: 0, out: 'account/scripted deleted\n' });
      const gone = await azb(['get', 'account', 'scripted']);
      expect(gone).toMatchObject({ code: 1, err: expect.stringContaining('(AccountNotFound)') });
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it('of the configuration are printed where Azure cannot be asked, with the reason', async () => {
    const azure = { ...emulator.env, AZB_ARM_ENDPOINT: 'http://127.0.0.1:1' };
    const { code, out, err } = await runAzb(['get', 'accounts', '-o', 'name'], { env: azure });
    expect([code, out]).toEqual([1, 'azbdemo\n']);
    expect(err).toContain('127.0.0.1:1 refuses connections');
  });
});
