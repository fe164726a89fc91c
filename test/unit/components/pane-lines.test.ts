import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Palette } from '../../../src/components/palette.ts';
import {
  cellOfMatch,
  findLines,
  lastPlace,
  paneLines,
  panTo,
  placeBeyond,
  rowOfCell,
  rowsOf,
  styledText,
  wrapWords,
} from '../../../src/components/pane-lines.ts';
import { stripSgr } from '../../../src/lib/style.ts';
import { cellWidth } from '../../../src/lib/width.ts';

const PALETTE = new Palette('true');
const WINDOW = { top: 0, left: 0, wrap: false, find: '' };
const TEXT = styledText(['short', `\x1b[31m${'0123456789'.repeat(3)}\x1b[0m`, '', '日本語日本語']);

const shown = (window: Partial<typeof WINDOW>, width: number, height: number) =>
  paneLines(PALETTE, TEXT, { ...WINDOW, ...window }, width, height).map(stripSgr);

describe('a window on a text', () => {
  test('cuts lines, or pans over them', () => {
    expect(shown({}, 8, 4)).toEqual(['short   ', '0123456›', '        ', '日本語 ›']);
    expect(shown({ left: 3 }, 8, 4)).toEqual(['rt      ', '3456789›', '        ', ' 語日本›']);
  });

  test('wraps lines when told to, without losing a cell', () => {
    expect(shown({ wrap: true }, 8, 9)).toEqual([
      'short   ',
      '01234567',
      '89012345',
      '67890123',
      '456789  ',
      '        ',
      '日本語日',
      '本語    ',
    ]);
  });

  test('begins where it should, and ends with its height', () => {
    expect(shown({ top: 2 }, 8, 1)).toEqual(['        ']);
    expect(shown({ top: 4 }, 8, 3)).toEqual([]);
    expect(shown({ wrap: true }, 8, 2)).toEqual(['short   ', '01234567']);
  });

  test('keeps a line’s colours when it is panned', () => {
    const [, line] = paneLines(PALETTE, TEXT, { ...WINDOW, left: 5 }, 8, 2);
    expect(line).toContain('\x1b[31m');
  });

  test('shows only what is looked at', () => {
    const made: string[] = [];
    const lines = Array.from({ length: 100_000 }, (_, index) => `line ${index}`);
    const plain = styledText(lines);
    const text = {
      ...plain,
      show: (index: number) => {
        made.push(plain.show(index));
        return plain.show(index);
      },
    };
    paneLines(PALETTE, text, { ...WINDOW, top: 99_990 }, 20, 5);
    expect(made).toEqual(lines.slice(99_990, 99_995));
  });

  test('what stands in front of a line is neither panned out, nor wrapped, nor searched', () => {
    const text = {
      ...styledText(['0123456789', 'b']),
      lead: { width: 2, of: (index: number) => `${index}|` },
    };
    expect(paneLines(PALETTE, text, { ...WINDOW, left: 3 }, 6, 2).map(stripSgr)).toEqual([
      '0|345›',
      '1|    ',
    ]);
    expect(paneLines(PALETTE, text, { ...WINDOW, wrap: true }, 8, 4)).toEqual([
      '0|012345',
      '  6789  ',
      '1|b     ',
    ]);
    expect(lastPlace(text, { width: 8, height: 3, wrap: true })).toEqual({ top: 0, skip: 0 });
    expect(lastPlace(text, { width: 8, height: 2, wrap: true })).toEqual({ top: 0, skip: 1 });
    expect(paneLines(PALETTE, text, { ...WINDOW, wrap: true, skip: 1 }, 8, 4)).toEqual([
      '  6789  ',
      '1|b     ',
    ]);
    const [, line] = paneLines(PALETTE, text, { ...WINDOW, find: '1' }, 8, 2);
    expect(line).toBe('1|b     ');
  });

  test('of a long line that is wrapped only the rows that are seen are made', () => {
    const text = styledText(['x'.repeat(400_000), 'last']);
    const rows = paneLines(PALETTE, text, { ...WINDOW, wrap: true }, 20, 5);
    expect(rows).toEqual(Array.from({ length: 5 }, () => 'x'.repeat(20)));
  });

  test('highlights what is looked for, in any case, in all places', () => {
    const text = styledText(['a task, a TASK', 'nothing']);
    const [line, other] = paneLines(PALETTE, text, { ...WINDOW, find: 'task' }, 20, 2);
    const match = PALETTE.ink('match', 'task');
    expect(line).toContain(match);
    expect(line).toContain(PALETTE.ink('match', 'TASK'));
    expect(other).toBe(`nothing${' '.repeat(13)}`);
    expect(stripSgr(line ?? '')).toBe('a task, a TASK      ');
  });
});

describe('places in a text', () => {
  test('lines that match, by number', () => {
    expect(findLines(['one Two', '\x1b[1mt\x1b[0mwo', 'three'], 'tWo')).toEqual([0, 1]);
    expect(findLines(['x'], '')).toEqual([]);
  });

  test('rows that a line takes', () => {
    expect(rowsOf('', 10, true)).toBe(1);
    expect(rowsOf('x'.repeat(21), 10, true)).toBe(3);
    expect(rowsOf('x'.repeat(21), 10, false)).toBe(1);
  });

  test('the last line stands at the bottom, wrapped or not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(40), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 3, max: 12 }),
        fc.boolean(),
        (lengths, height, wrap) => {
          const lines = lengths.map((length) => 'x'.repeat(length));
          const text = styledText(lines);
          const { top, skip } = lastPlace(text, { width: 10, height, wrap });
          const rows = (from: number) =>
            lines.slice(from).reduce((sum, line) => sum + rowsOf(line, 10, wrap), 0);
          expect(rows(top) - skip).toBe(Math.min(rows(0), height));
        },
      ),
    );
  });
});

describe('wrapped lines', () => {
  const line = fc.string({ unit: fc.constantFrom('a', '日', '👩‍🚀', 'e\u0301', ' '), maxLength: 60 });

  test('all of a text is seen from its top to its end, in steps of any size', () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 2, max: 11 }),
        fc.integer({ min: 1, max: 7 }),
        (lines, width, height) => {
          const text = styledText(lines);
          const size = { width, height, wrap: true };
          const screen = (place: { top: number; skip: number }) =>
            paneLines(PALETTE, text, { ...WINDOW, ...place, wrap: true }, width, height);
          let place = { top: 0, skip: 0 };
          const seen = [...screen(place)];
          for (let steps = 0; steps < 700; steps += 1) {
            const next = placeBeyond(text, place, 1, size);
            if (next.top === place.top && next.skip === place.skip) break;
            expect(placeBeyond(text, next, -1, size)).toEqual(place);
            place = next;
            seen.push(...screen(place).slice(-1));
          }
          expect(place).toEqual(lastPlace(text, size));
          expect(placeBeyond(text, place, Number.NEGATIVE_INFINITY, size)).toEqual({ top: 0, skip: 0 });
          for (const row of seen) expect(cellWidth(row)).toBe(width);
          expect(seen.join('').replaceAll(' ', '')).toBe(lines.join('').replaceAll(' ', ''));
        },
      ),
    );
  });

  test('what was found is in the row of its cell, or is panned to', () => {
    const text = styledText([`\x1b[31m${'日'.repeat(30)}needle\x1b[0m`]);
    expect(cellOfMatch(text, 0, 'NEEDLE')).toBe(60);
    expect(cellOfMatch(text, 0, 'other')).toBeUndefined();
    expect(rowOfCell(text, 0, 60, 9)).toBe(7);
    expect(panTo(text, 0, 60, 66, 30)).toBe(50);
    expect(panTo(text, 50, 60, 66, 30)).toBe(50);
    expect(panTo(text, 50, 3, 5, 30)).toBe(0);
  });
});

describe('wrapping words', () => {
  test('breaks between words, and in words that are too long', () => {
    expect(wrapWords('the quick brown fox', 10)).toEqual(['the quick', 'brown fox']);
    expect(wrapWords('abcdefghij klm', 4)).toEqual(['abcd', 'efgh', 'ij', 'klm']);
    expect(wrapWords('', 10)).toEqual(['']);
  });

  test('no row is too wide, and no letter is lost', () => {
    const word = fc.constantFrom('a', 'task', '日本語', 'x'.repeat(25), 'é');
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 2, max: 30 }),
        (words, width) => {
          const rows = wrapWords(words.join(' '), width);
          for (const line of rows) expect(cellWidth(line)).toBeLessThanOrEqual(width);
          expect(rows.join('').replaceAll(' ', '')).toBe(words.join(''));
        },
      ),
    );
  });
});
