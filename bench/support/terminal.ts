import { type IPty, spawn } from '@lydell/node-pty';
import { cpuMs, memoryMb } from './process.ts';

export interface ProgramOptions {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
  /** Bytes a second that the terminal takes; without it as many as come. */
  readonly bytesPerSecond?: number;
}

/** What one key cost. */
export interface KeyCost {
  readonly bytes: number;
  /** From the key to the last byte of what it caused. */
  readonly ms: number;
  readonly cpu: number;
}

/** A repaint is over when nothing came for so long (ms). */
const QUIET = 60;

/**
 * The tester's environment without what changes how programs start: under `CI` Ink prints nothing, and certificates of
 * one's own are read by Node before it does anything else, for tens of milliseconds.
 */
function usualEnv(): NodeJS.ProcessEnv {
  const { CI: _, NODE_EXTRA_CA_CERTS: _certificates, NODE_OPTIONS: _options, ...env } = process.env;
  return env;
}

/** A program in a terminal of 200x50, watched from the terminal's side. */
export class Program {
  readonly startedAt = performance.now();
  readonly #pty: IPty;
  readonly #rate: number | undefined;
  #bytes = 0;
  #text = '';
  #lastByteAt = performance.now();
  #firstByteAt: number | undefined;
  #watcher: () => void = () => undefined;
  #ended = false;

  constructor(options: ProgramOptions) {
    const { columns = 200, rows = 50 } = options;
    this.#rate = options.bytesPerSecond;
    this.#pty = spawn(options.command, [...(options.args ?? [])], {
      name: 'xterm-256color',
      cols: columns,
      rows,
      env: { ...usualEnv(), ...options.env, TERM: 'xterm-256color', COLORTERM: 'truecolor' },
      encoding: null,
    });
    this.#pty.onData((chunk) => this.#receive(chunk as unknown as Buffer));
    this.#pty.onExit(() => {
      this.#ended = true;
      this.#watcher();
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Milliseconds from the start to the first byte; undefined before it. */
  get firstByteMs(): number | undefined {
    return this.#firstByteAt === undefined ? undefined : this.#firstByteAt - this.startedAt;
  }

  /** Everything written since the last call of `forget`, without escape sequences. */
  get text(): string {
    return this.#text.replace(/\x1b(\[[\d;?<>=]*[ -/]*[@-~]|[()][\w]|[=>78M])/g, '');
  }

  forget(): void {
    this.#text = '';
  }

  write(keys: string): void {
    this.#pty.write(keys);
  }

  /** Resolves with the time from the start (ms) when what was written matches. Rejects after a minute. */
  async until(pattern: RegExp | (() => boolean), patience = 60_000): Promise<number> {
    const met = () => (pattern instanceof RegExp ? pattern.test(this.text) : pattern());
    const deadline = performance.now() + patience;
    while (!met()) {
      if (this.#ended) throw new Error(`the program ended:\n${this.text.slice(-2000)}`);
      if (performance.now() > deadline) throw new Error(`waited for ${pattern}:\n${this.text.slice(-2000)}`);
      await this.#nextBytes(20);
    }
    return this.#lastByteAt - this.startedAt;
  }

  /** Resolves when nothing was written for so long (ms). */
  async quiet(milliseconds = QUIET): Promise<void> {
    for (;;) {
      const left = this.#lastByteAt + milliseconds - performance.now();
      if (left <= 0 || this.#ended) return;
      await this.#nextBytes(left);
    }
  }

  /** Presses a key and waits until the repaint is over. */
  async key(keys: string): Promise<KeyCost> {
    const before = { bytes: this.#bytes, cpu: cpuMs(this.pid) };
    const sentAt = performance.now();
    this.#lastByteAt = sentAt;
    this.write(keys);
    await this.quiet();
    return {
      bytes: this.#bytes - before.bytes,
      ms: this.#lastByteAt - sentAt,
      cpu: cpuMs(this.pid) - before.cpu,
    };
  }

  /** Holds a key for a while, and gives the time from the last key to the last byte with the CPU share. */
  async hold(keys: string, hertz: number, seconds: number): Promise<{ lag: number; cpuShare: number }> {
    const cpu = cpuMs(this.pid);
    const start = performance.now();
    for (let turn = 0; turn < hertz * seconds; turn += 1) {
      const due = start + (turn * 1000) / hertz;
      const wait = due - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      this.write(keys);
    }
    const lastKey = performance.now();
    this.#lastByteAt = lastKey;
    const used = cpuMs(this.pid) - cpu;
    await this.quiet(300);
    return { lag: this.#lastByteAt - lastKey, cpuShare: used / (lastKey - start) };
  }

  memory(): { now: number; peak: number } {
    return memoryMb(this.pid);
  }

  /** Ends it and waits until it is gone. */
  async end(): Promise<void> {
    if (!this.#ended) this.#pty.kill('SIGTERM');
    for (let turn = 0; !this.#ended && turn < 100; turn += 1) await this.#nextBytes(20);
    if (!this.#ended) this.#pty.kill('SIGKILL');
  }

  #receive(chunk: Buffer): void {
    this.#lastByteAt = performance.now();
    this.#firstByteAt ??= this.#lastByteAt;
    this.#bytes += chunk.length;
    this.#text = (this.#text + chunk.toString('latin1')).slice(-400_000);
    this.#answerQuestions(chunk);
    if (this.#rate !== undefined) this.#slowDown(chunk.length, this.#rate);
    this.#watcher();
  }

  /** Reads no further until a link of this rate had taken what came. */
  #slowDown(bytes: number, rate: number): void {
    this.#pty.pause();
    setTimeout(() => this.#pty.resume(), (bytes / rate) * 1000);
  }

  /** Some programs ask the terminal who it is, and wait for the answer. */
  #answerQuestions(chunk: Buffer): void {
    const text = chunk.toString('latin1');
    if (text.includes('\x1b[6n')) this.write('\x1b[1;1R');
    if (text.includes('\x1b[c')) this.write('\x1b[?62;22c');
    if (text.includes('\x1b[>c')) this.write('\x1b[>41;354;0c');
  }

  #nextBytes(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, patience);
      this.#watcher = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
