import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TerminalScreen } from '../../../src/terminal/screen.ts';
import { startTerminal, type TestTerminal } from '../../support/terminal.ts';

let folder: string;
let child: string;
let terminal: TestTerminal | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'azb-screen-'));
  child = path.join(folder, 'child.mjs');
  await build({
    entryPoints: [path.join(import.meta.dirname, 'screen-child.ts')],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});

/** The child program on its screen, started from a shell's prompt that must be back in the end. */
async function started(...guest: string[]): Promise<TestTerminal> {
  terminal = startTerminal({
    command: 'sh',
    args: ['-c', 'echo before; exec "$@"', child, process.execPath, child, ...guest],
    cols: 60,
    rows: 12,
  });
  await terminal.waitFor('ready');
  return terminal;
}

/** The modes that a shell's user would notice. */
function visibleModes(screen: TestTerminal) {
  return { alternate: screen.isAlternate(), pastes: screen.bracketsPastes(), wraps: screen.wraps() };
}

const RESTORED = { alternate: false, pastes: false, wraps: true };

describe('the screen', () => {
  test('takes the terminal over and gives it back', async () => {
    const screen = await started();
    expect(visibleModes(screen)).toEqual({ alternate: true, pastes: true, wraps: false });
    expect(screen.screen()).not.toContain('before');
    screen.press('j', 'q');
    expect(await screen.exit).toEqual({ code: 0, signal: undefined });
    expect(visibleModes(screen)).toEqual(RESTORED);
    expect(screen.screen()).toMatch(/^before\nleft\n/);
    expect(screen.output.endsWith('left\r\n')).toBe(true);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('is restored on %s, which ends it with %i', async (signal, code) => {
    const screen = await started();
    screen.kill(signal);
    expect(await screen.exit).toEqual({ code, signal: undefined });
    expect(visibleModes(screen)).toEqual(RESTORED);
    expect(screen.output).toMatch(/\x1b\[\?25h[^\x1b]*\x1b\[\?1049l[^\x1b]*$/);
  });

  test('is restored by process.exit', async () => {
    const screen = await started();
    screen.press('e');
    expect(await screen.exit).toEqual({ code: 3, signal: undefined });
    expect(visibleModes(screen)).toEqual(RESTORED);
  });

  test.each([
    ['t', 'thrown on purpose'],
    ['r', 'rejected on purpose'],
  ])('is restored before the error of a bug is printed (%s)', async (key, message) => {
    const screen = await started();
    screen.press(key);
    expect(await screen.exit).toEqual({ code: 1, signal: undefined });
    expect(visibleModes(screen)).toEqual(RESTORED);
    expect(screen.output.split('\x1b[?1049l').at(-1)).toContain(message);
  });

  test('gets keys raw: ctrl-c and ctrl-z are keys', async () => {
    const screen = await started();
    screen.press('ctrl-c', 'ctrl-z', 'ctrl-s', 'enter', 'esc');
    await screen.waitFor('key esc');
    for (const key of ['ctrl-c', 'ctrl-z', 'ctrl-s', 'enter'])
      expect(screen.screen()).toContain(`key ${key}`);
  });

  test('shows a paste as one event', async () => {
    const screen = await started();
    screen.paste('two\rlines q');
    await screen.waitFor('paste "two\\nlines q"');
  });

  test('repaints after a resize', async () => {
    const screen = await started();
    screen.press('j');
    await screen.waitFor('key j');
    screen.resize(40, 8);
    await screen.waitFor((text) => /^ready\nkey j\nsize 40x8\n+$/.test(text));
  });

  test('lends the terminal to a program and takes it back', async () => {
    const screen = await started(
      'sh',
      '-c',
      'stty sane; echo guest; read line; echo "got $line"; read line; exit 7',
    );
    screen.press('g');
    await screen.waitFor('guest');
    expect(visibleModes(screen)).toEqual(RESTORED);
    screen.type('12345\r');
    await screen.waitFor('got 12345');
    screen.type('\r');
    await screen.waitFor('guest ended 7');
    expect(visibleModes(screen)).toEqual({ alternate: true, pastes: true, wraps: false });
    screen.press('j');
    await screen.waitFor((text) => /^ready\nkey g\nguest ended 7\nkey j/.test(text));
  });

  test('survives a ctrl-c that was meant for the program', async () => {
    const screen = await started('sh', '-c', "trap 'exit 5' INT; echo guest; read line; exit 6");
    screen.press('g');
    await screen.waitFor('guest');
    screen.type('\x03');
    await screen.waitFor('guest ended 5');
    screen.press('j');
    await screen.waitFor('key j');
  });

  test('tells when a program cannot be started', async () => {
    const screen = await started('/nonexistent/editor');
    screen.press('g');
    await screen.waitFor(/guest ended null .*ENOENT/);
    expect(visibleModes(screen)).toEqual({ alternate: true, pastes: true, wraps: false });
  });
});

describe('the signals of a lent terminal', () => {
  test('ctrl-c is ignored until the grace has passed, and ends the program after it', () => {
    const exits: number[] = [];
    const host = Object.assign(new EventEmitter(), {
      pid: process.pid,
      exit: (code: number) => exits.push(code),
      kill: () => true,
    });
    const timers: (() => void)[] = [];
    const rawModes: boolean[] = [];
    const screen = new TerminalScreen({
      stdin: { isTTY: true, setRawMode: (on) => rawModes.push(on) },
      stdout: { fd: 1 },
      process: host,
      onReturn: () => undefined,
      writeSync: () => undefined,
      spawnSync: () => ({ status: 0, signal: null }),
      startTimer: (callback) => timers.push(callback),
    });
    screen.enter();
    screen.suspend('vi', ['file']);
    expect(rawModes).toEqual([true, false, true]);
    host.emit('SIGINT');
    expect(exits).toEqual([]);
    expect(host.listenerCount('SIGQUIT')).toBe(1);
    for (const passed of timers) passed();
    expect(host.listenerCount('SIGQUIT')).toBe(0);
    host.emit('SIGINT');
    expect(exits).toEqual([130]);
    expect(rawModes).toEqual([true, false, true, false]);
  });
});
