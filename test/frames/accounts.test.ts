import { describe, expect, test } from 'vitest';
import type { Page } from '../../src/api/port.ts';
import { CredentialError, UnreachableError } from '../../src/lib/errors.ts';
import type { KnownAccount } from '../../src/resources/account.ts';
import { topView } from '../../src/store/app-store.ts';
import { listView } from '../../src/store/views.ts';
import { ACCOUNTS as ACCOUNTS_OF_ARM } from '../support/account-samples.ts';
import { expectFrame, SIZES } from '../support/frame-sizes.ts';
import { openScreen, type ScreenOptions } from '../support/frames.tsx';
import { KEYS, scriptedManagement } from '../support/scripted-management.ts';
import { ACCOUNT, noAnswer, page, scriptedPort } from '../support/scripted-port.ts';
import { deferred } from '../support/store-kit.ts';

const FILE = '/home/jo/.config/azb/config.yaml';
const ACCOUNTS: readonly KnownAccount[] = [
  {
    name: 'prod',
    endpoint: 'https://prod.northeurope.batch.azure.com',
    region: 'northeurope',
    auth: 'Entra ID',
    readOnly: 'its name matches prod*',
    source: FILE,
  },
  {
    name: ACCOUNT.name,
    endpoint: ACCOUNT.endpoint,
    region: ACCOUNT.region,
    auth: 'shared key',
    source: FILE,
  },
  { name: 'emu', endpoint: 'http://127.0.0.1:8910', region: 'local', auth: 'shared key', source: FILE },
  { name: 'lost', source: '/home/jo/.azure/config', problem: 'no endpoint of the account lost is known' },
];

async function openAccounts(options: ScreenOptions = {}, accounts = ACCOUNTS) {
  const screen = await openScreen(options);
  screen.store.setState(({ preferences }) => ({ preferences: { ...preferences, accounts } }));
  await screen.press(':', 'ctx', 'enter');
  return screen;
}

const CURRENT = `${ACCOUNT.name}(*)`;

test.each(SIZES)('accounts at %ix%i', async (columns, rows) => {
  await expectFrame(await openAccounts({ columns, rows }), 'accounts');
});

describe('the list of accounts', () => {
  test('holds the one in use also where no file names it, and how it is used', async () => {
    const screen = await openAccounts({ columns: 160, session: { readOnly: true } }, []);
    expect(screen.text()).toMatch(/accounts\[1\]/);
    const row = screen.row(screen.rowOf(CURRENT));
    expect(row).toContain(ACCOUNT.source);
    expect(row).toContain('by --readonly');
  });

  test('says why there are none, where none is known and the subscriptions cannot be asked', async () => {
    const refused = new CredentialError('nobody is signed in', { next: 'az login' });
    const management = scriptedManagement({ listPage: () => Promise.reject(refused) });
    const screen = await openScreen({ port: null, management, view: listView('accounts', {}) });
    expect(screen.text()).toContain('nobody is signed in');
    expect(screen.text()).toContain('try: az login');
    expect(screen.text()).not.toContain('no accounts');
  });

  test('goes to the account under the cursor', async () => {
    const screen = await openAccounts();
    await screen.press('/', 'prod', 'enter', 'enter');
    expect(screen.opened).toEqual(['prod']);
  });

  test('leads from the one in use to its pools', async () => {
    const screen = await openAccounts();
    await screen.press('/', `^${ACCOUNT.name}`, 'enter', 'enter');
    expect(topView(screen.store.getState())).toMatchObject({ kind: 'list', resource: 'pools' });
    expect(screen.opened).toEqual([]);
  });

  test('filters, sorts and shows faults', async () => {
    const screen = await openAccounts({ columns: 160 });
    await screen.press('N');
    expect(screen.rowOf('prod')).toBeLessThan(screen.rowOf('emu'));
    await screen.press('ctrl-z');
    expect(screen.text()).toContain('accounts[1/4] <faults>');
    expect(screen.text()).toContain('no endpoint of the account lost is known');
    await screen.press('esc', '/', 'auth=entra', 'enter');
    expect(screen.text()).toContain('accounts[1/4]');
  });

  test('is open to those who have no account', async () => {
    const screen = await openAccounts({ port: null });
    expect(screen.text()).toContain('accounts[4]');
    await screen.press('esc');
    expect(screen.text()).toContain('No Batch account yet');
  });

  test('is not left by the key that stops the asking of accounts', async () => {
    const port = scriptedPort();
    const screen = await openAccounts({ port });
    port.play({ listPage: (_resource, _scope, _query, signal) => noAnswer(signal) });
    await screen.press('p');
    expect(screen.text()).toContain('asking 4 accounts …; esc stops it');
    expect(screen.text()).toContain('asked 3 of 4 accounts');
    await screen.press('esc');
    expect(screen.text()).toContain('stopped: 3 of 4 accounts were asked');
    expect(screen.text()).toContain('accounts[4]');
    await screen.press('esc');
    expect(screen.text()).toContain('pools');
    expect(screen.text()).not.toContain('accounts[4]');
  });

  test('is in the list of all commands', async () => {
    const screen = await openScreen();
    await screen.press('ctrl-a', '/', '^accounts', 'enter', 'enter');
    expect(screen.text()).toContain('accounts[1]');
  });
});

describe.each(SIZES)('accounts of Azure Resource Manager at %ix%i', (columns, rows) => {
  const size = { columns, rows };

  test('beside those of the configuration', async () => {
    await expectFrame(await openAccounts({ ...size, management: scriptedManagement() }), 'accounts-arm');
  });

  test('a new one', async () => {
    const screen = await openAccounts({ ...size, management: scriptedManagement() });
    await screen.press('n', 'BAD');
    await expectFrame(screen, 'account-new');
  });

  test('one that is to be deleted', async () => {
    const screen = await openAccounts({ ...size, management: scriptedManagement() });
    await screen.press('/', '^nightly', 'enter', 'ctrl-d');
    await expectFrame(screen, 'account-delete');
  });

  test('the keys of one', async () => {
    const screen = await openAccounts({ ...size, management: scriptedManagement() });
    await screen.press('/', '^nightly', 'enter', 'k', 'v');
    await expectFrame(screen, 'account-keys');
  });

  test('the quotas of the one in use', async () => {
    const screen = await openScreen({ ...size, management: scriptedManagement() });
    await screen.press(':', 'quotas', 'enter');
    await expectFrame(screen, 'quotas');
    await screen.press('/', 'Dv2', 'enter', 'enter');
    await expectFrame(screen, 'quota');
  });

  test('the sizes that nodes can have where the one in use is', async () => {
    const screen = await openScreen({ ...size, management: scriptedManagement() });
    await screen.press(':', 'sizes', 'enter');
    await expectFrame(screen, 'vmsizes');
  });

  test('that cannot be asked for', async () => {
    const listPage = () =>
      Promise.reject(
        new UnreachableError('management.azure.com does not answer', { next: 'check your network' }),
      );
    await expectFrame(
      await openAccounts({ ...size, management: scriptedManagement({ listPage }) }),
      'accounts-alone',
    );
  });
});

describe('accounts of Azure Resource Manager', () => {
  test('are opened with what the service says opens them', async () => {
    const management = scriptedManagement();
    const screen = await openAccounts({ management });
    await screen.press('/', '^nightly', 'enter', 'enter');
    expect(management.calls).toContainEqual({ method: 'access', args: ['nightly'] });
    expect(screen.opened).toEqual(['nightly']);
  });

  test('are opened by name from the prompt, and from nowhere else', async () => {
    const management = scriptedManagement();
    const screen = await openScreen({ management, port: null });
    await screen.press(':', 'account nightly', 'enter');
    expect(screen.opened).toEqual(['nightly']);
  });

  test('take no key to the account on the screen while they are opened; esc stays there', async () => {
    const access = (_account: string, signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
      );
    const screen = await openScreen({ management: scriptedManagement({ access }) });
    await screen.press(':', 'account nightly', 'enter');
    expect(screen.text()).toContain('opening nightly … esc stays here');
    await screen.press(':', 'jobs', 'enter', 'ctrl-d');
    expect(screen.text()).toContain('pools[');
    expect(screen.text()).not.toContain('Delete pool');
    await screen.press('esc');
    expect(screen.text()).toContain('nightly was not opened');
    expect(screen.text()).toContain('pools[');
    expect(screen.opened).toEqual([]);
    await screen.press('ctrl-d');
    expect(screen.text()).toContain('Delete pool');
  });

  test('a new one begins where the one in use is, and is sent as it is typed', async () => {
    const management = scriptedManagement();
    const screen = await openAccounts({ management });
    await screen.press('n', 'fourth', 'ctrl-s');
    expect(management.calls).toContainEqual({
      method: 'add',
      args: [
        'accounts',
        {},
        {
          name: 'fourth',
          subscription: 'Contoso production',
          resourceGroup: 'rendering',
          location: 'westeurope',
        },
      ],
    });
    expect(screen.text()).toContain('account fourth is being made');
  });

  describe('a new one that is begun before the accounts have come', () => {
    const begin = async () => {
      const answer = deferred<Page>();
      const management = scriptedManagement({ listPage: () => answer.promise });
      const screen = await openAccounts({ management, columns: 80, rows: 24 }, []);
      const values = () => {
        const { overlay } = screen.store.getState();
        return overlay?.kind === 'form' ? overlay.values : {};
      };
      const come = async (rows: readonly object[]) => {
        answer.resolve(page(rows));
        await screen.settle();
      };
      return { management, screen, values, come };
    };
    const begun = {
      subscription: 'Contoso production',
      resourceGroup: 'rendering',
      location: 'westeurope',
    };

    test('begins where the one in use is as soon as it is known', async () => {
      const { screen, values, come } = await begin();
      await screen.press('n', 'fourth');
      expect(values()).toMatchObject({ name: 'fourth', subscription: '', resourceGroup: '', location: '' });
      await come(ACCOUNTS_OF_ARM);
      expect(values()).toMatchObject({ name: 'fourth', ...begun });
      expect(screen.text()).toContain('westeurope');
      await screen.press('ctrl-s');
      expect(screen.text()).toContain('account fourth is being made');
    });

    test('keeps what was typed, and takes the rest from where that is', async () => {
      const { screen, values, come } = await begin();
      await screen.press('n', 'fourth', 'tab', 'Contoso test', 'tab', 'mine');
      const elsewhere = { subscription: 'Contoso test', location: 'uksouth', name: 'tested' };
      const id = '/subscriptions/b/resourceGroups/tests/providers/Microsoft.Batch/batchAccounts/tested';
      await come([...ACCOUNTS_OF_ARM, { ...elsewhere, id }]);
      const { subscription, location } = elsewhere;
      expect(values()).toMatchObject({ name: 'fourth', subscription, resourceGroup: 'mine', location });
    });

    test('takes nothing from another subscription than the one that was typed', async () => {
      const { screen, values, come } = await begin();
      await screen.press('n', 'fourth', 'tab', 'Contoso test');
      await come(ACCOUNTS_OF_ARM);
      expect(values()).toMatchObject({ subscription: 'Contoso test', resourceGroup: '', location: '' });
    });

    test('leaves alone a field that was emptied after it was filled, and its cursor stays behind the text', async () => {
      const { screen, values, come } = await begin();
      await screen.press('n', 'tab');
      await come(ACCOUNTS_OF_ARM);
      await screen.press('!');
      expect(values().subscription).toBe('Contoso production!');
      await screen.press('ctrl-u', 'ctrl-r');
      expect(values()).toMatchObject({ ...begun, subscription: '' });
    });
  });

  test('places are picked, those of the subscription that was chosen', async () => {
    const management = scriptedManagement();
    const screen = await openAccounts({ management });
    await screen.press('n', 'tab', 'enter', 'test', 'enter', 'tab', 'ctrl-u', 'enter');
    expect(management.calls).toContainEqual({
      method: 'listPage',
      args: ['resourcegroups', { subscription: 'Contoso test' }, {}],
    });
    await screen.press('night', 'enter');
    expect(screen.text()).toContain('nightly');
  });

  test('the storage account that it is linked to is picked too', async () => {
    const management = scriptedManagement();
    const screen = await openAccounts({ management });
    await screen.press('n', 'fifth', 'tab', 'tab', 'tab', 'tab', 'tab', 'enter');
    expect(screen.text()).toContain('Pick: Auto-storage');
    await screen.press('arch', 'enter', 'ctrl-s');
    expect(management.calls).toContainEqual({
      method: 'add',
      args: [
        'accounts',
        {},
        expect.objectContaining({ properties: { autoStorage: { storageAccountId: 'archive' } } }),
      ],
    });
  });

  test('one that is made is told of, and looked at more often meanwhile', async () => {
    const management = scriptedManagement();
    const screen = await openAccounts({ management });
    const fresh = { id: '/subscriptions/a/resourceGroups/b/x', name: 'fresh', location: 'westus' };
    management.play({
      listPage: async () => ({
        rows: [{ ...fresh, properties: { provisioningState: 'Creating' } }],
        next: undefined,
        serverTime: 0,
      }),
    });
    await screen.press('ctrl-r');
    management.play({
      listPage: async () => ({
        rows: [{ ...fresh, properties: { provisioningState: 'Succeeded' } }],
        next: undefined,
        serverTime: 0,
      }),
    });
    await screen.pass(3_000);
    expect(screen.text()).toContain('account fresh was made: :account fresh goes to it');
  });

  test('a deletion wants the name, and asks about one at a time', async () => {
    const management = scriptedManagement();
    const screen = await openAccounts({ management });
    await screen.press('/', '^nightly', 'enter', 'ctrl-d', 'night', 'ctrl-s');
    expect(management.calls.filter(({ method }) => method === 'act')).toEqual([]);
    expect(screen.text()).toContain('type nightly to delete it');
    await screen.press('ctrl-u', 'nightly', 'ctrl-s');
    expect(management.calls).toContainEqual({
      method: 'act',
      args: [{ resource: 'accounts', action: 'delete', scope: {}, id: 'nightly', args: {} }],
    });
    await screen.press('esc', '*', 'ctrl-d');
    expect(screen.text()).toContain('one account at a time');
  });

  test('the one in use, one that is protected, and one that only a file tells of are not deleted', async () => {
    const screen = await openAccounts({ management: scriptedManagement() });
    await screen.press('/', `^${ACCOUNT.name}`, 'enter', 'ctrl-d');
    expect(screen.text()).toContain('go to another account first');
    await screen.press('esc', '/', '^prod', 'enter', 'ctrl-d');
    expect(screen.text()).toContain('only the configuration tells of it');
    screen.store.setState(({ preferences }) => ({
      preferences: { ...preferences, readOnlyOf: () => 'its name matches n*' },
    }));
    await screen.press('esc', 'ctrl-r', '/', '^nightly', 'enter', 'ctrl-d');
    expect(screen.text()).toContain('it is read-only, its name matches n*');
    await screen.press('k');
    expect(screen.text()).toContain('the keys of nightly are not shown');
  });

  test('keys are hidden until they are asked for, copied, and regenerated after a question', async () => {
    const management = scriptedManagement();
    const screen = await openAccounts({ management, columns: 120 });
    await screen.press('/', '^nightly', 'enter', 'k');
    expect(screen.text()).not.toContain(KEYS.primary);
    await screen.press('v');
    expect(screen.text()).toContain(KEYS.primary);
    expect(screen.text()).not.toContain(KEYS.secondary);
    await screen.press('v', 'down', 'c');
    expect(screen.text()).not.toContain(KEYS.primary);
    expect(screen.copied).toEqual([KEYS.secondary]);
    await screen.press('r', 'tab', 'enter');
    expect(management.calls).toContainEqual({
      method: 'act',
      args: [
        { resource: 'accountkeys', action: 'regenerate', scope: { account: 'nightly' }, id: 'secondary' },
      ],
    });
    await screen.press('v', 'ctrl-s');
    expect(screen.text()).toContain('keys are put in no file: c copies one');
    expect([...screen.saved]).toEqual([]);
  });

  test('the one in use is opened anew when a key of it was replaced', async () => {
    const management = scriptedManagement();
    const screen = await openAccounts({ management });
    await screen.press('/', `^${ACCOUNT.name}`, 'enter', 'k', 'r', 'tab');
    management.play({ keys: async () => ({ ...KEYS, primary: 'bmV3' }) });
    await screen.press('enter');
    expect(screen.opened).toEqual([ACCOUNT.name]);
  });

  test('keys are hidden again when their list is opened again', async () => {
    const screen = await openAccounts({ management: scriptedManagement(), columns: 120 });
    await screen.press('/', '^nightly', 'enter', 'k', 'v', 'esc', 'k');
    expect(screen.text()).toContain('accountkeys(nightly)');
    expect(screen.text()).not.toContain(KEYS.primary);
  });

  test.each([
    ['back to the accounts', ['esc']],
    ['for another list', [':', 'pools', 'enter']],
    ['for the help', ['?']],
  ])('keys are forgotten when their list is left %s', async (_, keys) => {
    const screen = await openAccounts({ management: scriptedManagement(), columns: 120 });
    await screen.press('/', '^nightly', 'enter', 'k', 'v');
    expect(JSON.stringify(screen.store.getState())).toContain(KEYS.primary);
    await screen.press(...keys);
    expect(JSON.stringify(screen.store.getState())).not.toContain(KEYS.primary);
  });

  test('keys that come after their list was left are not kept', async () => {
    const management = scriptedManagement();
    const screen = await openAccounts({ management });
    let answer: (keys: typeof KEYS) => void = () => undefined;
    management.play({ keys: () => new Promise((resolve) => (answer = resolve)) });
    await screen.press('/', '^nightly', 'enter', 'k', 'esc');
    answer(KEYS);
    await screen.pass(0);
    expect(JSON.stringify(screen.store.getState())).not.toContain(KEYS.primary);
  });

  test('read-only azb neither makes, deletes nor shows keys', async () => {
    const screen = await openAccounts({ management: scriptedManagement(), session: { readOnly: true } });
    await screen.press('/', '^nightly', 'enter', 'k', 'n', 'ctrl-d');
    expect(screen.text()).toContain('accounts[1/');
    expect(screen.store.getState().overlay).toBeUndefined();
  });

  test('quotas of one that is not in use are listed as those of the one that is', async () => {
    const management = scriptedManagement();
    const screen = await openAccounts({ management });
    await screen.press('/', '^nightly', 'enter', 'u');
    expect(screen.text()).toContain('quotas(nightly)');
    await screen.press('2');
    expect(screen.text()).toContain('standardNCFamily');
    expect(screen.text()).not.toContain('standardDv2Family');
  });

  test('sizes lead to the quota of their family, of the same account', async () => {
    const management = scriptedManagement();
    const screen = await openAccounts({ management });
    await screen.press(':', 'vmsizes nightly', 'enter', '/', 'D16', 'enter', 'enter');
    expect(screen.row(2)).toContain('quotas(nightly)[1/');
    expect(screen.text()).toContain('standardDv2Family');
    await screen.press('esc', 'esc', 'esc', '1');
    expect(screen.row(2)).toContain('vmsizes(nightly)');
    expect(screen.text()).not.toContain('Standard_HB120rs_v3');
    await screen.press('2');
    expect(screen.text()).toContain('Standard_NC6s_v3');
    expect(screen.text()).not.toContain('Standard_D2_v2');
  });

  test('are described, and named with their location where two share a name', async () => {
    const management = scriptedManagement();
    const twin = { id: '/subscriptions/a/resourceGroups/b/x', name: 'nightly', location: 'westus' };
    management.play({
      listPage: async () => ({
        rows: [twin, { ...twin, id: `${twin.id}y`, location: 'eastus' }],
        next: undefined,
        serverTime: 0,
      }),
    });
    const screen = await openAccounts({ management });
    await screen.press('/', '^nightly', 'enter', 'd');
    expect(management.calls.at(-1)).toEqual({ method: 'get', args: ['accounts', {}, 'nightly.eastus'] });
  });
});
