import fc from 'fast-check';
import { sliceStyled, stripSgr } from '../../../src/lib/style.ts';
import { cellWidth } from '../../../src/lib/width.ts';
import { cellAt, type SeenCell, show, type VirtualTerminal } from '../../support/virtual-terminal.ts';

/** A screen's content in plain data, as a test builds it. */
export interface Scene {
  readonly top: readonly string[];
  readonly view: readonly string[];
  readonly bottom: readonly string[];
  readonly dialog: readonly string[];
}

const WORDS = [
  'mytask1',
  'running',
  '   ',
  '            ',
  'exit 0',
  '日本語',
  'プール',
  'ﾊﾝｶｸ',
  'café',
  'e\u0301a\u0308',
  'naïve…',
  '│',
  '├──┤',
  '▲▼█',
  '😀',
  '👩\u200d👩\u200d👧',
  '🇫🇷',
  '❤\ufe0f',
  '1\ufe0f\u20e3',
  '한국',
  'नमस्ते',
];

const SGRS = [
  '1',
  '2',
  '7',
  '4',
  '31',
  '42',
  '97',
  '38;5;208',
  '48;5;17',
  '38;2;1;2;3',
  '48;2;9;8;7',
  '3;9;104',
];

const piece = fc
  .tuple(fc.constantFrom(...WORDS), fc.option(fc.constantFrom(...SGRS)))
  .map(([text, sgr]) => (sgr === null ? text : `\x1b[${sgr}m${text}\x1b[0m`));

/** A styled line of any width. */
export const styledLine = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(' '));

const dialogLine = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(''));

/** One change of a scene. */
export const change = fc.oneof(
  fc.record({
    kind: fc.constant('lines' as const),
    at: fc.nat(20),
    lines: fc.array(styledLine, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('shift' as const),
    by: fc.integer({ min: -4, max: 4 }),
    lines: fc.array(styledLine, { minLength: 4, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('restyle' as const), at: fc.nat(20), sgr: fc.constantFrom(...SGRS) }),
  fc.record({ kind: fc.constant('dialog' as const), lines: fc.array(dialogLine, { maxLength: 4 }) }),
  fc.record({ kind: fc.constant('top' as const), lines: fc.array(styledLine, { maxLength: 4 }) }),
);

export type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** The scene after a change. */
export function changed(scene: Scene, step: Change): Scene {
  switch (step.kind) {
    case 'lines':
      return { ...scene, view: scene.view.map((line, row) => step.lines[row - step.at] ?? line) };
    case 'shift': {
      const kept = step.by >= 0 ? scene.view.slice(step.by) : scene.view.slice(0, step.by);
      const fresh = step.lines.slice(0, Math.abs(step.by));
      return { ...scene, view: step.by >= 0 ? [...kept, ...fresh] : [...fresh, ...kept] };
    }
    case 'restyle': {
      const restyled = (line: string) => `\x1b[${step.sgr}m${stripSgr(line)}\x1b[0m`;
      return { ...scene, view: scene.view.map((line, row) => (row === step.at ? restyled(line) : line)) };
    }
    case 'dialog':
      return { ...scene, dialog: step.lines };
    case 'top':
      return { ...scene, top: step.lines };
  }
}

/** The scene as Ink would write it. */
export function chromeFrame(scene: Scene): string {
  const block = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  return `${block(scene.top)}\ue000\n${block(scene.bottom)}\ue000\n${scene.dialog.join('\n')}`;
}

/**
 * Writes a scene the slow and obvious way on a cleared terminal: each line from its first column, then the
 * dialog over it, cell by cell where it stands.
 */
export async function showPlainly(terminal: VirtualTerminal, scene: Scene): Promise<void> {
  const { cols, rows } = terminal;
  const height = rows - scene.top.length - scene.bottom.length;
  const lines = [
    ...scene.top,
    ...Array.from({ length: height }, (_, row) => scene.view[row] ?? ''),
    ...scene.bottom,
  ];
  let out = '\x1b[m\x1b[?7l\x1b[H\x1b[J';
  lines.forEach((line, row) => {
    out += `\x1b[${row + 1};1H${sliceStyled(line, 0, cols)}`;
  });
  const dialog = scene.dialog.every((line) => stripSgr(line).trim() === '' && line.trim() === '')
    ? []
    : scene.dialog;
  const indents = dialog
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  const width = Math.min(cols, Math.max(...dialog.map((line) => cellWidth(stripSgr(line)))) - indent);
  const left = Math.floor((cols - width) / 2);
  const first = Math.max(
    0,
    Math.min(scene.top.length + Math.floor((height - dialog.length) / 2), rows - dialog.length),
  );
  dialog.forEach((line, index) => {
    if (first + index >= rows) return;
    out += `\x1b[${first + index + 1};${left + 1}H${' '.repeat(width)}`;
    out += `\x1b[${first + index + 1};${left + 1}H${sliceStyled(line, indent, width)}`;
  });
  await show(terminal, out);
}

/** Every cell of the screen, row by row; what cannot be seen on a blank cell is left out. */
export function seenCells(terminal: VirtualTerminal): string[] {
  return Array.from({ length: terminal.rows }, (_, y) =>
    Array.from({ length: terminal.cols }, (_, x) => seen(cellAt(terminal, x, y))).join(' '),
  );
}

function seen(cell: SeenCell): string {
  const blank = cell.glyph === ' ' && !cell.inverse && !cell.underline && !cell.strike;
  if (blank) return `_${cell.bg}`;
  const flags = [cell.bold, cell.dim, cell.italic, cell.underline, cell.inverse, cell.strike]
    .map(Number)
    .join('');
  return `${cell.glyph}${cell.fg}${cell.bg}${flags}`;
}
