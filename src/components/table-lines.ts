import { cellWidth, fit, fitMiddle } from '../lib/width.ts';
import type { Palette, Role, Skin } from './palette.ts';

export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly maxWidth: number;
  /** Takes no more than `maxWidth`, however much room there is. */
  readonly isLimited?: boolean;
  /** What is too long is cut in its middle. */
  readonly cutsMiddle?: boolean;
}

export interface TableCell {
  readonly text: string;
  /** Only where the cell differs from its row. */
  readonly role?: Role | undefined;
  /** A sign of one cell in the gap behind the cell, where it moves nothing; with a role it says that the value has changed. */
  readonly mark?: string | undefined;
}

export interface TableRow {
  /** The same object for the same content: lines are remembered by it. */
  readonly key: object;
  readonly cells: readonly TableCell[];
  readonly role: Role;
  readonly isCursor: boolean;
  readonly isMarked: boolean;
}

/** How columns are laid out at a width: those that fit, from the first one, which always stays. */
export interface TableLayout {
  readonly shown: readonly { readonly index: number; readonly width: number }[];
  /** Columns that did not fit at the right. */
  readonly hidden: number;
  /** Changes when a line made with another layout would look different. */
  readonly signature: string;
}

const GAP = 2;
const GUTTER = 1;
/** Cells that the last column needs at least to be shown although it is cut. */
const LEAST_CUT = 7;
/** Cells that a column is widened by at most where a wide terminal has room to spare. */
const MAX_SPREAD = 6;

/** Widths that only grow, so that columns do not jump while rows come and go. */
export class ColumnWidths {
  #widths: number[] = [];
  #first = 0;
  #signature = '';
  /** Cells that are measured already; a row that was not made again has the same ones. */
  #measured = new WeakSet<readonly TableCell[]>();

  /** Starts again when the columns are others. */
  reset(signature: string): void {
    if (signature === this.#signature) return;
    this.#signature = signature;
    this.#widths = [];
    this.#first = 0;
    this.#measured = new WeakSet();
  }

  /** Cells that the first column, which tells the rows apart, would take if there were room for all of it. */
  get first(): number {
    return this.#first;
  }

  /** Whether there are columns, or a part of one, beyond the right border. */
  goesOn(width: number, pan: number): boolean {
    const { shown, hidden } = layOut(this.#widths, width, pan);
    const last = shown.at(-1);
    return hidden > 0 || (last !== undefined && last.width < (this.#widths[last.index] ?? 0));
  }

  grow(
    columns: readonly TableColumn[],
    rows: readonly { readonly cells: readonly TableCell[] }[],
  ): readonly number[] {
    const fresh = rows.filter((row) => !this.#measured.has(row.cells));
    if (fresh.length === 0 && this.#widths.length === columns.length) return this.#widths;
    for (const row of fresh) this.#measured.add(row.cells);
    columns.forEach((column, index) => {
      let width = Math.max(this.#widths[index] ?? 0, cellWidth(column.title) + 1);
      for (const row of fresh) width = Math.max(width, cellWidth(row.cells[index]?.text ?? ''));
      this.#widths[index] = Math.min(width, Math.max(column.maxWidth, cellWidth(column.title) + 1));
      if (index === 0 && column.isLimited !== true) this.#first = Math.max(this.#first, width);
    });
    return this.#widths;
  }
}

/**
 * Lays columns out; where some stay hidden the last cell is kept free for the sign that says so. Where there is
 * room to spare the first column gets of it what it needs to be `first` cells wide.
 */
export function layOut(widths: readonly number[], width: number, pan: number, first = 0): TableLayout {
  const all = place(widths, first, width, pan);
  return all.hidden === 0 ? all : place(widths, first, width - 1, pan);
}

function place(widths: readonly number[], first: number, width: number, pan: number): TableLayout {
  const shown: { index: number; width: number }[] = [];
  let room = width - GUTTER;
  let hidden = 0;
  widths.forEach((wanted, index) => {
    if (index > 0 && index <= pan) return;
    const gap = shown.length === 0 ? 0 : GAP;
    const isLast = room - gap < wanted;
    if (isLast && shown.length > 0 && room - gap < Math.min(wanted, LEAST_CUT)) {
      hidden += 1;
      room = 0;
      return;
    }
    const given = Math.min(wanted, Math.max(0, room - gap));
    shown.push({ index, width: given });
    room -= given + gap;
  });
  const [identity] = shown;
  if (identity !== undefined && hidden === 0) {
    const more = Math.max(0, Math.min(room, first - identity.width));
    identity.width += more;
    room -= more;
  }
  const spare = shown.length > 1 && hidden === 0 ? Math.floor(Math.max(0, room) / (shown.length - 1)) : 0;
  if (spare > 0) {
    shown.slice(0, -1).forEach((column) => {
      column.width += Math.min(spare, MAX_SPREAD);
    });
  }
  const signature = `${width}:${shown.map((column) => `${column.index}.${column.width}`).join(',')}`;
  return { shown, hidden, signature };
}

/** The column titles; `sorted` carries an arrow. */
export function headingLine(
  palette: Palette,
  columns: readonly TableColumn[],
  layout: TableLayout,
  width: number,
  sorted: { readonly index: number; readonly descending: boolean } | undefined,
): string {
  const cells = layout.shown.map(({ index, width: cell }) => {
    const column = columns[index];
    const arrow = sorted?.index === index ? (sorted.descending ? '↓' : '↑') : '';
    return fit(`${column?.title ?? ''}${arrow}`, cell, column?.align ?? 'left');
  });
  const line = ` ${cells.join(' '.repeat(GAP))}`;
  if (layout.hidden === 0) return palette.ink('heading', fit(line, width));
  return palette.ink('heading', fit(line, width - 1)) + palette.ink('key', '›');
}

interface Remembered {
  readonly row: TableRow;
  readonly layout: string;
  readonly placed: readonly PlacedCell[];
  readonly line: RowLine;
}

/** A cell as wide as its column, with the sign that stands in the gap behind it. */
interface PlacedCell {
  readonly text: string;
  readonly inGap: string;
  readonly role: Role | undefined;
}

interface RowLine {
  readonly styled: string;
  /** The same without colours, and the role that the cursor takes its colours from. */
  readonly bare: string;
  readonly role: Role;
}

/** Makes the lines of rows, and remembers them: while a cursor moves over rows, none of them is made again. */
export class RowLines {
  #lines = new WeakMap<object, Remembered>();
  #skin: Skin | undefined;
  /** Lines that were really made; benches and tests count it. */
  made = 0;

  line(
    palette: Palette,
    columns: readonly TableColumn[],
    layout: TableLayout,
    row: TableRow,
    width: number,
  ): string {
    if (palette.skin !== this.#skin) {
      this.#skin = palette.skin;
      this.#lines = new WeakMap();
    }
    const { styled, bare, role } = this.#remembered(palette, columns, layout, row, width).line;
    return row.isCursor ? palette.cursor(role, bare) : styled;
  }

  #remembered(
    palette: Palette,
    columns: readonly TableColumn[],
    layout: TableLayout,
    row: TableRow,
    width: number,
  ): Remembered {
    const known = this.#lines.get(row.key);
    const isAlike = known?.layout === layout.signature && looksAlike(known.row, row);
    if (isAlike && known.row.cells === row.cells) return known;
    const placed = placeCells(columns, layout, row, isAlike ? known : undefined);
    const isSame = isAlike && placed.every((cell, place) => cell === known.placed[place]);
    if (!isSame) this.made += 1;
    const line = isSame ? known.line : rowLine(palette, placed, layout, row, width);
    const remembered = { row, layout: layout.signature, placed, line };
    this.#lines.set(row.key, remembered);
    return remembered;
  }
}

/** Whether two states of a row differ in nothing but their cells, and in whether the cursor is on it. */
function looksAlike(one: TableRow, other: TableRow): boolean {
  return one.role === other.role && one.isMarked === other.isMarked;
}

/** The cells that are shown; of those that are as before, the same objects: ages tick, and nothing else of a row. */
function placeCells(
  columns: readonly TableColumn[],
  layout: TableLayout,
  { cells }: TableRow,
  known: Remembered | undefined,
): readonly PlacedCell[] {
  return layout.shown.map(({ index, width }, place) => {
    const before = known?.placed[place];
    return before !== undefined && isSameCell(known?.row.cells[index], cells[index])
      ? before
      : placeCell(cells[index], width, columns[index]);
  });
}

function isSameCell(one: TableCell | undefined, other: TableCell | undefined): boolean {
  return (
    one === other || (one?.text === other?.text && one?.mark === other?.mark && one?.role === other?.role)
  );
}

function rowLine(
  palette: Palette,
  cells: readonly PlacedCell[],
  layout: TableLayout,
  row: TableRow,
  width: number,
): RowLine {
  const role = row.isMarked ? 'mark' : row.role;
  const gutter = row.isMarked ? '●' : ' ';
  const taken = layout.shown.reduce((sum, cell) => sum + cell.width + GAP, GUTTER - GAP);
  const texts = cells.map(({ text, inGap, role: own }, place) => {
    const gap = place === 0 ? '' : ' '.repeat(GAP - cellWidth(cells[place - 1]?.inGap ?? ''));
    const isCut = place === cells.length - 1 && taken >= width;
    return { text: gap + text + (isCut ? '' : inGap), role: own };
  });
  const plain = gutter + texts.map((cell) => cell.text).join('');
  const rest = ' '.repeat(Math.max(0, width - cellWidth(plain)));
  return { styled: runs(gutter, texts, role, palette) + rest, bare: plain + rest, role };
}

/** A mark stands right behind the text where the cell has room, else in the gap behind it: nothing moves. */
function placeCell(cell: TableCell | undefined, width: number, column: TableColumn | undefined): PlacedCell {
  const { text = '', mark = '', role } = cell ?? {};
  const align = column?.align ?? 'left';
  const hasRoom = align === 'left' && cellWidth(text) < width;
  return hasRoom
    ? { text: fit(text + mark, width, align), inGap: '', role }
    : { text: column?.cutsMiddle ? fitMiddle(text, width) : fit(text, width, align), inGap: mark, role };
}

/** Neighbours of one role share their colour sequence: every change of colour costs bytes on the wire. */
function runs(
  gutter: string,
  cells: readonly { readonly text: string; readonly role: Role | undefined }[],
  role: Role,
  palette: Palette,
): string {
  let out = '';
  let run = gutter;
  let runRole = role;
  for (const cell of cells) {
    const next = cell.role ?? role;
    if (next === runRole) run += cell.text;
    else {
      out += palette.ink(runRole, run);
      run = cell.text;
      runRole = next;
    }
  }
  return out + palette.ink(runRole, run);
}
