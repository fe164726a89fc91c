import { parse } from 'tinyduration';

/** How the service writes "no limit": the longest time span its platform can express. */
export const UNLIMITED_DURATION = 'P10675199DT2H48M5.4775807S';

/** {@link UNLIMITED_DURATION} in milliseconds, as near as a number comes to it. */
export const UNLIMITED_MS = 922_337_203_685_477.6;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TICKS_PER_MS = 10_000;

/** The forms the service takes: only seconds may have a fraction, and `T` must be followed by something. */
const DURATION = /^-?P(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/;

/**
 * The milliseconds an ISO 8601 duration stands for, negative ones included. A year is 365 days and a month 30, as
 * the service counts them. Nothing when the text is no duration or one longer than {@link UNLIMITED_DURATION}.
 */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  if (text === UNLIMITED_DURATION) return UNLIMITED_MS;
  const total = totalMilliseconds(text);
  if (total === undefined || Math.abs(total) > UNLIMITED_MS) return undefined;
  return total;
}

/** Writes a duration as the service gives it back, in days, hours, minutes and seconds; nothing for no duration. */
export function normaliseDuration(text: string): string | undefined {
  const milliseconds = parseDuration(text);
  return milliseconds === undefined ? undefined : formatDuration(milliseconds);
}

/** Writes milliseconds as an ISO 8601 duration, to the service's resolution of 100 ns. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds >= UNLIMITED_MS) return UNLIMITED_DURATION;
  const magnitude = Math.round(Math.abs(milliseconds) * TICKS_PER_MS) / TICKS_PER_MS;
  if (magnitude === 0) return 'PT0S';
  const days = Math.floor(magnitude / DAY);
  const hours = Math.floor((magnitude % DAY) / HOUR);
  const minutes = Math.floor((magnitude % HOUR) / MINUTE);
  const seconds = formatSeconds(magnitude % MINUTE);
  const date = days === 0 ? '' : `${days}D`;
  const time = `${hours === 0 ? '' : `${hours}H`}${minutes === 0 ? '' : `${minutes}M`}${seconds}`;
  return `${milliseconds < 0 ? '-' : ''}P${date}${time === '' ? '' : `T${time}`}`;
}

function totalMilliseconds(text: string): number | undefined {
  try {
    const { years = 0, months = 0, weeks = 0, days = 0, ...time } = parse(text);
    const { hours = 0, minutes = 0, seconds = 0, negative = false } = time;
    const whole = (years * 365 + months * 30 + weeks * 7 + days) * DAY + hours * HOUR + minutes * MINUTE;
    const total = whole + seconds * SECOND;
    return negative ? -total : total;
  } catch {
    return undefined;
  }
}

function formatSeconds(milliseconds: number): string {
  const text = (milliseconds / SECOND).toFixed(7).replace(/\.?0+$/, '');
  return text === '0' || text === '' ? '' : `${text}S`;
}
