import { describe, expect, test } from 'vitest';
import { parseLine } from '../../../src/terminal/cells.ts';
import { StyleTable } from '../../../src/terminal/style-table.ts';

/** The glyphs of a line's cells, the second half of a wide character as `_`. */
function glyphs(line: string, width: number): string {
  return parseLine(line, width, new StyleTable())
    .glyphs.map((glyph) => glyph || '_')
    .join('|');
}

/** How a terminal is taken from plain to the style of a line's first cell. */
function styleOf(line: string): string {
  const table = new StyleTable();
  return table.between(0, parseLine(line, 4, table).styles[0] ?? -1);
}

describe('the cells of a line', () => {
  test('always fill the width', () => {
    expect(glyphs('ab', 4)).toBe('a|b| | ');
    expect(glyphs('abcdef', 4)).toBe('a|b|c|d');
    expect(glyphs('', 2)).toBe(' | ');
  });

  test('never hold half a wide character', () => {
    expect(glyphs('a日本', 4)).toBe('a|日|_| ');
    expect(glyphs('a日本', 5)).toBe('a|日|_|本|_');
  });

  test('keep clusters together', () => {
    expect(glyphs('e\u0301👩\u200d👧x', 5)).toBe('e\u0301|👩\u200d👧|_|x| ');
  });

  test('bound a cluster with endless accents', () => {
    const [glyph = ''] = parseLine(`a${'\u0301'.repeat(500)}`, 2, new StyleTable()).glyphs;
    expect(glyph.length).toBe(32);
  });

  test('hold no control character and no other escape sequence, whatever the line holds', () => {
    expect(glyphs('a\x07b\x1b[2Jc\x1b]0;t\x07\nd', 12)).toBe('a|b|c|]|0|;|t|d| | | | ');
    expect(glyphs('a\x1b[3', 3)).toBe('a| | ');
    expect(glyphs('a\x1b', 3)).toBe('a| | ');
  });
});

describe('the style of a cell', () => {
  test.each([
    ['\x1b[31mx', '\x1b[31m'],
    ['\x1b[1;38;5;208mx', '\x1b[1;38;5;208m'],
    ['\x1b[38;2;1;2;3;4mx', '\x1b[4;38;2;1;2;3m'],
    ['\x1b[38:2::1:2:3mx', '\x1b[38;2;1;2;3m'],
    ['\x1b[48:5:17mx', '\x1b[48;5;17m'],
    ['\x1b[4:3mx', '\x1b[4m'],
    ['\x1b[1m\x1b[22mx', ''],
    ['\x1b[41;7m\x1b[mx', ''],
    ['\x1b[31;39;44;49mx', ''],
    ['\x1b[5;8mx', ''],
    ['\x1b[38;5;999mx', ''],
    ['\x1b[58;2;1;2;3;31mx', '\x1b[31m'],
  ])('%j is %j', (line, sequence) => {
    expect(styleOf(line)).toBe(sequence);
  });

  test('blanks that look alike have one style', () => {
    const table = new StyleTable();
    const line = parseLine('\x1b[31m \x1b[0;1m \x1b[0m \x1b[31;42m \x1b[42;1m ', 5, table);
    expect(new Set(line.styles.slice(0, 3)).size).toBe(1);
    expect(line.styles[3]).toBe(line.styles[4]);
    expect(line.styles[3]).not.toBe(line.styles[0]);
  });
});
