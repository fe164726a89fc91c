import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isColour } from '../../../src/lib/colour.ts';
import {
  type ColourDepth,
  colourDepth,
  openStyle,
  paint,
  type Style,
  sliceStyled,
  stripSgr,
} from '../../../src/lib/style.ts';
import { cellWidth, sliceCells } from '../../../src/lib/width.ts';

const DEPTHS: readonly ColourDepth[] = ['none', 'mono', 16, 256, 'true'];

describe('openStyle', () => {
  test.each([
    [{ fg: 'red' }, 'true', '\x1b[31m'],
    [{ bg: 'gray' }, 16, '\x1b[100m'],
    [{ fg: 'brightwhite', bold: true }, 256, '\x1b[1;97m'],
    [{ fg: '#1e90ff' }, 'true', '\x1b[38;2;30;144;255m'],
    [{ fg: '#1e90ff' }, 256, '\x1b[38;5;33m'],
    [{ bg: '#ff0000' }, 16, '\x1b[101m'],
    [{ fg: '#808080' }, 256, '\x1b[38;5;244m'],
    [{ fg: 208 }, 256, '\x1b[38;5;208m'],
    [{ fg: 196 }, 16, '\x1b[91m'],
    [{ fg: 9 }, 16, '\x1b[91m'],
    [{ dim: true, italic: true, underline: true, inverse: true }, 16, '\x1b[2;3;4;7m'],
    [{ fg: 'red', bold: true }, 'mono', '\x1b[1m'],
    [{ fg: 'black', bg: 'cyan' }, 'mono', '\x1b[7m'],
    [{ fg: 'red', bold: true }, 'none', ''],
    [{}, 'true', ''],
  ] as const)('of %j at depth %s is %j', (style, depth, sequence) => {
    expect(openStyle(style, depth)).toBe(sequence);
  });

  test('ignores a colour that is none, as from a faulty skin', () => {
    expect(openStyle({ fg: '#12' as Style['fg'] }, 'true')).toBe('');
    expect(isColour('#12')).toBe(false);
    expect(isColour('mauve')).toBe(false);
    expect(isColour('#A0b1C2')).toBe(true);
    expect(isColour(256)).toBe(false);
  });

  test('takes the palette colour itself when the palette has it', async () => {
    for (let index = 16; index < 256; index++) {
      const grey = index >= 232;
      const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
      const cube = index - 16;
      const shade = 8 + (index - 232) * 10;
      const rgb = grey
        ? [shade, shade, shade]
        : [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
      const hex: `#${string}` = `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
      const [, chosen] = /38;5;(\d+)m/.exec(openStyle({ fg: hex }, 256)) ?? [];
      expect(openStyle({ fg: Number(chosen) }, 'true')).toBe(`\x1b[38;5;${index}m`);
    }
  });
});

describe('paint', () => {
  test('closes what it opens', () => {
    expect(paint('x', { fg: 'red' }, 16)).toBe('\x1b[31mx\x1b[0m');
  });

  test('leaves text alone where there is nothing to show', () => {
    expect(paint('x', {}, 'true')).toBe('x');
    expect(paint('', { fg: 'red' }, 'true')).toBe('');
    expect(paint('x', { fg: 'red' }, 'none')).toBe('x');
  });

  test.each(DEPTHS)('never changes the text (%s)', (depth) => {
    expect(stripSgr(paint('a b', { fg: '#123456', bg: 3, bold: true }, depth))).toBe('a b');
  });
});

describe('sliceStyled', () => {
  const line = '\x1b[31mab日\x1b[0mcd\x1b[1me\x1b[0m';

  test.each([
    [0, 2, '\x1b[31mab\x1b[0m'],
    [1, 3, '\x1b[31mb日\x1b[0m'],
    [3, 3, '\x1b[31m \x1b[0mcd\x1b[0m'],
    [6, 1, '\x1b[31m\x1b[0m\x1b[1me\x1b[0m'],
  ])('from %i, %i cells, is %j', (start, width, slice) => {
    expect(sliceStyled(line, start, width)).toBe(slice);
  });

  test('cuts the text as sliceCells does', () => {
    const part = fc.constantFrom('a', ' ', '日', '👩\u200d👧', '\x1b[31m', '\x1b[0m', 'word');
    fc.assert(
      fc.property(fc.array(part), fc.nat(10), fc.nat(10), (parts, start, width) => {
        const text = stripSgr(parts.join(' '));
        expect(stripSgr(sliceStyled(parts.join(' '), start, width))).toBe(sliceCells(text, start, width));
        expect(cellWidth(stripSgr(sliceStyled(parts.join(' '), start, width)))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('colourDepth', () => {
  test.each([
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, true, 'true'],
    [{ TERM: 'xterm-256color' }, true, 256],
    [{ TERM: 'xterm' }, true, 16],
    [{ TERM: 'xterm-kitty' }, true, 'true'],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app' }, true, 'true'],
    [{ WT_SESSION: 'x' }, true, 'true'],
    [{ TERM: 'vt100' }, true, 'mono'],
    [{ TERM: 'dumb' }, true, 'mono'],
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, false, 'none'],
    [{ TERM: 'xterm-256color', NO_COLOR: '1' }, true, 'mono'],
    [{ TERM: 'xterm-256color', NO_COLOR: '' }, true, 256],
    [{ NO_COLOR: '1', FORCE_COLOR: '3' }, false, 'true'],
    [{ FORCE_COLOR: '2' }, false, 256],
    [{ FORCE_COLOR: '1' }, false, 16],
    [{ FORCE_COLOR: '0', TERM: 'xterm-256color' }, true, 'mono'],
    [{ FORCE_COLOR: '0' }, false, 'none'],
  ] as const)('of %j (terminal: %s) is %s', (env, isTTY, depth) => {
    expect(colourDepth(env, isTTY)).toBe(depth);
  });
});
