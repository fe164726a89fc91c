import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const LAUNCHER = join(import.meta.dirname, '..', '..', 'scripts', 'launch.mjs');

export interface AzbResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface AzbProcess {
  readonly child: ChildProcess;
  /** What it has written to standard output and standard error up to now. */
  out(): string;
  err(): string;
  /** Resolves when standard output matches, with the match; rejects when the process ends without. */
  untilOutput(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<AzbResult>;
}

/** Starts azb as users do, with nothing of the tester's own account in its environment. */
export function startAzb(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; stdin?: string } = {},
): AzbProcess {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...options.env },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdin.end(options.stdin ?? '');
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return {
    child,
    out: () => out,
    err: () => err,
    ended,
    untilOutput: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(out);
          if (match !== null) resolve(match);
        };
        child.stdout.on('data', look);
        look();
        void ended.then(() => reject(new Error(`azb ended without ${pattern}:\n${out}\n${err}`)));
      }),
  };
}

/** Runs azb to its end. */
export function runAzb(args: readonly string[], options: { env?: NodeJS.ProcessEnv; stdin?: string } = {}) {
  return startAzb(args, options).ended;
}
