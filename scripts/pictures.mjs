// Makes the pictures of docs/img from a real run of the demo, in a terminal without a window.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildIfStale } from './build.mjs';
import { screenSvg } from './screen-svg.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'docs/img');
const SIZE = { cols: 120, rows: 34 };

/** The tests' terminal, which is TypeScript. */
async function loadTerminal() {
  const outfile = join(root, 'node_modules/.cache/azb-pictures/terminal.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['test/support/terminal.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}

async function keep(ui, name, title) {
  const svg = screenSvg({
    columns: SIZE.cols,
    rows: SIZE.rows,
    cell: (x, y) => ui.cell(x, y),
    title: `azb – ${title}`,
  });
  await writeFile(join(folder, `${name}.svg`), svg);
  console.log(`docs/img/${name}.svg`);
}

/** Whether the line with this text stands on a colour, as what has the cursor does. */
function hasColour(ui, text) {
  const lines = ui.screen().split('\n');
  const y = lines.findIndex((line) => line.includes(text));
  return y >= 0 && ui.cell(lines[y].indexOf(text), y).bg !== 'default';
}

async function picturePools(ui) {
  await ui.waitFor(/│ mypool +active +steady +3 +3 /);
  await ui.waitFor('1 pool, 3 nodes');
  ui.press('n');
  await ui.waitFor('New pool');
  ui.press('ctrl-u');
  ui.type('render-farm');
  ui.press('tab', 'ctrl-u');
  ui.type('Standard_D2s_v3');
  ui.press('tab', 'enter');
  await ui.waitFor(/[1-9]\d* choices/);
  ui.type('ubuntu');
  await ui.waitFor((screen) => screen.includes('/ubuntu') && !screen.includes('debian'));
  ui.press('down', 'down');
  await ui.waitFor(() => hasColour(ui, 'ubuntuserver:18.04-lts batch'));
  await keep(ui, 'picker', 'the picker of VM images');
  ui.press('enter', 'tab', 'ctrl-u');
  ui.type('2');
  await ui.waitFor(/› Nodes +2/);
  await keep(ui, 'form', 'a new pool');
  ui.press('ctrl-s');
  await ui.waitFor(/│ render-farm +active +resizing /);
  await ui.waitFor('pool render-farm was created');
  await keep(ui, 'pools', 'pools');
  await ui.waitFor(/│ render-farm +active +steady /);
  ui.press('g');
  ui.press('d');
  await ui.waitFor(/Node Agent SKU Id/);
  await keep(ui, 'describe', 'describe a pool');
  ui.press('esc');
}

async function pictureTasks(ui) {
  ui.type(':tasks morework\r');
  await ui.waitFor(/│ ticks +running /);
  ui.press('n');
  await ui.waitFor('New task');
  ui.press('ctrl-u');
  ui.type('frame{01..16}');
  ui.press('tab', 'ctrl-u');
  ui.type("/bin/bash -c 'echo rendering frame {}; sleep 1.{}; exit $((10#{} == 3))'");
  ui.press('ctrl-s');
  const finished = (screen) => (screen.match(/│ frame\d+ +completed /g) ?? []).length;
  await ui.waitFor((screen) => finished(screen) >= 7 && /│ frame\d+ +running /.test(screen), {
    timeout: 60_000,
  });
  ui.type('/ticks\r');
  await ui.waitFor('</ticks>');
  ui.press('esc');
  await ui.waitFor('tasks(morework)[19]');
  await keep(ui, 'tasks', 'tasks of a job');
  ui.press('l');
  await ui.waitFor(/│line 20 of /, { timeout: 60_000 });
  await keep(ui, 'tail', 'the output of a task that runs');
  ui.press('esc');
  await ui.waitFor('tasks(morework)');
  ui.press('?');
  await ui.waitFor(/^ +tasks\(morework\) +help/m);
  await keep(ui, 'help', 'help');
}

await mkdir(folder, { recursive: true });
await buildIfStale();
const { startTerminal } = await loadTerminal();
const home = join(root, 'node_modules/.cache/azb-pictures/home');
const ui = startTerminal({
  command: process.execPath,
  args: [join(root, 'bin/azb.js'), 'demo'],
  env: { HOME: home },
  ...SIZE,
});
try {
  await picturePools(ui);
  await pictureTasks(ui);
  ui.press('ctrl-c');
  await ui.exit;
} finally {
  await ui.close();
  await rm(home, { recursive: true, force: true });
}
