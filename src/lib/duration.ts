import { parse } from 'tinyduration';

const DAY_MS = 86_400_000;

/** The service's "no limit", the longest time that .NET can hold, is 10,675,199 days. */
const UNLIMITED_DAYS = 10_675_199;

/**
 * Milliseconds of an ISO 8601 duration; Infinity for the service's "no limit", undefined for text that is
 * none. The service counts a year as 365 days and a month as 30.
 */
export function durationMilliseconds(text: string): number | undefined {
  const parts = tryParse(text);
  if (parts === undefined) return undefined;
  const days =
    (parts.years ?? 0) * 365 + (parts.months ?? 0) * 30 + (parts.weeks ?? 0) * 7 + (parts.days ?? 0);
  if (days >= UNLIMITED_DAYS) return Number.POSITIVE_INFINITY;
  const seconds = (parts.hours ?? 0) * 3600 + (parts.minutes ?? 0) * 60 + (parts.seconds ?? 0);
  return (days * DAY_MS + seconds * 1000) * (parts.negative === true ? -1 : 1);
}

function tryParse(text: string): ReturnType<typeof parse> | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
