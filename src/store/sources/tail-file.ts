import type { FileRef } from '../../api/port.ts';
import { type AzbError, ServiceError } from '../../lib/errors.ts';
import type { Task } from '../../resources/task.ts';
import { sameWord } from '../../resources/wire.ts';
import { fromCharacter, LINE_FEED } from '../line-block.ts';
import type { TailFileState, TailStatus } from '../state.ts';
import type { TailText } from '../tail-text.ts';
import type { SourceContext } from './source.ts';

/** Bytes read from the end of a file when it is opened, and at a time when older ones are asked for. */
const FIRST_READ = 64 * 1024;
/** Bytes read in one request while following. */
const CHUNK = 2 * 1024 * 1024;
/** So many times what may be held is read on; who is further behind begins at the end again. */
const FAR_BEHIND = 16;
const FAST = 1000;
const SLOW = 5000;

/** What a look at the file found, to be put into the text in the files' order. */
interface Look {
  readonly task: Task | undefined;
  /** Undefined while there is no such file. */
  readonly size: number | undefined;
  /** Its end, when it has to be opened. */
  readonly opened: { readonly start: number; readonly bytes: Uint8Array } | undefined;
}

/** Asks for a task; once a tick, however many of its files are followed. */
export type AskTask = (job: string, task: string, signal: AbortSignal) => Promise<Task>;

/** One file of a tail: waits until it exists, reads what is appended, begins anew when the task does. */
export class TailFile {
  readonly #context: SourceContext;
  readonly #file: FileRef;
  readonly #number: number;
  readonly #text: TailText;
  #status: TailStatus = 'opening';
  #note: string | undefined;
  #error: AzbError | undefined;
  #isOpen = false;
  /** It was looked at before: what stands in it when it is opened came later. */
  #isKnown = false;
  /** Tells one run of the task from the next. */
  #run: string | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(context: SourceContext, file: FileRef, number: number, text: TailText) {
    this.#context = context;
    this.#file = file;
    this.#number = number;
    this.#text = text;
  }

  get state(): TailFileState {
    return { status: this.#status, note: this.#note, error: this.#error };
  }

  /** Milliseconds between two looks: little is to be expected of a task that has ended. */
  get interval(): number {
    return this.#status === 'ended' || this.#status === 'failed' ? SLOW : FAST;
  }

  isDue(now: number): boolean {
    return now >= this.#askedAt + this.interval - FAST / 2;
  }

  /** Looks what there is, and reads the end of a file that is new. */
  async look(askTask: AskTask, signal: AbortSignal): Promise<Look> {
    this.#askedAt = this.#context.now();
    const file = this.#file;
    const task = file.kind === 'task' ? await askTask(file.job, file.task, signal) : undefined;
    const size = await this.#size(signal);
    if (size === undefined) return { task, size, opened: undefined };
    this.#noticeNewRun(task, size);
    if (this.#isOpen) return { task, size, opened: undefined };
    const start = Math.max(0, size - FIRST_READ);
    const read = await this.#context.port.readFile(file, { start, end: size }, signal);
    const whole = fromLineStart(read, start);
    // The end of a very long line is better than nothing.
    const bytes = whole.length === 0 ? fromCharacter(read) : whole;
    return { task, size, opened: { start: start + read.length - bytes.length, bytes } };
  }

  /** Puts what a look has read into the text. */
  take({ task, size, opened }: Look): void {
    const at = this.#isKnown ? this.#context.now() : 0;
    this.#isKnown = true;
    this.#error = undefined;
    if (size === undefined) {
      this.#status = 'waiting';
      this.#note = waitingNote(task);
    } else if (opened !== undefined) {
      this.#text.open(this.#number, opened.start, opened.bytes, at);
      this.#isOpen = true;
    }
  }

  /** Reads what was appended up to the size that was found. */
  async readOn({ task, size }: Look, signal: AbortSignal): Promise<void> {
    if (size === undefined) return;
    for (let end = this.#end(); end < size; end = this.#end()) {
      const bytes = await this.#read({ start: end, end: Math.min(size, end + CHUNK) }, signal);
      if (bytes.length === 0 || this.#end() !== end) break;
      this.#text.append(this.#number, bytes, this.#context.now());
    }
    const hasEnded = task !== undefined && sameWord(task.state, 'completed') && this.#end() >= size;
    this.#status = hasEnded ? 'ended' : 'following';
    this.#note = hasEnded ? endNote(task) : undefined;
  }

  failed(error: AzbError): void {
    this.#status = 'failed';
    this.#error = error;
  }

  /**
   * Reads what lies before the first held line, so far that `reach` bytes of the file's end are held; without
   * it, one piece further. Tells after each piece.
   */
  async more(reach: number | undefined, signal: AbortSignal, onPiece: () => void): Promise<void> {
    const held = this.#text.extent(this.#number);
    if (held === undefined) return;
    const wanted = reach === undefined ? held.startByte - FIRST_READ : held.endByte - reach;
    const first = Math.max(0, wanted);
    while (held === this.#text.extent(this.#number) && held.startByte > first) {
      const end = held.startByte;
      const start = Math.max(first, end - CHUNK);
      const bytes = await this.#read({ start, end }, signal);
      const whole = fromLineStart(bytes, start);
      // The file was cut meanwhile: the next tick begins anew.
      if (bytes.length < end - start || held.startByte !== end) return;
      if (whole.length === 0 && reach === undefined) {
        // The line before is longer than the one piece that was asked for: it is wanted all the same.
        await this.more(held.endByte - end + CHUNK, signal, onPiece);
        return;
      }
      if (whole.length === 0 && start === first) return;
      this.#text.prepend(this.#number, whole.length === 0 ? fromCharacter(bytes) : whole);
      onPiece();
      if (start === first) return;
    }
  }

  #end(): number {
    return this.#text.extent(this.#number)?.endByte ?? 0;
  }

  async #read(range: { start: number; end: number }, signal: AbortSignal): Promise<Uint8Array> {
    const bytes = await this.#context.port.readFile(this.#file, range, signal);
    signal.throwIfAborted();
    return bytes;
  }

  /** A retried or reactivated task writes its files from the start again. */
  #noticeNewRun(task: Task | undefined, size: number): void {
    const info = task?.executionInfo;
    const run =
      task === undefined ? undefined : `${info?.startTime} ${info?.retryCount} ${info?.requeueCount}`;
    const isNew = this.#run !== undefined && run !== undefined && run !== this.#run;
    const isFar = size - this.#end() > FAR_BEHIND * this.#text.limit;
    this.#run = run;
    if (isNew || isFar || size < this.#end()) this.#isOpen = false;
  }

  async #size(signal: AbortSignal): Promise<number | undefined> {
    try {
      return (await this.#context.port.statFile(this.#file, signal)).size;
    } catch (error) {
      if (error instanceof ServiceError && isNotThereYet(error)) return undefined;
      throw error;
    }
  }
}

/** Without the line that the read began in the middle of: nobody wants to see it half. */
function fromLineStart(bytes: Uint8Array, start: number): Uint8Array {
  const feed = bytes.indexOf(LINE_FEED);
  if (start === 0) return bytes;
  return feed < 0 ? fromCharacter(bytes) : bytes.subarray(feed + 1);
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
