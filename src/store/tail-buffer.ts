const LINE_FEED = 10;

/** Lines of a file's end, made from bytes as they come; at most so many characters are held. */
export class TailBuffer {
  readonly #limit: number;
  // A byte-order mark is a character of the file like any other: without it bytes would not add up.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #lines: string[] = [];
  /** Byte of the file at which each held line begins. */
  #starts: number[] = [];
  /** When each held line began to arrive (ms, our clock); 0 for those that were there before. */
  #arrivals: number[] = [];
  #end: number;
  #dropped = 0;
  #characters = 0;
  #isOpen = false;

  /**
   * @param limit Characters that are held at most; the oldest lines go first.
   * @param start Byte of the file at which the first appended byte stands; a line must begin there.
   */
  constructor(limit: number, start: number) {
    this.#limit = limit;
    this.#end = start;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /**
   * Added to the index of a held line it gives a number that the line keeps: it grows with lines that are not
   * held any more, and falls below 0 with older ones that were loaded later.
   */
  get dropped(): number {
    return this.#dropped;
  }

  /** The last line has no line break yet. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Byte of the file at which the first held line begins. */
  get startByte(): number {
    return this.#starts[0] ?? this.#end;
  }

  /** Byte of the file behind the last one held. */
  get endByte(): number {
    return this.#end;
  }

  /** When each held line began to arrive (ms, our clock); 0 for those that were there before. */
  get arrivals(): readonly number[] {
    return this.#arrivals;
  }

  /**
   * Appends bytes; a character or a line may be split anywhere between two calls.
   * @param at When they arrived (ms, our clock); 0 when they were there before.
   */
  append(bytes: Uint8Array, at = 0): void {
    if (bytes.length === 0) return;
    const starts = this.#lineStarts(bytes);
    const text = this.#decoder.decode(bytes, { stream: true });
    const parts = text.split('\n');
    const lines = this.#lines.slice();
    if (this.#isOpen) lines[lines.length - 1] += parts.shift() ?? '';
    lines.push(...parts.slice(0, starts.length));
    this.#lines = lines;
    this.#starts.push(...starts);
    this.#arrivals = [...this.#arrivals, ...starts.map(() => at)];
    this.#isOpen = bytes[bytes.length - 1] !== LINE_FEED;
    this.#characters += text.length;
    this.#end += bytes.length;
    this.#trim();
  }

  /** Puts the bytes before what is held; they end where the first held line begins. */
  prepend(bytes: Uint8Array): void {
    const older = new TailBuffer(Number.POSITIVE_INFINITY, this.startByte - bytes.length);
    older.append(bytes);
    this.#lines = [...older.#lines, ...this.#lines];
    this.#starts = [...older.#starts, ...this.#starts];
    this.#arrivals = [...older.#arrivals, ...this.#arrivals];
    this.#characters += older.#characters;
    this.#dropped -= older.#lines.length;
  }

  /** Where in the file the lines begin that begin in these bytes. A line feed is never part of a character. */
  #lineStarts(bytes: Uint8Array): number[] {
    const starts = this.#isOpen ? [] : [this.#end];
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
      if (at + 1 < bytes.length) starts.push(this.#end + at + 1);
    }
    return starts;
  }

  #trim(): void {
    let gone = 0;
    while (this.#characters > this.#limit && gone < this.#lines.length - 1) {
      this.#characters -= (this.#lines[gone]?.length ?? 0) + 1;
      gone += 1;
    }
    if (gone > 0) {
      this.#lines = this.#lines.slice(gone);
      this.#starts = this.#starts.slice(gone);
      this.#arrivals = this.#arrivals.slice(gone);
      this.#dropped += gone;
    }
    if (this.#characters > this.#limit) this.#cutLine();
  }

  /** One line alone is too long, as of a program that draws a progress bar: its end is kept. */
  #cutLine(): void {
    const kept = (this.#lines[0] ?? '').slice(-Math.ceil(this.#limit / 2));
    this.#lines = [kept];
    this.#arrivals = this.#arrivals.slice(-1);
    this.#starts = [Math.max(0, this.#end - Buffer.byteLength(kept) - (this.#isOpen ? 0 : 1))];
    this.#characters = kept.length;
  }
}
