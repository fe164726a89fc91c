import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paint } from '../../../src/lib/style.ts';
import { fit as fitCells } from '../../../src/lib/width.ts';
import { Surface } from '../../../src/terminal/surface.ts';
import { cellAt, rowText, show, virtualTerminal } from '../../support/virtual-terminal.ts';
import { change, changed, chromeFrame, type Scene, seenCells, showPlainly, styledLine } from './frames.ts';

const scenes = fc.record({
  top: fc.array(styledLine, { maxLength: 3 }),
  view: fc.array(styledLine, { minLength: 14, maxLength: 14 }),
  bottom: fc.array(styledLine, { maxLength: 2 }),
  dialog: fc.constant([] as string[]),
});
const sizes = fc.record({ columns: fc.integer({ min: 6, max: 60 }), rows: fc.integer({ min: 8, max: 18 }) });

/** A surface whose output is collected, drawing whatever scene it was given last. */
function paintedSurface(columns: number, rows: number, bce: boolean) {
  let pending = '';
  const output = {
    columns,
    rows,
    write: (text: string) => {
      pending += text;
      return true;
    },
    once: () => undefined,
  };
  const surface = new Surface({ output, bce });
  return {
    surface,
    paint(scene: Scene): string {
      surface.sink.write(chromeFrame(scene));
      surface.setView(() => scene.view);
      surface.paintNow();
      const bytes = pending;
      pending = '';
      return bytes;
    },
  };
}

describe('the differ', () => {
  test('leaves the terminal with exactly the frame, whatever it showed before', async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.boolean(),
        scenes,
        fc.array(change, { maxLength: 8 }),
        async ({ columns, rows }, bce, first, steps) => {
          const { paint } = paintedSurface(columns, rows, bce);
          const painted = virtualTerminal(columns, rows);
          const plain = virtualTerminal(columns, rows);
          let scene: Scene = first;
          await show(painted, paint(scene));
          for (const step of steps) {
            scene = changed(scene, step);
            await show(painted, paint(scene));
          }
          await showPlainly(plain, scene);
          expect(seenCells(painted)).toEqual(seenCells(plain));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('keeps ASCII in its place on terminals that count other widths', async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes,
        scenes,
        fc.array(change, { maxLength: 6 }),
        async ({ columns, rows }, first, steps) => {
          const { paint } = paintedSurface(columns, rows, false);
          const old = virtualTerminal(columns, rows, false);
          const plain = virtualTerminal(columns, rows);
          let scene: Scene = first;
          await show(old, paint(scene));
          for (const step of steps) {
            scene = changed(scene, step);
            await show(old, paint(scene));
          }
          await showPlainly(plain, scene);
          for (let y = 0; y < rows; y++) {
            for (let x = 0; x < columns; x++) {
              const { glyph } = cellAt(plain, x, y);
              if (/^[!-~]$/.test(glyph)) expect(cellAt(old, x, y).glyph).toBe(glyph);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test.each([
    ['wider', '👩\u200d👩\u200d👧bc', '👩👩bc'],
    ['narrower', '😀bc', '😀 bc'],
  ])('repairs what a glyph spoils that a terminal draws %s', async (_name, line, seen) => {
    const { paint: paintScene } = paintedSurface(10, 2, false);
    const terminal = virtualTerminal(10, 2, false);
    const scene = (text: string): Scene => ({ top: [], view: [text], bottom: [], dialog: [] });
    await show(terminal, paintScene(scene('xxbc')));
    await show(terminal, paintScene(scene(line)));
    expect(rowText(terminal, 0).replaceAll('\u200d', '')).toBe(seen);
  });

  test('a rule of box characters costs its bytes and one address', () => {
    const { paint: paintScene } = paintedSurface(120, 3, false);
    const scene = (text: string): Scene => ({ top: [], view: ['', text], bottom: [], dialog: [] });
    paintScene(scene(''));
    const rule = '─'.repeat(100);
    expect(paintScene(scene(rule))).toBe(`\x1b[2H${rule}`);
  });

  test('writes nothing when nothing changed', () => {
    const { paint } = paintedSurface(40, 10, false);
    const scene: Scene = { top: ['top'], view: ['日本', 'b'], bottom: ['crumbs'], dialog: [] };
    expect(paint(scene)).not.toBe('');
    expect(paint({ ...scene, view: ['日本', 'b'] })).toBe('');
  });

  test('rewrites one changed cell with an address and a character', () => {
    const { paint } = paintedSurface(200, 50, false);
    const scene = (count: number): Scene => ({ top: [], view: [`pools ${count}`], bottom: [], dialog: [] });
    paint(scene(1));
    expect(paint(scene(2))).toBe('\x1b[1;7H2');
  });
});

describe('the cost of a key at 200x50', () => {
  const styles = ['inverse', 'background'] as const;

  test.each(styles)('moving the cursor (%s) rewrites two rows in at most 450 bytes', (style) => {
    const table = tableOn(200, 50, style);
    for (let key = 0; key < 20; key++) expect(table.press(1, 0)).toBeLessThanOrEqual(450);
  });

  test.each(styles)('scrolling by one row at the edge (%s) takes at most 500 bytes', (style) => {
    const table = tableOn(200, 50, style);
    table.press(table.height - 1, 0);
    for (let key = 0; key < 100; key++) expect(table.press(1, 1)).toBeLessThanOrEqual(500);
    table.press(1 - table.height, 0);
    for (let key = 0; key < 100; key++) expect(table.press(-1, -1)).toBeLessThanOrEqual(500);
  });

  test.each(styles)('a page (%s) takes at most 9 kB and never clears the screen', (style) => {
    const table = tableOn(200, 50, style);
    for (let key = 0; key < 5; key++) expect(table.press(42, 42)).toBeLessThanOrEqual(9_000);
    expect(table.output()).not.toMatch(/\x1b\[\d?J/);
  });

  test('only long output is synchronised', () => {
    const table = tableOn(200, 50, 'background');
    table.press(1, 0);
    expect(table.output()).not.toContain('\x1b[?2026h');
    table.press(42, 42);
    expect(table.output()).toMatch(/^\x1b\[\?2026h[\s\S]*\x1b\[\?2026l$/);
  });
});

const COLUMNS = [28, 12, 6, 24, 14, 10, 8, 8, 40, 40];
const STATES = [
  ['active', '#1e90ff'],
  ['running', '#98fb98'],
  ['completed', '#708090'],
  ['preparing', '#ffa500'],
] as const;

/**
 * One row as a task list has it: ten columns in 200 cells. With an inverse cursor a row has its state's
 * colour, with a coloured one id, state and exit code are coloured each.
 */
function taskRow(index: number, cursorStyle: 'inverse' | 'background', underCursor: boolean): string {
  const [state, colour] = STATES[index % STATES.length]!;
  const values = [
    `mytask${String(index).padStart(6, '0')}`,
    state,
    state === 'completed' ? String(index % 3) : '',
    `2024-05-0${1 + (index % 9)}T1${index % 10}:0${index % 7}:12Z`,
    `tvm-${(index * 7919) % 99_999_999}`,
    `${index % 59}m${index % 13}s`,
    String(index % 5),
    String(index % 97),
    `/bin/bash -c 'render --frame ${index}'`,
    index % 4 === 3 ? '' : `frame ${(index * 31) % 1000} of the night run`,
  ].map((value, column) => fitCells(value, COLUMNS[column]!));
  const text = values.join(' ').slice(0, 200);
  if (cursorStyle === 'inverse') return paint(text, { fg: colour, inverse: underCursor }, 'true');
  if (underCursor) return paint(text, { fg: 'black', bg: '#00ffff' }, 'true');
  const looks = [{ fg: '#00ffff' }, { fg: colour }, { bold: true }] as const;
  return values.map((value, column) => paint(value, looks[column] ?? {}, 'true')).join(' ');
}

/** A task list on a surface; `press` moves cursor and window and answers the bytes that took. */
function tableOn(columns: number, rows: number, cursorStyle: 'inverse' | 'background') {
  const { surface, paint: paintScene } = paintedSurface(columns, rows, true);
  const chrome = { top: Array(7).fill('header'), bottom: ['<jobs> <tasks>'], dialog: [] };
  let cursor = 0;
  let first = 0;
  let output = '';
  const draw = () => {
    const { height } = surface.viewSize();
    const view = Array.from({ length: height }, (_, row) =>
      taskRow(first + row, cursorStyle, first + row === cursor),
    );
    output = paintScene({ ...chrome, view });
  };
  draw();
  draw();
  return {
    height: surface.viewSize().height,
    output: () => output,
    press(move: number, scroll: number): number {
      cursor += move;
      first += scroll;
      draw();
      return Buffer.byteLength(output);
    },
  };
}
