// Writes docs/keys.md from the key table and the registry, and docs/config.md from the schemas of the
// configuration files, and the tables of docs/emulator.md from the emulator's, so that they cannot say anything else than azb does:
//   node scripts/generate-docs.mjs           writes them
//   node scripts/generate-docs.mjs --check   fails when they are not what would be written
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { configPage } from './config-page.mjs';
import { emulatorPage } from './emulator-page.mjs';
import { code, table } from './markdown.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Where the bindings of a scope work. A scope of the key table that is missing here ends this script. */
const SCOPES = {
  global: 'Everywhere',
  table: 'In any table',
  pools: 'In pools',
  nodes: 'In nodes',
  map: 'In a map of nodes, besides those of nodes',
  jobs: 'In jobs',
  tasks: 'In tasks',
  containers: 'In containers',
  blobs: 'In blobs',
  applications: 'In applications',
  packages: 'In the versions of an application',
  files: 'In files',
  jobschedules: 'In job schedules',
  accounts: 'In accounts',
  accountkeys: 'In the keys of an account',
  certificates: 'In certificates',
  preparations: 'In preparation and release of a job',
  nodetasks: 'In the latest tasks of a node',
  subtasks: 'In subtasks',
  failures: 'In failures',
  lines: 'In lines found in the output of tasks',
  text: 'In any text: describe, YAML, tail, help',
  tail: 'In a tail',
  help: 'In the help',
  prompt: 'Behind `:` and `/`',
  dialog: 'In a question',
  form: 'In a form',
  picker: 'In a list to pick from',
};

/** Everything that the pages are made of. */
const TABLES = `
  export { KEYS } from './src/keys/table.ts';
  export { RESOURCES } from './src/resources/registry.ts';
  export { BUILT_IN_SKINS, ROLES } from './src/components/skins.ts';
  export { DEFAULT_SETTINGS } from './src/config/settings.ts';
  export { HOTKEY, pluginSchema, SETTINGS } from './src/config/schema.ts';
  export { viewSchema } from './src/config/view-schema.ts';
  export { PLUGIN_VARIABLES } from './src/store/actions/plugins.ts';
  export { vocabulary } from './src/ui-settings.ts';
  export { ARM_ROUTES } from './emulator/arm/routes.ts';
  export { BLOB_OPERATIONS } from './emulator/blobs/routes.ts';
  export { COVERAGE } from './emulator/http/coverage.ts';
  export { ROUTES } from './emulator/http/routes.ts';
  export { USAGE } from './emulator/options.ts';
`;

/** The tables themselves: the TypeScript is bundled in memory, because Node cannot load it. */
async function loadTables() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: TABLES,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr('file:///');" },
    logLevel: 'warning',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

function scopeLines(scope, bindings) {
  const title = SCOPES[scope];
  if (title === undefined)
    throw new Error(`the key table has a scope that this script cannot name: ${scope}`);
  const rows = bindings.map((binding) => [
    binding.keys.map(code).join(' '),
    binding.help + (binding.dangerous === true ? ' (not in read-only mode)' : ''),
    code(binding.id),
  ]);
  return ['', `## ${title}`, '', ...table(['Keys', 'Does', 'Name'], rows)];
}

function resourceLines(resource) {
  const sorts = resource.columns
    .filter((column) => column.sortKey !== undefined)
    .map((column) => [
      code(`shift-${column.sortKey.toLowerCase()}`),
      `Sort by ${column.title}; again: reverse`,
    ]);
  const filters = resource.stateFilters.map((filter, index) => [
    code(String(index + 1)),
    `Only ${filter.label}`,
  ]);
  if (sorts.length + filters.length === 0) return [];
  return ['', `### ${resource.name}`, '', ...table(['Keys', 'Does'], [...sorts, ...filters])];
}

function keysPage(keys, resources) {
  const scopes = [...new Set(keys.map((binding) => binding.scope))];
  return [
    '# Keys',
    '',
    '<!-- Written by `npm run docs` from src/keys/table.ts and src/resources: change those. -->',
    '',
    'The nearest place that knows a key takes it: tasks before any table, any table before everywhere. A',
    'question, a form or a prompt takes every key while it is open. `?` shows the keys of the view on the',
    'screen. The name is what `keys` in `config.yaml` knows a key by: see [config.md](config.md).',
    ...scopes.flatMap((scope) =>
      scopeLines(
        scope,
        keys.filter((binding) => binding.scope === scope),
      ),
    ),
    '',
    '## Sorting and state filters of each table',
    '',
    '`>` and `<` sort by the next column and the one before where a terminal keeps shift for itself; `0` shows',
    'all states.',
    ...resources.flatMap(resourceLines),
    '',
  ].join('\n');
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const tables = await loadTables();
const pages = {
  'docs/keys.md': keysPage(tables.KEYS, tables.RESOURCES),
  'docs/config.md': configPage(tables),
  'docs/emulator.md': emulatorPage(read(join(root, 'docs/emulator.md')) ?? '', tables),
};
for (const [name, page] of Object.entries(pages)) {
  const path = join(root, name);
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, page);
  } else if (read(path) !== page) {
    console.log(`${name} is not what the tables say: npm run docs writes it`);
    process.exitCode = 1;
  }
}
