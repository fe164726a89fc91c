import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '../lib/errors.ts';
import type { BatchPort } from './port.ts';

const TRIES = 6;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * A port for commands that run once: reads that the service answers with "too many requests" or "busy" are
 * asked again after the time that it names, or with growing pauses. Changes are repeated only after "too many
 * requests", which says that nothing was done: one that was answered with another error may have taken effect.
 */
export function patient(
  port: BatchPort,
  pause: (ms: number, signal: AbortSignal) => Promise<void> = wait,
): BatchPort {
  const retrying = <T>(signal: AbortSignal, read: () => Promise<T>) => retry(read, signal, isPassing, pause);
  const changing = <T>(signal: AbortSignal, change: () => Promise<T>) =>
    retry(change, signal, isTooMany, pause);
  return {
    ...port,
    listPage: (resource, scope, query, signal) =>
      retrying(signal, () => port.listPage(resource, scope, query, signal)),
    get: (resource, scope, id, signal) => retrying(signal, () => port.get(resource, scope, id, signal)),
    statFile: (file, signal) => retrying(signal, () => port.statFile(file, signal)),
    readFile: (file, range, signal) => retrying(signal, () => port.readFile(file, range, signal)),
    taskCounts: (job, signal) => retrying(signal, () => port.taskCounts(job, signal)),
    add: (resource, scope, body, signal) => changing(signal, () => port.add(resource, scope, body, signal)),
    addTasks: (job, bodies, signal) => changing(signal, () => port.addTasks(job, bodies, signal)),
    act: (operation, signal) => changing(signal, () => port.act(operation, signal)),
  };
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal });
}

async function retry<T>(
  read: () => Promise<T>,
  signal: AbortSignal,
  isWorthIt: (error: unknown) => error is ServiceError,
  pause: (ms: number, signal: AbortSignal) => Promise<void>,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await read();
    } catch (error) {
      if (tried === TRIES || !isWorthIt(error)) throw error;
      const asked = error.retryAfter ?? FIRST_WAIT_MS * 2 ** (tried - 1);
      // A little more than asked for, and never twice the same, so that many clients do not return at once.
      await pause(Math.min(LONGEST_WAIT_MS, asked) * (1 + Math.random() / 4), signal);
    }
  }
}

function isPassing(error: unknown): error is ServiceError {
  return (
    error instanceof ServiceError && (error.status === 429 || error.status >= 500) && error.status !== 501
  );
}

function isTooMany(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.status === 429;
}
