import { beforeEach, describe, expect, it } from 'vitest';
import { PaintClock } from '../../../src/lib/paint-clock.ts';

describe('clocks for what is painted', () => {
  let time: number;
  let clock: PaintClock;
  let shown: () => number;

  beforeEach(() => {
    time = 1_000_000;
    clock = new PaintClock(() => time);
    shown = clock.like(() => time + 3);
    expect(shown()).toBe(1_000_003);
  });

  /** A key so long (ms) after what was before. */
  const keyAfter = (milliseconds: number) => {
    time += milliseconds;
    clock.hold();
  };

  it('go on while no key comes', () => {
    time += 1;
    expect(shown()).toBe(1_000_004);
  });

  it('stand still while keys come one upon the other, and go on when they pause', () => {
    for (let turn = 0; turn < 4; turn += 1) keyAfter(60);
    expect(shown()).toBe(1_000_003);
    time += 199;
    expect(shown()).toBe(1_000_003);
    time += 1;
    expect(shown()).toBe(1_000_443);
  });

  it('stay behind by five seconds at most', () => {
    for (let turn = 0; turn < 50; turn += 1) keyAfter(100);
    expect(shown()).toBe(1_000_003);
    keyAfter(1);
    expect(shown()).toBe(1_005_004);
  });

  it('are set back with the clock that they follow', () => {
    clock.hold();
    time -= 500;
    expect(shown()).toBe(999_503);
  });
});
