import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test, vi } from 'vitest';
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

  test('do without RE2 where they repeat nothing: a list of 20,000 rows would keep keys waiting for a second', () => {
    const compile = vi.spyOn(RE2JS, 'compile');
    expect(compilePattern('exit!=0|render-0.\\.png$')('RENDER-01.PNG')).toBe(true);
    expect(compile).not.toHaveBeenCalled();
    compilePattern('render-\\d');
    expect(compile).toHaveBeenCalledOnce();
    compile.mockRestore();
  });

  test('mean with and without RE2 the same', () => {
    const part = fc.constantFrom(
      ...'aAbBsS0-_/^$|. é界ß\n\r',
      'ſ',
      'K',
      '\\.',
      '\\-',
      '\\_',
      '\\|',
      '\\/',
      '\\"',
      '\\$',
    );
    const words = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(words, words, (pattern, text) => {
        const inRe2 = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE).matcher(text).find();
        expect(compilePattern(pattern)(text)).toBe(inRe2);
      }),
      { numRuns: 3000 },
    );
  });
});
