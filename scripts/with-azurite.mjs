// Runs the tests of files in and out of a storage account against Azurite too, which is no dependency of azb:
//   npm install --prefix DIR azurite@3.35
//   AZB_AZURITE=DIR node scripts/with-azurite.mjs [what to hand on to vitest]
// Without AZB_AZURITE the `azurite-blob` on the PATH is used. It keeps nothing and ends with the tests.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The program to run; undefined when there is none. */
function findAzurite() {
  const directory = process.env.AZB_AZURITE;
  if (directory !== undefined) {
    const path = join(directory, 'node_modules', '.bin', 'azurite-blob');
    return existsSync(path) ? path : undefined;
  }
  return spawnSync('azurite-blob', ['--version']).status === 0 ? 'azurite-blob' : undefined;
}

/** A port that is free now. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts it; resolves once it says that it listens. */
function start(program, port) {
  const args = [
    '--blobPort',
    String(port),
    '--blobHost',
    '127.0.0.1',
    '--inMemoryPersistence',
    '--disableTelemetry',
    // The client is younger than the Azurite.
    '--skipApiVersionCheck',
  ];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let output = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`azurite-blob ended with ${code}:\n${output}`)));
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (/successfully listen/i.test(output)) resolve(child);
    });
  });
}

const program = findAzurite();
if (program === undefined) {
  console.error('azb: Azurite is not here');
  console.error(
    '  try: npm install --prefix /tmp/azurite azurite@3.35 && AZB_AZURITE=/tmp/azurite node scripts/with-azurite.mjs',
  );
  process.exit(1);
}
const port = await freePort();
const azurite = await start(program, port);
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const files = ['test/contract/storage-account.test.ts', 'test/contract/arm-packages.test.ts'];
const args = ['run', ...files, ...process.argv.slice(2)];
const tests = spawn(process.execPath, [vitest, ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, AZB_AZURITE_ENDPOINT: `http://127.0.0.1:${port}/devstoreaccount1` },
});
process.exitCode = await new Promise((resolve) => tests.once('exit', (code) => resolve(code ?? 1)));
azurite.removeAllListeners('exit');
azurite.kill();
