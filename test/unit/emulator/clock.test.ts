import { afterEach, describe, expect, it, vi } from 'vitest';
import { SystemClock } from '../../../emulator/clock.ts';

describe('the clock of the machine', () => {
  afterEach(() => vi.restoreAllMocks());

  it('never gives the same instant twice', () => {
    const clock = new SystemClock();
    const instants = Array.from({ length: 1000 }, () => clock.now());
    expect(instants.every((instant, at) => at === 0 || instant > (instants[at - 1] ?? 0))).toBe(true);
  });

  it('goes on with the time of the machine when that has slept', () => {
    const clock = new SystemClock();
    clock.now();
    const awake = Date.now() + 3 * 3_600_000;
    vi.spyOn(Date, 'now').mockReturnValue(awake);
    expect(clock.now()).toBeGreaterThanOrEqual(awake * 1000);
  });

  it('counts on when the machine is set back', () => {
    const clock = new SystemClock();
    const before = clock.now();
    vi.spyOn(Date, 'now').mockReturnValue(Math.floor(before / 1000) - 60_000);
    expect(clock.now()).toBeGreaterThan(before);
  });

  it('catches up once, and counts on from there', () => {
    const clock = new SystemClock();
    const awake = Date.now() + 60_000;
    const spy = vi.spyOn(Date, 'now').mockReturnValue(awake);
    clock.now();
    spy.mockReturnValue(awake + 500);
    expect(clock.now()).toBeLessThan((awake + 500) * 1000);
  });
});
