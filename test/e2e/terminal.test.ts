import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { addIdleJob, startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import type { TestTerminal } from '../support/terminal.ts';
import { cursorRow, showsCursor, startReadyUi, startUi, timeless } from '../support/ui.ts';

describe('the terminal', () => {
  let emulator: TestEmulator;

  beforeAll(async () => {
    emulator = await startTestEmulator('--speed', '100');
    await addIdleJob(emulator, 'some', ['a', 'b', 'c']);
  });
  afterAll(() => emulator.end('SIGTERM'));

  function modesOf(ui: TestTerminal) {
    return {
      isAlternate: ui.isAlternate(),
      cursor: showsCursor(ui),
      bracketsPastes: ui.bracketsPastes(),
      wraps: ui.wraps(),
    };
  }

  const RESTORED = { isAlternate: false, cursor: true, bracketsPastes: false, wraps: true };

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('is given back on %s', async (signal, code) => {
    const ui = await startReadyUi({ env: emulator.env });
    expect(modesOf(ui)).toEqual({ isAlternate: true, cursor: false, bracketsPastes: true, wraps: false });
    ui.kill(signal);
    expect((await ui.exit).code).toBe(code);
    expect(modesOf(ui)).toEqual(RESTORED);
  });

  it.each([
    ['ctrl-c', ['ctrl-c']],
    [':q', [':', 'q', 'enter']],
  ])('is given back to the shell on %s, with its line discipline', async (_name, keys) => {
    const within = ['bash', '-c', '"$@"; echo "code=$?"; stty -a', 'bash'];
    const ui = await startReadyUi({ env: emulator.env, within });
    ui.press(...keys);
    await ui.exit;
    expect(modesOf(ui)).toEqual(RESTORED);
    expect(ui.screen()).toMatch(/code=0[\s\S]* icanon[\s\S]* echo /);
  });

  it('is lent to the shell while azb is stopped, and taken again when it goes on', async () => {
    const within = ['bash', '-mc', '"$@"; echo "stopped=$?"; stty -a; read -r; fg', 'bash'];
    const ui = await startReadyUi({ env: emulator.env, within, args: ['-c', 'tasks some'] });
    await ui.waitFor(/│ c /);
    ui.press(':');
    ui.type('suspend\r');
    await ui.waitFor('stopped=148');
    await ui.waitFor(/ icanon[\s\S]* echo /);
    expect(modesOf(ui)).toEqual(RESTORED);

    ui.press('enter');
    await ui.waitFor(/│ c [\s\S]*┘\n +tasks\(some\)/);
    expect(modesOf(ui)).toEqual({ isAlternate: true, cursor: false, bracketsPastes: true, wraps: false });
    ui.press('j');
    await ui.waitFor(() => cursorRow(ui).startsWith('b '));
    ui.press('ctrl-c');
    expect((await ui.exit).code).toBe(0);
  });

  it('goes to the shell with the editor that is stopped in it, and back to both', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'azb-editor-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const script = join(folder, 'editor.sh');
    // As ctrl-z does in an editor: all of the job is told to stop.
    writeFileSync(script, 'echo editing\nkill -TSTP 0\n');
    const within = ['bash', '-mc', '"$@"; echo "stopped=$?"; read -r; fg', 'bash'];
    const env = { ...emulator.env, EDITOR: `sh ${script}` };
    const ui = await startReadyUi({ env, within, args: ['-c', 'jobs'] });
    await ui.waitFor(/│ some /);
    ui.press('e');
    await ui.waitFor(/editing[\s\S]*stopped=148/);
    ui.press('enter');
    await ui.waitFor('job some stays as it is');
    expect(modesOf(ui)).toMatchObject({ isAlternate: true, cursor: false });
  });

  it('is not lost where nothing could continue azb', async () => {
    const ui = await startReadyUi({ env: emulator.env, args: ['-c', 'tasks some'] });
    ui.press(':');
    ui.type('suspend\r');
    ui.press('j');
    await ui.waitFor(() => cursorRow(ui).startsWith('b '));
    expect(modesOf(ui)).toMatchObject({ isAlternate: true, cursor: false });
  });

  it('keeps nothing of a file for which there is no room', async () => {
    const data = mkdtempSync(join(tmpdir(), 'azb-data-'));
    onTestFinished(() => rmSync(data, { recursive: true }));
    const within = ['bash', '-c', 'ulimit -f 1; exec "$@"', 'bash'];
    const ui = await startReadyUi({ env: { ...emulator.env, XDG_DATA_HOME: data }, within });
    ui.press('?');
    await ui.waitFor('ANY TABLE');
    ui.press('ctrl-s');
    await ui.waitFor('the file could not be written: EFBIG');
    expect(readdirSync(join(data, 'azb', 'dumps'))).toEqual([]);
  });

  it('can shrink and grow under a dialog, and shows nothing of before', async () => {
    const ui = await startReadyUi({ env: emulator.env, args: ['-c', 'tasks some'], cols: 120, rows: 40 });
    await ui.waitFor('tasks(some)[3]');
    ui.press('down', 'ctrl-d');
    await ui.waitFor('Delete task b?');
    await ui.waitFor(/Holds: +\d pool/);
    const before = timeless(ui.screen());

    for (const [cols, rows] of [
      [200, 50],
      [80, 24],
      [100, 30],
    ] as const) {
      ui.resize(cols, rows);
      await ui.waitFor((screen) => isCleanFrame(screen, cols) && screen.includes('Delete task b?'));
    }
    ui.resize(36, 9);
    await ui.waitFor((screen) => {
      const lines = screen.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
      return lines[0] === 'this terminal is 36x9' && lines.length === 4;
    });
    ui.resize(120, 40);
    await ui.waitFor((screen) => timeless(screen) === before);

    ui.press('esc');
    await ui.waitFor((screen) => !screen.includes('Delete task b?'));
    expect(cursorRow(ui)).toMatch(/^b /);
  });

  it('of 36x9 gets a message, and takes ctrl-c', async () => {
    const ui = startUi({ env: emulator.env, cols: 36, rows: 9 });
    await ui.waitFor('try: make it larger');
    ui.press('ctrl-c');
    expect((await ui.exit).code).toBe(0);
  });

  it('of 80x24 shows all that is needed, and the whole form', async () => {
    const ui = await startReadyUi({ env: emulator.env, cols: 80, rows: 24 });
    await ui.waitFor((screen) => isCleanFrame(screen, 80));
    ui.press('n');
    for (const word of ['New pool', 'VM size', 'Image', 'Task slots', '[ Create ]', '[ Cancel ]']) {
      await ui.waitFor(word);
    }
  });

  it('is drawn anew on ctrl-l when something else has written on it', async () => {
    const within = ['bash', '-c', 'tty > "$0"; exec "$@"'];
    const folder = mkdtempSync(join(tmpdir(), 'azb-tty-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'tty');
    const ui = await startReadyUi({
      env: emulator.env,
      within: [...within, file],
      args: ['-c', 'tasks some'],
    });
    await ui.waitFor(/│ c /);
    writeFileSync(
      readFileSync(file, 'utf8').trim(),
      '\r\nBroadcast message\x1b[H\x1b[2Kthe system goes down\r\n',
    );
    await ui.waitFor((screen) => screen.includes('Broadcast message') && screen.includes('goes down'));
    ui.press('ctrl-l');
    await ui.waitFor((screen) => !/Broadcast|goes down/.test(screen) && isCleanFrame(screen, 120));
    expect(cursorRow(ui)).toMatch(/^a /);
  });

  it('may paste text into a form, line breaks and all', async () => {
    const ui = await startReadyUi({ env: emulator.env, args: ['-c', 'tasks some'] });
    ui.press('n');
    await ui.waitFor('New task');
    ui.press('tab', 'ctrl-u');
    ui.paste('echo one\necho two');
    await ui.waitFor(/› Command line +echo one echo two/);
  });

  it('gets no colour where NO_COLOR is set', async () => {
    const ui = await startReadyUi({ env: { ...emulator.env, NO_COLOR: '1' } });
    await ui.waitFor(/│ some-pool /);
    expect(ui.output).not.toMatch(/\x1b\[[\d;]*(3[0-8]|4[0-8])[;m]/);
  });
});

/** Every row of the view's frame goes from edge to edge, and there is one frame. */
function isCleanFrame(screen: string, cols: number): boolean {
  const lines = screen.split('\n');
  const first = lines.findIndex((line) => line.startsWith('┌'));
  const last = lines.findIndex((line) => line.startsWith('└'));
  if (first < 0 || lines.filter((line) => /[┌└]/.test(line)).length !== 2) return false;
  return lines.slice(first, last + 1).every((line) => line.length === cols && /[┐│┘]$/.test(line));
}
