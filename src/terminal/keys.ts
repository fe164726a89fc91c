import { altKey, characterKey, consoleKey, csiKey, type KeyEvent, ss3Key } from './key-names.ts';

export type { KeyEvent, KeyPress, Paste } from './key-names.ts';

/** How long the rest of a split escape sequence is waited for: longer than any gap within one keystroke. */
const ESCAPE_TIMEOUT = 25;

/** Longest paste kept, in UTF-16 units; the rest of a longer one is dropped. */
const MAX_PASTE = 1_048_576;

/** Longest sequence or answer followed; what is longer is no key and is dropped. */
const MAX_SEQUENCE = 65_536;

const PASTE_END = '\x1b[201~';

/** Starts a timer and answers a function that stops it. */
export type StartTimer = (callback: () => void, milliseconds: number) => () => void;

export interface KeyReaderOptions {
  /** Takes the keys that a timeout turned out: a lone ESC, or a sequence that never ended. */
  readonly onTimeout?: (events: KeyEvent[]) => void;
  readonly startTimer?: StartTimer;
}

/** What was read at one place of the input: where it ends and the key it is, or `pending` when it is cut. */
type Token = { readonly end: number; readonly event?: KeyEvent | undefined } | 'pending';

/**
 * Turns what a terminal sends into keys. Typed-ahead keys come out one by one; a sequence that arrives in
 * pieces is held for 25 ms; mouse and focus reports and the terminal's answers are swallowed. The events do
 * not depend on how the bytes were cut into chunks.
 */
export class KeyReader {
  readonly #onTimeout: (events: KeyEvent[]) => void;
  readonly #startTimer: StartTimer;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #held = '';
  /** The text of a paste that has begun and not ended. */
  #paste: string | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(options: KeyReaderOptions = {}) {
    this.#onTimeout = options.onTimeout ?? (() => undefined);
    this.#startTimer = options.startTimer ?? systemTimer;
  }

  /** The keys that a chunk of input completes. */
  feed(chunk: Uint8Array | string): KeyEvent[] {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#held += typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true });
    const events = this.#read();
    if (this.#held !== '' && this.#paste === undefined) {
      this.#stopTimer = this.#startTimer(() => this.#onTimeout(this.flush()), ESCAPE_TIMEOUT);
    }
    return events;
  }

  /** Gives up waiting for the rest of a sequence: what is held becomes the keys it can be, or nothing. */
  flush(): KeyEvent[] {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    if (this.#paste !== undefined) return [];
    const held = this.#held;
    this.#held = '';
    if (held === '\x1b') return present(characterKey(held));
    return held.length === 2 ? present(altKey(held.charAt(1))) : [];
  }

  #read(): KeyEvent[] {
    const events: KeyEvent[] = [];
    let at = 0;
    while (at < this.#held.length) {
      const token = this.#paste === undefined ? this.#readKey(at) : this.#readPaste(at);
      if (token === 'pending') break;
      if (token.event !== undefined) events.push(token.event);
      at = token.end;
    }
    this.#held = this.#held.slice(at);
    if (this.#paste === undefined && this.#held.length > MAX_SEQUENCE) this.#held = '';
    return events;
  }

  #readKey(at: number): Token {
    const input = this.#held;
    if (input.charAt(at) === '\x1b') return this.#readEscape(at);
    const character = String.fromCodePoint(input.codePointAt(at) ?? 0);
    if (at + 1 === input.length && /[\ud800-\udbff]/.test(character)) return 'pending';
    return { end: at + character.length, event: characterKey(character) };
  }

  #readEscape(at: number): Token {
    const input = this.#held;
    const next = input.codePointAt(at + 1);
    if (next === undefined) return 'pending';
    const character = String.fromCodePoint(next);
    if (character === '[') return this.#readCsi(at + 2);
    if (character === 'O') return readSs3(input, at + 2);
    if (/[\]PX^_]/.test(character)) return readString(input, at + 2);
    if (character === '\x1b') return { end: at + 1, event: characterKey('\x1b') };
    return { end: at + 1 + character.length, event: altKey(character) };
  }

  /** `start` is behind `CSI`. A control character in a sequence breaks it off. */
  #readCsi(start: number): Token {
    const input = this.#held;
    let end = start;
    while (end < input.length && isParameter(input.charCodeAt(end))) end++;
    if (end === input.length) return 'pending';
    const final = input.charAt(end);
    if (final < '@' || final > '~') return { end };
    const parameters = input.slice(start, end);
    if (parameters === '' && (final === '[' || final === 'M')) return readFixed(input, end + 1, final);
    if (final === '~' && parameters === '200') this.#paste = '';
    return { end: end + 1, event: csiKey(parameters, final) };
  }

  #readPaste(at: number): Token {
    const input = this.#held;
    const found = input.indexOf(PASTE_END, at);
    const end = found === -1 ? input.length - partialEnd(input, at) : found;
    this.#paste = `${this.#paste ?? ''}${input.slice(at, end)}`.slice(0, MAX_PASTE);
    if (found === -1) return end > at ? { end } : 'pending';
    const text = this.#paste.replace(/\r\n?/g, '\n');
    this.#paste = undefined;
    return { end: end + PASTE_END.length, event: { kind: 'paste', text } };
  }
}

function systemTimer(callback: () => void, milliseconds: number): () => void {
  const timer = setTimeout(callback, milliseconds);
  return () => clearTimeout(timer);
}

function present(event: KeyEvent | undefined): KeyEvent[] {
  return event === undefined ? [] : [event];
}

/** Parameter and intermediate characters of a control sequence. */
function isParameter(code: number): boolean {
  return code >= 0x20 && code <= 0x3f;
}

/** The key behind `SS3`; what is no such key was Alt and a capital O, and is read again. */
function readSs3(input: string, start: number): Token {
  if (start === input.length) return 'pending';
  const event = ss3Key(input.charAt(start));
  return event === undefined ? { end: start, event: altKey('O') } : { end: start + 1, event };
}

/** Sequences with a fixed number of characters behind them: console F-keys, and old mouse reports. */
function readFixed(input: string, start: number, kind: string): Token {
  const length = kind === '[' ? 1 : 3;
  if (input.length < start + length) return 'pending';
  return { end: start + length, event: kind === '[' ? consoleKey(input.charAt(start)) : undefined };
}

/** An answer of the terminal (OSC, DCS and their like), up to BEL or ST. */
function readString(input: string, start: number): Token {
  const end = /\x07|\x1b/.exec(input.slice(start));
  if (end === null) return 'pending';
  const at = start + end.index;
  if (end[0] === '\x07') return { end: at + 1 };
  if (at + 1 === input.length) return 'pending';
  return { end: input.charAt(at + 1) === '\\' ? at + 2 : at };
}

/** Length of the longest start of the paste's end marker that the input ends with. */
function partialEnd(input: string, from: number): number {
  for (let length = Math.min(PASTE_END.length - 1, input.length - from); length > 0; length--) {
    if (input.endsWith(PASTE_END.slice(0, length))) return length;
  }
  return 0;
}
