/** A key that was pressed, by name, with the text that it types if any. */
export interface KeyPress {
  readonly kind: 'key';
  /** Such as `j`, `G`, `?`, `space`, `enter`, `ctrl-d`, `shift-tab`, `alt-b`, `ctrl-left`, `f5`. */
  readonly key: string;
  readonly text?: string;
}

/** Text that was pasted as one, with `\n` for line breaks; it may hold anything else. */
export interface Paste {
  readonly kind: 'paste';
  readonly text: string;
}

export type KeyEvent = KeyPress | Paste;

const SHIFT = 1;
const ALT = 2;
const CTRL = 4;
/** Super, hyper and meta: keys with these belong to the window manager, and are ignored. */
const FOREIGN = 8 | 16 | 32;

const RELEASED = 3;

/** Keys by the final letter of `CSI` and `SS3` sequences. */
const LETTER_KEYS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
};

/** Keys by the number in `CSI number ~`. */
const NUMBER_KEYS: Readonly<Record<number, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pgup',
  6: 'pgdn',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};

/**
 * Keys that the kitty protocol numbers in the private use area: the keypad.
 * @see https://sw.kovidgoyal.net/kitty/keyboard-protocol/#functional-key-definitions
 */
const KEYPAD_KEYS: Readonly<Record<number, string>> = {
  57414: 'enter',
  57417: 'left',
  57418: 'right',
  57419: 'up',
  57420: 'down',
  57421: 'pgup',
  57422: 'pgdn',
  57423: 'home',
  57424: 'end',
  57425: 'insert',
  57426: 'delete',
};
const KEYPAD_CHARACTERS = '0123456789./*-+';
const FIRST_KEYPAD = 57399;
const KEYPAD_EQUALS = 57415;

const CODE_KEYS: Readonly<Record<number, string>> = {
  8: 'backspace',
  9: 'tab',
  13: 'enter',
  27: 'esc',
  127: 'backspace',
};

/** What numeric keypads send in application mode after `SS3`. */
const SS3_CHARACTERS: Readonly<Record<string, string>> = {
  j: '*',
  k: '+',
  l: ',',
  m: '-',
  n: '.',
  o: '/',
  X: '=',
};

/** The key that one typed character stands for; undefined for what is no key (C1 controls, U+FFFD). */
export function characterKey(character: string, modifiers = 0): KeyPress | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x00) return named('space', modifiers | CTRL);
  if (code === 0x08 || code === 0x7f) return named('backspace', modifiers);
  if (code === 0x09) return named('tab', modifiers);
  if (code === 0x0a || code === 0x0d) return named('enter', modifiers);
  if (code === 0x1b) return named('esc', modifiers);
  if (code < 0x1b) return named(String.fromCharCode(code + 0x60), modifiers | CTRL);
  if (code < 0x20) return named(String.fromCharCode(code + 0x40), modifiers | CTRL);
  if ((code >= 0x80 && code < 0xa0) || code === 0xfffd) return undefined;
  return typed(character, modifiers);
}

/** The key of a character typed with ESC before it, which is how terminals send Alt. */
export function altKey(character: string): KeyPress | undefined {
  return characterKey(character, ALT);
}

/** The key of an `SS3` sequence by its final letter, if it is one. */
export function ss3Key(letter: string): KeyPress | undefined {
  const key = LETTER_KEYS[letter];
  if (key !== undefined) return named(key, 0);
  if (letter === 'M') return named('enter', 0);
  if (letter === 'I') return named('tab', 0);
  const character =
    letter >= 'p' && letter <= 'y' ? String(letter.charCodeAt(0) - 112) : SS3_CHARACTERS[letter];
  return character === undefined ? undefined : typed(character, 0);
}

/** The key of a `CSI` sequence; undefined for mouse and focus reports, answers, releases and unknown ones. */
export function csiKey(parameters: string, final: string): KeyPress | undefined {
  if (!/^[\d;:]*$/.test(parameters)) return undefined;
  const fields = parameters.split(';');
  const [modifierField = '', event = ''] = (fields[1] ?? '').split(':');
  if (Number(event) === RELEASED) return undefined;
  const modifiers = Math.max(0, (Number(modifierField) || 1) - 1);
  if ((modifiers & FOREIGN) !== 0) return undefined;
  const number = Number.parseInt(fields[0] || '1', 10);
  if (final === 'u') return kittyKey(fields, modifiers);
  if (final === 'Z') return named('tab', modifiers | SHIFT);
  if (final === '^' || final === '@') return numbered(number, CTRL | (final === '@' ? SHIFT : 0));
  if (final === '~') {
    if (number === 27) return characterWithModifiers(Number(fields[2]), modifiers);
    return numbered(number, modifiers);
  }
  // `CSI row ; column R` also reports the cursor's place; F3 always has a 1 in front.
  const key = number === 1 ? LETTER_KEYS[final] : undefined;
  return key === undefined ? undefined : named(key, modifiers);
}

/** The key of the Linux console's `CSI [ letter`. */
export function consoleKey(letter: string): KeyPress | undefined {
  const number = letter.charCodeAt(0) - 64;
  return number >= 1 && number <= 5 ? named(`f${number}`, 0) : undefined;
}

function numbered(number: number, modifiers: number): KeyPress | undefined {
  const key = NUMBER_KEYS[number];
  return key === undefined ? undefined : named(key, modifiers);
}

/** `CSI code:shifted:base ; modifiers:event ; text u` */
function kittyKey(fields: readonly string[], modifiers: number): KeyPress | undefined {
  const [code = '', shifted = ''] = (fields[0] ?? '').split(':');
  const number = Number(code);
  const keypad = KEYPAD_KEYS[number];
  if (keypad !== undefined) return named(keypad, modifiers);
  const character = number === KEYPAD_EQUALS ? '=' : KEYPAD_CHARACTERS.charAt(number - FIRST_KEYPAD);
  if (number >= FIRST_KEYPAD && character !== '') return typed(character, modifiers);
  if (isPrivateUse(number)) return undefined;
  const useShifted = shifted !== '' && (modifiers & (CTRL | ALT)) === 0;
  return characterWithModifiers(Number(useShifted ? shifted : code), modifiers);
}

function isPrivateUse(code: number): boolean {
  return code >= 0xe000 && code <= 0xf8ff;
}

function characterWithModifiers(code: number, modifiers: number): KeyPress | undefined {
  const key = CODE_KEYS[code];
  if (key !== undefined) return named(key, modifiers);
  if (!(code >= 0x20 && code <= 0x10ffff) || (code >= 0xd800 && code < 0xe000)) return undefined;
  return typed(String.fromCodePoint(code), modifiers);
}

/**
 * A key that types a character, unless Ctrl or Alt is down. Shift shows in the character itself; with Ctrl
 * letters are lower-case and Shift is named.
 */
function typed(character: string, modifiers: number): KeyPress {
  const upper = character.toUpperCase();
  if ((modifiers & CTRL) !== 0) {
    const lower = character.toLowerCase();
    const shifted = lower !== character ? SHIFT : 0;
    return named(lower === ' ' ? 'space' : lower, modifiers | shifted);
  }
  const text = (modifiers & SHIFT) !== 0 && upper.length === character.length ? upper : character;
  const key = text === ' ' ? 'space' : text;
  if ((modifiers & ALT) !== 0) return named(key, ALT);
  return { kind: 'key', key, text };
}

function named(key: string, modifiers: number): KeyPress {
  const ctrl = (modifiers & CTRL) !== 0 ? 'ctrl-' : '';
  const alt = (modifiers & ALT) !== 0 ? 'alt-' : '';
  const shift = (modifiers & SHIFT) !== 0 ? 'shift-' : '';
  return { kind: 'key', key: `${ctrl}${alt}${shift}${key}` };
}
