import { describe, expect, test } from 'vitest';
import { type GridCell, GridLines } from '../../../src/components/grid-lines.ts';
import { Palette } from '../../../src/components/palette.ts';
import { LIGHT_SKIN } from '../../../src/components/skins.ts';
import { stripSgr } from '../../../src/lib/style.ts';

const palette = new Palette('true');
const CELLS: readonly GridCell[] = [
  { text: 'a ', role: 'good' },
  { text: 'b ', role: 'good' },
  { text: 'c ', role: 'bad' },
];

describe('lines of a grid', () => {
  test('have a blank at the left, are as wide as asked, and share colours between neighbours', () => {
    const line = new GridLines().line(palette, 0, [1], 10, () => CELLS);
    expect(stripSgr(line)).toBe(' a b c    ');
    expect(line).toContain(palette.ink('good', 'a b '));
  });

  test('are not asked for their cells while the inputs are the same', () => {
    const lines = new GridLines();
    const first = lines.line(palette, 3, ['x', 1], 10, () => CELLS);
    const again = lines.line(palette, 3, ['x', 1], 10, () => expect.unreachable());
    expect(again).toBe(first);
  });

  test('are not made again when other inputs give the same cells', () => {
    const lines = new GridLines();
    lines.line(palette, 3, ['x'], 10, () => CELLS);
    lines.line(palette, 3, ['y'], 10, () => CELLS.map((cell) => ({ ...cell })));
    expect(lines.made).toBe(1);
    lines.line(palette, 3, ['z'], 10, () => CELLS.slice(1));
    lines.line(palette, 3, ['z'], 12, () => CELLS.slice(1));
    expect(lines.made).toBe(3);
  });

  test('are made again in another skin', () => {
    const lines = new GridLines();
    const own = new Palette('true');
    const dark = lines.line(own, 0, [1], 10, () => CELLS);
    own.wear(LIGHT_SKIN);
    expect(lines.line(own, 0, [1], 10, () => CELLS)).not.toBe(dark);
  });
});
