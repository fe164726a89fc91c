import { describe, expect, test } from 'vitest';
import { pluginArguments, startPlugin } from '../../../../src/store/actions/plugins.ts';
import { EMPTY_FEED, topView } from '../../../../src/store/app-store.ts';
import { feedKey } from '../../../../src/store/keys-of.ts';
import { pressPanel } from '../../../../src/store/panel.ts';
import { NO_PREFERENCES, type PluginCommand } from '../../../../src/store/preferences.ts';
import { listView, updateList } from '../../../../src/store/views.ts';
import { storeKit } from '../../../support/store-kit.ts';

describe("a plugin's arguments", () => {
  const variables = { ID: 'a b', JOB: 'j', 'COL-STATE': 'active', 'COL-VM-SIZE': 'big' };

  test.each([
    [['$ID'], ['a b']],
    [
      ['--job=${JOB}x', '$JOB/$ID'],
      ['--job=jx', 'j/a b'],
    ],
    [
      ['$COL-STATE', '${COL-vm-size}', '$COL-VM-SIZE.'],
      ['active', 'big', 'big.'],
    ],
    [['echo "$1" $HOME $$ $(date) ${x}'], ['echo "$1" $HOME $$ $(date) ${x}']],
    [['$IDS'], ['one', 'two words']],
  ])('%j become %j', (args, filled) => {
    expect(pluginArguments(args, variables, ['one', 'two words'])).toEqual({ args: filled, missing: [] });
  });

  test('that have no value are named', () => {
    expect(pluginArguments(['$POOL', '$COL-NOPE'], variables, []).missing).toEqual(['POOL', 'COL-NOPE']);
  });
});

const PLUGIN: PluginCommand = {
  name: 'say',
  key: 'f7',
  scopes: ['tasks'],
  help: 'Say it',
  command: 'echo',
  args: ['$ACCOUNT', '$JOB', '$COL-STATE', '$IDS'],
  confirm: false,
  dangerous: false,
  background: false,
  pause: false,
};

function open(changes: Partial<PluginCommand> = {}, status = 0) {
  const kit = storeKit();
  const rows = [
    { id: 't1', state: 'active' },
    { id: 't2', state: 'running' },
  ];
  kit.store.setState({
    preferences: { ...NO_PREFERENCES, plugins: [{ ...PLUGIN, ...changes }] },
    feeds: { [feedKey('tasks', { job: 'myjob' })]: { ...EMPTY_FEED, status: 'ready', rows, updatedAt: 1 } },
  });
  const ran: (readonly [where: string, command: string, ...args: string[]])[] = [];
  const services = {
    ...kit.services,
    host: {
      ...kit.services.host,
      runProgram: (command: string, args: readonly string[]) => {
        ran.push(['terminal', command, ...args]);
        return status;
      },
      runInBackground: (command: string, args: readonly string[]) => {
        ran.push(['background', command, ...args]);
        return Promise.resolve(status);
      },
    },
  };
  return { ...kit, services, ran };
}

describe('a plugin', () => {
  test('runs on what is under the cursor, and the list is asked for again', async () => {
    const { services, ran, store, done, refreshes } = open();
    startPlugin(services, 'say');
    await done();
    expect(ran).toEqual([['terminal', 'echo', services.port!.account.name, 'myjob', 'active', 't1']]);
    expect(store.getState().flash).toMatchObject({ level: 'info', text: 'say: done' });
    expect(refreshes()).toBe(1);
  });

  test('runs on the marks, without the terminal when it says so', async () => {
    const { services, ran, store, done } = open({ background: true, args: ['$IDS', '$ID'] }, 3);
    updateList(store, (view) => ({ ...view, marks: new Set(['t2', 't1']), cursor: 't2' }));
    startPlugin(services, 'say');
    await done();
    expect(ran).toEqual([['background', 'echo', 't2', 't1', 't2']]);
    expect(store.getState().flash).toMatchObject({ level: 'warn', text: 'say ended with status 3' });
  });

  test('runs on a task of the list of all jobs with its job, as in its own list', async () => {
    const { services, ran, store, done } = open({ args: ['$JOB', '$TASK', '$ID', '$IDS'] });
    const view = listView('failedtasks', {});
    const rows = [{ jobId: 'render', id: 'frame1', state: 'completed' }];
    store.setState({
      views: [view],
      feeds: { [feedKey('failedtasks', {})]: { ...EMPTY_FEED, status: 'ready', rows, updatedAt: 1 } },
    });
    startPlugin(services, 'say');
    await done();
    expect(ran).toEqual([['terminal', 'echo', 'render', 'frame1', 'frame1', 'render/frame1']]);
  });

  test('waits for enter after it when it says so', async () => {
    const { services, ran, done } = open({ pause: true, args: ['$ID'] });
    startPlugin(services, 'say');
    await done();
    expect(ran[0]?.slice(0, 3)).toEqual(['terminal', '/bin/sh', '-c']);
    expect(ran[0]?.slice(-3)).toEqual(['sh', 'echo', 't1']);
  });

  test.each([{ confirm: true }, { dangerous: true }])(
    'asks first with %j, with Cancel focused',
    async (changes) => {
      const { services, ran, store, done } = open(changes);
      startPlugin(services, 'say');
      const { overlay } = store.getState();
      expect(overlay).toMatchObject({ kind: 'panel', title: 'Say it?', focus: 0 });
      pressPanel(services);
      await done();
      expect(ran).toEqual([]);
      startPlugin(services, 'say');
      store.setState((state) => ({
        overlay: state.overlay?.kind === 'panel' ? { ...state.overlay, focus: 1 } : undefined,
      }));
      pressPanel(services);
      await done();
      expect(ran).toHaveLength(1);
      expect(store.getState().overlay).toBeUndefined();
    },
  );

  test('that needs what is not there says so and does not run', () => {
    const { services, ran, store } = open({ args: ['$POOL'] });
    startPlugin(services, 'say');
    expect(ran).toEqual([]);
    expect(store.getState().flash?.text).toBe('say needs $POOL, which has no value here');
    expect(topView(store.getState()).kind).toBe('list');
  });
});
