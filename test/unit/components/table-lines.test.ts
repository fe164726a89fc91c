import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Palette } from '../../../src/components/palette.ts';
import {
  ColumnWidths,
  headingLine,
  layOut,
  RowLines,
  type TableColumn,
  type TableRow,
} from '../../../src/components/table-lines.ts';
import { stripSgr } from '../../../src/lib/style.ts';
import { cellWidth } from '../../../src/lib/width.ts';

const PALETTE = new Palette('true');

const column = (title: string, align: 'left' | 'right' = 'left', maxWidth = 40): TableColumn => ({
  title,
  align,
  maxWidth,
});

const COLUMNS = [column('ID'), column('STATE'), column('EXIT', 'right'), column('COMMAND', 'left', 30)];

function row(texts: readonly string[], changes: Partial<TableRow> = {}): TableRow {
  const cells = texts.map((text) => ({ text }));
  return { key: {}, cells, role: 'plain', isCursor: false, isMarked: false, ...changes };
}

/** Heading and rows as a user sees them. */
function table(
  rows: readonly TableRow[],
  width: number,
  pan = 0,
  sorted?: { index: number; descending: boolean },
) {
  const layout = layOut(new ColumnWidths().grow(COLUMNS, rows), width, pan);
  const lines = new RowLines();
  return [
    headingLine(PALETTE, COLUMNS, layout, width, sorted),
    ...rows.map((each) => lines.line(PALETTE, COLUMNS, layout, each, width)),
  ].map(stripSgr);
}

const ROWS = [row(['mytask1', 'completed', '0', 'echo hello']), row(['t2', 'active', '–', 'true'])];

describe('a table', () => {
  test('aligns titles with what stands below them', () => {
    expect(table(ROWS, 46)).toEqual([
      ' ID         STATE           EXIT  COMMAND     ',
      ' mytask1    completed          0  echo hello  ',
      ' t2         active             –  true        ',
    ]);
  });

  test('marks the sorted column, without moving anything', () => {
    const [heading] = table(ROWS, 46, 0, { index: 2, descending: true });
    expect(heading).toBe(' ID         STATE          EXIT↓  COMMAND     ');
    const [other] = table(ROWS, 46, 0, { index: 0, descending: false });
    expect(other).toBe(' ID↑        STATE           EXIT  COMMAND     ');
  });

  test('says that columns are hidden, and pans to them while the first one stays', () => {
    expect(table(ROWS, 24)).toEqual([
      ' ID       STATE        ›',
      ' mytask1  completed     ',
      ' t2       active        ',
    ]);
    expect(table(ROWS, 24, 1)).toEqual([
      ' ID        EXIT  COMMAND',
      ' mytask1      0  echo h…',
      ' t2           –  true   ',
    ]);
  });

  test('shows marks in the gutter', () => {
    expect(table([row(['a', 'b', 'c', 'd'], { isMarked: true })], 30)[1]?.startsWith('●a')).toBe(true);
  });

  test('is exactly as wide as it should be, whatever is in it', () => {
    const text = fc.constantFrom('', 'a', '日本語の名前', 'x'.repeat(60), 'café', '👩‍👧 family');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text, text, text), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 12, max: 160 }),
        fc.integer({ min: 0, max: 3 }),
        fc.boolean(),
        (texts, width, pan, isCursor) => {
          const rows = texts.map((each) => row(each, { isCursor }));
          for (const line of table(rows, width, pan)) expect(cellWidth(line), line).toBe(width);
        },
      ),
    );
  });
});

describe('widths of columns', () => {
  test('the first one is shown whole where there is room to spare, unless it is limited', () => {
    const rows = [row(['a'.repeat(60), 'b', 'c', 'd'])];
    const [id, ...others] = COLUMNS;
    if (id === undefined) throw new Error('no columns');
    const widthOfFirst = (column: TableColumn, width: number) => {
      const widths = new ColumnWidths();
      const grown = widths.grow([column, ...others], rows);
      return layOut(grown, width, 0, widths.first).shown[0]?.width;
    };
    expect(widthOfFirst({ ...id, maxWidth: 20 }, 200)).toBeGreaterThanOrEqual(60);
    expect(widthOfFirst({ ...id, maxWidth: 20 }, 60)).toBeLessThan(60);
    expect(widthOfFirst({ ...id, maxWidth: 20, isLimited: true }, 200)).toBeLessThan(30);
  });

  test('grow with what is in them, up to what a column may take, and never shrink', () => {
    const widths = new ColumnWidths();
    expect(widths.grow(COLUMNS, ROWS)).toEqual([7, 9, 5, 10]);
    expect(widths.grow(COLUMNS, [row(['a', 'b', 'c', 'x'.repeat(99)])])).toEqual([7, 9, 5, 30]);
    expect(widths.grow(COLUMNS, [])).toEqual([7, 9, 5, 30]);
  });

  test('start again for other columns', () => {
    const widths = new ColumnWidths();
    widths.reset('tasks');
    widths.grow(COLUMNS, ROWS);
    widths.reset('tasks');
    expect(widths.grow(COLUMNS, [])[0]).toBe(7);
    widths.reset('tasks wide');
    expect(widths.grow(COLUMNS, [])[0]).toBe(3);
  });
});

describe('remembered lines', () => {
  const layout = layOut(new ColumnWidths().grow(COLUMNS, ROWS), 46, 0);

  test('a cursor move makes no line again', () => {
    const lines = new RowLines();
    const rows = Array.from({ length: 50 }, (_, index) => row([`t${index}`, 'active', '–', 'true']));
    const paint = (cursor: number) =>
      rows.map((each, index) =>
        lines.line(PALETTE, COLUMNS, layout, { ...each, isCursor: index === cursor }, 46),
      );
    const [underCursor, second] = paint(0);
    expect(lines.made).toBe(50);
    const [first, alsoUnderCursor] = paint(1);
    expect(lines.made).toBe(50);
    expect([first, alsoUnderCursor]).not.toEqual([underCursor, second]);
    expect(paint(0).slice(0, 2)).toEqual([underCursor, second]);
  });

  test.each<[string, Partial<TableRow>]>([
    ['text', { cells: [{ text: 'b' }] }],
    ['colour of the row', { role: 'bad' }],
    ['colour of a cell', { cells: [{ text: 'a', role: 'bad' }] }],
    ['mark of a change', { cells: [{ text: 'a', mark: '↑' }] }],
    ['mark', { isMarked: true }],
    ['cursor', { isCursor: true }],
  ])('another %s makes another line', (_, change) => {
    const lines = new RowLines();
    const before = row(['a']);
    const first = lines.line(PALETTE, [column('ID')], layOut([9], 20, 0), before, 20);
    const second = lines.line(PALETTE, [column('ID')], layOut([9], 20, 0), { ...before, ...change }, 20);
    expect(second).not.toBe(first);
  });

  test('another layout, and another skin, make other lines', () => {
    const lines = new RowLines();
    const palette = new Palette('true');
    const [first] = ROWS;
    if (first === undefined) throw new Error('no row');
    const before = lines.line(palette, COLUMNS, layout, first, 46);
    const wider = layOut([10, 9, 5, 10], 46, 0);
    expect(lines.line(palette, COLUMNS, wider, first, 46)).not.toBe(before);
    palette.wear({ plain: { fg: '#123456' } });
    expect(lines.line(palette, COLUMNS, layout, first, 46)).toContain('38;2;18;52;86');
  });
});
