import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import { startReadyUi, startUi } from '../support/ui.ts';

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.end('SIGTERM'));

/** A folder for the user's files and one for what azb remembers, and the environment that leads there. */
function userFiles(files: Record<string, string>, state?: object) {
  const home = mkdtempSync(join(tmpdir(), 'azb-user-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, 'config', 'azb');
  mkdirSync(join(folder, 'skins'), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  for (const [name, text] of Object.entries(files)) write(name, text);
  mkdirSync(join(home, 'state', 'azb'), { recursive: true });
  if (state !== undefined) writeFileSync(join(home, 'state', 'azb', 'state.json'), JSON.stringify(state));
  return { write, env: { XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: join(home, 'state') } };
}

describe("the user's files", () => {
  test('azb starts without what they take away', async () => {
    const { env } = userFiles({ 'config.yaml': 'headless: true\ncrumbless: true\n' });
    const ui = startUi({ env: { ...emulator.env, ...env } });
    await ui.waitFor(/^┌.* pools\[0\]/);
    ui.press('ctrl-e');
    await ui.waitFor('Account:');
    expect(ui.screen()).not.toMatch(/^ {2}pools/m);
    ui.press('ctrl-g');
    await ui.waitFor(/^ {2}pools/m);
  });

  test('a bad one is told of with its line, the rest counts, and what changes is taken over', async () => {
    const { write, env } = userFiles({
      'config.yaml': 'refreshSeconds: 1\nheader: huge\n',
      'aliases.yaml': 'nt: nodecounts\n',
      'hotkeys.yaml': 'f5: jobs\n',
    });
    const ui = await startReadyUi({ env: { ...emulator.env, ...env } });
    await ui.waitFor('config.yaml:2: header must be auto or small');
    ui.press('f5');
    await ui.waitFor(/ jobs\[0\]/);
    ui.type(':nt');
    ui.press('enter');
    await ui.waitFor(/ nodecounts\[0\]/);
    write('config.yaml', 'header: small\nreadOnlyAccounts: ["*"]\nkeys:\n  app.header: f9\n');
    await ui.waitFor('configuration read again');
    await ui.waitFor('🔒 read-only');
    ui.press('f9');
    await ui.waitFor((screen) => !screen.includes('read-only'));
  });

  test('a skin colours what is on the screen at once', async () => {
    const { write, env } = userFiles({});
    const ui = await startReadyUi({ env: { ...emulator.env, ...env } });
    const logo = () => {
      const y = ui
        .screen()
        .split('\n')
        .findIndex((line) => line.includes('Account:'));
      return ui.cell(1, y).fg;
    };
    // The chrome comes after the rows.
    await ui.waitFor('Account:');
    const before = logo();
    write('skins/mine.yaml', "label: '#123456'\n");
    write('config.yaml', 'skin: mine\n');
    await ui.waitFor('configuration read again');
    await ui.waitFor(() => logo() !== before);
    expect(logo()).toBe('#123456');
  });
});

const KEY = Buffer.from('a key').toString('base64');

test('another account of the configuration is opened, and the first one again', async () => {
  const { env } = userFiles({
    'config.yaml': `accounts:
  - { name: gone, endpoint: 'http://127.0.0.1:1', accessKey: ${KEY} }
readOnlyAccounts: [g*]
`,
  });
  const ui = await startReadyUi({ env: { ...emulator.env, ...env } });
  ui.type(':account go');
  await ui.waitFor(/^ {2}account gone/m);
  ui.press('tab', 'enter');
  await ui.waitFor('gone 🔒 read-only');
  await ui.waitFor('cannot be reached');
  ui.type(`:ctx ${emulator.env.AZURE_BATCH_ACCOUNT}`);
  ui.press('enter');
  await ui.waitFor(/ pools\[0\]/);
  expect(ui.screen()).not.toContain('read-only');
  ui.press('ctrl-c');
  expect((await ui.exit).code).toBe(0);
});

test('the list of accounts leads to another one, and back', async () => {
  const { env } = userFiles({
    'config.yaml': `accounts: [{ name: gone, endpoint: 'http://127.0.0.1:1', accessKey: ${KEY} }]\n`,
  });
  const here = emulator.env.AZURE_BATCH_ACCOUNT ?? '';
  const ui = await startReadyUi({ env: { ...emulator.env, ...env } });
  ui.type(':accounts');
  ui.press('enter');
  await ui.waitFor(/ accounts\[2\]/);
  await ui.waitFor(`${here}(*)`);
  ui.type('/^gone');
  ui.press('enter');
  await ui.waitFor(/ accounts\[1\/2\]/);
  ui.press('enter');
  await ui.waitFor('cannot be reached');
  ui.type(`:ctx /^${here}`);
  ui.press('enter');
  await ui.waitFor(/ accounts\[1\/2\]/);
  ui.press('enter');
  await ui.waitFor(/ pools\[0\]/);
  ui.press('ctrl-c');
  expect((await ui.exit).code).toBe(0);
});

test('the next start has the list, the sorting and the commands of the last one', async () => {
  const { env } = userFiles({});
  const first = await startReadyUi({ env: { ...emulator.env, ...env } });
  first.type(':jobs');
  first.press('enter');
  await first.waitFor(/ jobs\[0\]/);
  first.type('>');
  first.press('ctrl-c');
  expect((await first.exit).code).toBe(0);
  const second = startUi({ env: { ...emulator.env, ...env } });
  await second.waitFor(/ jobs\[0\]/);
  second.type(':');
  await second.waitFor(/^ :/m);
  second.press('up');
  await second.waitFor(/^ :jobs/m);
  second.press('esc', 'esc');
  await second.waitFor(/ pools\[0\]/);
});

test('a list that there is no more gives way to the first one', async () => {
  const { env } = userFiles({}, { lastViews: { [emulator.env.AZURE_BATCH_ACCOUNT ?? '']: 'shrubs myjob' } });
  const ui = await startReadyUi({ env: { ...emulator.env, ...env } });
  await ui.waitFor('there is no command or resource shrubs');
  ui.press('esc');
  await ui.waitFor('this is the first view');
});
