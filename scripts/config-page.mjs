// docs/config.md from the schemas of the configuration files: what they check is what the page says.
import { getDescription, getTitle } from 'valibot';
import { code, table } from './markdown.mjs';

/** The whole page. */
export function configPage(tables) {
  const { DEFAULT_SETTINGS, HOTKEY, pluginSchema, SETTINGS, viewSchema, vocabulary } = tables;
  const names = vocabulary();
  return [
    ...INTRODUCTION,
    '## `config.yaml`',
    '',
    ...table(
      ['Setting', 'Value', 'Default', 'Is'],
      Object.entries(SETTINGS).map(([name, schema]) => [
        code(name),
        valueText(schema),
        defaultText(DEFAULT_SETTINGS[name]),
        getDescription(schema) ?? '',
      ]),
    ),
    '',
    ...CONFIG_EXAMPLE,
    ...NOTIFY,
    ...PRICES,
    '## `aliases.yaml`',
    '',
    'A word and the command that it stands for. What is typed behind the word follows the command. An alias',
    'may stand for another one, and goes before a resource or a command of the same name.',
    '',
    ...yaml('mine: tasks myjob /state=failed', 'p: pools'),
    '## `hotkeys.yaml`',
    '',
    'A key and the command that it runs, or:',
    '',
    ...members(HOTKEY.options[1]),
    '',
    ...yaml('f5: jobs', 'f8: { command: tasks myjob, help: My tasks }'),
    '## `plugins.yaml`',
    '',
    'A name, and what the plugin is:',
    '',
    ...members(pluginSchema(names)),
    '',
    'The arguments may name these variables, as `$ID` or `${ID}`; any other `$` is left as it is. A plugin that',
    'needs one that has no value where it is started says so, and does not run. No plugin ever gets the',
    "account's key: not as a variable, and not in its environment.",
    '',
    ...table(
      ['Variable', 'Is'],
      [
        ...Object.entries(tables.PLUGIN_VARIABLES).map(([name, is]) => [code(`$${name}`), is]),
        [
          code('$COL-NAME'),
          'the value of a column under the cursor, by its id or title: `$COL-STATE`, `${COL-vmSize}`',
        ],
      ],
    ),
    '',
    ...PLUGIN_EXAMPLE,
    '## `views.yaml`',
    '',
    'The name of a resource, and how its list looks:',
    '',
    ...members(viewSchema(names, 'tasks')),
    '',
    ...yaml(
      'tasks:',
      '  columns: [id, state, exit, { column: command, width: 60 }, node]',
      '  sort: exit:desc',
    ),
    'The columns of each resource:',
    '',
    ...table(
      ['Resource', 'Columns'],
      Object.entries(names.columns).map(([name, columns]) => [
        code(name),
        columns.map(({ id }) => code(id)).join(' '),
      ]),
    ),
    '',
    'The column `cost` is shown where `config.yaml` has `prices`.',
    '',
    '## `skins/NAME.yaml`',
    '',
    `azb brings ${Object.keys(tables.BUILT_IN_SKINS).map(code).join(' and ')}. A skin of your own names the one that it builds`,
    'on (`base`, `dark` unless told) and what looks different: a role with a colour, or with any of',
    ' `fg`, `bg`, `bold`, `dim`, `italic`, `underline` and `inverse`. `:skin NAME` tries one. A colour is',
    '`#rrggbb`, a number of the 256-colour palette, or a name (`red`, `brightblue`, `gray` …) whose look your',
    'terminal decides. Where a terminal has fewer colours azb takes the nearest; under `NO_COLOR` it shows bold',
    'and inverse text only. The background is that of your terminal.',
    '',
    ...yaml('base: light', "title: { fg: '#8250df', bold: true }", 'bad: red'),
    ...table(
      ['Role', 'Is for'],
      Object.entries(tables.ROLES).map(([role, is]) => [code(role), is]),
    ),
    '',
    '## What azb remembers',
    '',
    'Prompt history, what each resource was last sorted by, and the last list of each account are kept in',
    '`state.json` in the state folder (`$XDG_STATE_HOME/azb`, by default `~/.local/state/azb`; on macOS and',
    'Windows beside the saved rows). azb writes this file only, and never one of yours. Delete it to forget.',
    '',
  ].join('\n');
}

const INTRODUCTION = [
  '# Configuration',
  '',
  '<!-- Written by `npm run docs` from src/config/schema.ts and the tables that it goes by: change those. -->',
  '',
  'All files are yours, optional, and in one folder: `$XDG_CONFIG_HOME/azb`, by default `~/.config/azb` (on',
  'macOS `~/Library/Preferences/azb`, on Windows `%APPDATA%\\azb\\Config`). `azb info` prints where it is, and',
  'lists what is wrong in any file.',
  '',
  'A running azb reads them again when one changes; only accounts, `headless`, `crumbless` and `restoreView` wait for the',
  'next start. An entry that is wrong is told of with file and line and left out; all others count. Flags go',
  'before files.',
  '',
  'Keys are written as `j`, `shift-t` (or `T`), `ctrl-j`, `f5`, `pgup`, `space`. A key that azb uses already is',
  'refused with the name of what has it; `override: true` takes it for a hotkey or a plugin. A letter that',
  'sorted a list may be taken; azb says which lists it does not sort any more.',
  '',
];

const CONFIG_EXAMPLE = yaml(
  'accounts:',
  '  - { name: research, endpoint: research.westeurope.batch.azure.com }',
  '  - { name: prod1, endpoint: prod1.westeurope.batch.azure.com }',
  'account: research',
  'readOnlyAccounts: [prod*]',
  'skin: light',
  'keys:',
  '  table.describe: f3',
  '  pools.resize: [z, f6]',
);

const NOTIFY = [
  '### A webhook',
  '',
  ...yaml(
    'notify:',
    '  ring: desktop        # as above; bell unless told',
    '  webhook: https://hooks.example.com/services/T0/B0/secret',
  ),
  'What `B` watches is told there by POST when it is over or something of it fails, and by `azb wait` when it is over:',
  '',
  '```json',
  '{',
  '  "text": "Job render: all 240 tasks completed, 3 failed (Batch account research)",',
  '  "what": "job", "id": "render", "until": "done",',
  '  "result": "failure", "account": "research", "when": "2026-03-02T12:00:00.000Z"',
  '}',
  '```',
  '',
  '`what` is `job`, `pool` or `task` (whose `id` is `JOB/TASK`), `until` `done`, `ready` or `idle`, `result` `success`,',
  '`failure`, or `going on` when something failed and it is not over. `text` is what Slack, and Teams where it takes a plain',
  'text, show; neither has been tried. No key or address is in it. The proxy of the environment is used, redirects are not',
  'followed, and after 10 seconds without an answer, or when it is refused, azb says so in a line and goes on. The address',
  'of a webhook is often a secret by itself: azb shows no more of it than its host.',
  '',
];

const PRICES = [
  '### Prices',
  '',
  ...yaml(
    'prices:',
    '  currency: EUR',
    '  sizes:               # an hour of one node',
    '    standard_d2s_v3: { dedicated: 0.105, spot: 0.021 }',
    '    standard_a1_v2: { dedicated: 0.04 }',
  ),
  'azb asks nobody for prices and knows none: these numbers are examples. With yours, the wide table of pools (`ctrl-w`, `azb',
  'get pools -o wide`) tells what the nodes that a pool has now cost an hour, `:vmsizes` what one of a size does, `:nodehours`',
  'what those that are there now have cost since they came, and `t` on a job what the node-hours cost that its tasks used. Nodes that went, idle nodes of a job,',
  'disks, network, storage and discounts are not reckoned. The service does not tell on which kind of node a task ran: where',
  'the pool has both, or neither now, the cost of a job is told from the Spot price to the dedicated one. Where a price is',
  'missing that counts, there is no amount.',
  '',
];

const PLUGIN_EXAMPLE = yaml(
  'portal:',
  '  key: ctrl-o',
  '  scopes: [jobs, pools]',
  '  help: Open in the portal',
  '  command: xdg-open',
  "  args: ['https://portal.azure.com/#search/$ID']",
  '  background: true',
  'note:',
  '  key: f7',
  '  scopes: [tasks]',
  '  help: Note it down',
  '  command: sh',
  "  args: ['-c', 'echo \"$@\" >> ~/noted-tasks.txt', sh, $JOB, $IDS]",
  '  background: true',
);

function yaml(...lines) {
  return ['```yaml', ...lines, '```', ''];
}

/** The members of an object's schema. */
function members(schema) {
  const rows = Object.entries(schema.entries).map(([name, member]) => [
    code(name),
    valueText(member) + (isOptional(member) ? '' : ', needed'),
    getDescription(member) ?? '',
  ]);
  return table(['Member', 'Value', 'Is'], rows);
}

function isOptional(schema) {
  return schema.type === 'optional' || (schema.pipe?.[0] !== schema && schema.pipe?.[0]?.type === 'optional');
}

/** What a value looks like, in a few words. */
function valueText(schema) {
  const title = getTitle(schema);
  if (title !== undefined) return title;
  const root = schema.pipe?.[0] ?? schema;
  switch (root.type) {
    case 'string':
      return 'text';
    case 'boolean':
      return '`true`, `false`';
    case 'number':
      return 'number';
    case 'array':
      return `list of ${valueText(root.item).replace(/s?$/, 's')}`;
    case 'picklist':
      return root.options.map(code).join(', ');
    case 'optional':
      return valueText(root.wrapped);
    case 'union':
      return root.options.map(valueText).join(' or ');
    case 'record':
      return `map of name to ${valueText(root.value)}`;
    default:
      throw new Error(`docs/config.md has no words for a ${root.type}`);
  }
}

function defaultText(value) {
  if (value === undefined) return '';
  const isEmpty = typeof value === 'object' && Object.keys(value).length === 0;
  return isEmpty ? 'none' : code(String(value));
}
