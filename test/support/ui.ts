import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startTerminal, type TestTerminal } from './terminal.ts';

const ENTRY = join(import.meta.dirname, '..', '..', 'bin', 'azb.js');

export interface UiOptions {
  readonly args?: readonly string[];
  /** The account, an editor … */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A command that gets azb's own as its last arguments, and runs it. */
  readonly within?: readonly string[];
  readonly cols?: number;
  readonly rows?: number;
}

/** Variables of the tester that would lead azb to the tester's own account, files or editor. */
const OWN = [
  'AZURE_BATCH_ACCOUNT',
  'AZURE_BATCH_ACCESS_KEY',
  'AZB_ARM_ENDPOINT',
  'AZURE_BATCH_ENDPOINT',
  'AZURE_CONFIG_DIR',
  'AZURE_STORAGE_ACCOUNT',
  'AZURE_STORAGE_CONNECTION_STRING',
  'COLORFGBG',
  'EDITOR',
  'VISUAL',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
];

/** Runs the built azb in a terminal, in an empty home of its own, until the test ends. */
export function startUi({ args = [], env = {}, within = [], ...size }: UiOptions = {}): TestTerminal {
  const home = mkdtempSync(join(tmpdir(), 'azb-home-'));
  const [command = '', ...words] = [...within, process.execPath, ENTRY, ...args];
  const terminal = startTerminal({
    command,
    args: words,
    env: { ...Object.fromEntries(OWN.map((name) => [name, undefined])), HOME: home, ...env },
    ...size,
  });
  onTestFinished(async () => {
    await terminal.close();
    rmSync(home, { recursive: true, force: true });
  });
  return terminal;
}

/** Runs the UI on an account with quick refreshes, and waits until its first list is there and all around it. */
export async function startReadyUi(options: UiOptions): Promise<TestTerminal> {
  const terminal = startUi({ ...options, args: ['--refresh', '0.5', ...(options.args ?? [])] });
  await terminal.waitFor(/─ \w+(\([^)]*\))?\[\d+/);
  // The crumbs below the list come with the rest of the chrome, which rows do not wait for.
  await terminal.waitFor(/┘\n +\w/);
  return terminal;
}

/** Text of the row that has the cursor: the only one of the table that stands on a colour. */
export function cursorRow(terminal: TestTerminal): string {
  const lines = terminal.screen().split('\n');
  const at = lines.findIndex((line, y) => /^│[ ●]/.test(line) && terminal.cell(2, y).bg !== 'default');
  return at < 0 ? '' : (lines[at] ?? '').replace(/[│●]/g, '').trim();
}

/** The screen with everything masked that the clock changes. */
export function timeless(screen: string): string {
  return screen
    .replace(/\b\d+(ms|s|m|h|d)\b( *)/g, (text) => '~'.padEnd(text.length))
    .replace(/Requests: .*?min */g, (text) => 'Requests:'.padEnd(text.length));
}

/** Whether the cursor is to be seen, by the last that the program said about it. */
export function showsCursor(terminal: TestTerminal): boolean {
  return terminal.output.lastIndexOf('\x1b[?25h') > terminal.output.lastIndexOf('\x1b[?25l');
}

/** Fills in the form of a new account, in the list of accounts: its name, and northeurope from the list of locations. */
export async function sendAccountForm(ui: TestTerminal, name: string): Promise<void> {
  ui.press('n');
  await ui.waitFor('New account');
  ui.type(name);
  ui.press('tab', 'tab', 'tab', 'tab', 'enter');
  await ui.waitFor(/\d+ choices/);
  ui.type('northeur');
  await ui.waitFor('1 choice ');
  ui.press('enter');
  await ui.waitFor(/› Location +northeurope/);
  ui.press('ctrl-s');
}
