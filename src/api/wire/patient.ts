import { setTimeout as sleep } from 'node:timers/promises';
import { askedWait, isTurnedAway, ServiceError } from '../../lib/errors.ts';
import type { BatchPort } from '../port.ts';

const TRIES = 8;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** Who waits longer than this is told why. */
const TOLD_FROM_MS = 5000;

/**
 * A port for commands that run once: reads that the service fails to answer are asked again after the time that it names,
 * or with growing pauses. Changes are repeated only when they were turned away, which says that nothing was done: one that
 * was answered with another error may have taken effect. `tell` hears of long waits.
 */
export function patient(
  port: BatchPort,
  pause: Pause = sleepFor,
  tell: (line: string) => Promise<void> = async () => {},
): BatchPort {
  const waiting = async (error: ServiceError, milliseconds: number, signal: AbortSignal) => {
    const { code } = error;
    const why = isTurnedAway(error) ? 'is busy' : `failed (${code})`;
    if (milliseconds >= TOLD_FROM_MS) {
      await tell(`the service ${why}: next try in ${Math.ceil(milliseconds / 1000)} s`);
    }
    await pause(milliseconds, signal);
  };
  const retrying = <T>(signal: AbortSignal, read: () => Promise<T>) =>
    retry(read, signal, isPassing, waiting);
  const changing = <T>(signal: AbortSignal, change: () => Promise<T>) =>
    retry(change, signal, isTurnedAway, waiting);
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

type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

async function sleepFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal });
}

async function retry<T>(
  read: () => Promise<T>,
  signal: AbortSignal,
  isWorthIt: (error: unknown) => error is ServiceError,
  wait: (error: ServiceError, milliseconds: number, signal: AbortSignal) => Promise<void>,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await read();
    } catch (error) {
      if (tried === TRIES || !isWorthIt(error)) throw error;
      const wanted = askedWait(error) ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tried - 1));
      // A little more than asked for, and never twice the same, so that many clients do not return at once.
      await wait(error, wanted * (1 + Math.random() / 4), signal);
    }
  }
}

function isPassing(error: unknown): error is ServiceError {
  return (
    error instanceof ServiceError && (error.status === 429 || error.status >= 500) && error.status !== 501
  );
}
