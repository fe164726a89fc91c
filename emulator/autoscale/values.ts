/** What a formula computes with. Times count milliseconds, since 1970 for a timestamp. */
export type Value =
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'doubleVec'; readonly values: readonly number[] }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'timestamp'; readonly value: number }
  | { readonly type: 'timeinterval'; readonly value: number }
  | { readonly type: 'nodedeallocationoption'; readonly value: DeallocationOption };

export const DEALLOCATION_OPTIONS = ['requeue', 'terminate', 'taskcompletion', 'retaineddata'] as const;
export type DeallocationOption = (typeof DEALLOCATION_OPTIONS)[number];

export const double = (value: number): Value => ({ type: 'double', value });
export const doubleVec = (values: readonly number[]): Value => ({ type: 'doubleVec', values });
export const timestamp = (value: number): Value => ({ type: 'timestamp', value });
export const timeinterval = (value: number): Value => ({ type: 'timeinterval', value });

/** Formulas have no booleans: true is 1 and false 0. */
export const truth = (condition: boolean): Value => double(condition ? 1 : 0);

const SECOND = 1000;
const DAY = 86_400 * SECOND;

/** The named time intervals, in milliseconds. */
export const TIME_INTERVALS: ReadonlyMap<string, number> = new Map([
  ['TimeInterval_Zero', 0],
  ['TimeInterval_100ns', 0.0001],
  ['TimeInterval_Microsecond', 0.001],
  ['TimeInterval_Millisecond', 1],
  ['TimeInterval_Second', SECOND],
  ['TimeInterval_Minute', 60 * SECOND],
  ['TimeInterval_Hour', 3600 * SECOND],
  ['TimeInterval_Day', DAY],
  ['TimeInterval_Week', 7 * DAY],
  ['TimeInterval_Year', 365 * DAY],
]);

/** Writes a value as the results of an evaluation show it. */
export function formatValue(value: Value): string {
  if (value.type === 'doubleVec') return `[${value.values.join(',')}]`;
  if (value.type === 'timestamp') return formatTimestamp(value.value);
  if (value.type === 'timeinterval') return formatInterval(value.value);
  return String(value.value);
}

function formatTimestamp(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? 'not-a-date-time' : date.toISOString();
}

function formatInterval(milliseconds: number): string {
  const total = Math.abs(milliseconds);
  const two = (number: number): string => String(Math.floor(number)).padStart(2, '0');
  const seconds = (total % (60 * SECOND)) / SECOND;
  const fraction = seconds % 1 === 0 ? '' : (seconds % 1).toFixed(7).slice(1).replace(/0+$/, '');
  const minutes = (total / (60 * SECOND)) % 60;
  return `${milliseconds < 0 ? '-' : ''}${two(total / (3600 * SECOND))}:${two(minutes)}:${two(seconds)}${fraction}`;
}
