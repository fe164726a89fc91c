export const LINE_FEED = 10;

/** Some whole lines of a file, as bytes; only the last may lack its line feed. Never changes. */
export class LineBlock {
  readonly bytes: Uint8Array;
  /** Lines in it. */
  readonly count: number;
  /** Where each line begins; made when a line is looked at, which most never are while a file grows fast. */
  #starts: Uint32Array | undefined;

  constructor(bytes: Uint8Array, count = countLines(bytes)) {
    this.bytes = bytes;
    this.count = count;
  }

  /** The last line has no line feed yet. */
  get isOpen(): boolean {
    return this.bytes.length > 0 && this.bytes[this.bytes.length - 1] !== LINE_FEED;
  }

  /** The text of a line, without its line feed. A character that has come in part is left out. */
  line(index: number): string {
    const start = this.startOf(index);
    const end = this.startOf(index + 1);
    const isWhole = this.bytes[end - 1] === LINE_FEED;
    return decoded(this.bytes.subarray(start, isWhole ? end - 1 : end), !isWhole);
  }

  /** Where a line begins, in bytes; the end of the block for the one after the last. */
  startOf(index: number): number {
    if (index === 0) return 0;
    this.#starts ??= lineStarts(this.bytes, this.count);
    return this.#starts[index] ?? this.bytes.length;
  }

  /** The lines from one on. */
  from(index: number): LineBlock {
    return new LineBlock(this.bytes.subarray(this.startOf(index)), this.count - index);
  }

  /** The lines before the last one, and the bytes of that. */
  beforeLast(): { readonly whole: LineBlock; readonly last: Uint8Array } {
    const feed = this.bytes.lastIndexOf(LINE_FEED, this.bytes.length - (this.isOpen ? 1 : 2));
    const { bytes, count } = this;
    return { whole: new LineBlock(bytes.subarray(0, feed + 1), count - 1), last: bytes.subarray(feed + 1) };
  }

  /** The fewest first lines that take at least so many bytes. */
  linesWithin(bytes: number): number {
    const feed = this.bytes.indexOf(LINE_FEED, bytes - 1);
    return feed < 0 ? this.count : countLines(this.bytes.subarray(0, feed + 1));
  }

  /**
   * Lines from `first` on that hold the text, in any case. All are searched at once: a call a line would take
   * longer than the search. Codes of colour are not searched.
   */
  find(text: string, first: number): number[] {
    const wanted = text.toLowerCase();
    if (wanted === '' || wanted.includes('\n')) return [];
    const part = this.bytes.subarray(this.startOf(first));
    const plain = part.includes(ESCAPE) ? withoutColour(part) : part;
    const searched = (ASCII.test(wanted) ? byteText(plain) : decoded(plain, false)).toLowerCase();
    const isAligned = searched.length === plain.length;
    const lines =
      isAligned && plain === part ? this.#linesAt(first) : feedsBefore(isAligned ? plain : searched, first);
    const found: number[] = [];
    for (let at = searched.indexOf(wanted); at >= 0; at = searched.indexOf(wanted, at)) {
      found.push(lines(at));
      at = searched.indexOf('\n', at);
      if (at < 0) break;
    }
    return found;
  }

  /** The line in which a byte stands, counted from where a line begins; asked for in rising order. */
  #linesAt(first: number): (at: number) => number {
    const offset = this.startOf(first);
    let line = first;
    return (at) => {
      while (line + 1 < this.count && this.startOf(line + 1) <= offset + at) line += 1;
      return line;
    };
  }
}

/** The line in which a character or byte stands; asked for in rising order. */
function feedsBefore(text: string | Uint8Array, first: number): (at: number) => number {
  let line = first;
  let read = 0;
  return (at) => {
    if (typeof text === 'string') {
      for (; read < at; read += 1) if (text.charCodeAt(read) === LINE_FEED) line += 1;
    } else {
      for (; read < at; read += 1) if (text[read] === LINE_FEED) line += 1;
    }
    return line;
  };
}

const ESCAPE = 27;
const ASCII = /^[\0-\x7f]*$/;

/** A character a byte, which is several times as fast as UTF-8 and enough to find ASCII. */
function byteText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** The bytes without codes of colour (`ESC [ … m`). */
function withoutColour(bytes: Uint8Array): Uint8Array {
  const plain = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const end = bytes[at] === ESCAPE ? colourEnd(bytes, at) : 0;
    if (end > 0) at = end;
    else {
      plain[length] = bytes[at] as number;
      length += 1;
    }
  }
  return plain.subarray(0, length);
}

/** The last byte of a code of colour that begins at a byte; 0 when none does. */
function colourEnd(bytes: Uint8Array, start: number): number {
  if (bytes[start + 1] !== 0x5b) return 0;
  let at = start + 2;
  // Digits, colons and semicolons.
  while ((bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x3b) at += 1;
  return bytes[at] === 0x6d ? at : 0;
}

// A byte-order mark is a character of the file like any other.
function decoded(bytes: Uint8Array, isOpen: boolean): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: isOpen });
}

function countLines(bytes: Uint8Array): number {
  const { length } = bytes;
  let count = length > 0 && bytes[length - 1] !== LINE_FEED ? 1 : 0;
  for (let at = 0; at < length; at += 1) if (bytes[at] === LINE_FEED) count += 1;
  return count;
}

/** A line feed is never part of a character. */
function lineStarts(bytes: Uint8Array, count: number): Uint32Array {
  const starts = new Uint32Array(count);
  let line = 1;
  for (let at = 0; line < count; at += 1) {
    if (bytes[at] === LINE_FEED) {
      starts[line] = at + 1;
      line += 1;
    }
  }
  return starts;
}

/** Without the rest of a character that the bytes begin in the middle of. */
export function fromCharacter(bytes: Uint8Array): Uint8Array {
  const start = bytes.subarray(0, 4).findIndex((byte) => (byte & 0xc0) !== 0x80);
  return bytes.subarray(Math.max(0, start));
}
