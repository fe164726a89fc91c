import { describe, expect, test } from 'vitest';
import { exactCell, formatCell } from '../../../src/resources/format.ts';
import { duration, integer, sameWord, span, time } from '../../../src/resources/wire.ts';
import { HOUR, NOW } from '../../support/samples.ts';

describe('cells for people', () => {
  test.each([
    [undefined, 'number', '–'],
    ['', 'text', '–'],
    [0, 'number', '0'],
    [1500, 'bytes', '1.5 kB'],
    [90_000, 'duration', '1m30s'],
    [true, 'flag', 'yes'],
    [false, 'flag', 'no'],
    [new Date(NOW - HOUR), 'age', '1h'],
    [new Date(NOW), 'time', '2026-03-02 12:00:00'],
  ] as const)('%s as %s is %s', (cell, kind, text) => {
    expect(formatCell(cell, kind, NOW)).toBe(text);
  });
});

describe('cells for machines', () => {
  test.each([
    [undefined, 'number', ''],
    [1500, 'bytes', '1500'],
    [90_500, 'duration', '90.5'],
    [true, 'flag', 'true'],
    [new Date(NOW - HOUR), 'age', '2026-03-02T11:00:00.000Z'],
  ] as const)('%s as %s is "%s"', (cell, kind, text) => {
    expect(exactCell(cell, kind)).toBe(text);
  });
});

describe('values of the wire', () => {
  test('what is malformed reads as absent', () => {
    expect(time('yesterday')).toBeUndefined();
    expect(time(undefined)).toBeUndefined();
    expect(integer('many')).toBeUndefined();
  });

  test('times have seven digits, int64 comes as text, words in any case', () => {
    expect(time('2022-11-29T22:17:28.8941612Z')?.getTime()).toBe(Date.UTC(2022, 10, 29, 22, 17, 28, 894));
    expect(integer('9007199254740991')).toBe(9_007_199_254_740_991);
    expect(sameWord('Failure', 'failure')).toBe(true);
    expect(sameWord(undefined, 'failure')).toBe(false);
  });

  test('a span needs both ends, and never runs backwards', () => {
    expect(span('2026-03-02T12:00:00Z', '2026-03-02T12:00:01.5Z')).toBe(1500);
    expect(span('2026-03-02T12:00:00Z', undefined)).toBeUndefined();
    expect(span('2026-03-02T12:00:01Z', '2026-03-02T12:00:00Z')).toBe(0);
  });

  test('durations of the service are milliseconds, the longest one has no end', () => {
    expect(duration('PT1H30M')).toBe(5_400_000);
    expect(duration('P1DT2.5S')).toBe(86_402_500);
    expect(duration('P10675199DT2H48M5.4775807S')).toBe(Number.POSITIVE_INFINITY);
    expect([duration(undefined), duration('soon'), duration('-PT5S')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
