import { type IPty, spawn } from '@lydell/node-pty';
import { keyBytes } from './key-bytes.ts';
import { cellAt, type SeenCell, screenText, show, virtualTerminal } from './virtual-terminal.ts';

/** What to run, and in what terminal. */
export interface TerminalOptions {
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Added to the test's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cols?: number;
  readonly rows?: number;
}

export interface WaitOptions {
  /** Milliseconds after which waiting fails with the screen in its message; 90 s unless told. */
  readonly timeout?: number;
}

/** Text or pattern to be found on the screen, or any condition that holds from some output on. */
export type Condition = string | RegExp | ((screen: string) => boolean);

export interface ExitStatus {
  readonly code: number;
  readonly signal: number | undefined;
}

interface Waiter {
  readonly condition: Condition;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * A program running in a real pseudo-terminal, whose screen a virtual terminal shows. Conditions are checked
 * whenever output was shown, but for half a synchronised update, and when the program ends; nothing ever sleeps.
 */
export class TestTerminal {
  /** Resolves when the program has ended and all its output is shown. */
  readonly exit: Promise<ExitStatus>;
  readonly #pty: IPty;
  readonly #terminal;
  readonly #waiters = new Set<Waiter>();
  #shown: Promise<void> = Promise.resolve();
  #ended: ExitStatus | undefined;
  #output = '';

  constructor(options: TerminalOptions) {
    const { cols = 120, rows = 40 } = options;
    this.#terminal = virtualTerminal(cols, rows);
    this.#pty = spawn(options.command, [...(options.args ?? [])], {
      name: 'xterm-256color',
      cols,
      rows,
      cwd: options.cwd ?? process.cwd(),
      env: environment(options.env ?? {}),
    });
    // A terminal answers questions; a program that asks one must not wait for ever.
    this.#terminal.onData((answer) => this.#pty.write(answer));
    this.#pty.onData((bytes) => this.#receive(bytes));
    this.exit = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        void this.#shown.then(() => {
          this.#ended = { code: exitCode, signal: signal === 0 ? undefined : signal };
          this.#check();
          resolve(this.#ended);
        });
      });
    });
  }

  /** The program's process id. */
  get pid(): number {
    return this.#pty.pid;
  }

  /** Everything that the program has written, escape sequences and all. */
  get output(): string {
    return this.#output;
  }

  /** The screen's text: rows without trailing blanks, joined by line breaks. */
  screen(): string {
    return screenText(this.#terminal);
  }

  /** One cell's glyph and look, counted from 0. */
  cell(x: number, y: number): SeenCell {
    return cellAt(this.#terminal, x, y);
  }

  /** Where the cursor is, counted from 0. */
  cursor(): { x: number; y: number } {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    return { x: cursorX, y: cursorY };
  }

  /** Whether the alternate screen is shown. */
  isAlternate(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  /** Whether pastes are marked as such. */
  bracketsPastes(): boolean {
    return this.#terminal.modes.bracketedPasteMode;
  }

  /** Whether text wraps at the right edge. */
  wraps(): boolean {
    return this.#terminal.modes.wraparoundMode;
  }

  /** Presses keys by name, all in one write, as typed ahead. */
  press(...keys: readonly string[]): void {
    this.#pty.write(keys.map(keyBytes).join(''));
  }

  /** Types text, or writes raw bytes. */
  type(text: string): void {
    this.#pty.write(text);
  }

  /** Pastes text as a terminal with bracketed paste does. */
  paste(text: string): void {
    this.#pty.write(`\x1b[200~${text}\x1b[201~`);
  }

  /** Changes the terminal's size; the program gets SIGWINCH. */
  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
    this.#pty.resize(cols, rows);
  }

  /** Sends the program a signal. */
  kill(signal: NodeJS.Signals): void {
    process.kill(this.#pty.pid, signal);
  }

  /** Ends the program if it still runs, and waits for its end. For a test's clean-up. */
  async close(): Promise<void> {
    if (this.#ended === undefined) this.#pty.kill('SIGKILL');
    await this.exit;
    this.#terminal.dispose();
  }

  /** Resolves once the condition holds; fails with the screen when time runs out or the program ends first. */
  waitFor(condition: Condition, { timeout = 90_000 }: WaitOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        condition,
        resolve: () => settle(resolve),
        reject: (error) => settle(() => reject(error)),
      };
      const timer = setTimeout(
        () => waiter.reject(this.#failure(condition, `${timeout} ms passed`)),
        timeout,
      );
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        finish();
      };
      this.#waiters.add(waiter);
      this.#checkOne(waiter);
    });
  }

  #receive(bytes: string): void {
    this.#output += bytes;
    const shown = show(this.#terminal, bytes).then(() => this.#check());
    this.#shown = Promise.all([this.#shown, shown]).then(() => undefined);
  }

  #check(): void {
    for (const waiter of [...this.#waiters]) this.#checkOne(waiter);
  }

  #checkOne(waiter: Waiter): void {
    const { condition } = waiter;
    // A large update comes in several reads; a test that went on after the first would look at half a screen.
    if (this.#ended === undefined && this.#terminal.modes.synchronizedOutputMode) return;
    if (met(condition, this.screen())) waiter.resolve();
    else if (this.#ended !== undefined) {
      const { code, signal } = this.#ended;
      waiter.reject(
        this.#failure(condition, `the program ended with code ${code}, signal ${signal ?? 'none'}`),
      );
    }
  }

  #failure(condition: Condition, why: string): Error {
    const rule = '─'.repeat(this.#terminal.cols);
    return new Error(
      `Waited for ${String(condition)} but ${why}. The screen:\n${rule}\n${this.screen()}\n${rule}`,
    );
  }
}

/** Starts a program in a terminal of 120x40 unless told otherwise. */
export function startTerminal(options: TerminalOptions): TestTerminal {
  return new TestTerminal(options);
}

function met(condition: Condition, screen: string): boolean {
  if (typeof condition === 'string') return screen.includes(condition);
  return condition instanceof RegExp ? condition.test(screen) : condition(screen);
}

/** A user's environment: `CI` and `FORCE_COLOR` of the test run would change what programs print. */
function environment(added: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const merged = {
    ...process.env,
    CI: undefined,
    FORCE_COLOR: undefined,
    NO_COLOR: undefined,
    TMUX: undefined,
  };
  const all = { ...merged, TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8', ...added };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
