// Writes V8's code cache of the merged files of a build, whose folder is named: what a start runs, as bytecode. V8 compiles a
// function when it is first called and caches what is compiled, so the start is rehearsed here, in a process of its own, up to
// the first rows and the chrome: with a terminal that is none and a service that knows one pool. A cache names the flags that
// it was made with, and V8 refuses it under others: whatever is loaded is cached before they change.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import tty from 'node:tty';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import v8 from 'node:v8';

/** Where the loader looks for the cache of a merged file; see scripts/loader.cjs. */
const cacheOf = (folder, name) => join(folder, `${name}.cjs.${process.version}.cache`);

/** What notes that this Node cannot rehearse the start of a build. */
const failureOf = (folder) => join(folder, `uncached.${process.version}`);

/**
 * Has the code of the build in a folder cached. azb works without, and starts more slowly: that is said, and noted beside the
 * build.
 */
export async function cacheCode(folder, say = console.error) {
  try {
    await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), folder]);
    rmSync(failureOf(folder), { force: true });
  } catch (error) {
    noteFailure(folder, error);
    say(
      `azb will start more slowly, because its code could not be cached; npm run build tries again:\n${error.message}`,
    );
  }
}

function noteFailure(folder, { message }) {
  try {
    writeFileSync(failureOf(folder), message);
  } catch {
    // Where nothing can be written every start tries.
  }
}

/** The same where it is not done yet; what failed once is not tried at every start. */
export async function cacheOnce(folder, say = console.error) {
  if (!isCached(folder) && !existsSync(failureOf(folder))) await cacheCode(folder, say);
}

/** Whether this Node has a cache of every merged file of the build in a folder. */
function isCached(folder) {
  const merged = readdirSync(folder).filter((name) => name.endsWith('.cjs') && name !== 'azb.cjs');
  return merged.every((name) => existsSync(cacheOf(folder, name.replace(/\.cjs$/, ''))));
}

const POOL = {
  id: 'rehearsal',
  state: 'active',
  allocationState: 'steady',
  creationTime: '2026-01-01T00:00:00Z',
  allocationStateTransitionTime: '2026-01-01T00:00:00Z',
  vmSize: 'standard_d2s_v3',
  currentDedicatedNodes: 1,
  targetDedicatedNodes: 1,
  currentLowPriorityNodes: 0,
  targetLowPriorityNodes: 0,
};
/** What only the chrome says. */
const CHROME = 'Account';
const PATIENCE_MS = 10_000;

async function rehearse(home, folder) {
  const service = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ value: request.url.startsWith('/pools') ? [POOL] : [] }));
  });
  await new Promise((resolve) => service.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    HOME: home,
    USERPROFILE: home,
    APPDATA: home,
    LOCALAPPDATA: home,
    XDG_CONFIG_HOME: home,
    XDG_STATE_HOME: home,
    XDG_DATA_HOME: home,
    AZURE_CONFIG_DIR: home,
    AZURE_BATCH_ACCOUNT: 'rehearsal',
    AZURE_BATCH_ENDPOINT: `http://127.0.0.1:${service.address().port}`,
    AZURE_BATCH_ACCESS_KEY: Buffer.alloc(64).toString('base64'),
  });
  // Ink prints nothing until its end under CI.
  delete process.env.CI;
  const { setFlagsFromString } = v8;
  let loaded = new Map();
  v8.setFlagsFromString = (flags) => {
    writeCaches(folder, loaded);
    setFlagsFromString(flags);
  };
  process.argv.splice(2);
  const isShown = pretendTerminal([POOL.id, CHROME]);
  ({ loaded } = createRequire(import.meta.url)(join(folder, 'azb.cjs')));
  await isShown;
  writeCaches(folder, loaded);
}

/** Writes the caches of what is loaded and has none yet. */
function writeCaches(folder, loaded) {
  for (const [name, { script, stamp }] of loaded) {
    const path = cacheOf(folder, name);
    if (existsSync(path)) continue;
    const fresh = `${path}.new`;
    writeFileSync(fresh, Buffer.concat([script.createCachedData(), Buffer.from(stamp, 'latin1')]));
    renameSync(fresh, path);
  }
}

/** Resolves when all the texts were written to what passes for a terminal from now on. */
function pretendTerminal(texts) {
  const { stdin, stdout } = process;
  Object.assign(stdin, { isTTY: true, setRawMode: () => stdin });
  tty.ReadStream = PassThrough;
  Object.assign(stdout, { isTTY: true, columns: 200, rows: 50, getColorDepth: () => 24 });
  let written = '';
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`the rehearsal of a start came to\n${written}`)), PATIENCE_MS).unref();
    stdout.write = (text, ...rest) => {
      written += text;
      if (texts.every((each) => written.includes(each))) resolve();
      const done = rest.at(-1);
      if (typeof done === 'function') process.nextTick(done);
      return true;
    };
  });
}

async function main(folder) {
  const home = mkdtempSync(join(tmpdir(), 'azb-build-'));
  try {
    await rehearse(home, folder);
    process.exitCode = 0;
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  process.exit();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv[2]);
