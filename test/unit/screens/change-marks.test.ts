import { describe, expect, test } from 'vitest';
import { Palette } from '../../../src/components/palette.ts';
import { layOut, RowLines, type TableCell, type TableColumn } from '../../../src/components/table-lines.ts';
import { stripSgr } from '../../../src/lib/style.ts';
import { cellWidth } from '../../../src/lib/width.ts';
import { changeOf } from '../../../src/screens/change-marks.ts';

describe('what changed with a refresh', () => {
  test.each([
    ['number', 1, 2, { role: 'up', mark: '↑' }],
    ['number', 2, 1, { role: 'down', mark: '↓' }],
    ['bytes', 10, 9, { role: 'down', mark: '↓' }],
    ['state', 'active', 'running', { role: 'changed', mark: 'Δ' }],
    ['text', undefined, 'node1', { role: 'changed', mark: 'Δ' }],
    ['number', undefined, 0, { role: 'changed', mark: 'Δ' }],
    ['flag', false, true, { role: 'changed', mark: 'Δ' }],
    ['number', 2, 2, undefined],
    ['text', undefined, '', undefined],
  ] as const)('%s from %s to %s', (kind, before, now, change) => {
    expect(changeOf(kind, before, now)).toEqual(change);
  });

  test('is not what the clock does', () => {
    expect(changeOf('age', new Date(1), new Date(2))).toBeUndefined();
    expect(changeOf('time', new Date(1), new Date(2))).toBeUndefined();
  });
});

describe('the mark of a change', () => {
  const columns: readonly TableColumn[] = [
    { title: 'ID', align: 'left', maxWidth: 40 },
    { title: 'N', align: 'right', maxWidth: 40 },
    { title: 'NODE', align: 'left', maxWidth: 40 },
  ];

  /** The row's text with and without marks in these cells, in a table so many cells wide. */
  function lines(texts: readonly string[], mark: string, width: number, widths: readonly number[]) {
    const palette = new Palette('none');
    const line = (cells: readonly TableCell[]) => {
      const row = { key: {}, cells, role: 'plain' as const, isCursor: false, isMarked: false };
      return stripSgr(new RowLines().line(palette, columns, layOut(widths, width, 0), row, width));
    };
    return [line(texts.map((text) => ({ text }))), line(texts.map((text) => ({ text, mark })))] as const;
  }

  test('moves nothing and widens nothing', () => {
    const [plain, marked] = lines(['t1', '12', 'full-cell'], '↑', 60, [6, 4, 9]);
    expect(marked.replaceAll('↑', ' ')).toBe(plain);
    expect(marked.match(/↑/g)).toHaveLength(3);
    expect(cellWidth(marked)).toBe(60);
  });

  test('stands behind its value, and behind a number in the gap', () => {
    const [, marked] = lines(['t1', '12', 'n'], 'Δ', 40, [6, 4, 9]);
    expect(marked).toContain('t1Δ');
    expect(marked).toContain('12Δ');
    expect(marked).toContain('nΔ');
  });

  test('is left out where the row has no cell for it', () => {
    const [plain, marked] = lines(['t1', '12', 'full-cell'], 'Δ', 1 + 6 + 2 + 4 + 2 + 9, [6, 4, 9]);
    expect(cellWidth(marked)).toBe(cellWidth(plain));
    expect(marked.endsWith('full-cell')).toBe(true);
  });

  test('is seen although the row is remembered, and goes again', () => {
    const palette = new Palette('true');
    const rows = new RowLines();
    const layout = layOut([6, 4, 9], 40, 0);
    const key = {};
    const line = (cells: readonly TableCell[]) =>
      rows.line(
        palette,
        columns,
        layout,
        { key, cells, role: 'plain', isCursor: false, isMarked: false },
        40,
      );
    const texts = [{ text: 't1' }, { text: '1' }, { text: 'n' }];
    const before = line(texts);
    const during = line([{ text: 't1' }, { text: '1', mark: '↑', role: 'up' }, { text: 'n' }]);
    expect(during).not.toBe(before);
    expect(line(texts)).toBe(before);
    palette.wear({ plain: { fg: '#010203' } });
    expect(line(texts)).toContain('\x1b[38;2;1;2;3m');
  });
});
