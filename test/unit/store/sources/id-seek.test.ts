import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type End,
  findLastId,
  findPageStart,
  guessLast,
  type IdList,
  numberedBefore,
} from '../../../../src/store/sources/id-seek.ts';

const PAGE = 1000;

/** A list as the service has it, and how often it was asked. */
function listOf(ids: readonly string[]): IdList & { requests: number } {
  const sorted = [...ids].sort(ordinal);
  const list = {
    requests: 0,
    first: async (op: 'gt' | 'ge', id: string) => {
      list.requests += 1;
      return sorted.find((each) => each > id || (op === 'ge' && each === id));
    },
    count: async (from: string, end: End) => {
      list.requests += 1;
      const rows = sorted.filter((each) => each >= from && isUpTo(each, end)).length;
      return { rows: Math.min(rows, PAGE), isMore: rows > PAGE };
    },
  };
  return list;
}

const isUpTo = (each: string, { op, id: end }: End) => each < end || (op === 'le' && each === end);
const ordinal = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);
const numbered = (count: number, width: number) =>
  Array.from({ length: count }, (_, index) => `task-${String(index).padStart(width, '0')}`);

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
/** Few letters, so that many ids begin alike. */
const alike = fc.stringMatching(/^[-09AZ_az]{1,9}$/);
const ids = fc.oneof(
  fc.uniqueArray(id, { minLength: 1 }),
  fc.uniqueArray(alike, { minLength: 1, maxLength: 300 }),
);

describe('findLastId', () => {
  it('finds the greatest id, whichever is known and whatever was guessed', async () => {
    await fc.assert(
      fc.asyncProperty(ids, fc.nat(), fc.array(id, { maxLength: 2 }), async (all, pick, guesses) => {
        const known = all[pick % all.length] ?? '';
        const last = [...all].sort(ordinal).at(-1);
        expect(await findLastId(listOf(all), known, guesses)).toBe(last);
      }),
    );
  });

  it('asks twice where ids are numbered without a gap', async () => {
    const list = listOf(numbered(50_000, 7));
    const guesses = guessLast('task-0000000', 50_000);
    expect(await findLastId(list, 'task-0019999', guesses)).toBe('task-0049999');
    expect(list.requests).toBe(2);
  });

  it('asks some dozen times where they are not', async () => {
    const list = listOf(numbered(50_000, 1));
    expect(await findLastId(list, 'task-10', guessLast('task-0', 50_000))).toBe('task-9999');
    expect(list.requests).toBeLessThan(40);
  });
});

describe('findPageStart', () => {
  it('ends a page right before a place, with a screenful where there is one', async () => {
    await fc.assert(
      fc.asyncProperty(ids, id, fc.constantFrom('lt', 'le'), async (all, before, op) => {
        const end: End = { op, id: before };
        const start = await findPageStart(listOf(all), end);
        const rows = all.filter((each) => isUpTo(each, end) && each >= (start ?? '')).length;
        expect(rows).toBeLessThanOrEqual(PAGE);
        if (start === undefined) expect(rows).toBe(all.filter((each) => isUpTo(each, end)).length);
      }),
    );
  });

  it.each([
    ['numbers of one width', numbered(30_000, 7), 'task-0029999'],
    ['numbers of any width', numbered(30_000, 1), 'task-9999'],
    [
      'no numbers',
      numbered(30_000, 5).map((each) => each.replace(/\d/g, (digit) => 'qwertyuiop'[+digit] ?? '')),
      'task-zzz',
    ],
  ])('finds hundreds of rows among tens of thousands: %s', async (_, all, last) => {
    const list = listOf(all);
    const start = await findPageStart(list, { op: 'le', id: last });
    const rows = all.filter((each) => each <= last && each >= (start ?? '')).length;
    expect(rows).toBeGreaterThanOrEqual(200);
    expect(rows).toBeLessThanOrEqual(PAGE);
    expect(list.requests).toBeLessThan(40);
  });
});

describe('numberedBefore', () => {
  it.each([
    ['t-2000', 1000, 't-1000'],
    ['t-0999', 1000, undefined],
    ['t-1000', 1, 't-0999'],
    ['letters', 1, undefined],
  ])('%s less %i is %s', (from, by, expected) => expect(numberedBefore(from, by)).toBe(expected));
});
