import { describe, expect, test } from 'vitest';
import { completeCommand } from '../../../src/commands/complete.ts';
import { directoryRows } from '../../../src/commands/directory.ts';
import { ownListSource } from '../../../src/commands/own-lists.ts';
import { runPromptCommand } from '../../../src/commands/prompt.ts';
import { Palette } from '../../../src/components/palette.ts';
import { LIGHT_SKIN } from '../../../src/components/skins.ts';
import type { ScreenContext } from '../../../src/screens/context.ts';
import { dispatch } from '../../../src/screens/dispatch.ts';
import { createPainting } from '../../../src/screens/painting.ts';
import { topView } from '../../../src/store/app-store.ts';
import { feedKey } from '../../../src/store/keys-of.ts';
import { NO_MEMORY, NO_PREFERENCES } from '../../../src/store/preferences.ts';
import { listView } from '../../../src/store/views.ts';
import { storeKit } from '../../support/store-kit.ts';

/** The screens without a terminal: keys go in, the store shows what they did. */
function screens() {
  const kit = storeKit({ view: listView('pools', {}) });
  const { services, store } = kit;
  store.setState({ memory: { ...NO_MEMORY, commands: ['jobs', 'tasks myjob'], filters: ['failed'] } });
  const context: ScreenContext = {
    services,
    painting: createPainting(new Palette('none'), services.listings, () => 0),
    runCommand: (text) => runPromptCommand(services, text),
    suggest: (text) => completeCommand(services, text),
  };
  const press = (...keys: string[]) => {
    for (const key of keys)
      dispatch(context, { kind: 'key', key, ...(key.length === 1 ? { text: key } : {}) });
  };
  const typed = () => store.getState().prompt?.text;
  return { ...kit, press, typed };
}

describe('the history of commands', () => {
  test('is gone through from the empty prompt, back and forth', () => {
    const { press, typed } = screens();
    press(':', 'up');
    expect(typed()).toBe('jobs');
    press('up', 'up', 'up');
    expect(typed()).toBe('tasks myjob');
    press('down');
    expect(typed()).toBe('jobs');
    press('down');
    expect(typed()).toBe('');
  });

  test('leaves what was typed to the suggestions', () => {
    const { press, store, typed } = screens();
    press(':', 'p', 'down');
    expect([typed(), store.getState().prompt?.chosen]).toEqual(['p', 1]);
    press('up');
    expect([typed(), store.getState().prompt?.chosen]).toEqual(['p', 0]);
  });

  test('what is recalled can be changed and run, and is remembered in front', () => {
    const { press, store } = screens();
    press(':', 'up', 'up', '2', 'enter');
    expect(topView(store.getState())).toMatchObject({ resource: 'tasks', scope: { job: 'myjob2' } });
    expect(store.getState().memory.commands).toEqual(['tasks myjob2', 'jobs', 'tasks myjob']);
  });
});

test('filters have a history of their own, which acts at once', () => {
  const { press, store, typed } = screens();
  press('/', 'up');
  expect(typed()).toBe('failed');
  expect(topView(store.getState())).toMatchObject({ filter: 'failed' });
  press('down');
  expect(topView(store.getState())).toMatchObject({ filter: '' });
  press('x', 'enter');
  expect(store.getState().memory.filters).toEqual(['x', 'failed']);
});

describe('hotkeys', () => {
  test('run their command, and say what is wrong with it', () => {
    const { press, store } = screens();
    const hotkeys = [
      { key: 'f5', command: 'jobs', help: 'Jobs' },
      { key: 'f6', command: 'nothing', help: 'Nothing' },
    ];
    store.setState({ preferences: { ...NO_PREFERENCES, hotkeys } });
    press('f5');
    expect(topView(store.getState())).toMatchObject({ resource: 'jobs' });
    press('f6');
    expect(store.getState().flash?.text).toContain('no command or resource nothing');
  });
});

test.each([
  ['mien', ':mine'],
  ['taks', ':tasks'],
  ['xyzzy', ': and tab shows what there is'],
])('the unknown command %s proposes %s', (name, next) => {
  const { press, store } = screens();
  store.setState({ preferences: { ...NO_PREFERENCES, aliases: { mine: 'jobs' } } });
  press(':', ...name, 'enter');
  expect(store.getState().flash?.text).toBe(`there is no command or resource ${name} – try: ${next}`);
});

describe(':skin', () => {
  test('changes the colours, or says which there are', () => {
    const { press, store, services } = screens();
    const skins = { dark: {}, light: LIGHT_SKIN };
    store.setState({ preferences: { ...NO_PREFERENCES, skins } });
    expect(completeCommand(services, 'skin l')).toEqual(['skin light']);
    press(':', ...'skin light', 'enter');
    expect(store.getState().preferences.skin).toBe('light');
    press(':', ...'skin dim', 'enter');
    expect(store.getState().preferences.skin).toBe('light');
    expect(store.getState().flash?.text).toContain('there is no skin dim');
  });
});

test('an alias is completed as what it stands for', async () => {
  const { store, services, port, done } = screens();
  store.setState({
    preferences: { ...NO_PREFERENCES, aliases: { mt: 'tasks', fails: 'tasks myjob /failed' } },
  });
  port.play({
    listPage: () =>
      Promise.resolve({ rows: [{ id: 'j1' }, { id: 'other' }], next: undefined, serverTime: 0 }),
  });
  expect(completeCommand(services, 'm')).toContain('mt');
  completeCommand(services, 'mt ');
  await done();
  expect(completeCommand(services, 'mt j')).toEqual(['mt j1']);
  expect(completeCommand(services, 'fails ')).toEqual([]);
});

describe('the list of all commands', () => {
  async function open() {
    const kit = screens();
    kit.press('ctrl-a');
    const source = ownListSource({ store: kit.store, dumps: () => [], now: () => 1 }, kit.store.getState());
    await source?.tick(new AbortController().signal);
    return kit;
  }

  /** Puts the cursor on a row and opens it. */
  function enter(kit: Awaited<ReturnType<typeof open>>, name: string) {
    kit.store.setState((state) => ({
      views: [...state.views.slice(0, -1), { ...listView('commands', {}), cursor: name }],
    }));
    kit.press('enter');
  }

  test('has resources, commands and aliases', () => {
    const rows = directoryRows({ preferences: { ...NO_PREFERENCES, aliases: { mine: 'tasks myjob' } } });
    expect(rows.find(({ name }) => name === 'files')).toMatchObject({
      operands: 'JOB TASK or POOL NODE',
      kind: 'resource',
    });
    expect(rows.find(({ name }) => name === 'quit')).toMatchObject({ aliases: 'q q! exit', kind: 'command' });
    expect(rows.find(({ name }) => name === 'mine')).toMatchObject({ kind: 'alias', help: ':tasks myjob' });
  });

  test('leads to what its row says', async () => {
    const kit = await open();
    expect(kit.store.getState().feeds[feedKey('commands', {})]?.rows.length).toBeGreaterThan(10);
    enter(kit, 'jobs');
    expect(topView(kit.store.getState())).toMatchObject({ resource: 'jobs' });
  });

  test('asks where a resource lives', async () => {
    const kit = await open();
    enter(kit, 'tasks');
    expect(kit.typed()).toBe('tasks ');
    expect(topView(kit.store.getState())).toMatchObject({ resource: 'commands' });
  });

  test('has nothing to describe, and asks the service for nothing', async () => {
    const kit = await open();
    const before = kit.port.calls.length;
    kit.press('d', 'y', 'ctrl-d');
    expect(topView(kit.store.getState())).toMatchObject({ resource: 'commands' });
    expect(kit.port.calls.length).toBe(before);
  });
});
