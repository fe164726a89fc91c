import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  normaliseDuration,
  parseDuration,
  UNLIMITED_DURATION,
} from '../../../emulator/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['PT0S', 0],
    ['PT1.5S', 1500],
    ['PT5M', 300_000],
    ['P1DT1H', 90_000_000],
    ['P1W', 604_800_000],
    ['P1Y', 365 * 86_400_000],
    ['P1M', 30 * 86_400_000],
    ['PT36H', 129_600_000],
    ['-PT1S', -1000],
  ])('reads %s as %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1',
    'PT5',
    '5M',
    'P1S',
    'PT1D',
    'PT1H1H',
    'P1.5D',
    'PT,5S',
    'xPT5M',
    'PT5Mx',
    'pt5m',
    'P99999999D',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
    expect(normaliseDuration(text)).toBeUndefined();
  });
});

describe('normaliseDuration', () => {
  it.each([
    ['P3Y6M4DT12H30M5S', 'P1279DT12H30M5S'],
    [UNLIMITED_DURATION, UNLIMITED_DURATION],
    ['PT90S', 'PT1M30S'],
    ['PT24H', 'P1D'],
    ['P7D', 'P7D'],
    ['P0D', 'PT0S'],
    ['PT10S', 'PT10S'],
    ['PT100S', 'PT1M40S'],
    ['PT0.0000001S', 'PT0.0000001S'],
    ['PT1.25000S', 'PT1.25S'],
    ['-PT90S', '-PT1M30S'],
  ])('writes %s as %s', (text, normal) => {
    expect(normaliseDuration(text)).toBe(normal);
  });
});

describe('formatDuration', () => {
  it('is undone by parseDuration', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds + 0);
      }),
    );
  });
});
