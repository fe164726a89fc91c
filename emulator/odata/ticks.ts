const TICKS_PER_MILLISECOND = 10_000n;
/** Ticks between 0001-01-01 and 1970-01-01. */
const UNIX_EPOCH_TICKS = 621_355_968_000_000_000n;
const DATE_TIME = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,7})\d*)?)?(Z|[+-]\d\d:\d\d)?)?$/i;

/**
 * The instant an ISO 8601 date-time means, in ticks of 100 ns since the year 1, the service's own resolution, which
 * is finer than a Date's. Without a time zone it is UTC, without a time midnight. Nothing when it is no date-time.
 */
export function parseTicks(text: string): bigint | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, date, time = '00:00', seconds = '00', fraction = '', zone = 'Z'] = match;
  const milliseconds = Date.parse(`${date}T${time}:${seconds}${zone.toUpperCase()}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * TICKS_PER_MILLISECOND + BigInt(fraction.padEnd(7, '0')) + UNIX_EPOCH_TICKS;
}
