import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkIds, checkPool, countIds, expandIds, parseRange } from '../../../src/resources/id-range.ts';

const ids = (text: string) => [...expandIds(text)].map(({ id }) => id);

describe('ids and ranges of ids', () => {
  test('says how a pool is picked', () => {
    expect([checkPool(''), checkPool('a b'), checkPool('mypool')]).toEqual([
      'a pool is needed: enter picks one',
      'letters, digits, - and _ only',
      undefined,
    ]);
  });

  test('a single id stands for itself', () => {
    expect([...expandIds('mytask')]).toEqual([{ id: 'mytask', number: '' }]);
    expect(countIds('mytask')).toBe(1);
  });

  test('mytask{1..10} are ten', () => {
    expect(ids('mytask{1..10}')).toEqual(Array.from({ length: 10 }, (_, index) => `mytask${index + 1}`));
    expect(countIds('mytask{1..10}')).toBe(10);
  });

  test('t{001..500} keeps its zeros, in the id and in the number', () => {
    const all = [...expandIds('t{001..500}')];
    expect(all).toHaveLength(500);
    expect(all[0]).toEqual({ id: 't001', number: '001' });
    expect(all[499]).toEqual({ id: 't500', number: '500' });
  });

  test('numbers grow beyond the width they were written in', () => {
    expect(ids('t{8..11}')).toEqual(['t8', 't9', 't10', 't11']);
    expect(ids('t{08..101}').at(-1)).toBe('t101');
  });

  test('text may stand behind the number', () => {
    expect(ids('a{1..2}-b')).toEqual(['a1-b', 'a2-b']);
  });

  test('a million are counted, and begun, without being made', () => {
    expect(countIds('t{1..1000000}')).toBe(1_000_000);
    expect(expandIds('t{1..1000000}').next().value).toEqual({ id: 't1', number: '1' });
  });

  test.each([
    ['', 'an id is needed'],
    ['my task', 'letters, digits, - and _ only'],
    ['t{5..1}', 'the range ends at 1, before 5'],
    ['t{1..}', 'a range is written like mytask{1..10}'],
    ['t{1..2}{3..4}', 'a range is written like mytask{1..10}'],
    ['t{a..b}', 'a range is written like mytask{1..10}'],
    ['a b{1..2}', 'letters, digits, - and _ only'],
    ['x'.repeat(65), 'at most 64 characters'],
    [`${'x'.repeat(62)}{1..100}`, 'at most 64 characters'],
  ])('"%s" is wrong: %s', (text, problem) => {
    expect(checkIds(text)).toBe(problem);
  });

  test.each(['t', 'my-task_1', 'x'.repeat(64), 't{0..0}', `${'x'.repeat(62)}{1..99}`])(
    '"%s" is right',
    (text) => {
      expect(checkIds(text)).toBeUndefined();
    },
  );

  test('as many ids come as are counted, all of them different', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), fc.boolean(), (first, more, padded) => {
        const from = padded ? String(first).padStart(4, '0') : String(first);
        const text = `t{${from}..${first + more}}`;
        const all = ids(text);
        expect(all).toHaveLength(countIds(text));
        expect(new Set(all).size).toBe(all.length);
        expect(parseRange(text)).toMatchObject({ first, last: first + more });
      }),
    );
  });
});
