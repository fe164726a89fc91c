import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { findBinding } from '../../src/keys/find.ts';
import { followSettings, keepMemory, recallMemory } from '../../src/live-settings.ts';
import { keysOf } from '../../src/screens/key-table.ts';
import { setSort } from '../../src/store/table-view.ts';
import { listView, pushView } from '../../src/store/views.ts';
import { type UiFlags, uiSettings, vocabulary } from '../../src/ui-settings.ts';
import { steps, storeKit } from '../support/store-kit.ts';

const FLAGS: UiFlags = { refresh: undefined, headless: false, readonly: false, write: false };
let home = '';
let folder = '';

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'azb-settings-'));
  folder = join(home, 'azb');
  await mkdir(join(folder, 'skins'), { recursive: true });
  vi.stubEnv('XDG_CONFIG_HOME', home);
  vi.stubEnv('COLORFGBG', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

async function settingsOf(files: Record<string, string>, flags: Partial<UiFlags> = {}, account?: string) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const configuration = await loadConfiguration({}, { AZURE_CONFIG_DIR: home }, vocabulary());
  return uiSettings(configuration, { ...FLAGS, ...flags }, account);
}

/** What a key does in a list with these settings. */
function boundTo(
  preferences: Awaited<ReturnType<typeof settingsOf>>['preferences'],
  key: string,
  resource = 'tasks',
) {
  const { store } = storeKit();
  store.setState({ preferences });
  return findBinding(key, [resource, 'table', 'global'] as never, false, keysOf(store.getState()))?.id;
}

describe('the settings of the UI', () => {
  test('without files are as usual', async () => {
    const settings = await settingsOf({});
    expect(settings).toMatchObject({
      refreshSeconds: 2,
      readOnly: false,
      rowLimit: 20_000,
      tailMegabytes: 16,
      problems: [],
    });
    expect(Object.keys(settings.preferences.skins)).toEqual(['dark', 'light']);
    expect(settings.preferences.accounts).toEqual([]);
    expect(boundTo(settings.preferences, 'd')).toBe('table.describe');
  });

  test('give way to flags', async () => {
    const files = { 'config.yaml': 'refreshSeconds: 9\nreadOnly: true\n' };
    expect(await settingsOf(files)).toMatchObject({ refreshSeconds: 9, readOnly: true });
    expect(await settingsOf(files, { refresh: 5, write: true })).toMatchObject({
      refreshSeconds: 5,
      readOnly: false,
    });
    const flag = await settingsOf({ 'config.yaml': '' }, { readonly: true });
    expect([flag.readOnly, flag.readOnlyReason]).toEqual([true, undefined]);
  });

  test('know every account once', async () => {
    const { preferences } = await settingsOf({
      '../config': '[batch]\naccount = a\n',
      'config.yaml': 'accounts:\n  - { name: b, endpoint: e }\n  - { name: A, endpoint: e }\n',
    });
    expect(preferences.accounts.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('tell of each account what going to it would find, but never its key', async () => {
    const key = Buffer.from('a key').toString('base64');
    const { preferences } = await settingsOf({
      '../config': '[batch]\naccount = lost\n',
      'config.yaml': `accounts:
  - { name: prod1, endpoint: prod1.westeurope.batch.azure.com, accessKey: ${key} }
  - { name: test, endpoint: 'http://127.0.0.1:8910', readOnly: false }
readOnlyAccounts: [prod*]
readOnly: true
`,
    });
    expect(preferences.accounts).toEqual([
      {
        name: 'lost',
        readOnly: 'by readOnly in config.yaml',
        source: join(home, 'config'),
        problem: 'no endpoint of the account lost is known',
      },
      {
        name: 'prod1',
        endpoint: 'https://prod1.westeurope.batch.azure.com',
        region: 'westeurope',
        auth: 'shared key',
        readOnly: 'its name matches prod*',
        source: join(folder, 'config.yaml'),
      },
      {
        name: 'test',
        endpoint: 'http://127.0.0.1:8910',
        region: 'local',
        auth: 'Entra ID',
        readOnly: undefined,
        source: join(folder, 'config.yaml'),
      },
    ]);
    expect(JSON.stringify(preferences)).not.toContain(key);
  });

  test('take what the flags say for the account that they name only', async () => {
    await writeFile(join(folder, 'config.yaml'), 'accounts: [{ name: b, endpoint: b.eu.batch.azure.com }]\n');
    const flags = { account: 'a', endpoint: 'https://a.us.batch.azure.com', accountKey: 'a2V5' };
    const configuration = await loadConfiguration(flags, { AZURE_CONFIG_DIR: home }, vocabulary());
    const { preferences } = await uiSettings(configuration, FLAGS, 'a');
    expect(preferences.accounts).toMatchObject([
      { name: 'a', region: 'us', auth: 'shared key', source: 'flags' },
      { name: 'b', region: 'eu', auth: 'Entra ID', source: join(folder, 'config.yaml') },
    ]);
  });

  test('take the column of costs by its title, which has the currency of the prices', async () => {
    const prices = 'prices: { currency: EUR, sizes: { standard_a1_v2: { dedicated: 1 } } }\n';
    const views = 'pools: { columns: [id, EUR/H] }\n';
    const priced = await settingsOf({ 'config.yaml': prices, 'views.yaml': views });
    expect(priced.problems).toEqual([]);
    expect(priced.preferences.views.pools?.columns).toMatchObject([{ column: 'id' }, { column: 'cost' }]);
    expect((await settingsOf({ 'config.yaml': '', 'views.yaml': views })).problems).toEqual([
      expect.stringContaining('pools.columns[1] is no column of pools'),
    ]);
  });

  test('lock the accounts whose name matches', async () => {
    const files = { 'config.yaml': 'readOnlyAccounts: [prod*]\n' };
    expect(await settingsOf(files, {}, 'prod1')).toMatchObject({
      readOnly: true,
      readOnlyReason: 'its name matches prod*',
    });
    expect((await settingsOf(files, {}, 'test1')).readOnly).toBe(false);
  });

  test('bind keys otherwise, and explain what cannot be', async () => {
    const { preferences, problems } = await settingsOf({
      'config.yaml': 'keys:\n  table.describe: f3\n  pools.resize: x\n  table.descibe: q\n',
      'hotkeys.yaml': 'f5: jobs\ny: pools\n',
      'plugins.yaml': 'go: { key: f7, scopes: [images], help: Go, command: "true" }\n',
    });
    expect(problems).toEqual([
      `${folder}/config.yaml:4: there is nothing named table.descibe to give a key to (did you mean table.describe?)`,
      `${folder}/config.yaml:3: pools.resize: x is taken by Stop resize (pools.stopResize), so nothing is changed`,
      expect.stringMatching(
        /hotkeys\.yaml:2: y is taken by YAML \(table\.yaml\).*: choose another key, or say override: true$/,
      ),
    ]);
    expect(boundTo(preferences, 'f3')).toBe('table.describe');
    expect(boundTo(preferences, 'd')).toBeUndefined();
    expect(boundTo(preferences, 'z', 'pools')).toBe('pools.resize');
    expect(boundTo(preferences, 'f5')).toBe('hotkey:f5');
    expect(boundTo(preferences, 'y')).toBe('table.yaml');
    expect(boundTo(preferences, 'f7', 'images')).toBe('plugin:go');
    expect(boundTo(preferences, 'f7', 'tasks')).toBeUndefined();
  });

  test('say which lists a letter does not sort any more', async () => {
    const { problems } = await settingsOf({
      'config.yaml': 'keys:\n  table.describe: E\n',
      'hotkeys.yaml': 'shift-o: jobs\nshift-p: { command: jobs, override: true }\n',
    });
    expect(problems).toHaveLength(2);
    expect(problems).toContainEqual(
      expect.stringMatching(/config\.yaml:2: table\.describe: E does not sort tasks.* any more: > and < do$/),
    );
    expect(problems).toContainEqual(
      expect.stringMatching(/hotkeys\.yaml:1: O does not sort tasks.* any more/),
    );
  });

  test('a hotkey that overrides takes its key', async () => {
    const { preferences, problems } = await settingsOf({
      'hotkeys.yaml': 'y: { command: pools, override: true }\n',
    });
    expect(problems).toEqual([]);
    expect(boundTo(preferences, 'y')).toBe('hotkey:y');
  });

  test('have the skins of the user beside the others, each with every role', async () => {
    const { preferences } = await settingsOf({
      'config.yaml': 'skin: mine\n',
      'skins/mine.yaml': 'base: light\nbad: red\n',
    });
    const { mine = {}, light = {} } = preferences.skins;
    expect(preferences.skin).toBe('mine');
    expect(mine).toEqual({ ...light, bad: { fg: 'red' } });
  });

  test.each([
    ['0;15', 'light'],
    ['0;default;7', 'light'],
    ['15;0', 'dark'],
    ['7', 'light'],
    ['', 'dark'],
  ])('a terminal that says %j has the skin %s unless told', async (colours, skin) => {
    vi.stubEnv('COLORFGBG', colours);
    expect((await settingsOf({})).preferences.skin).toBe(skin);
    expect((await settingsOf({ 'config.yaml': 'skin: light\n' })).preferences.skin).toBe('light');
  });

  test('a skin that there is not is told of', async () => {
    const { preferences, problems } = await settingsOf({ 'config.yaml': 'headless: true\nskin: mien\n' });
    expect(preferences.skin).toBe('dark');
    expect(problems).toEqual([`${folder}/config.yaml:2: there is no skin mien: dark, light`]);
  });
});

describe('a running UI', () => {
  async function following() {
    const kit = storeKit();
    const settings = await settingsOf({ 'config.yaml': 'refreshSeconds: 4\n' }, {}, 'prod1');
    kit.store.setState({ preferences: settings.preferences });
    const { timing } = kit;
    const reload = () => settingsOf({}, {}, 'prod1');
    const stop = followSettings({ store: kit.store, timing, folder, settings, reload });
    /** Lets the change of a file be noticed, and waits until it shows. */
    const untilFlash = async (text: RegExp) => {
      await vi.waitFor(async () => {
        await timing.pass(1000, steps);
        expect(kit.store.getState().flash?.text).toMatch(text);
      }, 90_000);
    };
    return { ...kit, stop, untilFlash };
  }

  test('takes over what changes in the files, and says so', async () => {
    const { store, stop, untilFlash } = await following();
    await writeFile(
      join(folder, 'config.yaml'),
      'refreshSeconds: 7\nreadOnlyAccounts: [prod*]\nskin: light\n',
    );
    await untilFlash(/^configuration read again$/);
    expect(store.getState().session).toMatchObject({ refreshSeconds: 7, readOnly: true });
    expect(store.getState().preferences.skin).toBe('light');
    stop();
  });

  test('says what is wrong with file and line', async () => {
    const { stop, untilFlash } = await following();
    await writeFile(join(folder, 'views.yaml'), 'tasks:\n  sort: nothing\n');
    await untilFlash(/^views\.yaml:2: tasks\.sort must be a column of tasks/);
    stop();
  });

  test('keeps the skin that was chosen by hand', async () => {
    const { store, stop, untilFlash } = await following();
    store.setState(({ preferences }) => ({ preferences: { ...preferences, skin: 'light' } }));
    await writeFile(join(folder, 'aliases.yaml'), 'p: pools\n');
    await untilFlash(/^configuration read again$/);
    expect(store.getState().preferences).toMatchObject({ skin: 'light', aliases: { p: 'pools' } });
    stop();
  });
});

describe('what azb remembers', () => {
  test('is written a moment later, and whatever is left when azb ends', async () => {
    const { store, timing } = storeKit();
    const path = join(home, 'state', 'state.json');
    const stop = keepMemory(store, timing, path, true);
    setSort(store, { column: 'exit', descending: true });
    expect(await recallMemory(path)).toMatchObject({ sorts: {} });
    await timing.pass(1000, steps);
    expect(await recallMemory(path)).toMatchObject({
      sorts: { tasks: { column: 'exit', descending: true } },
    });
    pushView(store, listView('nodes', { pool: 'mypool' }));
    pushView(store, listView('commands', {}));
    pushView(store, listView('accounts', {}));
    stop();
    const account = store.getState().session.account?.name ?? '';
    expect((await recallMemory(path)).lastViews).toEqual({ [account]: 'nodes mypool' });
  });

  test('is not written when nothing happened, and a folder that cannot be is told of once', async () => {
    const { store, timing } = storeKit();
    keepMemory(store, timing, join(home, 'state.json'), true)();
    await expect(readFile(join(home, 'state.json'))).rejects.toThrow('ENOENT');
    await writeFile(join(home, 'file'), '');
    const stop = keepMemory(store, timing, join(home, 'file', 'state.json'), true);
    setSort(store, { column: 'exit', descending: true });
    await timing.pass(1000, steps);
    expect(store.getState().flash?.text).toContain('will not be remembered');
    const { serial } = store.getState().flash ?? {};
    setSort(store, { column: 'id', descending: true });
    stop();
    expect(store.getState().flash?.serial).toBe(serial);
  });
});
