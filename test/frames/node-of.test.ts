/** From what failed to the node on which it ran. */
import { expect, test } from 'vitest';
import { topView } from '../../src/store/app-store.ts';
import { listView } from '../../src/store/views.ts';
import { openScreen } from '../support/frames.tsx';
import { nodeId } from '../support/samples.ts';
import { page, scriptedPort } from '../support/scripted-port.ts';

test('m on a group by node goes to the node, where it gets no more tasks; other groups say that they have none', async () => {
  const node = nodeId(1);
  const group = { by: 'node', value: node, pool: 'mypool', count: 9, share: 1, example: 't1' };
  const known = { state: 'idle', isOff: false, ran: 9, failed: 9, isSuspect: true };
  const other = { by: 'exit code', value: '1', count: 9, share: 1, example: 't1' };
  const nodes = [0, 1, 2].map((number) => ({
    id: nodeId(number),
    state: 'idle',
    schedulingState: 'enabled',
  }));
  const port = scriptedPort({
    listPage: async (resource) => page(resource === 'failures' ? [other, { ...group, node: known }] : nodes),
  });
  const screen = await openScreen({ view: listView('failures', { job: 'myjob' }), port });
  await screen.press('m');
  expect(screen.text()).toContain('this is no group by node: 3 shows those');
  await screen.press('4', 'm');
  expect(topView(screen.store.getState())).toMatchObject({ resource: 'nodes', scope: { pool: 'mypool' } });
  expect(screen.text()).toMatch(/nodes\(mypool\)\[1\/\d+\]/);
  await screen.press('o');
  expect(screen.store.getState().overlay).toMatchObject({ kind: 'confirm' });
});

test('m on marked groups goes to all of their nodes', async () => {
  const on = (node: string) => ({
    by: 'node',
    value: node,
    pool: 'mypool',
    count: 1,
    share: 1,
    example: 't1',
  });
  const groups = [on('n1'), on('n2'), on('n3')];
  const port = scriptedPort({ listPage: async (resource) => page(resource === 'failures' ? groups : []) });
  const screen = await openScreen({ view: listView('failures', { job: 'myjob' }), port });
  await screen.press('space', 'space', 'm');
  expect(topView(screen.store.getState())).toMatchObject({ resource: 'nodes', filter: 'id:^(n1|n2)' });
});
