import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { ProgramOptions } from './terminal.ts';

/** A program that people might use beside azb, doing what azb does: move through a long list. */
export interface Peer {
  readonly name: string;
  readonly program: ProgramOptions;
  /** What it shows when it is ready. */
  readonly ready: RegExp;
  readonly keys: { readonly down: string; readonly pageDown: string };
}

/** Whether a command is installed. Nothing is ever installed by a bench. */
export function isInstalled(command: string): boolean {
  return (process.env.PATH ?? '')
    .split(':')
    .some((folder) => folder !== '' && existsSync(join(folder, command)));
}

const DOWN = { down: '\x1b[B', pageDown: '\x1b[6~' };
const VI = { down: 'j', pageDown: '\x06' };

/** The peers that are installed, and the names of those that are not. */
export async function findPeers(folder: string): Promise<{ peers: Peer[]; missing: string[] }> {
  const file = join(folder, 'rows.txt');
  writeFileSync(file, listing());
  const env = { HOME: folder, LESSHISTFILE: '-' };
  const terminal: Peer[] = [
    { name: 'less', program: { command: 'less', args: ['-S', file], env }, ready: /task-0000009/, keys: VI },
    {
      name: 'vim',
      program: { command: 'vim', args: ['-u', 'NONE', '-c', 'set cursorline nowrap', file], env },
      ready: /task-0000009/,
      keys: VI,
    },
    { name: 'micro', program: { command: 'micro', args: [file], env }, ready: /task-0000009/, keys: DOWN },
    { name: 'htop', program: { command: 'htop', env }, ready: /CPU/, keys: DOWN },
    { name: 'tig', program: { command: 'tig', env }, ready: /\d{4}-\d\d-\d\d/, keys: VI },
  ];
  const peers = terminal.filter(({ program }) => isInstalled(program.command));
  const missing = terminal.filter((peer) => !peers.includes(peer)).map(({ name }) => name);
  return { peers: [...peers, await plainInk(), bareNode()], missing };
}

/** What everything that runs on Node pays for a key: reading it and writing as many bytes as azb does. */
function bareNode(): Peer {
  const script =
    "process.stdin.setRawMode(true); process.stdin.on('data', () => process.stdout.write('x'.repeat(360)));" +
    "process.stdout.write('ready');";
  return {
    name: 'Node alone',
    program: { command: process.execPath, args: ['-e', script] },
    ready: /ready/,
    keys: VI,
  };
}

/** A line a task, as azb shows them. */
function listing(): string {
  const lines: string[] = [];
  for (let index = 0; index < 100_000; index += 1) {
    const id = `task-${String(index).padStart(7, '0')}`;
    lines.push(
      `${id}  ${index % 3 === 0 ? 'running' : 'completed'}  success  0  0  ${index % 97}s  ${index % 13}m`,
    );
  }
  return `${lines.join('\n')}\n`;
}

async function plainInk(): Promise<Peer> {
  const outfile = join('node_modules', '.cache', 'azb-bench', 'ink-table.mjs');
  mkdirSync(join('node_modules', '.cache', 'azb-bench'), { recursive: true });
  await build({
    entryPoints: [join('bench', 'peers', 'ink-table.tsx')],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    logLevel: 'warning',
  });
  return {
    name: 'plain Ink',
    program: { command: process.execPath, args: [outfile], env: { NODE_ENV: 'production' } },
    ready: /tasks\(bench\)/,
    keys: { ...DOWN, down: 'j' },
  };
}

/** Seconds that a command takes to its end; undefined when it fails or is not installed. */
export function secondsOf(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): number | undefined {
  if (!isInstalled(command)) return undefined;
  const start = performance.now();
  const { status } = spawnSync(command, [...args], { env: { ...process.env, ...env }, stdio: 'ignore' });
  return status === 0 ? (performance.now() - start) / 1000 : undefined;
}
