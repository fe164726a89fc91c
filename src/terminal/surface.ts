import { Writable } from 'node:stream';
import { diffFrames } from './diff.ts';
import { type Chrome, composeFrame, FrameLine, KeptLines, layOut, NO_CHROME, splitChrome } from './frame.ts';
import { StyleTable } from './style-table.ts';

/** The terminal as the surface needs it; `process.stdout` is one. */
export interface SurfaceOutput {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  /** False asks to wait for `drain`, as in Node's streams. */
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/** Draws the view: at most `height` styled lines, each at most `width` cells. */
export type ViewPainter = (width: number, height: number) => readonly string[];

/** A cell of the screen, counted from 0 at the top left. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

export interface SurfaceOptions {
  readonly output: SurfaceOutput;
  /** Whether the terminal erases with the current background; see {@link erasesWithBackground}. */
  readonly bce?: boolean;
}

/** Output longer than this is wrapped in synchronised-output marks, so that no half of it is seen. */
const SYNCHRONISE_FROM = 1024;
const BEGIN_SYNCHRONISED = '\x1b[?2026h';
const END_SYNCHRONISED = '\x1b[?2026l';

/** Plain style, whole screen scrolls, no wrapping at the edge, no cursor, an empty screen. */
const CLEAN_SLATE = '\x1b[m\x1b[r\x1b[?7l\x1b[?25l\x1b[H\x1b[J';

/** A new style table is started beyond this many entries: coloured logs can bring styles without end. */
const MAX_STYLES = 20_000;

/**
 * The screen. Ink draws the chrome into {@link Surface.sink}; a view draws its rectangle as styled lines;
 * the surface composes both and writes to the terminal only what differs from what it shows.
 */
export class Surface {
  /** The stream to give Ink, with `debug: true`: each write is one whole frame of chrome. */
  readonly sink: NodeJS.WriteStream;

  readonly #output: SurfaceOutput;
  readonly #bce: boolean;
  #columns: number;
  #rows: number;
  #chrome: Chrome = NO_CHROME;
  #view: ViewPainter = () => [];
  #cursor: Position | null = null;
  /** Where the terminal shows the cursor, null while it is hidden. */
  #cursorAt: Position | null = null;
  #table = new StyleTable();
  #shown: readonly FrameLine[] = [];
  #kept = new KeptLines();
  #known = false;
  #scheduled = false;
  #blocked = false;
  #owing = false;
  #closed = false;
  #paints = 0;
  #bytesWritten = 0;

  constructor(options: SurfaceOptions) {
    this.#output = options.output;
    this.#bce = options.bce ?? false;
    this.#columns = sizeOr(options.output.columns, 80);
    this.#rows = sizeOr(options.output.rows, 24);
    const sink = new FrameSink(
      () => ({ columns: this.#columns, rows: this.#rows }),
      (frame) => this.#setChrome(frame),
    );
    // Ink asks for a terminal's write stream and uses of it what the sink has: size, write and `resize`.
    this.sink = sink as unknown as NodeJS.WriteStream;
  }

  /** Paints so far that wrote something. */
  get paints(): number {
    return this.#paints;
  }

  /** UTF-8 bytes written so far. */
  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** Chooses what draws the view from the next paint on. */
  setView(paint: ViewPainter): void {
    this.#view = paint;
  }

  /** Leaves rows blank above and below the view where chrome will stand that is not drawn yet. */
  keepPlace(top: number, bottom: number): void {
    const blank = (rows: number) => Array.from({ length: rows }, () => '');
    this.#chrome = { ...NO_CHROME, top: blank(top), bottom: blank(bottom) };
    this.schedule();
  }

  /** Places the cursor in a text field from the next paint on, or hides it. */
  setCursor(position: Position | null): void {
    this.#cursor = position;
  }

  /** The view's rectangle in cells, for what the chrome leaves now. */
  viewSize(): { width: number; height: number } {
    return { width: this.#columns, height: layOut(this.#chrome, this.#rows).viewHeight };
  }

  /** First row of the view on the screen, for placing the cursor in it. */
  viewTop(): number {
    return layOut(this.#chrome, this.#rows).viewTop;
  }

  /** The whole screen's new size, from the terminal's `resize`: Ink lays out again, everything is repainted. */
  resize(columns: number, rows: number): void {
    this.#columns = sizeOr(columns, 80);
    this.#rows = sizeOr(rows, 24);
    this.invalidate();
    this.sink.emit('resize');
  }

  /** What the terminal shows is unknown: the next paint, which this schedules, starts from an empty screen. */
  invalidate(): void {
    this.#known = false;
    this.schedule();
  }

  /** Paints once at the end of this turn of the event loop, however often it is asked. */
  schedule(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    setImmediate(() => {
      if (this.#scheduled) this.paintNow();
    });
  }

  /** Paints right after some work, once however often the work asks for it. */
  paintAfter(work: () => void): void {
    this.#scheduled = true;
    try {
      work();
    } finally {
      this.paintNow();
    }
  }

  /**
   * Brings the terminal up to date with one write. While the terminal is still taking earlier output nothing
   * is written: the latest state is painted once it has drained, so that a slow link never queues frames.
   */
  paintNow(): void {
    this.#scheduled = false;
    if (this.#closed) return;
    if (this.#blocked) {
      this.#owing = true;
      return;
    }
    const output = this.#render();
    if (output === '') return;
    this.#paints++;
    this.#bytesWritten += Buffer.byteLength(output);
    if (!this.#output.write(output)) this.#waitForDrain();
  }

  /** Stops painting for good: the terminal belongs to someone else from now on. */
  close(): void {
    this.#closed = true;
    this.#scheduled = false;
  }

  #setChrome(frame: string): void {
    this.#chrome = splitChrome(frame);
    this.schedule();
  }

  #waitForDrain(): void {
    this.#blocked = true;
    this.#output.once('drain', () => {
      this.#blocked = false;
      if (!this.#owing) return;
      this.#owing = false;
      this.paintNow();
    });
  }

  /** The bytes that bring the terminal from what it shows to the current state. */
  #render(): string {
    if (this.#table.size > MAX_STYLES) this.#known = false;
    const start = this.#known ? '' : this.#startAfresh();
    const { width, height } = this.viewSize();
    const view = this.#view(width, height);
    const next = composeFrame(this.#chrome, view, this.#columns, this.#rows, this.#shown, this.#kept);
    const difference = diffFrames(this.#shown, next, this.#context());
    this.#shown = next;
    const body = start + difference + this.#placeCursor(difference !== '');
    return body.length > SYNCHRONISE_FROM ? BEGIN_SYNCHRONISED + body + END_SYNCHRONISED : body;
  }

  #startAfresh(): string {
    this.#known = true;
    this.#table = new StyleTable();
    this.#kept = new KeptLines();
    this.#shown = Array.from({ length: this.#rows }, () => new FrameLine(''));
    this.#cursorAt = null;
    return CLEAN_SLATE;
  }

  #context() {
    return { width: this.#columns, table: this.#table, bce: this.#bce };
  }

  /** Hides the cursor, or shows it in its place when it is elsewhere or painting has moved it. */
  #placeCursor(moved: boolean): string {
    const shown = this.#cursorAt;
    const wanted = this.#cursor;
    this.#cursorAt = wanted;
    if (wanted === null) return shown === null ? '' : '\x1b[?25l';
    if (!moved && shown !== null && shown.x === wanted.x && shown.y === wanted.y) return '';
    const x = Math.max(0, Math.min(wanted.x, this.#columns - 1));
    const y = Math.max(0, Math.min(wanted.y, this.#rows - 1));
    return `\x1b[${y + 1};${x + 1}H${shown === null ? '\x1b[?25h' : ''}`;
  }
}

/** Terminals may report no size or 0 before they are laid out. */
function sizeOr(size: number | undefined, fallback: number): number {
  return size !== undefined && size > 0 ? size : fallback;
}

/**
 * Whether a terminal is known to erase with the current background colour. Multiplexers are not relied on,
 * because what they do depends on their version and settings.
 * @param term the value of the TERM variable
 */
export function erasesWithBackground(term: string | undefined): boolean {
  return /^(xterm|alacritty|foot|kitty|wezterm|ghostty|konsole|vte|gnome|st-|rxvt|linux|iterm|ms-terminal)/.test(
    term ?? '',
  );
}

/** A stream in place of the terminal for Ink: it has a size and takes frames. */
class FrameSink extends Writable {
  readonly isTTY = true;
  readonly #size: () => { columns: number; rows: number };
  readonly #take: (frame: string) => void;

  constructor(size: () => { columns: number; rows: number }, take: (frame: string) => void) {
    super({ decodeStrings: false });
    this.#size = size;
    this.#take = take;
  }

  get columns(): number {
    return this.#size().columns;
  }

  get rows(): number {
    return this.#size().rows;
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    const frame = chunk.toString();
    if (isFrame(frame)) this.#take(frame);
    done();
  }
}

/** Ink also shows and hides the cursor and erases lines through its stream; those writes are no frames. */
function isFrame(text: string): boolean {
  return text !== '' && !/\x1b\[[\d;?]*[^\d;:?m]/.test(text);
}
