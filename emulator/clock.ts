import { setTimeout as setNodeTimeout } from 'node:timers';

/**
 * A point in time in microseconds since 1970-01-01 UTC. The service counts in units of 100 ns, which a
 * JavaScript number cannot hold exactly; microseconds it can, until the year 2255.
 */
export type Instant = number;

/** Where the emulator reads the time and asks to be woken. Tests drive one by hand. */
export interface Clock {
  /** The present. Two calls never return the same instant, so that two changes never share an ETag. */
  now(): Instant;
  /** Calls `action` once after `milliseconds`; the function returned cancels it. */
  after(milliseconds: number, action: () => void): () => void;
}

/** The longest delay that Node's timers take; beyond it they fire at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** So far (ms) the time counted since the start may be behind the machine's before it catches up. */
const MOST_LAG_MS = 1000;

/** The clock of the machine, never stepping back. */
export class SystemClock implements Clock {
  #last: Instant = 0;
  #origin = performance.timeOrigin;

  now(): Instant {
    // Counted for its microseconds, and because it does not step back; but the count stands still while the machine sleeps.
    const lag = Date.now() - (this.#origin + performance.now());
    if (lag > MOST_LAG_MS) this.#origin += lag;
    const measured = Math.floor((this.#origin + performance.now()) * 1000);
    this.#last = Math.max(measured, this.#last + 1);
    return this.#last;
  }

  after(milliseconds: number, action: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    const arm = (left: number) => {
      const step = Math.min(left, LONGEST_TIMEOUT_MS);
      timer = setNodeTimeout(() => (left > step ? arm(left - step) : action()), Math.max(0, step));
    };
    arm(milliseconds);
    return () => clearTimeout(timer);
  }
}

/** As the service writes a time: UTC, trailing zeros of the fraction dropped. */
export function toTimestamp(instant: Instant): string {
  const seconds = Math.floor(instant / 1e6);
  const fraction = (instant - seconds * 1e6).toString().padStart(6, '0').replace(/0+$/, '');
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return fraction === '' ? `${whole}Z` : `${whole}.${fraction}Z`;
}

/** Reads a timestamp of the service's back; digits below a microsecond are dropped. NaN when it is no time. */
export function fromTimestamp(timestamp: string): Instant {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/.exec(timestamp);
  if (match === null) return Number.NaN;
  const seconds = Date.parse(`${match[1]}${match[3] ?? 'Z'}`) * 1000;
  return seconds + Number((match[2] ?? '').slice(0, 6).padEnd(6, '0'));
}

/** .NET's tick zero (0001-01-01) as ticks before 1970. */
const TICKS_BEFORE_1970 = 621_355_968_000_000_000n;

/** The service's entity tag: the .NET ticks of the last modification, in hexadecimal and without quotes. */
export function toETag(instant: Instant): string {
  const ticks = BigInt(instant) * 10n + TICKS_BEFORE_1970;
  return `0x${ticks.toString(16).toUpperCase().padStart(15, '0')}`;
}

/** As an HTTP header writes a time. */
export function toHttpDate(instant: Instant): string {
  return new Date(Math.floor(instant / 1000)).toUTCString();
}
