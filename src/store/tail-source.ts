import type { FileRef } from '../api/port.ts';
import { type AzbError, ServiceError } from '../lib/errors.ts';
import type { Task } from '../resources/task.ts';
import { sameWord } from '../resources/wire.ts';
import { tailKey } from './keys-of.ts';
import type { Source, SourceContext } from './source.ts';
import type { TailState, TailView } from './state.ts';
import { TailBuffer } from './tail-buffer.ts';

/** Bytes read from the end of a file when it is opened, and at a time when older ones are asked for. */
const FIRST_READ = 64 * 1024;
/** Bytes read in one request while following. */
const CHUNK = 4 * 1024 * 1024;
/** Characters held of one file. */
const HELD = 16 * 1024 * 1024;
const LINE_FEED = 10;
const FAST = 1000;
const SLOW = 5000;

const EMPTY_TAIL: TailState = {
  status: 'opening',
  lines: [],
  dropped: 0,
  arrivals: [],
  marks: [],
  open: false,
  startByte: 0,
  endByte: 0,
  following: true,
  note: undefined,
  updatedAt: undefined,
  error: undefined,
};

/** Follows the end of a file: waits until it exists, reads what is appended, begins anew when the task does. */
export class TailSource implements Source {
  readonly key: string;
  readonly #context: SourceContext;
  readonly #file: FileRef;
  /** What is held of the file; undefined until it is opened. */
  #buffer: TailBuffer | undefined;
  /** Tells one run of the task from the next. */
  #run: string | undefined;

  constructor(context: SourceContext, view: TailView) {
    this.#context = context;
    this.#file = view.file;
    this.key = `tail|${tailKey(view)}`;
  }

  async tick(signal: AbortSignal): Promise<void> {
    const task = await this.#task(signal);
    const size = await this.#size(signal);
    if (size === undefined) {
      this.#set({ status: 'waiting', note: waitingNote(task), error: undefined });
      return;
    }
    this.#noticeNewRun(task, size);
    const buffer = this.#buffer ?? (await this.#open(size, signal));
    await this.#readOn(buffer, size, signal);
    const hasEnded = task !== undefined && sameWord(task.state, 'completed') && buffer.endByte >= size;
    this.#set({
      ...held(buffer),
      status: hasEnded ? 'ended' : 'following',
      note: hasEnded ? endNote(task) : undefined,
      updatedAt: this.#context.now(),
      error: undefined,
    });
  }

  /**
   * Reads what lies before the first held line, so far that `reach` bytes of the file's end are held; without
   * it, one piece further.
   */
  async more(signal: AbortSignal, reach?: number): Promise<void> {
    const buffer = this.#buffer;
    if (buffer === undefined) return;
    const wanted = reach === undefined ? buffer.startByte - FIRST_READ : buffer.endByte - reach;
    const first = Math.max(0, wanted);
    while (buffer === this.#buffer && buffer.startByte > first) {
      const end = buffer.startByte;
      const start = Math.max(first, end - CHUNK);
      const bytes = await this.#context.port.readFile(this.#file, { start, end }, signal);
      const whole = fromLineStart(bytes, start);
      // The file was cut meanwhile: the next tick begins anew.
      if (bytes.length < end - start) return;
      if (whole.length === 0) {
        // Asked for one piece only, the line before is longer than that: it is wanted all the same.
        return reach === undefined ? this.more(signal, buffer.endByte - end + CHUNK) : undefined;
      }
      buffer.prepend(whole);
      this.#set(held(buffer));
      if (start === first) return;
    }
  }

  failed(error: AzbError): void {
    this.#set({ status: 'failed', error });
  }

  forget(): void {
    const key = this.#stateKey();
    this.#context.store.setState(({ tails: { [key]: _, ...tails } }) => ({ tails }));
  }

  interval(): number {
    return this.#state().status === 'ended' ? SLOW : FAST;
  }

  async #open(size: number, signal: AbortSignal): Promise<TailBuffer> {
    const start = Math.max(0, size - FIRST_READ);
    const read = await this.#context.port.readFile(this.#file, { start, end: size }, signal);
    const bytes = fromLineStart(read, start);
    const buffer = new TailBuffer(HELD, start + read.length - bytes.length);
    buffer.append(bytes);
    this.#buffer = buffer;
    this.#set({ marks: [] });
    return buffer;
  }

  async #readOn(buffer: TailBuffer, size: number, signal: AbortSignal): Promise<void> {
    while (buffer.endByte < size) {
      const range = { start: buffer.endByte, end: Math.min(size, buffer.endByte + CHUNK) };
      const bytes = await this.#context.port.readFile(this.#file, range, signal);
      if (bytes.length === 0) return;
      buffer.append(bytes, this.#context.now());
    }
  }

  /** A retried or reactivated task writes its files from the start again. */
  #noticeNewRun(task: Task | undefined, size: number): void {
    const info = task?.executionInfo;
    const run =
      task === undefined ? undefined : `${info?.startTime} ${info?.retryCount} ${info?.requeueCount}`;
    const isNew = this.#run !== undefined && run !== undefined && run !== this.#run;
    this.#run = run;
    if (isNew || size < (this.#buffer?.endByte ?? 0)) this.#buffer = undefined;
  }

  async #size(signal: AbortSignal): Promise<number | undefined> {
    try {
      return (await this.#context.port.statFile(this.#file, signal)).size;
    } catch (error) {
      if (error instanceof ServiceError && isNotThereYet(error)) return undefined;
      throw error;
    }
  }

  async #task(signal: AbortSignal): Promise<Task | undefined> {
    if (this.#file.kind !== 'task') return undefined;
    return (await this.#context.port.get('tasks', { job: this.#file.job }, this.#file.task, signal)) as Task;
  }

  #state(): TailState {
    return this.#context.store.getState().tails[this.#stateKey()] ?? EMPTY_TAIL;
  }

  #stateKey(): string {
    return this.key.slice('tail|'.length);
  }

  #set(change: Partial<TailState>): void {
    const tail = { ...this.#state(), ...change };
    this.#context.store.setState((state) => ({ tails: { ...state.tails, [this.#stateKey()]: tail } }));
  }
}

function held(buffer: TailBuffer): Partial<TailState> {
  const { lines, dropped, arrivals, isOpen: open, startByte, endByte } = buffer;
  return { lines, dropped, arrivals, open, startByte, endByte };
}

/** Without the line that the read began in the middle of: nobody wants to see it half. */
function fromLineStart(bytes: Uint8Array, start: number): Uint8Array {
  return start === 0 ? bytes : bytes.subarray(bytes.indexOf(LINE_FEED) + 1);
}

/** The codes with which the service says that a file may still appear. */
function isNotThereYet(error: ServiceError): boolean {
  return [
    'FileNotFound',
    'OperationInvalidForCurrentState',
    'TaskFilesUnavailable',
    'ResourceNotFound',
  ].includes(error.code);
}

function waitingNote(task: Task | undefined): string {
  if (task === undefined) return 'the file does not exist yet';
  if (sameWord(task.state, 'completed')) return `the task has ended and left no such file: ${endNote(task)}`;
  return `the task is ${task.state}: its file appears when it runs`;
}

function endNote(task: Task): string {
  const info = task.executionInfo;
  const failure = info?.failureInfo?.code;
  const exit = info?.exitCode === undefined ? 'without an exit code' : `with exit code ${info.exitCode}`;
  return `the task ended ${exit}${failure === undefined ? '' : ` (${failure})`}`;
}
