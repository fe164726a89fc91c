// Writes V8's code cache of the merged files in dist/: every function of theirs as bytecode. To be run by the Node that is to
// use it, in a process of its own, since it changes how V8 compiles.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');

/** Where the loader looks for the cache of a merged file; see scripts/loader.cjs. */
const cacheOf = (path) => `${path}.${process.version}.cache`;

const mergedFiles = () =>
  readdirSync(dist)
    .filter((name) => name.endsWith('.cjs') && name !== 'azb.cjs')
    .map((name) => join(dist, name));

/** Whether this Node has a cache of every merged file. */
export function isCached() {
  return mergedFiles().every((path) => existsSync(cacheOf(path)));
}

function writeCache(path) {
  // V8 compiles a function when it is first called, and leaves out of a cache what was not compiled.
  setFlagsFromString('--no-lazy');
  const script = new Script(readFileSync(path, 'latin1'), { filename: path });
  // A cache names the flags that it was made with, and is refused where they differ.
  setFlagsFromString('--lazy');
  writeFileSync(cacheOf(path), script.createCachedData());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) mergedFiles().forEach(writeCache);
