import { countText } from '../lib/units.ts';
import { sameWord } from './wire.ts';

const MINUTE = 60_000;

/** How many tasks of a job complete in a minute, and the milliseconds in which that was seen. */
export interface Pace {
  readonly perMinute: number;
  readonly over: number;
}

/** The pace of so many tasks in so many milliseconds. */
export function paceOf(tasks: number, over: number): Pace {
  return { perMinute: (tasks * MINUTE) / over, over };
}

/** Times over which a pace is told, the shortest in which enough has completed first. */
export const PACE_WINDOWS: readonly number[] = [10 * MINUTE, 60 * MINUTE, 360 * MINUTE];
/** Tasks whose ends tell a pace. */
export const ENOUGH = 10;
/** A shorter time tells nothing. */
const SHORTEST = 1000;

/**
 * The pace of late, by when tasks ended: all that ended since `first` are known, by the same clock as `now`. The one that
 * everything tells of a job, so that no two places tell different ones.
 */
export function recentPace(
  ends: readonly number[],
  first: number | undefined,
  now: number,
): Pace | undefined {
  if (first === undefined || now - first < SHORTEST) return undefined;
  const since = (from: number): number => ends.filter((end) => end >= from).length;
  const fitting = PACE_WINDOWS.filter((window) => window < now - first);
  const over = fitting.find((window) => since(now - window) >= ENOUGH) ?? now - first;
  return paceOf(since(now - over), over);
}

/**
 * Milliseconds until all tasks of a job have completed at a pace; undefined where they will not: at a standstill, or in a
 * job that is not active, which starts none of those that wait.
 */
export function timeLeft(
  state: string | undefined,
  { active, running }: { readonly active: number; readonly running: number },
  pace: Pace | undefined,
): number | undefined {
  const left = active + running;
  if (!sameWord(state, 'active') || left === 0 || pace === undefined || pace.perMinute <= 0) return undefined;
  return (left * MINUTE) / pace.perMinute;
}

/** `12 a minute`, or `2.5 tasks an hour` where less than one a minute completes. */
export function rateText({ perMinute }: Pace, noun?: string): string {
  const [rate, unit] = perMinute >= 1 ? [perMinute, 'a minute'] : [perMinute * 60, 'an hour'];
  const text = rate < 10 ? rate.toFixed(1) : countText(Math.round(rate));
  return noun === undefined ? `${text} ${unit}` : `${text} ${noun} ${unit}`;
}
