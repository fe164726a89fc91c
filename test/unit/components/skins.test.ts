import { describe, expect, test } from 'vitest';
import { Palette } from '../../../src/components/palette.ts';
import { BUILT_IN_SKINS, DARK_SKIN, LIGHT_SKIN, ROLES, type Role } from '../../../src/components/skins.ts';
import { colourCode } from '../../../src/lib/colour.ts';
import type { Colour } from '../../../src/lib/style.ts';

/** WCAG's relative luminance. @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(left: string, right: string): number {
  const [light = 0, dark = 0] = [luminance(left), luminance(right)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** Roles that only decorate, or are meant to stand back. */
const QUIET: readonly string[] = ['border', 'ghost', 'dim', 'cursor'];

describe.each([
  ['dark', DARK_SKIN, '#000000'],
  ['light', LIGHT_SKIN, '#ffffff'],
])('the %s skin', (name, skin, background) => {
  test('is there by its name, with a look for every role', () => {
    expect(BUILT_IN_SKINS[name]).toBe(skin);
    expect(Object.keys(skin).toSorted()).toEqual(Object.keys(ROLES).toSorted());
  });

  test.each(Object.keys(ROLES) as Role[])('%s can be read', (role) => {
    const { fg, bg } = skin[role];
    if (role === 'cursor') return;
    const least = QUIET.includes(role) ? 3 : 4.5;
    expect(contrast(String(fg), String(bg ?? background))).toBeGreaterThanOrEqual(least);
  });

  test('the cursor row can be read in the colour of every tone', () => {
    for (const role of ['plain', 'good', 'busy', 'waiting', 'bad', 'done', 'mark'] as const) {
      expect(contrast(String(skin.cursor.fg), String(skin[role].fg)), role).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('what failed, runs and waits still differ with sixteen colours', () => {
    const codes = (['plain', 'good', 'busy', 'waiting', 'bad', 'done'] as const).map((role) =>
      colourCode(skin[role].fg as Colour, 'foreground', 16),
    );
    expect(new Set(codes).size).toBe(codes.length);
    expect(['31', '91']).toContain(codes[4]);
    expect(['32', '92']).toContain(codes[1]);
  });
});

describe('a palette', () => {
  test('wears another skin; what it leaves out looks as in the dark one', () => {
    const palette = new Palette('true');
    const before = palette.ink('good', 'x');
    palette.wear({ bad: { fg: '#010203' } });
    expect(palette.ink('bad', 'x')).toBe('\x1b[38;2;1;2;3mx\x1b[0m');
    expect(palette.ink('good', 'x')).toBe(before);
    palette.wear(LIGHT_SKIN);
    expect(palette.ink('good', 'x')).not.toBe(before);
  });

  test('shows the cursor in the colour of its row, or in that of the skin', () => {
    const palette = new Palette('true', { ...DARK_SKIN, bad: { fg: '#010203' }, cursor: { fg: '#040506' } });
    expect(palette.cursor('bad', 'x')).toContain('38;2;4;5;6;48;2;1;2;3');
    palette.wear({ cursor: { fg: '#040506', bg: '#070809' } });
    expect(palette.cursor('bad', 'x')).toContain('48;2;7;8;9');
  });

  test('shows cursor and focus without colours, and writes nothing where nothing may be written', () => {
    const mono = new Palette('mono');
    expect(mono.cursor('bad', 'x')).toBe('\x1b[7mx\x1b[0m');
    expect(mono.ink('focus', 'x')).toBe('\x1b[7mx\x1b[0m');
    const none = new Palette('none');
    for (const role of Object.keys(ROLES) as Role[]) expect(none.ink(role, 'x')).toBe('x');
    expect(none.cursor('bad', 'x')).toBe('x');
  });
});
