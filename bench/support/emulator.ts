import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ENTRY = join('bin', 'azb.js');

/** `azb emulator` as a process of its own. */
export interface EmulatorProcess {
  readonly pid: number;
  readonly endpoint: string;
  readonly account: string;
  readonly key: string;
  /** What azb, `az` and others need in their environment to use it. */
  readonly env: Readonly<Record<string, string>>;
  /** Requests that were answered so far, one line each: `200 GET /jobs?…`. */
  readonly requests: readonly string[];
  /** Ends it, and resolves when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts the built azb's emulator on a free port; it must be ended by whoever started it. */
export async function startEmulator(args: readonly string[] = []): Promise<EmulatorProcess> {
  const child = spawn(process.execPath, [ENTRY, 'emulator', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const requests: string[] = [];
  const log = lines(child, (line) => {
    const [, request] = /^\S+Z (\d+ .*)$/.exec(line) ?? [];
    if (request !== undefined) requests.push(request);
  });
  const exports = await introduction(child, log);
  const value = (name: string) => exports.get(name) ?? '';
  return {
    pid: child.pid ?? 0,
    endpoint: value('AZURE_BATCH_ENDPOINT'),
    account: value('AZURE_BATCH_ACCOUNT'),
    key: value('AZURE_BATCH_ACCESS_KEY'),
    env: Object.fromEntries(exports),
    requests,
    end: async (signal) => {
      const gone = once(child, 'exit');
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await gone;
    },
  };
}

/** A folder of its own, removed by `remove`. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'azb-bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function lines(child: ChildProcess, take: (line: string) => void): () => string {
  let rest = '';
  let last = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      last = line;
      take(line);
    }
  });
  return () => last;
}

function introduction(child: ChildProcess, log: () => string): Promise<Map<string, string>> {
  let out = '';
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the emulator ended: ${log()}`)));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const found = [...out.matchAll(/^export (\w+)=(.*)\n/gm)].map(
        ([, name = '', value = '']): [string, string] => [name, value],
      );
      if (found.length >= 3) resolve(new Map(found));
    });
  });
}
