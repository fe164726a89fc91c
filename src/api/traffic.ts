import type { TrafficMeter } from './port.ts';

const WINDOW_MS = 60_000;

/** One request as the log tells of it. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  /** The status, or why there is none. */
  readonly outcome: string;
  readonly milliseconds: number;
}

/** A meter that is told of each request; `now` gives milliseconds and exists for tests. */
export interface CountingMeter extends TrafficMeter {
  count(): void;
}

/** Makes a meter that remembers the requests of the last minute. */
export function createTrafficMeter(now: () => number = Date.now): CountingMeter {
  const recent: number[] = [];
  let total = 0;

  function forget(): void {
    const oldest = now() - WINDOW_MS;
    const kept = recent.findIndex((time) => time > oldest);
    recent.splice(0, kept === -1 ? recent.length : kept);
  }

  return {
    count() {
      forget();
      recent.push(now());
      total += 1;
    },
    perMinute() {
      forget();
      return recent.length;
    },
    get total() {
      return total;
    },
  };
}
