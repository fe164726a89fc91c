import { askedWait, isTurnedAway, type ServiceError } from '../../lib/errors.ts';
import type { Timing } from '../poller.ts';

const TRIES = 8;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

/**
 * Sends a request until the service has time for it: one that is turned away had no effect, so that it can be
 * sent again after the time that the service names, or with growing pauses. Rejects with what else goes wrong,
 * and with the last refusal when it took too many, or when the signal says that no more is wanted.
 */
export async function outlast<T>(timing: Timing, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await send();
    } catch (error) {
      if (tried === TRIES || signal.aborted || !isTurnedAway(error)) throw error;
      await pause(timing, signal, waitAfter(error, tried, timing.random()));
      if (signal.aborted) throw error;
    }
  }
}

/** A little more than asked for, and never twice the same, so that many requests do not come back at once. */
function waitAfter(error: ServiceError, tried: number, chance: number): number {
  const wanted = askedWait(error) ?? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tried - 1));
  return wanted * (1 + chance / 4);
}

/** Ends after the time, or as soon as the signal says so. */
function pause(timing: Timing, signal: AbortSignal, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timing.setTimer(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    const stop = (): void => {
      cancel();
      resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
