// Makes the pictures of docs/img from a real run of the demo, in a terminal without a window.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildIfStale } from './build.mjs';
import { furnish, SCENES } from './picture-scenes.mjs';
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

/** Writes what the terminal shows as docs/img/NAME.svg. */
async function keep(ui, name, title, theme) {
  const svg = screenSvg({
    columns: SIZE.cols,
    rows: SIZE.rows,
    cell: (x, y) => ui.cell(x, y),
    title: `azb – ${title}`,
    theme,
  });
  await writeFile(join(folder, `${name}.svg`), svg);
  console.log(`docs/img/${name}.svg`);
}

await mkdir(folder, { recursive: true });
await buildIfStale();
const { startTerminal } = await loadTerminal();
const home = join(root, 'node_modules/.cache/azb-pictures/home');
const editor = furnish(home);
const ui = startTerminal({
  command: process.execPath,
  args: [join(root, 'bin/azb.js'), 'demo'],
  env: {
    HOME: home,
    XDG_CONFIG_HOME: undefined,
    XDG_STATE_HOME: undefined,
    VISUAL: undefined,
    EDITOR: editor,
  },
  ...SIZE,
});
try {
  for (const scene of SCENES) await scene(ui, (name, title, theme) => keep(ui, name, title, theme));
  ui.press('ctrl-c');
  await ui.exit;
} finally {
  await ui.close();
  await rm(home, { recursive: true, force: true });
}
