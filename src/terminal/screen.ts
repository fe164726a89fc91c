import { writeSync as nodeWriteSync } from 'node:fs';

/** Terminal input as the screen needs it; `process.stdin` is one. */
export interface ScreenInput {
  readonly isTTY?: boolean | undefined;
  setRawMode?(on: boolean): unknown;
}

/** Terminal output as the screen needs it; `process.stdout` is one. */
export interface ScreenOutput {
  readonly fd: number;
}

/** The process as the screen needs it; Node's `process` is one. */
export interface ScreenProcess extends NodeJS.EventEmitter {
  readonly pid: number;
  exit(code: number): void;
  kill(pid: number, signal: NodeJS.Signals): unknown;
}

/** How another program is run in the terminal. */
export interface SuspendOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** How another program ended: its exit status, the signal that ended it, or why it could not start. */
export interface SuspendResult {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

export interface ScreenOptions {
  readonly stdin: ScreenInput;
  readonly stdout: ScreenOutput;
  readonly process: ScreenProcess;
  /** Called when the terminal came back from another program: what it shows is unknown. */
  readonly onReturn: () => void;
  /** What to print when the program dies of a bug. */
  readonly describeError?: (error: unknown) => string;
  readonly writeSync?: (fd: number, text: string) => void;
  readonly spawnSync?: (
    command: string,
    args: readonly string[],
    options: SuspendOptions & { stdio: 'inherit' },
  ) => SuspendResult;
  readonly startTimer?: (callback: () => void, milliseconds: number) => void;
}

/** Nothing shown, no cursor, no wrapping at the right edge, pastes marked. */
const BEGIN = '\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[H\x1b[J';

/** The same on the alternate screen, beside which the shell's stays as it is. */
const ENTER = `\x1b[?1049h${BEGIN}`;

/** What the surface may have set, taken back. */
const PLAIN = '\x1b[?2026l\x1b[m\x1b[r';

/** Everything that we or the surface may have set, taken back; safe to write twice. */
const LEAVE = `${PLAIN}\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l`;

/** Signals that end the program, and their numbers: the exit code is 128 and the number. */
const FATAL_SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** What stops a program that may be continued, as a shell's ctrl-z does. */
const STOP = 'SIGTSTP';

/**
 * How long after another program's end keyboard signals stay ignored: one that was sent to it is delivered
 * to us only turns of the event loop later.
 */
const SIGNAL_GRACE = 250;

/**
 * Takes the terminal over and gives it back whatever happens: on leaving, at exit, on SIGINT, SIGTERM and
 * SIGHUP, on an uncaught error, while it is stopped by SIGTSTP, and while an editor or ssh has it.
 */
export class TerminalScreen {
  readonly #stdin: ScreenInput;
  readonly #stdout: ScreenOutput;
  readonly #process: ScreenProcess;
  #onReturn: () => void;
  readonly #describeError: (error: unknown) => string;
  readonly #writeSync: NonNullable<ScreenOptions['writeSync']>;
  readonly #spawnSync: NonNullable<ScreenOptions['spawnSync']>;
  readonly #startTimer: NonNullable<ScreenOptions['startTimer']>;
  readonly #listeners: readonly (readonly [event: string, listener: (value: unknown) => void])[];
  #entered = false;
  /** Nobody uses it until somebody enters again. */
  #isHandedOn = false;
  /** Programs that have the terminal or had it a moment ago. */
  #guests = 0;

  constructor(options: ScreenOptions) {
    this.#stdin = options.stdin;
    this.#stdout = options.stdout;
    this.#process = options.process;
    this.#onReturn = options.onReturn;
    this.#describeError = options.describeError ?? describeBug;
    this.#writeSync = options.writeSync ?? writeFully;
    this.#spawnSync = options.spawnSync ?? spawnInherited;
    this.#startTimer =
      options.startTimer ?? ((callback, milliseconds) => void setTimeout(callback, milliseconds).unref());
    this.#listeners = [
      ...Object.entries(FATAL_SIGNALS).map(
        ([signal, number]) => [signal, () => this.#onSignal(signal, number)] as const,
      ),
      [STOP, this.#onStop],
      ['SIGCONT', () => this.#onContinue()],
      ['exit', () => this.#restore()],
      ['uncaughtException', (error) => this.#onBug(error)],
      ['unhandledRejection', (error) => this.#onBug(error)],
    ];
  }

  /** Takes the terminal over: alternate screen, raw keys. Does nothing the second time, unless it was handed on. */
  enter(): void {
    if (this.#isHandedOn) {
      this.#isHandedOn = false;
      this.#write(PLAIN + BEGIN);
      this.#setRawMode(true);
    }
    if (this.#entered) return;
    this.#entered = true;
    for (const [event, listener] of this.#listeners) this.#process.on(event, listener);
    this.#occupy();
  }

  /**
   * Leaves the terminal to who follows in this process: the picture stays until they enter, and ctrl-c ends the program
   * meanwhile.
   */
  handOn(): void {
    if (!this.#entered) return;
    this.#isHandedOn = true;
    this.#setRawMode(false);
  }

  /** Has another one told that the terminal came back, in place of the one before. */
  set onReturn(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  /** Gives the terminal back as it was. Does nothing when it was not taken. */
  leave(): void {
    if (!this.#entered) return;
    for (const [event, listener] of this.#listeners) this.#process.off(event, listener);
    this.#restore();
  }

  /**
   * Lets another program have the terminal until it ends, and blocks until then: no key of its user may come
   * to us. A program that cannot start is told by `error` in the result, with `status` null.
   */
  suspend(command: string, args: readonly string[], options: SuspendOptions = {}): SuspendResult {
    if (!this.#entered) return this.#spawnSync(command, args, { ...options, stdio: 'inherit' });
    const heed = this.#ignoreKeyboardSignals();
    this.#vacate();
    try {
      return this.#spawnSync(command, args, { ...options, stdio: 'inherit' });
    } finally {
      this.#occupy();
      this.#startTimer(heed, SIGNAL_GRACE);
      this.#onReturn();
    }
  }

  /** Ctrl-C and ctrl-\ in the guest are sent to us too and must not end us. Answers what ends the ignoring. */
  #ignoreKeyboardSignals(): () => void {
    const ignore = () => undefined;
    this.#guests++;
    this.#process.on('SIGQUIT', ignore);
    // Ctrl-Z in the guest stops both, and the shell goes on: it cannot be answered from here meanwhile.
    this.#process.off(STOP, this.#onStop);
    return () => {
      this.#guests--;
      this.#process.off('SIGQUIT', ignore);
      if (this.#entered && this.#guests === 0) this.#process.on(STOP, this.#onStop);
    };
  }

  #occupy(): void {
    this.#write(ENTER);
    this.#setRawMode(true);
  }

  #vacate(): void {
    this.#setRawMode(false);
    this.#write(LEAVE);
  }

  #restore(): void {
    if (!this.#entered) return;
    this.#entered = false;
    this.#vacate();
  }

  /**
   * Gives the terminal to the shell and stops as anything stops that takes no care: where nobody could continue it, the
   * system lets it go on at once.
   */
  readonly #onStop = (): void => {
    this.#process.off(STOP, this.#onStop);
    this.#vacate();
    this.#process.kill(this.#process.pid, STOP);
    this.#process.on(STOP, this.#onStop);
    this.#occupy();
    this.#onReturn();
  };

  /** After a stop and `fg` the shell has set the terminal's modes; ours are set again. */
  #onContinue(): void {
    if (!this.#entered) return;
    this.#setRawMode(false);
    this.#occupy();
    this.#onReturn();
  }

  #onSignal(signal: string, number: number): void {
    if (signal === 'SIGINT' && this.#guests > 0) return;
    this.leave();
    this.#process.exit(128 + number);
  }

  #onBug(error: unknown): void {
    this.leave();
    if (!isGoneTerminal(error)) this.#print(`${this.#describeError(error)}\n`);
    this.#process.exit(1);
  }

  #setRawMode(on: boolean): void {
    if (this.#stdin.isTTY !== true) return;
    try {
      this.#stdin.setRawMode?.(on);
    } catch (error) {
      if (!isGoneTerminal(error)) throw error;
    }
  }

  #write(text: string): void {
    try {
      this.#writeSync(this.#stdout.fd, text);
    } catch (error) {
      if (!isGoneTerminal(error)) throw error;
    }
  }

  #print(text: string): void {
    try {
      this.#writeSync(STDERR, text);
    } catch (error) {
      if (!isGoneTerminal(error)) throw error;
    }
  }
}

const STDERR = 2;

/** A terminal that was closed, as after SIGHUP: there is nobody left to restore it for. */
function isGoneTerminal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EIO' || code === 'EPIPE' || code === 'EBADF' || code === 'ENXIO';
}

function describeBug(error: unknown): string {
  return `azb: a bug ended it\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** Writes all of a text, also to a terminal that is slow to take it. */
function writeFully(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  for (let tries = 0; written < bytes.length; tries++) {
    try {
      written += nodeWriteSync(fd, bytes, written);
    } catch (error) {
      const busy = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
      if (!busy || tries >= MAX_TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** Tries of 10 ms each before a terminal that takes nothing is given up. */
const MAX_TRIES = 100;

function spawnInherited(
  command: string,
  args: readonly string[],
  options: SuspendOptions & { stdio: 'inherit' },
): SuspendResult {
  // Loaded when it is needed: the first paint does not wait for it.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, signal, error } = spawnSync(command, args, options);
  return { status, signal, ...(error === undefined ? {} : { error }) };
}
