import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxLines, centred } from '../../../src/components/box.ts';
import { Palette } from '../../../src/components/palette.ts';
import { stripSgr } from '../../../src/lib/style.ts';
import { cellWidth } from '../../../src/lib/width.ts';

const PALETTE = new Palette('true');
const plain = (lines: readonly string[]) => lines.map(stripSgr);

describe('a box', () => {
  test('frames its content, with the title in the middle', () => {
    expect(
      plain(
        boxLines(PALETTE, 20, 4, { title: ' pools ', right: ' 3s ', bottom: ' 2 lines ' }, ['x'.repeat(18)]),
      ),
    ).toEqual(['┌───── pools ─ 3s ─┐', `│${'x'.repeat(18)}│`, `│${' '.repeat(18)}│`, '└──── 2 lines ─────┘']);
  });

  test('leaves out what is at the right before it cuts the title', () => {
    const [first] = plain(boxLines(PALETTE, 16, 3, { title: ' tasks(myjob) ', right: ' 10s ' }, []));
    expect(first).toBe('┌ tasks(myjob) ┐');
    const [cut] = plain(boxLines(PALETTE, 10, 3, { title: ' tasks(myjob) ' }, []));
    expect(cut).toBe('┌ tasks(…┐');
  });

  test('is exactly as large as it should be, whatever its titles are', () => {
    const title = fc.constantFrom('', ' a ', ' tasks(日本語)[1/2] ', ` ${'long '.repeat(30)}`);
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 90 }),
        fc.integer({ min: 2, max: 9 }),
        title,
        title,
        title,
        (width, height, middle, right, bottom) => {
          const lines = boxLines(PALETTE, width, height, { title: middle, right, bottom }, []);
          expect(lines).toHaveLength(height);
          for (const line of lines) expect(cellWidth(stripSgr(line)), line).toBe(width);
        },
      ),
    );
  });
});

describe('centred text', () => {
  test('stands in the middle of its area', () => {
    expect(centred(['ab', 'a'], 6, 6)).toEqual(['      ', '      ', '  ab  ', '  a   ']);
  });

  test('begins at the top when it is higher than its area', () => {
    expect(centred(['a', 'b', 'c'], 1, 2)).toEqual(['a', 'b', 'c']);
  });
});
