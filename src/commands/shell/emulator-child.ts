import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { AccountSettings } from '../../api/settings.ts';
import { AzbError } from '../../lib/errors.ts';

/**
 * Set for an emulator that must not outlive who started it: it ends when its standard input does, which the
 * system sees to even when the parent is killed.
 */
export const STOP_WITH_STDIN = 'AZB_EMULATOR_STOP_WITH_STDIN';

const STOP_LIMIT_MS = 5000;
const KEPT_LOG_LINES = 20;

export interface EmulatorChild {
  readonly account: AccountSettings;
  /** The connection string of its storage account. */
  readonly storage: string;
  /** Aborts when the process ends. */
  readonly ended: AbortSignal;
  /** Ends the process and its tasks; resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts the emulator on a free port as a process of its own. `entry` is azb's own entry file, `speed` how
 * many times faster than usual its nodes start. @throws AzbError with what it said when it does not start.
 */
export async function startEmulatorChild(entry: string, speed: number): Promise<EmulatorChild> {
  const child = spawn(process.execPath, [entry, 'emulator', '--port', '0', '--speed', String(speed)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, [STOP_WITH_STDIN]: '1' },
    // In a group of its own, so that ctrl-c reaches azb first and azb ends it in order.
    detached: true,
  });
  // The pipe breaks when the emulator ends first; that is seen by its exit.
  child.stdin.on('error', () => {});
  const log = lastLines(child.stderr);
  const ended = new AbortController();
  child.once('exit', () =>
    ended.abort(new AzbError(`the emulator ended: ${log().at(-1) ?? 'no reason given'}`)),
  );
  child.once('error', (cause) =>
    ended.abort(new AzbError(`the emulator cannot be started: ${cause.message}`, { cause })),
  );
  try {
    const { account, storage } = await readAccounts(child.stdout, ended.signal);
    // Whoever reads later lines reads none, but the pipe must not fill.
    child.stdout.resume();
    return { account, storage, ended: ended.signal, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** The accounts that the emulator's first lines export, as a shell would read them. */
async function readAccounts(
  stdout: Readable,
  ended: AbortSignal,
): Promise<Pick<EmulatorChild, 'account' | 'storage'>> {
  const exported = new Map<string, string>();
  const lines = createInterface({ input: stdout });
  for await (const line of lines) {
    const match = /^export (\w+)=(["']?)(.*)\2$/.exec(line);
    if (match !== null) exported.set(match[1] ?? '', match[3] ?? '');
    const name = exported.get('AZURE_BATCH_ACCOUNT');
    const key = exported.get('AZURE_BATCH_ACCESS_KEY');
    const endpoint = exported.get('AZURE_BATCH_ENDPOINT');
    const storage = exported.get('AZURE_STORAGE_CONNECTION_STRING');
    if (name !== undefined && key !== undefined && endpoint !== undefined && storage !== undefined) {
      return {
        account: { name, endpoint, credential: { kind: 'shared key', key }, source: 'demo' },
        storage,
      };
    }
  }
  if (!ended.aborted) await once(ended, 'abort');
  throw ended.reason;
}

/** The last lines of a log, for the case that something goes wrong. */
function lastLines(stream: Readable): () => readonly string[] {
  const kept: string[] = [];
  createInterface({ input: stream }).on('line', (line) => {
    kept.push(line);
    if (kept.length > KEPT_LOG_LINES) kept.shift();
  });
  return () => kept;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exit = once(child, 'exit');
  child.stdin?.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exit;
  clearTimeout(timer);
}
