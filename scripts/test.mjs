// What `npm test` runs: types, lint and format, generated docs, the bundle, then every test. A check that
// fails does not keep the next ones from running. `--checks-only` leaves the tests out. The last line is
// `N passed, N failed`, where a check counts as one and a test as one.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Biome colours its output whether or not someone looks at it. */
const biomeColours = process.stdout.isTTY ? [] : ['--colors=off'];

const CHECKS = [
  ['types', 'node_modules/typescript/bin/tsc', '--noEmit'],
  ['lint and format', 'node_modules/@biomejs/biome/bin/biome', 'ci', ...biomeColours, '.'],
  ['generated docs', 'scripts/generate-docs.mjs', '--check'],
  ['bundle', 'scripts/build.mjs'],
];

/** Runs a script of Node's with its output on ours, and gives its exit code; 1 when a signal ended it. */
function run(title, script, ...args) {
  console.log(`\n── ${title}`);
  // Under `CI` Ink prints nothing until it exits.
  const { CI: _, ...env } = process.env;
  const child = spawn(process.execPath, [join(root, script), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function runChecks() {
  const failed = [];
  for (const [title, script, ...args] of CHECKS) {
    const code = await run(title, script, ...args);
    console.log(code === 0 ? `   ${title}: ok` : `   ${title}: FAILED`);
    if (code !== 0) failed.push(title);
  }
  return { passed: CHECKS.length - failed.length, failed: failed.length, skipped: 0 };
}

async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'azb-test-'));
  try {
    const report = join(folder, 'report.json');
    const code = await run(
      'tests',
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      // A snapshot that is missing must fail here, not be made up.
      '--update=none',
    );
    return countTests(report, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Counts of a run. What failed outside any test, such as a file that cannot be loaded, counts as one failure. */
function countTests(report, code) {
  const result = readReport(report);
  if (result === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const brokenFiles = result.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const counted = result.numFailedTests + brokenFiles.length;
  const ranNothing = result.numPassedTests + counted === 0;
  return {
    passed: result.numPassedTests,
    failed: counted === 0 && (code !== 0 || ranNothing) ? 1 : counted,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    console.log(`   the tests left no report: ${error.message}`);
    return undefined;
  }
}

const parts = [await runChecks()];
if (!process.argv.includes('--checks-only')) parts.push(await runTests());
const sum = (name) => parts.reduce((total, part) => total + part[name], 0);
const skipped = sum('skipped');
console.log(
  `\n${sum('passed')} passed, ${sum('failed')} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`,
);
process.exitCode = sum('failed') === 0 ? 0 : 1;
