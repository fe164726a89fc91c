// Runs azb from a checkout: bundles it when a source is newer than the bundle, then hands over.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const entry = join(root, 'dist', 'azb.js');

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isStale() {
  const built = statSync(entry, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return ['src', 'emulator', 'scripts/build.mjs', 'package.json'].some((path) => newest(join(root, path)) > built);
}

if (isStale()) {
  const { bundle } = await import('./build.mjs');
  await bundle();
}
await import(pathToFileURL(entry).href);
