/** Lines of a file's end, made from bytes as they come; at most so many characters are held. */
export class TailBuffer {
  readonly #limit: number;
  #decoder = new TextDecoder();
  #lines: string[] = [];
  #dropped = 0;
  #characters = 0;
  #isOpen = false;

  /** @param limit Characters that are held at most; the oldest lines go first. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Lines that are not held any more. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The last line has no line break yet. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Appends bytes; a character or a line may be split anywhere between two calls. */
  append(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (text === '') return;
    const parts = text.split('\n');
    const lines = this.#lines.slice();
    parts.forEach((part, index) => {
      if (index === 0 && this.#isOpen) lines[lines.length - 1] += part;
      else lines.push(part);
    });
    this.#isOpen = parts[parts.length - 1] !== '';
    if (!this.#isOpen) lines.pop();
    this.#characters += text.length;
    this.#lines = lines;
    this.#trim();
  }

  /** Puts older text before what is held; `text` ends with a line break. */
  prepend(text: string): void {
    const older = text.replace(/\n$/, '').split('\n');
    this.#lines = [...older, ...this.#lines];
    this.#characters += text.length;
    this.#dropped = Math.max(0, this.#dropped - older.length);
  }

  #trim(): void {
    let gone = 0;
    while (this.#characters > this.#limit && gone < this.#lines.length - 1) {
      this.#characters -= (this.#lines[gone]?.length ?? 0) + 1;
      gone += 1;
    }
    if (gone === 0) return;
    this.#lines = this.#lines.slice(gone);
    this.#dropped += gone;
  }
}
