import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchPort, FileRef } from '../../api/port.ts';
import { AzbError, describeError, ServiceError, UnreachableError } from '../../lib/errors.ts';
import type { Output } from './context.ts';
import { readBetween, tailStart } from './file-ranges.ts';

type TaskFile = Extract<FileRef, { kind: 'task' }>;

export interface FollowOptions {
  /** Begin this many lines before the end; without it at the beginning. */
  readonly tail?: number | undefined;
  readonly output: Output;
  /** Where azb says that it waits, that the task started again, and the like. */
  readonly notes: Output;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks; default one second. */
  readonly interval?: number;
}

const INTERVAL_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

interface TaskState {
  readonly completed: boolean;
  /** Changes whenever the task starts anew, which writes its files anew. */
  readonly run: string;
}

interface Position {
  offset: number;
  run: string | undefined;
  started: boolean;
}

/**
 * Prints a file of a task while it grows. Waits for a file that does not exist yet, begins again when the
 * task is run again, outlasts a lost connection, and ends when the task has completed and the file is read
 * to its end. @throws ServiceError when the task does not exist, or completed without the file.
 */
export async function followFile(port: BatchPort, file: TaskFile, options: FollowOptions): Promise<void> {
  const position: Position = { offset: 0, run: undefined, started: false };
  const say = onceEach(options.notes);
  const interval = options.interval ?? INTERVAL_MS;
  let pause = interval;
  for (;;) {
    try {
      if (await look(port, file, position, options, say)) return;
      pause = interval;
    } catch (error) {
      if (!isPassing(error)) throw error;
      await say(`${describeError(error).message}; still trying`);
      pause = Math.min(LONGEST_PAUSE_MS, Math.max(pause * 2, retryAfterOf(error)));
    }
    await sleep(pause, undefined, { signal: options.signal });
  }
}

/** One look at the task and its file; true when there is nothing more to come. */
async function look(
  port: BatchPort,
  file: TaskFile,
  position: Position,
  options: FollowOptions,
  say: (note: string) => Promise<void>,
): Promise<boolean> {
  // The state is asked for first: what the file holds after the task has completed is all of it.
  const task = await taskState(port, file, options.signal);
  if (position.run !== undefined && position.run !== task.run) {
    await say('the task was started again');
    position.offset = 0;
  }
  position.run = task.run;
  const size = await sizeOrUndefined(port, file, task.completed, options.signal);
  if (size === undefined) {
    await say(`${file.path} does not exist yet; waiting for it`);
    return false;
  }
  if (size < position.offset) position.offset = 0;
  if (!position.started && options.tail !== undefined) {
    position.offset = await tailStart(port, file, size, options.tail, options.signal);
  }
  position.started = true;
  for await (const bytes of readBetween(port, file, position.offset, size, options.signal)) {
    await options.output.write(bytes);
    position.offset += bytes.byteLength;
  }
  return task.completed;
}

async function taskState(port: BatchPort, file: TaskFile, signal: AbortSignal): Promise<TaskState> {
  const task: {
    state?: string;
    executionInfo?: { startTime?: string; retryCount?: number; requeueCount?: number };
  } = await port.get('tasks', { job: file.job }, file.task, signal);
  const { retryCount = 0, requeueCount = 0 } = task.executionInfo ?? {};
  return { completed: task.state === 'completed', run: `${retryCount}/${requeueCount}` };
}

/** The file's size; undefined while it may still come. */
async function sizeOrUndefined(
  port: BatchPort,
  file: TaskFile,
  completed: boolean,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    return (await port.statFile(file, signal)).size;
  } catch (error) {
    const isAbsent = error instanceof ServiceError && (error.status === 404 || error.status === 409);
    if (!isAbsent) throw error;
    if (!completed) return undefined;
    throw new AzbError(`the task ended and left no ${file.path}`, {
      next: `azb get tasks ${file.task} -j ${file.job} -o yaml`,
      cause: error,
    });
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  return error instanceof ServiceError && (error.status === 429 || error.status >= 500);
}

function retryAfterOf(error: unknown): number {
  return error instanceof ServiceError ? (error.retryAfter ?? 0) : 0;
}

/** Says a note only when the last one was another. */
function onceEach(output: Output): (note: string) => Promise<void> {
  let last = '';
  return async (note) => {
    if (note === last) return;
    last = note;
    await output.write(`azb: ${note}\n`);
  };
}
