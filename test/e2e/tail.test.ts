import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addTasks, NEVER, poolBody, startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import { startReadyUi } from '../support/ui.ts';

describe('the tail of a file', () => {
  let emulator: TestEmulator;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'azb-tail-'));
    emulator = await startTestEmulator('--speed', '20');
    await emulator.port.add('pools', {}, poolBody('p', 2), NEVER);
    await emulator.port.add('jobs', {}, { id: 'j', poolInfo: { poolId: 'p' } }, NEVER);
  });
  afterAll(async () => {
    await emulator.end('SIGTERM');
    rmSync(folder, { recursive: true });
  });

  /** A task that prints what is written to a pipe, and the pipe's other end. */
  async function addPipedTask(id: string, redirection = '') {
    const path = join(folder, id);
    execFileSync('mkfifo', [path]);
    await addTasks(emulator.port, 'j', [{ id, commandLine: `/bin/bash -c 'cat < ${path} ${redirection}'` }]);
    return open(path, 'w');
  }

  it('grows, pauses where it is scrolled up, follows again, and tells the end', async () => {
    const ui = await startReadyUi({ env: emulator.env, args: ['-c', 'tasks j'], rows: 34 });
    const pipe = await addPipedTask('piped');
    await pipe.write('first\n');
    await ui.waitFor(/│ piped +running /);
    ui.press('l');
    await ui.waitFor(/│first +│/);
    expect(ui.screen()).toContain(' following ');

    await pipe.write(numbered(1, 100));
    await ui.waitFor(/│line 100 +│/);
    expect(ui.screen()).not.toMatch(/│line 1 +│/);
    ui.press('up', 'up');
    await ui.waitFor('paused: s follows');
    await ui.waitFor((screen) => lastLine(screen) === 'line 98');
    await pipe.write(numbered(101, 150));
    await ui.waitFor(' 151 lines');
    expect(lastLine(ui.screen())).toBe('line 98');

    ui.press('s');
    await ui.waitFor((screen) => screen.includes(' following ') && lastLine(screen) === 'line 150');
    await pipe.write('\x1b[31mred\x1b[0m \x1b]0;title\x07and a bell\n');
    await ui.waitFor(/red .*and a bell/);
    expect(ui.output).not.toContain('\x1b]0;title');
    expect(ui.output).not.toContain('\x07');

    await pipe.write('last words\n');
    await pipe.close();
    await ui.waitFor((screen) => screen.includes(' ended ') && lastLine(screen) === 'last words');
    expect(ui.screen()).toContain('the task ended with exit code 0');
  });

  it('shows both streams of a task, and the marked tasks together', async () => {
    const ui = await startReadyUi({ env: emulator.env, args: ['-c', 'tasks j /pair'], rows: 34 });
    const pipes = [await addPipedTask('pair-1'), await addPipedTask('pair-2', '>&2')] as const;
    await pipes[0].write('first\n');
    await ui.waitFor(/│ pair-2 +running /);
    ui.press('g', 'space', 'space', 'l', 'o', 'o');
    await ui.waitFor('tail(j/2 tasks/stdout+stderr.txt)');
    await ui.waitFor(/│pair-1 out│first +│/);
    await pipes[1].write('of the other\n');
    await ui.waitFor(/│pair-2 err│of the other +│/);
    await pipes[0].write('\x1b[32msecond\x1b[0m\n');
    await ui.waitFor(/of the other[\s\S]*│pair-1 out│second +│/);
    ui.press('/');
    ui.type('other\r');
    await ui.waitFor(/<\/other> \[1:1\]/);
    for (const pipe of pipes) await pipe.close();
    await ui.waitFor(' ended ');
  });

  it('waits for a file that is not there yet, and says what the task is doing', async () => {
    await emulator.port.add('pools', {}, poolBody('empty', 0), NEVER);
    await emulator.port.add('jobs', {}, { id: 'early', poolInfo: { poolId: 'empty' } }, NEVER);
    await addTasks(emulator.port, 'early', [{ id: 'soon', commandLine: "/bin/bash -c 'echo here at last'" }]);
    const ui = await startReadyUi({ env: emulator.env, args: ['-c', 'tasks early'] });
    await ui.waitFor(/│ soon +active /);
    ui.press('l');
    await ui.waitFor('the task is active: its file appears when it runs');
    const resize = {
      resource: 'pools',
      action: 'resize',
      scope: {},
      id: 'empty',
      args: { targetDedicatedNodes: 1, targetLowPriorityNodes: 0, nodeDeallocationOption: 'requeue' },
    };
    await emulator.port.act(resize, NEVER);
    await ui.waitFor(/│here at last +│/);
    await ui.waitFor(' ended ');
  });
});

function numbered(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('');
}

/** The last line of text inside the frame. */
function lastLine(screen: string): string | undefined {
  const inside = screen.split('\n').filter((line) => line.startsWith('│'));
  return inside.at(-1)?.replaceAll('│', '').trim();
}
