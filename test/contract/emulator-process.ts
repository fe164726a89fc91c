import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The emulator as a process of its own, which can be killed as a user's can. */
export interface EmulatorProcess {
  readonly endpoint: string;
  readonly account: string;
  readonly key: string;
  readonly storageConnectionString: string;
  readonly pid: number;
  /** Sends a signal and gives the exit code (null when the signal ended it), once the process is gone. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** The exit code (null when a signal ended it), once the process is gone. */
  readonly gone: Promise<number | null>;
  /** What it has written to stderr so far. */
  log(): string;
  /** What it has written to stdout so far. */
  stdout(): string;
}

/** Bundles the emulator's command line once a test file. lmdb is native and stays outside. */
export async function bundleEmulator(name: string): Promise<string> {
  const directory = join(ROOT, 'node_modules', '.cache', 'azb-contract', name);
  await mkdir(directory, { recursive: true });
  const outfile = join(directory, 'emulator.mjs');
  await build({
    stdin: {
      contents:
        "import { runEmulator } from './main.ts';\nprocess.exitCode = await runEmulator(process.argv.slice(2));",
      resolveDir: join(ROOT, 'emulator'),
      loader: 'ts',
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['lmdb'],
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'error',
  });
  return outfile;
}

/**
 * Runs it, until the test ends at the latest, and resolves once it has printed where it is; rejects with its
 * stderr when it ends before that.
 * @param prefix program and arguments that run the command line that follows them.
 */
export function startProcess(
  bundle: string,
  args: readonly string[],
  prefix: readonly string[] = [],
): Promise<EmulatorProcess> {
  const [program = '', ...rest] = [...prefix, process.execPath, bundle, ...args];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  // A test that fails must leave no emulator behind either.
  onTestFinished(async () => {
    await end(child, gone, 'SIGTERM');
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      const exports = new Map(
        [...stdout.matchAll(/^export (\w+)=('?)(.*)\2\n/gm)].map((match) => [match[1], match[3]]),
      );
      if (!exports.has('AZURE_STORAGE_CONNECTION_STRING')) return;
      resolve({
        endpoint: exports.get('AZURE_BATCH_ENDPOINT') ?? '',
        account: exports.get('AZURE_BATCH_ACCOUNT') ?? '',
        key: exports.get('AZURE_BATCH_ACCESS_KEY') ?? '',
        storageConnectionString: exports.get('AZURE_STORAGE_CONNECTION_STRING') ?? '',
        pid: child.pid ?? 0,
        gone,
        end: (signal) => end(child, gone, signal),
        log: () => stderr,
        stdout: () => stdout,
      });
    });
    void gone.then((code) => reject(new Error(`ended with ${code}: ${stderr}`)));
  });
}

function end(
  child: ChildProcess,
  gone: Promise<number | null>,
  signal: NodeJS.Signals,
): Promise<number | null> {
  child.kill(signal);
  return gone;
}

/** Runs it to its end; for command lines that do not serve. */
export async function runProcess(bundle: string, args: readonly string[]) {
  const child = spawn(process.execPath, [bundle, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}
