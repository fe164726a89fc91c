import { describe, expect, it } from 'vitest';
import { idsFor, readLine, type WantedIds } from '../../../../src/commands/shell/complete-word.ts';
import { resourceNamed } from '../../../../src/resources/registry.ts';
import { page, scriptedPort } from '../../../support/scripted-port.ts';

const NEVER = new AbortController().signal;

/** What is wanted for the last word of a line, in short. */
function wanted(...words: string[]) {
  const found = readLine(words).wanted;
  return found && [found.resource.name, found.scope, found.before + found.typed + found.after];
}

describe('the word under the cursor of a shell', () => {
  it.each([
    [['get', 'jobs', ''], 'jobs', {}, ''],
    [['get', 'job', 'a', 'b'], 'jobs', {}, 'b'],
    [['--account', 'x', 'get', 'pools', 'p'], 'pools', {}, 'p'],
    [['get', 'tasks', '--job', 'j'], 'jobs', {}, 'j'],
    [['get', 'tasks', '-j', 'j', '-o', 'json', 't'], 'tasks', { job: 'j' }, 't'],
    [['get', 'tasks', '--job=j', '-t', 't'], 'tasks', { job: 'j' }, 't'],
    [['get', 'tasks', '--job', '=', 'j'], 'jobs', {}, 'j'],
    [['get', 'tasks', '--job', '='], 'jobs', {}, ''],
    [['get', 'tasks', '--job=j'], 'jobs', {}, '--job=j'],
    [['delete', 'nodes', '--yes', '-p', 'p', 'n'], 'nodes', { pool: 'p' }, 'n'],
    [['get', 'files', '-p', 'p', '-n', ''], 'nodes', { pool: 'p' }, ''],
    [['get', 'files', '-p', 'p', '-n', 'n', 's'], 'files', { pool: 'p', node: 'n' }, 's'],
    [['logs', 'j'], 'jobs', {}, 'j/'],
    [['logs', '-f', 'j/t'], 'tasks', { job: 'j' }, 'j/t'],
    [['logs', 'j/t', 'std'], 'files', { job: 'j', task: 't' }, 'std'],
    [['progress', 'j'], 'jobs', {}, 'j'],
    [['grep', '-e', 'error', 'j'], 'jobs', {}, 'j'],
    [['wait', 'pool', 'p'], 'pools', {}, 'p'],
    [['wait', 'job', ''], 'jobs', {}, ''],
    [['wait', 'task', 'j/t'], 'tasks', { job: 'j' }, 'j/t'],
    [['upload', 'in'], 'containers', {}, 'in'],
    [['download', 'in'], 'containers', {}, 'in/'],
  ] as const)('of azb %j is an id of %s', (words, resource, scope, word) => {
    expect(wanted(...words)).toEqual([resource, scope, word]);
  });

  it.each([
    [''],
    ['ge'],
    ['get', 'jo'],
    ['get', 'tasks', 't'],
    ['get', 'nonsense', 'x'],
    ['get', 'jobs', '-'],
    ['get', 'jobs', '--filter', 'x'],
    ['get', 'jobs', '--constructor=x'],
    ['get', 'nodes', '-n', 'x'],
    ['logs', 'j', 'f'],
    ['logs', 'j/t', 'f', 'g'],
    ['progress', 'j', 'x'],
    ['grep', 'error'],
    ['wait', 'jo'],
    ['wait', 'node', 'n'],
    ['wait', 'job', 'j', 'x'],
    ['upload', 'in', 'f'],
    ['download', 'in/'],
    ['-c', 'tasks'],
    ['create', '-f', 'x'],
  ])('of azb %s %s %s is no id that could be asked for', (...words) => {
    expect(wanted(...words)).toBeUndefined();
  });

  it('says with which account', () => {
    expect(readLine(['get', 'jobs', '--account', 'other', 'j']).text('account')).toBe('other');
  });
});

describe('the ids that may stand there', () => {
  const jobs = (typed: string, more: Partial<WantedIds> = {}): WantedIds => ({
    resource: resourceNamed('jobs'),
    scope: {},
    typed,
    before: '',
    after: '',
    ...more,
  });

  it('are found by the service by what is typed, one page of them', async () => {
    const port = scriptedPort({ listPage: async () => page([{ id: 'job1' }, { id: 'JOB2' }], 'more') });
    expect(await idsFor(port, jobs('job', { before: 'x=', after: '/' }), NEVER)).toEqual(['x=job1/']);
    expect(port.asked('listPage')).toEqual([
      ['jobs', {}, { pageSize: 200, select: ['id'], filter: "startswith(id,'job')" }],
    ]);
  });

  it('are found by azb where the service does not know to', async () => {
    const port = scriptedPort({ listPage: async () => page([{ name: 'stdout.txt' }, { name: 'wd/a' }]) });
    const files = { resource: resourceNamed('files'), scope: { job: 'j', task: 't' } };
    expect(await idsFor(port, jobs('s', files), NEVER)).toEqual(['stdout.txt']);
    expect(port.asked('listPage')[0]?.[2]).toEqual({ pageSize: 200, recursive: true });
  });

  it('are none that a shell would run: tasks name their files as they like', async () => {
    const names = ['$(reboot)', '`reboot`', 'a;reboot', 'a b', "a'b", 'a\nb', '~root', 'fine-1.0_a/b:c.txt'];
    const port = scriptedPort({ listPage: async () => page(names.map((name) => ({ name }))) });
    const files = { resource: resourceNamed('files'), scope: { job: 'j', task: 't' } };
    expect(await idsFor(port, jobs('', files), NEVER)).toEqual(['fine-1.0_a/b:c.txt']);
  });
});
