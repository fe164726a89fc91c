import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseUserFiles } from '../../../src/config/parse-user-files.ts';
import { parseSettings } from '../../../src/config/settings-file.ts';
import { loadUserFiles } from '../../../src/config/user-files.ts';
import { vocabulary } from '../../../src/ui-settings.ts';

const NAMES = vocabulary();

/** What the files of these texts say; each has its own name as its path. */
function parse(texts: Record<string, string>, skins: Record<string, string> = {}) {
  const asFiles = (entries: Record<string, string>) =>
    Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, { path: name, text }]));
  return parseUserFiles({ ...asFiles(texts), skins: asFiles(skins) }, NAMES);
}

describe('aliases.yaml', () => {
  test('gives a word for a command', () => {
    const { aliases, problems } = parse({ aliases: 'Mine: ":tasks myjob /state=failed"\np: pools\n' });
    expect(aliases).toEqual({ mine: 'tasks myjob /state=failed', p: 'pools' });
    expect(problems).toEqual([]);
  });

  test('tells of what is wrong, and takes the rest', () => {
    const { aliases, problems } = parse({ aliases: 'p: pools\n"a b": jobs\nq: 3\n' });
    expect(aliases).toEqual({ p: 'pools' });
    expect(problems).toEqual([
      'aliases:2: a b can be no alias: letters, digits, - and _ only',
      'aliases:3: q must be a command, such as jobs or tasks myjob /failed',
    ]);
  });
});

describe('hotkeys.yaml', () => {
  test('gives a key a command, in short or with help', () => {
    const { hotkeys } = parse({
      hotkeys: 'F5: jobs\nshift-t: { command: tasks j, help: Mine, override: true }\n',
    });
    expect(hotkeys).toEqual([
      { key: 'f5', command: 'jobs', help: ':jobs', override: false, place: 'hotkeys:1' },
      { key: 'T', command: 'tasks j', help: 'Mine', override: true, place: 'hotkeys:2' },
    ]);
  });

  test('tells of what is no key, and of what is missing inside', () => {
    const { hotkeys, problems } = parse({ hotkeys: 'alt-x: jobs\nf6:\n  help: no command\n' });
    expect(hotkeys).toEqual([]);
    expect(problems[0]).toBe('hotkeys:1: alt-x is no key that terminals send, such as f5, ctrl-j or shift-t');
    expect(problems[1]).toBe('hotkeys:3: f6.command is missing');
  });
});

describe('plugins.yaml', () => {
  test('takes a plugin with what is usual for the rest', () => {
    const { plugins } = parse({
      plugins: 'say:\n  key: ctrl-o\n  scopes: [jobs, all]\n  help: Say\n  command: echo\n  args: [$ID]\n',
    });
    expect(plugins).toEqual([
      {
        name: 'say',
        key: 'ctrl-o',
        scopes: ['jobs', 'all'],
        help: 'Say',
        command: 'echo',
        args: ['$ID'],
        confirm: false,
        dangerous: false,
        background: false,
        pause: false,
        override: false,
        place: 'plugins:1',
      },
    ]);
  });

  test('tells of a resource that there is not, with what may have been meant', () => {
    const { problems } = parse({
      plugins: 'say:\n  key: x\n  help: x\n  command: echo\n  scopes:\n    - jobs\n    - task\n',
    });
    expect(problems).toEqual(['plugins:7: say.scopes[1] is not a resource or all (did you mean tasks?)']);
  });
});

describe('views.yaml', () => {
  test('takes columns by id and by title, widths and a sort', () => {
    const { views, problems } = parse({
      views: 'tasks:\n  columns: [id, EXIT, { column: command, width: 60 }]\n  sort: exit:desc\n',
    });
    expect(problems).toEqual([]);
    expect(views.tasks).toEqual({
      columns: [
        { column: 'id', width: undefined },
        { column: 'exit', width: undefined },
        { column: 'command', width: 60 },
      ],
      sort: { column: 'exit', descending: true },
    });
  });

  test('takes the column of costs, with and without prices', () => {
    const views = "pools:\n  columns: [id, { column: cost, width: 9 }]\n  sort: 'cost:desc'\n";
    const found = parse({ views });
    expect(found.problems).toEqual([]);
    const wanted = { columns: [{ column: 'id' }, { column: 'cost', width: 9 }], sort: { column: 'cost' } };
    expect(found.views.pools).toMatchObject(wanted);
    expect(parse({ views: 'jobs:\n  sort: cost\n' }).problems).toHaveLength(1);
  });

  test('tells of a column that there is not with its own line, and takes the other lists', () => {
    const { views, problems } = parse({
      views: 'tasks:\n  columns:\n    - id\n    - stat\npools:\n  sort: id\nshrubs:\n  sort: id\n',
    });
    expect(problems).toEqual([
      'views:4: tasks.columns[1] is no column of tasks (did you mean state?)',
      'views:7: there is no resource shrubs',
    ]);
    expect(Object.keys(views)).toEqual(['pools']);
  });
});

describe('a skin', () => {
  test('builds on another one; a colour alone is the foreground', () => {
    const { skins, problems } = parse(
      {},
      { mine: "base: light\nbad: red\ntitle: { fg: '#102030', bold: true }\ndim: 240\n" },
    );
    expect(problems).toEqual([]);
    expect(skins.mine).toEqual({
      base: 'light',
      styles: { bad: { fg: 'red' }, title: { fg: '#102030', bold: true }, dim: { fg: 240 } },
    });
  });

  test('tells of what is no role and no colour', () => {
    const { skins, problems } = parse(
      {},
      { mine: 'titel: red\nbad: redd\nlogo: { fg: red, bold: 3 }\nkey: blue\n' },
    );
    expect(skins.mine?.styles).toEqual({ key: { fg: 'blue' } });
    expect(problems).toEqual([
      'mine:1: there is no role titel (did you mean title?)',
      'mine:2: bad is no colour: #rrggbb, 0 to 255, or a name such as red or brightblue',
      'mine:3: logo.bold must be true or false',
    ]);
  });
});

describe('a file that is no YAML', () => {
  test('costs no other file', () => {
    const { aliases, problems } = parse({ aliases: 'p: pools\n', views: 'tasks: [\n' });
    expect(aliases).toEqual({ p: 'pools' });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^views:\d+: /);
  });
});

describe('a configuration folder', () => {
  async function folderWith(files: Record<string, string>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'azb-files-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await mkdir(join(folder, 'skins'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return folder;
  }

  test('is read file by file', async () => {
    const folder = await folderWith({
      'aliases.yaml': 'p: pools\n',
      'skins/mine.yaml': 'bad: red\n',
      'skins/notes.txt': '',
    });
    const files = await loadUserFiles(folder, NAMES);
    expect(files.aliases).toEqual({ p: 'pools' });
    expect(Object.keys(files.skins)).toEqual(['mine']);
  });

  test('may be empty or missing', async () => {
    const folder = await folderWith({});
    expect(await loadUserFiles(folder, NAMES)).toMatchObject({ aliases: {}, problems: [] });
    expect(await loadUserFiles(join(folder, 'none'), NAMES)).toMatchObject({ hotkeys: [], problems: [] });
  });

  test('a file that cannot be read is told of', async () => {
    const folder = await folderWith({ 'aliases.yaml': 'p: pools\n' });
    await mkdir(join(folder, 'views.yaml'));
    const files = await loadUserFiles(folder, NAMES);
    expect(files.problems[0]).toContain(join(folder, 'views.yaml'));
    expect(files.aliases).toEqual({ p: 'pools' });
  });
});

describe('docs/config.md', () => {
  test('gives examples that azb takes', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/config.md'), 'utf8');
    const sections = page.split(/^## /m).slice(1);
    const examples = sections.flatMap((section) => {
      const name = /^`(?:skins\/)?(\w+)\.yaml`/.exec(section)?.[1];
      const text = /```yaml\n([\s\S]*?)```/.exec(section)?.[1];
      return name === undefined || text === undefined ? [] : [[name, text] as const];
    });
    const { config = '', NAME = '', ...texts } = Object.fromEntries(examples);
    expect(Object.keys(texts).toSorted()).toEqual(['aliases', 'hotkeys', 'plugins', 'views']);
    expect(parseSettings(config, 'config', NAMES).problems).toEqual([]);
    expect(parse(texts, { NAME }).problems).toEqual([]);
    expect(parse(texts, { NAME }).plugins).not.toEqual([]);
  });
});
