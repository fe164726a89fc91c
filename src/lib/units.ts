const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An age in at most two units, as k9s shows it: `8s`, `4m12s`, `3h5m`, `2d4h`, `400d`. Takes milliseconds. */
export function ageText(milliseconds: number): string {
  const age = Math.max(0, milliseconds);
  if (age < MINUTE) return `${Math.floor(age / SECOND)}s`;
  if (age < HOUR) return twoUnits(age, MINUTE, 'm', SECOND, 's');
  if (age < DAY) return twoUnits(age, HOUR, 'h', MINUTE, 'm');
  return age < 10 * DAY ? twoUnits(age, DAY, 'd', HOUR, 'h') : `${Math.floor(age / DAY)}d`;
}

function twoUnits(age: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((age % big) / small);
  return `${Math.floor(age / big)}${bigName}${rest === 0 ? '' : `${rest}${smallName}`}`;
}

/** A measured duration in milliseconds: exact below a minute (`87ms`, `1.3s`), then as an age. */
export function durationText(milliseconds: number): string {
  if (milliseconds < SECOND) return `${Math.round(milliseconds)}ms`;
  return milliseconds < MINUTE ? `${(milliseconds / SECOND).toFixed(1)}s` : ageText(milliseconds);
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A size in decimal units with three digits at most: `7 B`, `1.2 kB`, `340 MB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${BYTE_UNITS[unit]}`;
}

/** A count with thousands apart: `1,000,000`. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** So many of something: `1 task`, `3,968 tasks`. */
export function counted(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
}
