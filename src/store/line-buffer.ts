import { fromCharacter, LINE_FEED, LineBlock } from './line-block.ts';

/** What a search found so far, so that the next one only looks at what is new. */
interface Found {
  readonly text: string;
  readonly numbers: readonly number[];
  /** Number of the first line that was not searched to its end. */
  readonly to: number;
}

/**
 * The held part of one file: bytes as they came, in blocks of lines. Lines become text when they are looked at;
 * of all others only the line feeds are counted. A line keeps its number whatever is added or dropped before it.
 */
export class LineBuffer {
  readonly #small: number;
  #blocks: LineBlock[] = [];
  #first = 0;
  #count = 0;
  #bytes = 0;
  #end: number;
  #found: Found | undefined;

  /**
   * @param start Byte of the file at which the first appended byte stands; a line must begin there.
   * @param small Blocks up to this size are joined, so that a line a second does not make a block each.
   */
  constructor(start: number, small = 64 * 1024) {
    this.#small = small;
    this.#end = start;
  }

  /** Number of the first held line; below 0 when older lines came later. */
  get first(): number {
    return this.#first;
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Byte of the file at which the first held line begins. */
  get startByte(): number {
    return this.#end - this.#bytes;
  }

  /** Byte of the file behind the last one held. */
  get endByte(): number {
    return this.#end;
  }

  /** The last line has no line break yet. */
  get isOpen(): boolean {
    return this.#blocks.at(-1)?.isOpen === true;
  }

  /** The text of the line with a number; empty when it is not held. */
  line(number: number): string {
    let end = this.#first + this.#count;
    if (number < this.#first || number >= end) return '';
    for (let at = this.#blocks.length - 1; at >= 0; at -= 1) {
      const block = this.#blocks[at] as LineBlock;
      end -= block.count;
      if (number >= end) return block.line(number - end);
    }
    return '';
  }

  /** Appends bytes, cut anywhere, and says how many lines begin in them. */
  append(bytes: Uint8Array): number {
    if (bytes.length === 0) return 0;
    const before = this.#count;
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.bytes.length + bytes.length <= this.#small) {
      this.#pop();
      this.#push(joined(last.bytes, bytes));
    } else if (last?.isOpen === true) {
      this.#goOn(bytes);
    } else {
      this.#push(bytes);
    }
    this.#end += bytes.length;
    return this.#count - before;
  }

  /**
   * Puts the bytes before what is held; they end where that begins. When that is inside a line, the line becomes
   * whole and keeps its number. Says how many lines were added.
   */
  prepend(bytes: Uint8Array): number {
    if (bytes.length === 0) return 0;
    const top = this.#blocks[0];
    const before = this.#count;
    const isInside = top !== undefined && bytes[bytes.length - 1] !== LINE_FEED;
    const added = new LineBlock(isInside ? joined(bytes, top.bytes.subarray(0, top.startOf(1))) : bytes);
    const rest = isInside ? top.from(1) : undefined;
    this.#blocks.splice(
      0,
      isInside ? 1 : 0,
      added,
      ...(rest === undefined || rest.count === 0 ? [] : [rest]),
    );
    this.#count += added.count - (isInside ? 1 : 0);
    this.#bytes += bytes.length;
    this.#first -= this.#count - before;
    this.#found = undefined;
    return this.#count - before;
  }

  /** Drops the first lines, as few as free so many bytes, and at most so many. Says how many went. */
  drop(bytes: number, most: number): number {
    let free = bytes;
    const wanted = Math.min(most, this.#count);
    let left = wanted;
    while (free > 0 && left > 0) {
      const block = this.#blocks[0] as LineBlock;
      const lines = Math.min(left, block.bytes.length <= free ? block.count : block.linesWithin(free));
      const rest = lines === block.count ? undefined : block.from(lines);
      const freed = block.bytes.length - (rest?.bytes.length ?? 0);
      if (rest === undefined) this.#blocks.shift();
      else this.#blocks[0] = rest;
      this.#count -= lines;
      this.#first += lines;
      this.#bytes -= freed;
      free -= freed;
      left -= lines;
    }
    return wanted - left;
  }

  /** Keeps so much of the end of its only line. */
  cut(bytes: number): void {
    const block = this.#blocks[0];
    if (block === undefined || block.count !== this.#count) return;
    const end = fromCharacter(block.bytes.slice(Math.max(0, block.bytes.length - bytes)));
    this.#blocks = [new LineBlock(end, block.count)];
    this.#bytes = end.length;
    this.#found = undefined;
  }

  /** Numbers of the lines that hold the text, in any case. */
  find(text: string): readonly number[] {
    const end = this.#first + this.#count;
    const settled = this.isOpen ? end - 1 : end;
    const known = this.#found?.text === text ? this.#found : { numbers: [], to: this.#first };
    const held = known.numbers.findIndex((number) => number >= this.#first);
    const numbers = held < 0 ? [] : held === 0 ? known.numbers : known.numbers.slice(held);
    const found = this.#search(text, Math.max(known.to, this.#first));
    const all = found.length === 0 ? numbers : [...numbers, ...found];
    const whole = settled < end && all.at(-1) === settled ? all.slice(0, -1) : all;
    this.#found = { text, numbers: whole, to: settled };
    return all;
  }

  #search(text: string, from: number): number[] {
    const found: number[][] = [];
    let end = this.#first + this.#count;
    for (let at = this.#blocks.length - 1; at >= 0 && end > from; at -= 1) {
      const block = this.#blocks[at] as LineBlock;
      const start = end - block.count;
      found.push(block.find(text, Math.max(0, from - start)).map((line) => start + line));
      end = start;
    }
    return found.reverse().flat();
  }

  /** Only the line that goes on is copied; what follows it stays where it was read. */
  #goOn(bytes: Uint8Array): void {
    const { whole, last } = this.#pop().beforeLast();
    const feed = bytes.indexOf(LINE_FEED);
    const end = feed < 0 ? bytes.length : feed + 1;
    if (whole.count > 0) this.#push(whole);
    this.#push(joined(last, bytes.subarray(0, end)));
    if (end < bytes.length) this.#push(bytes.subarray(end));
  }

  #push(content: LineBlock | Uint8Array): void {
    const block = content instanceof LineBlock ? content : new LineBlock(content);
    this.#blocks.push(block);
    this.#count += block.count;
    this.#bytes += block.bytes.length;
  }

  #pop(): LineBlock {
    const block = this.#blocks.pop() as LineBlock;
    this.#count -= block.count;
    this.#bytes -= block.bytes.length;
    return block;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
