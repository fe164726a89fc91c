import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findAccount } from '../../../src/config/find-account.ts';
import { findStorage } from '../../../src/config/find-storage.ts';
import { loadConfiguration } from '../../../src/config/load.ts';
import { notifyOf } from '../../../src/config/notify.ts';
import { DEFAULT_SETTINGS } from '../../../src/config/settings.ts';
import { parseSettings } from '../../../src/config/settings-file.ts';

const KEY = Buffer.from('a key').toString('base64');
let home = '';

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'azb-config-'));
  vi.stubEnv('XDG_CONFIG_HOME', join(home, 'xdg'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

async function writeAzConfig(text: string): Promise<void> {
  await writeFile(join(home, 'config'), text);
}

describe("az's file", () => {
  it('serves a shared-key login', async () => {
    await writeAzConfig(
      `[cloud]\nname = AzureCloud\n[batch]\naccount = acct\nendpoint = https://acct.eu.batch.azure.com/\nauth_mode = shared_key\naccess_key = ${KEY}\n`,
    );
    const { accountSources, problems } = await loadConfiguration({}, { AZURE_CONFIG_DIR: home });
    expect(problems).toEqual([]);
    expect(findAccount(accountSources).settings).toEqual({
      name: 'acct',
      endpoint: 'https://acct.eu.batch.azure.com',
      credential: { kind: 'shared key', key: KEY },
      source: join(home, 'config'),
    });
  });

  it('leaves the stale key of an earlier login alone', async () => {
    await writeAzConfig(
      `[batch]\naccount=acct\nendpoint=https://acct.eu.batch.azure.com/\nauth_mode=aad\naccess_key=${KEY}\n`,
    );
    const { accountSources } = await loadConfiguration({}, { AZURE_CONFIG_DIR: home });
    expect(findAccount(accountSources).settings.credential.kind).toBe('Entra ID');
  });

  it('gives way to the environment, and that to flags', async () => {
    await writeAzConfig('[batch]\naccount=file\nendpoint=https://file.eu.batch.azure.com\n');
    const env = {
      AZURE_CONFIG_DIR: home,
      AZURE_BATCH_ACCOUNT: 'env',
      AZURE_BATCH_ENDPOINT: 'env.eu.batch.azure.com',
      AZURE_BATCH_ACCESS_KEY: KEY,
    };
    const fromEnv = findAccount((await loadConfiguration({}, env)).accountSources);
    expect(fromEnv.settings).toMatchObject({ name: 'env', source: 'environment' });
    const flags = { account: 'flag', endpoint: 'flag.eu.batch.azure.com' };
    const fromFlags = findAccount((await loadConfiguration(flags, env)).accountSources);
    expect(fromFlags.settings).toMatchObject({ name: 'flag', credential: { kind: 'Entra ID' } });
    const aad = { ...env, AZURE_BATCH_AUTH_MODE: 'aad' };
    expect(findAccount((await loadConfiguration({}, aad)).accountSources).settings.credential.kind).toBe(
      'Entra ID',
    );
  });

  it('may be missing or unreadable', async () => {
    const none = await loadConfiguration({}, { AZURE_CONFIG_DIR: join(home, 'none') });
    expect(none.problems).toEqual([]);
    await mkdir(join(home, 'config'));
    const unreadable = await loadConfiguration({}, { AZURE_CONFIG_DIR: home });
    expect(unreadable.problems[0]).toContain(join(home, 'config'));
  });
});

describe("azb's own file", () => {
  it('is found and used', async () => {
    await mkdir(join(home, 'xdg', 'azb'), { recursive: true });
    await writeFile(
      join(home, 'xdg', 'azb', 'config.yaml'),
      'account: b\naccounts:\n  - { name: a, endpoint: a.eu.batch.azure.com }\n  - { name: b, endpoint: b.eu.batch.azure.com }\nreadOnly: true\n',
    );
    const { settings, accountSources } = await loadConfiguration({}, { AZURE_CONFIG_DIR: home });
    expect(settings.readOnly).toBe(true);
    expect(findAccount(accountSources).settings.name).toBe('b');
  });

  it('is told of with the line, and costs nothing but the bad setting', () => {
    const text =
      'refreshSeconds: soon\nreadOnly: true\nheadles: true\naccounts:\n  - name: a\n    endpoint: 3\n';
    const { settings, problems } = parseSettings(text, 'config.yaml');
    expect(settings).toMatchObject({ refreshSeconds: 2, readOnly: true, accounts: [] });
    expect(problems).toEqual([
      'config.yaml:1: refreshSeconds must be a number of seconds',
      'config.yaml:3: there is no setting headles (did you mean headless?)',
      'config.yaml:6: accounts[0].endpoint must be an address such as acct.region.batch.azure.com',
    ]);
  });

  it('loses of keys and accounts only those that are wrong, and still counts as doubtful', () => {
    const keys = parseSettings('keys: { pools.resize: hyper-z, table.describe: f3 }', 'f');
    expect(keys).toMatchObject({
      settings: { keys: { 'table.describe': 'f3' } },
      problems: ['f:1: keys.pools.resize must be a key or a list of keys'],
      isDoubtful: false,
    });
    const accounts = parseSettings('accounts:\n- { name: a }\n- { name: b, endpoint: b.eu.x }', 'f');
    expect(accounts).toMatchObject({
      settings: { accounts: [{ name: 'b' }] },
      problems: ['f:2: accounts[0].endpoint is missing'],
      isDoubtful: true,
    });
  });

  it('names the missing and the unknown member of an account', () => {
    const { problems } = parseSettings('accounts:\n  - name: a\n    end: b\n', 'c');
    expect(problems).toContain('c:2: accounts[0].endpoint is missing');
    expect(problems).toContain('c:3: accounts[0].end is not known');
  });

  it('takes how to call as a word or as a section', () => {
    const notifyIn = (text: string) => {
      const { settings, problems } = parseSettings(`notify: ${text}\n`, 'c');
      return { notify: notifyOf(settings), problems };
    };
    const webhook = 'https://hooks.example.com/T0/secret';
    expect(notifyIn('desktop')).toEqual({ notify: { ring: 'desktop' }, problems: [] });
    expect(notifyIn(`{ webhook: "${webhook}" }`)).toEqual({
      notify: { ring: 'bell', webhook },
      problems: [],
    });
    expect(notifyIn(`{ ring: off, webhook: "${webhook}" }`).notify).toEqual({ ring: 'off', webhook });
    expect(notifyIn('{ webhook: hooks.example.com }')).toEqual({
      notify: { ring: 'bell' },
      problems: ['c:1: notify.webhook must be an address such as https://hooks.example.com/T0/B0'],
    });
  });

  it('says in words that a section is wanted', () => {
    const { problems } = parseSettings(
      'prices: { currency: EUR, sizes: { a: 3 } }\nkeys: 3\naccounts: [3]\n',
      'c',
    );
    expect(problems).toEqual([
      'c:1: prices.sizes.a must be a section of names and values',
      'c:2: keys must be a section of names and values',
      'c:3: accounts[0] must be a section of names and values',
    ]);
  });

  it('takes prices of VM sizes, whatever their case, and refuses what is none', () => {
    const { settings, problems } = parseSettings(
      'prices: { currency: EUR, sizes: { Standard_D2s_v3: { dedicated: 0.1, spot: 0.02 } } }\n',
      'c',
    );
    expect(problems).toEqual([]);
    expect(settings.prices).toEqual({
      currency: 'EUR',
      sizes: { standard_d2s_v3: { dedicated: 0.1, spot: 0.02 } },
    });
    const bad = parseSettings(
      'prices: { currency: EUR, sizes: { a: { dedicated: -1 }, b: { spot: 1 } } }\n',
      'c',
    );
    expect(bad.settings.prices).toEqual({ currency: 'EUR', sizes: { b: { spot: 1 } } });
    expect(bad.problems).toEqual(['c:1: prices.sizes.a.dedicated must not be less than 0']);
  });

  it('warns when it holds the address of a webhook and others can read it', async () => {
    const path = join(home, 'xdg', 'azb', 'config.yaml');
    await mkdir(join(home, 'xdg', 'azb'), { recursive: true });
    await writeFile(path, 'notify: { webhook: "https://hooks.example.com/T0" }\n');
    await chmod(path, 0o644);
    expect((await loadConfiguration({}, { AZURE_CONFIG_DIR: home })).problems).toEqual([
      `${path}: it holds the address of a webhook and others can read it: chmod 600`,
    ]);
  });

  it('warns when it holds a key and others can read it', async () => {
    const path = join(home, 'xdg', 'azb', 'config.yaml');
    await mkdir(join(home, 'xdg', 'azb'), { recursive: true });
    const account = '{ name: a, endpoint: a.eu.batch.azure.com';
    const problemsOf = async (text: string, mode: number) => {
      await writeFile(path, `accounts: [${text}]\n`);
      await chmod(path, mode);
      return (await loadConfiguration({}, { AZURE_CONFIG_DIR: home })).problems;
    };
    expect(await problemsOf(`${account}, accessKey: ${KEY} }`, 0o644)).toEqual([
      `${path}: it holds an access key and others can read it: chmod 600`,
    ]);
    expect(await problemsOf(`${account}, accessKey: ${KEY} }`, 0o600)).toEqual([]);
    expect(await problemsOf(`${account} }`, 0o644)).toEqual([]);
  });

  it('that is no YAML at all is told of with the line', () => {
    const { settings, problems } = parseSettings('readOnly: true\naccounts: [\n', 'config.yaml');
    expect(settings).toEqual(DEFAULT_SETTINGS);
    expect(problems[0]).toMatch(/^config\.yaml:\d+: /);
    expect(parseSettings('- a\n', 'c').problems).toEqual(['c:1: must be settings in the form "name: value"']);
    expect(parseSettings('', 'c').problems).toEqual([]);
  });
});

describe('the storage account', () => {
  const BATCH = { name: 'contoso', endpoint: 'https://contoso.eu.batch.azure.com' };
  const storageOf = async (env: NodeJS.ProcessEnv) =>
    findStorage((await loadConfiguration({}, { AZURE_CONFIG_DIR: home, ...env })).storageSources, BATCH);

  it("comes from azb's own file for one account, the environment, az's file, azb's own", async () => {
    await mkdir(join(home, 'xdg', 'azb'), { recursive: true });
    const own = (text: string) => writeFile(join(home, 'xdg', 'azb', 'config.yaml'), text, { mode: 0o600 });
    const env = { XDG_CONFIG_HOME: join(home, 'xdg') };
    await own('storage: https://own.blob.core.windows.net\n');
    expect((await storageOf(env)).name).toBe('own');
    await writeAzConfig(`[storage]\naccount = az\nkey = ${KEY}\n`);
    expect(await storageOf(env)).toMatchObject({ name: 'az', credential: { kind: 'shared key' } });
    const shell = { ...env, AZURE_STORAGE_ACCOUNT: 'env', AZURE_STORAGE_SAS_TOKEN: '?sig=a' };
    expect(await storageOf(shell)).toMatchObject({ name: 'env', credential: { kind: 'signature' } });
    expect(await storageOf({ ...shell, AZURE_STORAGE_AUTH_MODE: 'login' })).toMatchObject({
      name: 'env',
      credential: { kind: 'Entra ID' },
    });
    await own(
      'accounts:\n  - { name: contoso, endpoint: contoso.eu.batch.azure.com, storage: "https://one.blob.core.windows.net" }\n',
    );
    expect((await storageOf(shell)).name).toBe('one');
  });

  it('is one to keep to oneself, when its key is in the file', async () => {
    await mkdir(join(home, 'xdg', 'azb'), { recursive: true });
    const file = join(home, 'xdg', 'azb', 'config.yaml');
    await writeFile(file, `storage: AccountName=a;AccountKey=${KEY}\n`);
    await chmod(file, 0o644);
    const { problems } = await loadConfiguration(
      {},
      { XDG_CONFIG_HOME: join(home, 'xdg'), AZURE_CONFIG_DIR: home },
    );
    expect(problems).toEqual([`${file}: it holds an access key and others can read it: chmod 600`]);
  });
});
