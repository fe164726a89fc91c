import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareNatural, naturalOrder } from '../../../src/lib/natural.ts';

const sorted = (...texts: string[]) => texts.sort(compareNatural);

describe('the natural order', () => {
  test('puts numbers by their size, wherever they stand', () => {
    expect(sorted('task10', 'task9', 'task1', 'task2')).toEqual(['task1', 'task2', 'task9', 'task10']);
    expect(sorted('a10b2', 'a10b10', 'a9b99')).toEqual(['a9b99', 'a10b2', 'a10b10']);
  });

  test('tells numbers apart that no double can', () => {
    expect(sorted('t90071992547409930', 't90071992547409929')).toEqual([
      't90071992547409929',
      't90071992547409930',
    ]);
  });

  test('does not let case or leading zeros separate what belongs together', () => {
    expect(sorted('b1', 'A2', 'a1')).toEqual(['a1', 'A2', 'b1']);
    expect(sorted('t002', 't10', 't1')).toEqual(['t1', 't002', 't10']);
    for (const [first, second] of [
      ['t01a', 't1b'],
      ['t1a', 't01b'],
      ['B1', 'b2'],
      ['b1', 'B2'],
    ] as const) {
      expect(sorted(second, first)).toEqual([first, second]);
      expect(sorted(first, second)).toEqual([first, second]);
    }
  });

  test('puts the shorter one first when the other goes on', () => {
    expect(sorted('job-1', 'job', 'job-')).toEqual(['job', 'job-', 'job-1']);
  });

  test('is the same order when texts are taken apart once for a whole sort', () => {
    const text = fc.stringMatching(/^[aAb0-9]{0,6}$/);
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        expect(texts.toSorted(naturalOrder())).toEqual(texts.toSorted(compareNatural));
      }),
    );
  });

  test('is an order: antisymmetric and transitive, and only the same text is equal', () => {
    const text = fc.stringMatching(/^[aAb0-9]{0,6}$/);
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(Math.sign(compareNatural(a, b))).toBe(-Math.sign(compareNatural(b, a)) + 0);
        if (a !== b) expect(compareNatural(a, b)).not.toBe(0);
        if (compareNatural(a, b) <= 0 && compareNatural(b, c) <= 0)
          expect(compareNatural(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
