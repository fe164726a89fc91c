import { describe, expect, test } from 'vitest';
import { completeCommand, suggestCommands } from '../../../src/commands/complete.ts';
import { expandAliases, runPromptCommand } from '../../../src/commands/prompt.ts';
import { UsageError } from '../../../src/lib/errors.ts';
import { EMPTY_FEED, topView } from '../../../src/store/app-store.ts';
import { feedKey } from '../../../src/store/keys-of.ts';
import type { View } from '../../../src/store/state.ts';
import { commandOf, listView, mapView, tailView, textView } from '../../../src/store/views.ts';
import { page } from '../../support/scripted-port.ts';
import { storeKit } from '../../support/store-kit.ts';

/** The view that a command leads to, or what it is refused with. */
function lead(command: string, from: View = listView('pools', {})) {
  const kit = storeKit({ view: from });
  runPromptCommand(kit.services, command);
  return topView(kit.store.getState());
}

/** What a command is refused with: what happened and the next step. */
function refusal(command: string): [string, string | undefined] {
  try {
    lead(command);
  } catch (error) {
    if (error instanceof UsageError) return [error.message, error.next];
    throw error;
  }
  return ['nothing', undefined];
}

describe('the prompt', () => {
  test.each([
    ['jobs', 'jobs', {}],
    ['JOBS', 'jobs', {}],
    ['j', 'jobs', {}],
    ['  tasks   myjob ', 'tasks', { job: 'myjob' }],
    ['nodes mypool', 'nodes', { pool: 'mypool' }],
    ['files myjob/mytask', 'files', { job: 'myjob', task: 'mytask' }],
    ['files myjob mytask', 'files', { job: 'myjob', task: 'mytask' }],
    ['blobs input', 'blobs', { container: 'input' }],
    ['blobs input/', 'blobs', { container: 'input' }],
    ['blobs input/of/last year', 'blobs', { container: 'input', folder: 'of/last year/' }],
    ['b input of/last year/', 'blobs', { container: 'input', folder: 'of/last year/' }],
  ])(':%s opens %s', (command, resource, scope) => {
    expect(lead(command)).toMatchObject({ kind: 'list', resource, scope, filter: '' });
  });

  test('a filter may stand behind it', () => {
    expect(lead('tasks myjob /failed | bad')).toMatchObject({
      scope: { job: 'myjob' },
      filter: 'failed | bad',
    });
    expect(lead('pools /^a/b')).toMatchObject({ resource: 'pools', filter: '^a/b' });
  });

  test('a folder of a container is opened again, whatever its name', () => {
    const folder = listView('blobs', { container: 'input', folder: 'of/last year/' });
    expect(lead(commandOf(folder))).toMatchObject({ resource: 'blobs', scope: folder.scope });
    expect(lead('blobs input/of/ /^a')).toMatchObject({ scope: { folder: 'of/' }, filter: '^a' });
    expect(lead('blobs', { ...listView('containers', {}), cursor: 'input' })).toMatchObject({
      scope: { container: 'input' },
    });
    expect(() => lead('blobs')).toThrowError(
      expect.objectContaining({ next: ':blobs CONTAINER or :blobs CONTAINER FOLDER' }),
    );
  });

  test('opens the nodes of a pool as a map too', () => {
    const map = { kind: 'list', layout: 'map', resource: 'nodes', scope: { pool: 'mypool' }, filter: '' };
    expect(lead('map mypool')).toMatchObject(map);
    expect(lead('heatmap mypool /^tvm')).toMatchObject({ ...map, filter: '^tvm' });
    expect(lead('map', { ...listView('pools', {}), cursor: 'mypool' })).toMatchObject(map);
    expect(lead('map', listView('nodes', { pool: 'mypool' }))).toMatchObject(map);
    expect(lead(commandOf(mapView({ pool: 'mypool' })))).toMatchObject(map);
    expect(lead('nodes', mapView({ pool: 'mypool' }))).toMatchObject({ layout: undefined });
    expect(() => lead('map')).toThrowError(expect.objectContaining({ next: ':map POOL' }));
  });

  test('says what to do about words that are too many', () => {
    expect(refusal('jobs nightly')).toEqual([
      'jobs takes no nightly behind it',
      ':jobs /nightly for a filter',
    ]);
    expect(refusal('tasks myjob a b')).toEqual([
      'tasks myjob takes no a b behind it',
      ':tasks myjob /a b for a filter',
    ]);
  });

  test(':help shows the keys of the view, and goes back to it', () => {
    const kit = storeKit({ view: listView('pools', {}) });
    runPromptCommand(kit.services, 'help');
    expect(topView(kit.store.getState())).toMatchObject({ kind: 'help', of: { resource: 'pools' } });
    runPromptCommand(kit.services, '?');
    expect(topView(kit.store.getState())).toMatchObject({ kind: 'list', resource: 'pools' });
  });

  test.each(['account', 'accounts', 'acct', 'context', 'contexts', 'ctx'])(
    ':%s without a name lists the accounts, once',
    (command) => {
      const kit = storeKit();
      runPromptCommand(kit.services, command);
      runPromptCommand(kit.services, `${command} /prod`);
      const { views } = kit.store.getState();
      expect(views).toHaveLength(2);
      expect(views[1]).toMatchObject({ kind: 'list', resource: 'accounts', filter: 'prod' });
    },
  );

  test(':account with a name goes there, and says what is wrong with the name', () => {
    const kit = storeKit();
    const opened: string[] = [];
    const services = {
      ...kit.services,
      host: { ...kit.services.host, openAccount: (name: string) => void opened.push(name) },
    };
    const accounts = ['prod', 'test'].map((name) => ({ name, source: 'config.yaml' }));
    kit.store.setState(({ preferences }) => ({ preferences: { ...preferences, accounts } }));
    runPromptCommand(services, 'ctx PROD');
    expect(opened).toEqual(['prod']);
    expect(() => runPromptCommand(services, 'accounts dev')).toThrowError(
      expect.objectContaining({ next: ':account prod or :account test' }),
    );
  });

  test('starts a new stack', () => {
    const kit = storeKit({ view: listView('pools', {}) });
    runPromptCommand(kit.services, 'jobs');
    expect(kit.store.getState().views).toHaveLength(1);
    expect(kit.store.getState().past).toHaveLength(1);
  });

  test.each<[string, View, object]>([
    ['tasks', { ...listView('jobs', {}), cursor: 'myjob' }, { job: 'myjob' }],
    ['nodes', { ...listView('pools', {}), cursor: 'mypool' }, { pool: 'mypool' }],
    ['files', { ...listView('tasks', { job: 'myjob' }), cursor: 't1' }, { job: 'myjob', task: 't1' }],
    ['tasks', listView('files', { job: 'myjob', task: 't1' }), { job: 'myjob' }],
    ['tasks', textView('describe', 'jobs', {}, 'myjob'), { job: 'myjob' }],
    ['files', tailView({ kind: 'task', job: 'j', task: 't', path: 'stdout.txt' }), { job: 'j', task: 't' }],
    ['nodes', tailView({ kind: 'node', pool: 'p', node: 'n', path: 'x' }), { pool: 'p' }],
  ])(':%s without words takes its place from the screen', (command, from, scope) => {
    expect(lead(command, from)).toMatchObject({ scope });
  });

  test('says how to say where, when nothing on the screen does', () => {
    expect(() => lead('tasks')).toThrowError(
      expect.objectContaining({
        message: 'tasks live somewhere: which one?',
        next: ':tasks JOB or :failedtasks or :runningtasks',
      }),
    );
    expect(() => lead('files a')).toThrowError(
      expect.objectContaining({ next: ':files JOB TASK or :files POOL NODE' }),
    );
  });

  test('says so when there is no such thing', () => {
    expect(() => lead('pods')).toThrow('there is no command or resource pods');
    expect(refusal('ns')[1]).toBe(':nodes');
    expect(refusal('quitt')[1]).toBe(':quit');
  });

  test('knows commands that are no resources', () => {
    const kit = storeKit();
    runPromptCommand(kit.services, 'refresh');
    expect(kit.refreshes()).toBe(1);
  });

  test.each(['q', 'quit', 'q!', 'exit'])(':%s quits', (command) => {
    let quits = 0;
    const { services } = storeKit();
    const host = { ...services.host, quit: () => void quits++ };
    runPromptCommand({ ...services, host }, command);
    expect(quits).toBe(1);
  });

  test('without an account it leads nowhere, and says so', () => {
    const kit = storeKit({ view: { kind: 'welcome' } });
    runPromptCommand({ ...kit.services, port: undefined }, 'pools');
    expect(topView(kit.store.getState()).kind).toBe('welcome');
    expect(kit.store.getState().flash?.text).toContain('no account');
  });
});

describe('aliases', () => {
  test('stand for a command, also through another alias, and keep what follows', () => {
    const aliases = { mine: 'tasks myjob', bad: 'mine /failure' };
    expect(expandAliases('mine', aliases)).toBe('tasks myjob');
    expect(expandAliases('BAD', aliases)).toBe('tasks myjob /failure');
    expect(expandAliases('mine /x', aliases)).toBe('tasks myjob /x');
    expect(expandAliases('pools', aliases)).toBe('pools');
  });

  test('that go round in circles end', () => {
    expect(expandAliases('a', { a: 'b 1', b: 'a 2' })).toBe('a 2 1');
  });
});

describe('suggestions', () => {
  const { store } = storeKit();
  const rows = ['alpha', 'beta', 'Alpine'].map((id) => ({ id }));
  store.setState({ feeds: { [feedKey('jobs', {})]: { ...EMPTY_FEED, rows } } });
  const suggest = (text: string) => suggestCommands(store.getState(), text);

  test('begin with what begins like it', () => {
    expect(suggest('jo').slice(0, 2)).toEqual(['jobs', 'jobschedules']);
    expect(suggest('')).toEqual(expect.arrayContaining(['pools', 'tasks', 'quit']));
  });

  test('know aliases, and letters that are scattered', () => {
    expect(suggest('sched')[0]).toBe('jobschedules');
    expect(suggest('count')).toContain('nodecounts');
    expect(suggest('po')[0]).toBe('pools');
  });

  test('are none for what is complete or unknown', () => {
    expect(suggest('pools')).not.toContain('pools');
    expect(suggest('xyzzy')).toEqual([]);
    expect(suggest('tasks alpha /fa')).toEqual([]);
  });

  test('offer the ids that are known', () => {
    expect(suggest('tasks ')).toEqual(['tasks alpha', 'tasks beta', 'tasks Alpine']);
    expect(suggest('tasks al')).toEqual(['tasks alpha', 'tasks Alpine']);
    expect(suggest('pools x')).toEqual([]);
  });

  test('ask for ids that nobody asked for yet, once, and show them when they come', async () => {
    const kit = storeKit({ port: { listPage: async () => page([{ id: 'one' }, { id: 'two' }]) } });
    kit.store.setState({ prompt: { kind: 'command', text: 'nodes ', suggestions: [], chosen: 0 } });
    expect(completeCommand(kit.services, 'nodes ')).toEqual([]);
    expect(completeCommand(kit.services, 'nodes ')).toEqual([]);
    await kit.done();
    expect(kit.store.getState().prompt?.suggestions).toEqual(['nodes one', 'nodes two']);
    expect(kit.port.asked('listPage')).toEqual([['pools', {}, { select: ['id'] }]]);
    expect(suggestCommands(kit.store.getState(), 'heatmap t')).toEqual(['heatmap two']);
  });

  test('ids that cannot be asked for disturb nobody', async () => {
    const kit = storeKit({ port: { listPage: () => Promise.reject(new Error('gone')) } });
    completeCommand(kit.services, 'tasks ');
    await kit.done();
    expect(kit.store.getState()).toMatchObject({ flash: undefined, busy: 0 });
  });
});
