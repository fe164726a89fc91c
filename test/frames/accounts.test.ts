import { describe, expect, test } from 'vitest';
import type { KnownAccount } from '../../src/resources/account.ts';
import { topView } from '../../src/store/create.ts';
import { expectFrame, SIZES } from '../support/frame-sizes.ts';
import { openScreen, type ScreenOptions } from '../support/frames.tsx';
import { ACCOUNT } from '../support/scripted-port.ts';

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

  test('filters, sorts, shows faults, and has nothing to describe', async () => {
    const screen = await openAccounts();
    await screen.press('N', 'd', 'y');
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

  test('is in the list of all commands', async () => {
    const screen = await openScreen();
    await screen.press('ctrl-a', '/', '^accounts', 'enter', 'enter');
    expect(screen.text()).toContain('accounts[1]');
  });
});
