/** Bytes of keys whose name is not their character. */
const KEY_BYTES: Readonly<Record<string, string>> = {
  enter: '\r',
  tab: '\t',
  'shift-tab': '\x1b[Z',
  esc: '\x1b',
  space: ' ',
  backspace: '\x7f',
  delete: '\x1b[3~',
  insert: '\x1b[2~',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pgup: '\x1b[5~',
  pgdn: '\x1b[6~',
  f1: '\x1bOP',
  f2: '\x1bOQ',
  f3: '\x1bOR',
  f4: '\x1bOS',
  f5: '\x1b[15~',
  f6: '\x1b[17~',
  f7: '\x1b[18~',
  f8: '\x1b[19~',
  f9: '\x1b[20~',
  f10: '\x1b[21~',
  f11: '\x1b[23~',
  f12: '\x1b[24~',
  'ctrl-space': '\0',
  'shift-up': '\x1b[1;2A',
  'shift-down': '\x1b[1;2B',
  'shift-right': '\x1b[1;2C',
  'shift-left': '\x1b[1;2D',
  'ctrl-right': '\x1b[1;5C',
  'ctrl-left': '\x1b[1;5D',
};

/** An ESC that no further byte can belong to, so that no reader has to wait for one; some terminals send it. */
export const LONE_ESC = '\x1b[27u';

/** The bytes that a terminal sends for a key, by the key names of `src/terminal/key-names.ts`; undefined for other text. */
export function namedKeyBytes(key: string): string | undefined {
  const known = KEY_BYTES[key];
  if (known !== undefined) return known;
  if ([...key].length === 1) return key;
  const [, modifier, rest] = /^(ctrl|alt)-(.+)$/.exec(key) ?? [];
  if (modifier === 'alt' && rest !== undefined) return `\x1b${keyBytes(rest)}`;
  const code = rest?.length === 1 ? rest.toUpperCase().charCodeAt(0) : Number.NaN;
  return modifier === 'ctrl' && code >= 0x40 && code < 0x60 ? String.fromCharCode(code - 0x40) : undefined;
}

/** The bytes that a terminal sends for a key. */
export function keyBytes(key: string): string {
  const bytes = namedKeyBytes(key);
  if (bytes === undefined) throw new Error(`No bytes known for the key "${key}"`);
  return bytes;
}
