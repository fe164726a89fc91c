// `npm run bench -- NAME [options]`: bundles azb when it is stale, then runs bench/NAME.ts, which prints its
// table. Without a name it lists the benches.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildIfStale } from './build.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'bench');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -'.ts'.length));

/** Node runs no TypeScript, so that a bench is bundled first; what it uses of node_modules stays there. */
async function bundleBench(name) {
  const outfile = join(root, 'node_modules', '.cache', 'azb-bench', `${name}.mjs`);
  await build({
    entryPoints: [join(folder, `${name}.ts`)],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    jsx: 'automatic',
    define: { AZB_VERSION: '"bench"' },
    logLevel: 'warning',
  });
  return outfile;
}

function run(file, args) {
  const env = { ...process.env, NODE_ENV: 'production' };
  // Under `CI` Ink prints nothing until it exits, and the benches measure what it prints.
  delete env.CI;
  const child = spawn(process.execPath, [file, ...args], { cwd: root, env, stdio: 'inherit' });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

const [name, ...args] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  if (name !== undefined) console.error(`azb: there is no bench of the name ${name}`);
  console.log('npm run bench -- NAME [options], where NAME is one of');
  for (const each of names) {
    const [, summary = ''] =
      /^\/\*\*\s*\n?\s*\*?\s*(.*?)[.\n]/.exec(readFileSync(join(folder, `${each}.ts`), 'utf8')) ?? [];
    console.log(`  ${each.padEnd(10)} ${summary}`);
  }
  process.exitCode = name === undefined ? 0 : 2;
} else {
  await buildIfStale();
  const file = await bundleBench(name);
  const [load] = loadavg();
  const cores = availableParallelism();
  console.log(`${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cores} cores`);
  if (load > cores / 4) {
    console.log(
      `The load before the run was ${load.toFixed(1)}: counts and bytes hold, times and CPU do not.`,
    );
  }
  process.exitCode = await run(file, args);
}
