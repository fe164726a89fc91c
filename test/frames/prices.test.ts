/** What the lists show of costs, with prices and without. */
import { expect, test } from 'vitest';
import { listView } from '../../src/store/views.ts';
import { openScreen } from '../support/frames.tsx';
import { scriptedManagement } from '../support/scripted-management.ts';

const PRICES = {
  currency: 'EUR',
  sizes: { standard_a1_v2: { dedicated: 0.04 }, standard_nc6s_v3: { dedicated: 3, spot: 0.5 } },
};

async function pools(prices?: typeof PRICES) {
  const screen = await openScreen({ columns: 200 });
  screen.store.setState(({ preferences }) => ({ preferences: { ...preferences, prices } }));
  await screen.settle();
  return screen;
}

test('the wide table of pools says what they cost an hour, where there are prices', async () => {
  const screen = await pools(PRICES);
  expect(screen.text()).not.toContain('EUR');
  await screen.press('ctrl-w');
  expect(screen.text()).toContain('EUR/H');
  // Two dedicated nodes and four Spot ones.
  expect(screen.row(screen.rowOf('render-gpu'))).toMatch(/standard_nc6s_v3 +8 /);
  // There is no price for this size.
  expect(screen.row(screen.rowOf('quota'))).toMatch(/standard_d64s_v5 +– /);
});

test('pools are sorted by what they cost', async () => {
  const screen = await pools(PRICES);
  await screen.press('ctrl-w', '<', '<', '<', '<', '<', '~');
  expect(screen.text()).toContain('EUR/H↓');
  expect(screen.rowOf('render-gpu')).toBeLessThan(screen.rowOf('mypool'));
});

test('pools are filtered by what they cost', async () => {
  const screen = await pools(PRICES);
  await screen.press('ctrl-w', '/', 'cost>1', 'enter');
  expect(screen.rowOf('render-gpu')).toBeGreaterThan(0);
  expect(screen.text()).not.toContain('mypool');
});

test('who names the column has it without the wide table, and none without prices', async () => {
  const screen = await pools(PRICES);
  const columns = [{ column: 'id' }, { column: 'cost' }];
  const sort = { column: 'cost', descending: true };
  screen.store.setState(({ preferences }) => ({
    preferences: { ...preferences, views: { pools: { columns, sort } } },
  }));
  await screen.settle();
  expect(screen.row(screen.rowOf('render-gpu'))).toMatch(/render-gpu +8 /);
  expect(screen.rowOf('render-gpu')).toBeLessThan(screen.rowOf('mypool'));
  screen.store.setState(({ preferences }) => ({ preferences: { ...preferences, prices: undefined } }));
  await screen.settle();
  expect(screen.text()).not.toContain('EUR');
  expect(screen.rowOf('render-gpu')).toBeGreaterThan(0);
});

test('other prices are taken at once', async () => {
  const screen = await pools(PRICES);
  await screen.press('ctrl-w');
  const sizes = { ...PRICES.sizes, standard_nc6s_v3: { dedicated: 4, spot: 0.5 } };
  screen.store.setState(({ preferences }) => ({
    preferences: { ...preferences, prices: { ...PRICES, sizes } },
  }));
  await screen.settle();
  expect(screen.row(screen.rowOf('render-gpu'))).toMatch(/standard_nc6s_v3 +10 /);
});

test('nothing is different without prices', async () => {
  const screen = await pools();
  await screen.press('ctrl-w');
  const text = screen.text();
  expect(text).toContain('IMAGE');
  expect(text).not.toMatch(/EUR|\/H\b/);
});

test('the hours of nodes are told with what they have cost', async () => {
  const screen = await openScreen({ columns: 200, view: listView('nodehours', {}) });
  const sizes = { standard_a2_v2: { dedicated: 0.1 } };
  screen.store.setState(({ preferences }) => ({
    preferences: { ...preferences, prices: { currency: 'EUR', sizes } },
  }));
  await screen.settle();
  expect(screen.text()).toMatch(/CORE-HOURS +EUR/);
  expect(screen.row(screen.rowOf('standard_a2_v2'))).toMatch(/72\.25 +144\.5 +7\.23 /);
});

test('the sizes of nodes say what a dedicated one costs an hour', async () => {
  const screen = await openScreen({ columns: 120, management: scriptedManagement() });
  screen.store.setState(({ preferences }) => ({ preferences: { ...preferences, prices: PRICES } }));
  await screen.press(':', 'vmsizes', 'enter');
  expect(screen.row(3)).toMatch(/SPOT +EUR\/H +FAMILY/);
  expect(screen.row(screen.rowOf('Standard_NC6s_v3'))).toMatch(/ 3 +standardNCSv3Family/);
});
