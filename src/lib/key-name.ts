/** Other names that people give to keys. */
const SYNONYMS: Readonly<Record<string, string>> = {
  escape: 'esc',
  return: 'enter',
  pageup: 'pgup',
  pagedown: 'pgdn',
  del: 'delete',
  ins: 'insert',
  // Terminals send the same byte for these.
  'ctrl-i': 'tab',
  'ctrl-m': 'enter',
  'ctrl-j': 'enter',
  'ctrl-h': 'backspace',
  'ctrl-[': 'esc',
  'ctrl-@': 'ctrl-space',
};

const NAMED =
  /^(esc|enter|tab|space|backspace|delete|insert|home|end|pgup|pgdn|up|down|left|right|f([1-9]|1[0-2]))$/;

/**
 * A key as the key reader names it, from the way a person writes it: `Ctrl-D` is `ctrl-d`, `shift-l` is `L`,
 * `return` is `enter`. Undefined for what is no key that a terminal can send; keys with alt are none, because
 * a terminal sends the same for escape and a letter typed ahead.
 */
export function parseKeyName(text: string): string | undefined {
  const parts = /^((?:(?:ctrl|shift)-)*)(.+)$/i.exec(text.trim());
  if (parts === null) return undefined;
  const [, prefix = '', rest = ''] = parts;
  const ctrl = /ctrl/i.test(prefix);
  const shift = /shift/i.test(prefix);
  if ([...rest].length === 1) return characterName(rest, ctrl, shift);
  const lower = rest.toLowerCase();
  const name = SYNONYMS[lower] ?? lower;
  if (!NAMED.test(name)) return undefined;
  return `${ctrl ? 'ctrl-' : ''}${shift ? 'shift-' : ''}${name}`;
}

function characterName(character: string, ctrl: boolean, shift: boolean): string | undefined {
  if (!/^[!-~]$/.test(character)) return undefined;
  if (!ctrl) return shift ? character.toUpperCase() : character;
  // A control character knows neither case nor shift, and only these characters have one.
  const name = `ctrl-${character.toLowerCase()}`;
  if (shift || !/^[a-z@[\\\]^_]$/.test(character.toLowerCase())) return undefined;
  return SYNONYMS[name] ?? name;
}
