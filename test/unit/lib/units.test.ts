import { describe, expect, test } from 'vitest';
import { ageText, bytesText, countText, durationText } from '../../../src/lib/units.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('units', () => {
  test.each([
    [-5 * SECOND, '0s'],
    [999, '0s'],
    [59_999, '59s'],
    [MINUTE, '1m'],
    [4 * MINUTE + 12 * SECOND, '4m12s'],
    [HOUR - 1, '59m59s'],
    [3 * HOUR + 5 * MINUTE + 59 * SECOND, '3h5m'],
    [2 * DAY + 4 * HOUR, '2d4h'],
    [10 * DAY + 4 * HOUR, '10d'],
    [400 * DAY, '400d'],
  ])('an age of %i ms is %s', (milliseconds, text) => {
    expect(ageText(milliseconds)).toBe(text);
  });

  test.each([
    [0, '0ms'],
    [87.4, '87ms'],
    [1300, '1.3s'],
    [59_900, '59.9s'],
    [3 * MINUTE, '3m'],
  ])('a duration of %d ms is %s', (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
  });

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1_234_567, '1.2 MB'],
    [9_960_000, '10 MB'],
    [999_600, '1.0 MB'],
    [340_000_000, '340 MB'],
    [5e18, '5000 PB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1_234_567, '1,234,567'],
  ])('%i is written %s', (count, text) => {
    expect(countText(count)).toBe(text);
  });
});
