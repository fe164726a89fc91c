import { stripSgr } from '../lib/style.ts';
import { cellWidth } from '../lib/width.ts';
import { type CellLine, overlayCells, parseLine } from './cells.ts';
import type { StyleTable } from './style-table.ts';

/** A line of chrome that consists of this character alone separates the blocks of an Ink frame. */
const BLOCK_SEPARATOR = '\ue000';

/** The three blocks of the chrome: what stands above the view, below it, and over it. */
export interface Chrome {
  readonly top: readonly string[];
  readonly bottom: readonly string[];
  readonly dialog: readonly string[];
}

export const NO_CHROME: Chrome = { top: [], bottom: [], dialog: [] };

/** Cuts one whole Ink frame into its blocks at the lines that hold {@link BLOCK_SEPARATOR}. */
export function splitChrome(frame: string): Chrome {
  const blocks: string[][] = [[]];
  for (const line of frame.split('\n')) {
    if (line.includes(BLOCK_SEPARATOR) && stripSgr(line).trim() === BLOCK_SEPARATOR) blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  const dialog = blocks[2] ?? [];
  return { top: blocks[0] ?? [], bottom: blocks[1] ?? [], dialog: dialog.every(isEmpty) ? [] : dialog };
}

function isEmpty(line: string): boolean {
  return line.trim() === '';
}

/** Where the blocks lie: rows of the top block, first row and height of the view. */
export interface Layout {
  readonly viewTop: number;
  readonly viewHeight: number;
  readonly bottomTop: number;
}

/** The view gets what the chrome leaves. On a terminal too low for both blocks the bottom one stays. */
export function layOut(chrome: Chrome, rows: number): Layout {
  const bottomTop = Math.max(0, rows - chrome.bottom.length);
  const viewTop = Math.min(chrome.top.length, bottomTop);
  return { viewTop, viewHeight: bottomTop - viewTop, bottomTop };
}

/** A stretch of a dialog's line laid over a row: its cells `from` to `from + width` stand at cell `at`. */
interface Overlay {
  readonly text: string;
  readonly from: number;
  readonly at: number;
  readonly width: number;
}

/** One row of a frame; its cells are read only when a difference makes them needed. */
export class FrameLine {
  /** Equal keys mean equal cells. */
  readonly key: string;
  readonly #text: string;
  readonly #overlay: Overlay | undefined;
  #cells: CellLine | undefined;

  constructor(text: string, overlay?: Overlay) {
    this.#text = text;
    this.#overlay = overlay;
    this.key = keyOf(text, overlay);
  }

  /** The row's cells. One line is always read at the same width and against the same table. */
  cells(width: number, table: StyleTable): CellLine {
    this.#cells ??= this.#read(width, table);
    return this.#cells;
  }

  #read(width: number, table: StyleTable): CellLine {
    const base = parseLine(this.#text, width, table);
    const overlay = this.#overlay;
    if (overlay === undefined) return base;
    const over = parseLine(overlay.text, overlay.from + overlay.width, table);
    return overlayCells(base, over, overlay.from, overlay.at, overlay.width);
  }
}

/** Lines that are kept at least since they were used last: a few screens of them. At most it is twice as many. */
const KEPT = 128;

/** Remembers lines with the cells that were read of them: a row that comes back, in whatever place, is not read again. */
export class KeptLines {
  /** What was used lately, and what was used before that. */
  #young = new Map<string, FrameLine>();
  #old = new Map<string, FrameLine>();

  of(text: string, overlay?: Overlay): FrameLine {
    const key = keyOf(text, overlay);
    const known = this.#young.get(key);
    if (known !== undefined) return known;
    const line = this.#old.get(key) ?? new FrameLine(text, overlay);
    if (this.#young.size >= KEPT) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, line);
    return line;
  }
}

function keyOf(text: string, overlay: Overlay | undefined): string {
  if (overlay === undefined) return text;
  return [text, overlay.from, overlay.at, overlay.width, overlay.text].join('\n');
}

/**
 * The rows of a whole screen: top block, view, bottom block, and the dialog in the middle of the view. Lines
 * of the view beyond its height are ignored, missing ones are blank. Rows that are `shown` already are the same
 * objects again.
 */
export function composeFrame(
  chrome: Chrome,
  view: readonly string[],
  columns: number,
  rows: number,
  shown: readonly FrameLine[] = [],
  kept: KeptLines = new KeptLines(),
): FrameLine[] {
  const layout = layOut(chrome, rows);
  const dialog = placeDialog(chrome.dialog, layout, columns, rows);
  const hiddenBottom = Math.max(0, chrome.bottom.length - rows);
  const lines: FrameLine[] = [];
  for (let row = 0; row < rows; row++) {
    const text = textAt(row);
    const overlay = dialog(row);
    const same = shown[row];
    const isSame = overlay === undefined && same !== undefined && same.key === text;
    lines.push(isSame ? same : kept.of(text, overlay));
  }
  return lines;

  function textAt(row: number): string {
    if (row < layout.viewTop) return chrome.top[row] ?? '';
    if (row < layout.bottomTop) return view[row - layout.viewTop] ?? '';
    return chrome.bottom[row - layout.bottomTop + hiddenBottom] ?? '';
  }
}

/**
 * Centres a dialog over the view, and over the chrome too where the view is too low for it. The blank margin
 * that all its lines share on the left is not part of it.
 */
function placeDialog(
  dialog: readonly string[],
  layout: Layout,
  columns: number,
  rows: number,
): (row: number) => Overlay | undefined {
  if (dialog.length === 0) return () => undefined;
  const from = Math.min(...dialog.filter((line) => !isEmpty(line)).map(indentation));
  const widest = Math.max(...dialog.map((line) => cellWidth(stripSgr(line)))) - from;
  const width = Math.min(widest, columns);
  const at = Math.floor((columns - width) / 2);
  const centred = layout.viewTop + Math.floor((layout.viewHeight - dialog.length) / 2);
  const first = Math.max(0, Math.min(centred, rows - dialog.length));
  return (row) => {
    const text = dialog[row - first];
    return text === undefined ? undefined : { text, from, at, width };
  };
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}
