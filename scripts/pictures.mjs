// Makes the pictures of docs/img from a real run of the demo, and of azb on a larger
// emulator, in a terminal without a window.
import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildIfStale } from './build.mjs';
import { furnish, LARGE_SCENES, SCENES } from './picture-scenes.mjs';
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

const ENTRY = join(root, 'bin/azb.js');

/** Plays scenes on azb, in a home of its own. */
async function play(args, scenes, env) {
  const home = join(root, 'node_modules/.cache/azb-pictures/home');
  const own = { HOME: home, XDG_CONFIG_HOME: undefined, XDG_STATE_HOME: undefined, VISUAL: undefined };
  const ui = startTerminal({
    command: process.execPath,
    args: [ENTRY, ...args],
    env: { ...own, EDITOR: furnish(home), ...env },
    ...SIZE,
  });
  try {
    for (const scene of scenes) await scene(ui, (name, title, theme) => keep(ui, name, title, theme));
    ui.press('ctrl-c');
    await ui.exit;
  } finally {
    await ui.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** An emulator for hundreds of nodes, and the variables that lead azb to it. */
async function startEmulator() {
  const args = [ENTRY, 'emulator', '--port', '0', '--nodes-max', '500', '--speed', '4'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const env = {};
  for await (const line of createInterface(child.stdout)) {
    const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) env[name] = value;
    if (name === 'AZURE_BATCH_ENDPOINT') break;
  }
  return { env, stop: () => child.kill() };
}

await mkdir(folder, { recursive: true });
await buildIfStale();
const { startTerminal } = await loadTerminal();
await play(['demo'], SCENES, {});
const emulator = await startEmulator();
try {
  await play(['--refresh', '1'], LARGE_SCENES, emulator.env);
} finally {
  emulator.stop();
}
