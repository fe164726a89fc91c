import { type Duration, parse } from 'tinyduration';

/** Readers for wire-shaped values; a value that is absent or malformed reads as undefined, never as an error. */

/** A time of the service (ISO 8601, up to seven fraction digits). */
export function time(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const value = Date.parse(text);
  return Number.isNaN(value) ? undefined : new Date(value);
}

/** Milliseconds between two times; undefined while one of them is not known. */
export function span(start: string | undefined, end: string | undefined): number | undefined {
  const from = time(start)?.getTime();
  const to = time(end)?.getTime();
  return from === undefined || to === undefined ? undefined : Math.max(0, to - from);
}

const SECOND = 1000;
const DAY = 86_400 * SECOND;
/** The service's longest duration, days of 64 bits of 100 ns, with which it says that there is no limit. */
const ENDLESS = 10_675_199 * DAY;

/** A duration of the service (ISO 8601) in milliseconds; infinite where it means that there is no limit. */
export function duration(text: string | undefined): number | undefined {
  const parts = text === undefined ? undefined : durationParts(text);
  if (parts === undefined) return undefined;
  const { years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0, negative } = parts;
  if (negative === true) return undefined;
  const whole = (years * 365 + months * 30 + weeks * 7 + days) * DAY;
  const value = whole + ((hours * 60 + minutes) * 60 + seconds) * SECOND;
  return value >= ENDLESS ? Number.POSITIVE_INFINITY : value;
}

function durationParts(text: string): Duration | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** The service sends int64 as text. */
export function integer(value: string | number | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** The service's enumerations come in differing case across API versions: `Failure` and `failure` are one. */
export function sameWord(left: string | undefined, right: string): boolean {
  return left?.toLowerCase() === right.toLowerCase();
}

export interface FailureInfo {
  readonly category?: string;
  readonly code?: string;
  readonly message?: string;
  readonly details?: readonly { readonly name?: string; readonly value?: string }[];
}
