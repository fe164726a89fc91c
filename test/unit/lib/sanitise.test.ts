import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visible, visibleKeepingColour } from '../../../src/lib/sanitise.ts';

/** Text rich in what must not reach a terminal. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\x1b',
        '\x1b[31m',
        '\x1b[2J',
        '\x1b]52;c;YQ==\x07',
        '\x1b]0;t',
        '\x9b2J',
        '\x1bP1\x1b\\',
        '\x1bc',
      ),
      fc.constantFrom('\r', '\n', '\t', '\x07', '\u202e', '\u2066', '\ue000', '\ufeff', 'a\u0301', '[m', ';'),
    ),
  )
  .map((parts) => parts.join(''));

const FORBIDDEN =
  /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ue000\ufeff\p{Cs}\u{e0001}\u{e0020}-\u{e007f}]/u;

describe('visible', () => {
  test.each([
    ['mytask1', 'mytask1'],
    ['日本 👩\u200d👧 é', '日本 👩\u200d👧 é'],
    ['a\tb', 'a b'],
    ['a\nb', 'a⏎b'],
    ['a\r\nb', 'a⏎b'],
    ['a\rb', 'a␍b'],
    ['\0\x07\x1b[31m', '␀␇␛[31m'],
    ['\x7f', '␡'],
    ['\x9b31m', '�31m'],
    ['\x85', '⏎'],
    ['abc\u202etxt.exe', 'abc�txt.exe'],
    ['a\u200bb\ufeff\u00ad', 'ab'],
    ['\ud800', '�'],
    ['\ue000', '�'],
  ])('%j becomes %j', (value, shown) => {
    expect(visible(value)).toBe(shown);
  });

  test('leaves nothing that a terminal acts on', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        expect(visible(value)).not.toMatch(FORBIDDEN);
      }),
    );
  });

  test('changes nothing twice', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        expect(visible(visible(value))).toBe(visible(value));
      }),
    );
  });
});

describe('visibleKeepingColour', () => {
  test.each([
    ['plain', 'plain'],
    ['\x1b[31mred\x1b[0m', '\x1b[31mred\x1b[0m\x1b[0m'],
    ['\x1b[38;2;1;2;3mx', '\x1b[38;2;1;2;3mx\x1b[0m'],
    ['\x1b[38:5:1mx', '\x1b[38:5:1mx\x1b[0m'],
    ['a\x1b[K\x1b[2Jb', 'ab'],
    ['a\x1b]0;title\x07b\x1b]52;c;YQ==\x1b\\c', 'abc'],
    ['\x1bP1;2|x\x1b\\y', 'y'],
    ['\x1b(B\x1b7x', 'x'],
    ['\x1b]0;never ended', '␛]0;never ended'],
    ['a\x1b', 'a␛'],
    ['\x1b[>1m', ''],
    ['50%\r100%\r', '50%␍100%'],
    ['line\r\n', 'line'],
    ['a\tb', 'a b'],
  ])('%j becomes %j', (value, shown) => {
    expect(visibleKeepingColour(value)).toBe(shown);
  });

  test('keeps SGR and nothing else, and closes it', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const shown = visibleKeepingColour(value);
        expect(shown.replace(/\x1b\[[\d;:]*m/g, '')).not.toMatch(FORBIDDEN);
        if (shown.includes('\x1b')) expect(shown.endsWith('\x1b[0m')).toBe(true);
      }),
    );
  });

  test('does not take SGR of any length', () => {
    expect(visibleKeepingColour(`\x1b[${'1;'.repeat(100)}mx`)).not.toContain('\x1b');
  });
});
