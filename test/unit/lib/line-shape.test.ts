import { expect, test } from 'vitest';
import { lineShape } from '../../../src/lib/line-shape.ts';

test.each([
  ['frame 12: out of memory at 0x7f3a', 'frame 240: out of memory at 0xdead01'],
  ['2026-03-02T12:00:01.5Z  killed', '2026-03-02T12:10:59.25Z killed '],
  ['lease 0f8fad5b-d9cb-469f-a165-70867728950e lost', 'lease 7c9e6679-7425-40de-944b-e07fc1f90ae7 lost'],
  ['node tvmps_11e24c8f5a013ed9 gone', 'node tvmps_5f6ba23ffd27a866 gone'],
])('%s says the same as %s', (left, right) => {
  expect(lineShape(left, '')).toBe(lineShape(right, ''));
});

test('words that differ make other lines, and words that look like hexadecimal numbers are words', () => {
  expect(lineShape('disk full', '')).not.toBe(lineShape('disk empty', ''));
  expect(lineShape('defaced', '')).toBe('defaced');
});

test('the id of the task makes no other line', () => {
  expect(lineShape('alpha: no such file', 'alpha')).toBe(lineShape('beta: no such file', 'beta'));
  expect(lineShape('out_alpha.csv', 'alpha')).toBe(lineShape('out_b(1.csv', 'b(1'));
});

test.each([
  ['1', '2'],
  ['27', '3'],
  ['a', 'b'],
])('the ids %s and %s are no part of other words and numbers', (left, right) => {
  const line = (task: string) => `task ${task} cannot read 127 at 0x27a1 (${task}.csv)`;
  expect(lineShape(line(left), left)).toBe(lineShape(line(right), right));
});
