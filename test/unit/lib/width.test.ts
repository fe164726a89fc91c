import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import {
  cellWidth,
  fit as fitCells,
  fitMiddle,
  graphemes,
  isOneCellEach,
  simpleWidth,
  sliceCells,
} from '../../../src/lib/width.ts';

const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('a', ' ', '日', 'é', 'e\u0301', '👩\u200d👧', '…', '│', '🇫🇷', '1\ufe0f\u20e3'),
      fc.string(),
    ),
  )
  .map((parts) => parts.join('').replace(/[\0-\x1f\x7f-\x9f]/g, ''));

describe('cellWidth', () => {
  test.each([
    ['', 0],
    ['mytask1', 7],
    ['日本', 4],
    ['e\u0301', 1],
    ['👩\u200d👩\u200d👧', 2],
    ['🇫🇷', 2],
    ['❤\ufe0f', 2],
    ['1\ufe0f\u20e3', 2],
    ['a…│█', 4],
    ['한국', 4],
    ['\x07\n', 0],
  ])('of %j is %i', (value, width) => {
    expect(cellWidth(value)).toBe(width);
  });

  test('agrees with string-width, which Ink lays out by, on every character of its fast path', () => {
    const codes = Array.from({ length: 0x10000 }, (_, code) => code).filter((code) => simpleWidth(code) > 0);
    expect(codes.length).toBeGreaterThan(30_000);
    expect(codes.filter((code) => stringWidth(String.fromCharCode(code)) !== simpleWidth(code))).toEqual([]);
  });

  test('takes for one cell each what is simple and that wide, but for a space that is none to break a line at', () => {
    const codes = Array.from({ length: 0x10000 }, (_, code) => code);
    const oneCell = codes.filter((code) => simpleWidth(code) === 1 && code !== 0xa0 && code !== 0xe000);
    expect(codes.filter((code) => isOneCellEach(String.fromCharCode(code)))).toEqual(oneCell);
    expect(isOneCellEach('a – b │')).toBe(true);
    expect(isOneCellEach('e\u0301')).toBe(false);
  });

  test('agrees with string-width on joined characters', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(cellWidth(value)).toBe(stringWidth(value, { countAnsiEscapeCodes: true }));
      }),
    );
  });
});

describe('graphemes', () => {
  test('are what a user would call characters', () => {
    expect(graphemes('ae\u0301日👩\u200d👧!')).toEqual(['a', 'e\u0301', '日', '👩\u200d👧', '!']);
  });

  test('lose nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(graphemes(value).join('')).toBe(value);
      }),
    );
  });
});

describe('fit', () => {
  test.each([
    ['pool', 6, 'left', 'pool  '],
    ['pool', 6, 'right', '  pool'],
    ['mypool', 4, 'left', 'myp…'],
    ['mypool', 6, 'left', 'mypool'],
    ['日本語', 5, 'left', '日本…'],
    ['日本語', 4, 'left', '日 …'],
    ['日本', 5, 'right', ' 日本'],
    ['ab', 1, 'left', '…'],
    ['ab', 0, 'left', ''],
  ] as const)('%j in %i cells, %s, is %j', (value, width, align, fitted) => {
    expect(fitCells(value, width, align)).toBe(fitted);
  });

  test('takes exactly its width', () => {
    fc.assert(
      fc.property(
        text,
        fc.nat(30),
        fc.constantFrom('left' as const, 'right' as const),
        (value, width, align) => {
          expect(cellWidth(fitCells(value, width, align))).toBe(width);
        },
      ),
    );
  });
});

describe('fitMiddle', () => {
  test('keeps the beginning and the end of what is too long, and pads what is not', () => {
    expect(fitMiddle('render-of-the-night-0001', 13)).toBe('render-o…0001');
    expect(fitMiddle('job', 6)).toBe('job   ');
    expect(fitMiddle('job12', 2)).toBe('j…');
  });

  test('takes no more cells than it is given, whatever is wide', () => {
    for (const width of [1, 2, 3, 7, 8, 9, 10]) {
      expect(cellWidth(fitMiddle('夜間レンダリング🚀12', width))).toBe(width);
    }
  });
});

describe('sliceCells', () => {
  test.each([
    ['abcdef', 2, 3, 'cde'],
    ['abc', 2, 5, 'c'],
    ['abc', 5, 5, ''],
    ['日本語', 2, 2, '本'],
    ['日本語', 1, 4, ' 本 '],
    ['日本語', 0, 3, '日 '],
    ['abc', 1, 0, ''],
  ])('of %j from %i, %i cells, is %j', (value, start, width, slice) => {
    expect(sliceCells(value, start, width)).toBe(slice);
  });

  test('cuts a text into columns that stay in line', () => {
    fc.assert(
      fc.property(text, fc.nat(20), fc.nat(20), (value, start, width) => {
        const left = Math.max(0, Math.min(width, cellWidth(value) - start));
        expect(cellWidth(sliceCells(value, start, width))).toBe(left);
      }),
    );
  });
});
