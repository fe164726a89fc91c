import { LineBuffer } from './line-buffer.ts';

/**
 * Why a ruled line stands between the lines of several files: what was there `before` they were opened, and what
 * is `older` than that, has no known order; from `live` on lines stand as they arrived; a file was opened `again`.
 */
export type LabelKind = 'before' | 'older' | 'live' | 'again';

export interface Label {
  readonly kind: LabelKind;
  readonly file: number;
}

/** What stands in one line of a tail. */
export type Place =
  | { readonly label: Label; readonly isFirst: boolean }
  | { readonly label?: undefined; readonly file: number; readonly at: number; readonly text: string };

/** Lines of one file that came together, or a label. */
interface Run {
  readonly file: number;
  readonly label: LabelKind | undefined;
  /** The lines' own, because a file that begins anew gets another one. */
  readonly buffer: LineBuffer;
  /** Number in the buffer of the first line. */
  first: number;
  count: number;
  /** Number in the tail of the first line. */
  number: number;
  /** When they began to arrive (ms, our clock); 0 for those that were there before. */
  readonly at: number;
}

/**
 * The ends of some files as one text: lines in the order in which they arrived. At most so many bytes are held of
 * all together; the lines at the top go first, whatever file they are of, so that none is missing in the middle.
 * It changes in place: a copy for every second of a fast file would cost more than all the rest.
 */
export class TailText {
  /** The files as they are read now; undefined until they are opened. */
  readonly #buffers: (LineBuffer | undefined)[];
  readonly #limit: () => number;
  /** Of files that begin anew and have no line yet. */
  readonly #unlabelled = new Set<LineBuffer>();
  #runs: Run[] = [];
  #bytes = 0;
  /** Number of the next line. */
  #end = 0;
  #found: { readonly text: string; readonly lines: readonly number[] } | undefined;

  /** @param limit Bytes that are held at most. */
  constructor(files: number, limit: () => number) {
    this.#buffers = Array.from({ length: files }, () => undefined);
    this.#limit = limit;
  }

  /** Lines held, labels among them. */
  get count(): number {
    return this.#end - this.dropped;
  }

  /**
   * Added to the index of a held line it gives a number that the line keeps: it grows with lines that are not
   * held any more, and falls below 0 with older ones that were loaded later.
   */
  get dropped(): number {
    return this.#runs[0]?.number ?? this.#end;
  }

  /** Bytes held of all files. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that are held at most. */
  get limit(): number {
    return this.#limit();
  }

  /** Lines held, without labels. */
  get lineCount(): number {
    return this.#runs.reduce((sum, run) => sum + (run.label === undefined ? run.count : 0), 0);
  }

  /** Bytes of the files before what is held. */
  get olderBytes(): number {
    return this.#buffers.reduce((sum, buffer) => sum + (buffer?.startByte ?? 0), 0);
  }

  /** Which bytes of a file are held; undefined until it is opened. */
  extent(file: number): Pick<LineBuffer, 'startByte' | 'endByte'> | undefined {
    return this.#buffers[file];
  }

  /** What stands in a line. */
  place(index: number): Place {
    const number = index + this.dropped;
    const at = this.#runAt(number);
    const run = this.#runs[at];
    if (run === undefined) return { file: 0, at: 0, text: '' };
    if (run.label !== undefined) {
      const before = this.#runs.slice(0, at).findLast(({ label }) => label !== undefined);
      return { label: { kind: run.label, file: run.file }, isFirst: before?.label !== run.label };
    }
    return { file: run.file, at: run.at, text: run.buffer.line(run.first + number - run.number) };
  }

  /** The text of a line; empty for a label. */
  line(index: number): string {
    const place = this.place(index);
    return place.label === undefined ? place.text : '';
  }

  /** Indexes of the lines that hold the text, in any case. */
  find(text: string): readonly number[] {
    if (text === '') return [];
    if (this.#found?.text === text) return this.#found.lines;
    const { dropped } = this;
    const rest = new Map<LineBuffer, { readonly numbers: readonly number[]; at: number }>();
    const lines: number[] = [];
    for (const { buffer, label, first, count, number } of this.#runs) {
      if (label !== undefined) continue;
      const found = rest.get(buffer) ?? { numbers: buffer.find(text), at: 0 };
      rest.set(buffer, found);
      for (let line = found.numbers[found.at]; line !== undefined && line < first + count; ) {
        lines.push(number - dropped + line - first);
        found.at += 1;
        line = found.numbers[found.at];
      }
    }
    this.#found = { text, lines };
    return lines;
  }

  /**
   * Begins to hold a file that is read from `start` on. One that was held before begins anew: alone it takes the
   * place of what was there, among others it goes on below.
   * @param at When it was found to be there (ms, our clock); 0 when it was there before.
   */
  open(file: number, start: number, bytes: Uint8Array, at: number): void {
    const isAgain = this.#buffers[file] !== undefined;
    if (isAgain && this.#isSingle) {
      this.#runs = [];
      this.#bytes = 0;
    }
    const buffer = new LineBuffer(start);
    this.#buffers[file] = buffer;
    if (isAgain) this.#unlabelled.add(buffer);
    else if (at === 0 && bytes.length > 0) this.#label('before', file, buffer);
    this.#append(file, buffer, bytes, at);
  }

  /**
   * Appends what follows the last held byte of a file.
   * @param at When it arrived (ms, our clock).
   */
  append(file: number, bytes: Uint8Array, at: number): void {
    const buffer = this.#buffers[file];
    if (buffer !== undefined) this.#append(file, buffer, bytes, at);
  }

  /** Puts older lines of a file above all that is held, so that no line moves. */
  prepend(file: number, bytes: Uint8Array): void {
    const buffer = this.#buffers[file];
    if (buffer === undefined || bytes.length === 0) return;
    const [top, below] = this.#runs;
    const run = top?.label === undefined ? top : below;
    const goesOn = run?.buffer === buffer && run.at === 0 && run.first === buffer.first;
    const count = buffer.prepend(bytes);
    this.#found = undefined;
    this.#bytes += bytes.length;
    if (count === 0) return;
    const { dropped } = this;
    if (goesOn && run !== undefined) {
      run.first -= count;
      run.count += count;
      run.number -= count;
      if (top !== run && top !== undefined) top.number -= count;
      return;
    }
    const { first } = buffer;
    this.#runs.unshift({ file, label: undefined, buffer, first, count, number: dropped - count, at: 0 });
    if (!this.#isSingle) {
      const number = dropped - count - 1;
      this.#runs.unshift({ file, label: 'older', buffer, first: 0, count: 1, number, at: 0 });
    }
  }

  get #isSingle(): boolean {
    return this.#buffers.length === 1;
  }

  #append(file: number, buffer: LineBuffer, bytes: Uint8Array, at: number): void {
    this.#found = undefined;
    const count = buffer.append(bytes);
    this.#bytes += bytes.length;
    if (count > 0) this.#placeLines(file, buffer, count, at);
    this.#trim();
  }

  #placeLines(file: number, buffer: LineBuffer, count: number, at: number): void {
    if (this.#unlabelled.delete(buffer)) this.#label('again', file, buffer);
    else if (at > 0 && this.#waitsForLive()) this.#label('live', file, buffer);
    const last = this.#runs.at(-1);
    if (last !== undefined && last.label === undefined && last.buffer === buffer && last.at === at) {
      last.count += count;
    } else {
      const first = buffer.first + buffer.count - count;
      this.#runs.push({ file, label: undefined, buffer, first, count, number: this.#end, at });
    }
    this.#end += count;
  }

  /** The last label says that there is no order. */
  #waitsForLive(): boolean {
    const last = this.#runs.findLast(({ label }) => label !== undefined);
    return last?.label === 'before' && this.#runs.at(-1)?.at === 0;
  }

  #label(label: LabelKind, file: number, buffer: LineBuffer): void {
    if (this.#isSingle) return;
    this.#runs.push({ file, label, buffer, first: 0, count: 1, number: this.#end, at: 0 });
    this.#end += 1;
  }

  #trim(): void {
    let gone = 0;
    for (const run of this.#runs) {
      const excess = this.#bytes - this.#limit();
      const isLast = run === this.#runs.at(-1);
      if (excess <= 0 || (isLast && run.count === 1)) break;
      if (run.label === undefined) {
        const before = run.buffer.bytes;
        const lines = run.buffer.drop(excess, isLast ? run.count - 1 : run.count);
        this.#bytes -= before - run.buffer.bytes;
        run.first += lines;
        run.count -= lines;
        run.number += lines;
        if (run.count > 0) break;
      }
      gone += 1;
    }
    if (gone > 0) this.#runs.splice(0, gone);
    if (this.#bytes > this.#limit()) this.#cutLine();
  }

  /** One line alone is too long, as of a program that draws a progress bar: its end is kept. */
  #cutLine(): void {
    const buffer = this.#runs.at(-1)?.buffer;
    if (this.count > 1 || buffer === undefined) return;
    buffer.cut(Math.ceil(this.#limit() / 2));
    this.#bytes = buffer.bytes;
  }

  #runAt(number: number): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#runs[middle] as Run).number <= number) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
