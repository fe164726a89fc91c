// Where the bundle is. Each build has a folder of its own in dist/, and dist/azb.cjs is the door to the newest: it is put in
// its place in one step, when all behind it is there. An azb that runs goes on with the build that it was started from.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const DOOR = join(DIST, 'azb.cjs');
const TO_BUILD = /^module\.exports = require\('\.\/(build-\w+)\/azb\.cjs'\);$/m;

/** Builds that stay, the newest among them: whoever runs azb from one still loads from it. */
const KEPT = 5;

/** The folder of the newest build; undefined where there is none. */
export function currentBuild() {
  if (!existsSync(DOOR)) return undefined;
  const build = TO_BUILD.exec(readFileSync(DOOR, 'utf8'))?.[1];
  return build !== undefined && existsSync(join(DIST, build)) ? join(DIST, build) : undefined;
}

/** When the newest build was made, in milliseconds; 0 where there is none. */
export function builtAt() {
  return currentBuild() === undefined ? 0 : statSync(DOOR).mtimeMs;
}

/**
 * Writes a build, has it completed in its folder, and makes it the one that is started from now on.
 * @param files text or bytes by their name in the build
 */
export async function placeBuild(files, complete) {
  const hash = createHash('sha256');
  for (const [name, content] of [...files].sort()) hash.update(`${name}\0`).update(content).update('\0');
  const build = `build-${hash.digest('hex').slice(0, 12)}`;
  const folder = join(DIST, build);
  if (!existsSync(folder)) await writeBuild(folder, files);
  await complete(folder);
  await utimes(folder, new Date(), new Date());
  await replace(DOOR, `module.exports = require('./${build}/azb.cjs');\n`);
  await tidy();
}

async function writeBuild(folder, files) {
  const arriving = `${folder}.${process.pid}`;
  for (const [name, content] of files) {
    const path = join(arriving, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  try {
    await rename(arriving, folder);
  } catch (error) {
    await rm(arriving, { recursive: true, force: true });
    // The same sources, built by another process at the same time.
    if (!existsSync(folder)) throw error;
  }
}

async function replace(path, text) {
  const arriving = `${path}.${process.pid}`;
  await writeFile(arriving, text);
  await rename(arriving, path);
}

/** Removes builds that nobody is likely to run any more, and what was never finished. */
async function tidy() {
  const age = (name) => Date.now() - (statSync(join(DIST, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  const others = readdirSync(DIST).filter((name) => name !== 'azb.cjs');
  const builds = others.filter((name) => /^build-\w+$/.test(name)).sort((a, b) => age(a) - age(b));
  const unfinished = others.filter((name) => !builds.includes(name) && age(name) > HOUR_MS);
  const gone = [...builds.slice(KEPT), ...unfinished];
  await Promise.all(gone.map((name) => rm(join(DIST, name), { recursive: true, force: true })));
}

const HOUR_MS = 3_600_000;
