import { ageText, bytesText, countText } from '../lib/units.ts';

/** How far something has come. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Milliseconds since the start. */
  readonly elapsed?: number | undefined;
  /** What `done` and `total` count: things unless told. */
  readonly measure?: 'bytes' | undefined;
  /** What was stopped will not get any further. */
  readonly state?: 'running' | 'cancelled' | 'ended' | undefined;
}

/** Below this a rate says nothing yet. */
const SETTLED = 1000;

/** `1,200 of 5,000  240/s  16s left`; the rate and the rest appear once there is something to tell them from. */
export function progressText({ done, total, elapsed = 0, measure, state }: Progress): string {
  const amount = measure === 'bytes' ? bytesText : countText;
  const counts = `${amount(done)} of ${amount(total)}`;
  if (elapsed < SETTLED || done <= 0) return counts;
  const rate = (done / elapsed) * 1000;
  const speed = `${measure === 'bytes' ? bytesText(rate) : rateText(rate)}/s`;
  if (done >= total || state === 'cancelled') return `${counts}  ${speed}`;
  return `${counts}  ${speed}  ${ageText(((total - done) / rate) * 1000)} left`;
}

function rateText(rate: number): string {
  return rate < 10 ? rate.toFixed(1) : countText(Math.round(rate));
}
