import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../src/lib/pattern.ts';

describe('patterns', () => {
  test('match anywhere and in any case', () => {
    const test = compilePattern('TASK\\d+$');
    expect(test('mytask12')).toBe(true);
    expect(test('mytask12x')).toBe(false);
  });

  test('say what is wrong with them', () => {
    expect(() => compilePattern('task(')).toThrow(/missing closing \)/);
    expect(() => compilePattern('*')).toThrow(/repetition/);
  });

  test('run in linear time, where backtracking would take longer than anyone lives', () => {
    expect(compilePattern('^(a+)+$')(`${'a'.repeat(50_000)}!`)).toBe(false);
  });
});
