/** Attribute bits of a cell. Blink and hidden are not among them: no text of ours may flash or hide. */
const BOLD = 1;
const DIM = 2;
const ITALIC = 4;
export const UNDERLINE = 8;
export const INVERSE = 16;
export const STRIKE = 32;

/** A cell's look: SGR parameters of each colour (empty for the terminal's own) and attribute bits. */
export interface CellStyle {
  readonly fg: string;
  readonly bg: string;
  readonly flags: number;
}

export const PLAIN: CellStyle = { fg: '', bg: '', flags: 0 };

const SET_FLAG: Readonly<Record<number, number>> = {
  1: BOLD,
  2: DIM,
  3: ITALIC,
  4: UNDERLINE,
  7: INVERSE,
  9: STRIKE,
  21: UNDERLINE,
};

const CLEAR_FLAGS: Readonly<Record<number, number>> = {
  22: BOLD | DIM,
  23: ITALIC,
  24: UNDERLINE,
  27: INVERSE,
  29: STRIKE,
};

const FLAG_CODES: readonly (readonly [flag: number, code: string])[] = [
  [BOLD, '1'],
  [DIM, '2'],
  [ITALIC, '3'],
  [UNDERLINE, '4'],
  [INVERSE, '7'],
  [STRIKE, '9'],
];

/** The style after an SGR sequence with these parameters (the text between `CSI` and `m`). */
export function applySgr(style: CellStyle, parameters: string): CellStyle {
  let { fg, bg, flags } = style;
  const fields = parameters.split(';');
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] ?? '';
    const code = Number.parseInt(field || '0', 10);
    if (code === 38 || code === 48 || code === 58) {
      const extended = field.includes(':')
        ? { colour: colonColour(field), used: 0 }
        : listColour(fields, index);
      if (code === 38) fg = extended.colour ?? fg;
      if (code === 48) bg = extended.colour ?? bg;
      index += extended.used;
    } else if (code === 0) {
      fg = '';
      bg = '';
      flags = 0;
    } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) fg = String(code);
    else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) bg = String(code);
    else if (code === 39) fg = '';
    else if (code === 49) bg = '';
    else if (field === '4:0') flags &= ~UNDERLINE;
    else flags = (flags | (SET_FLAG[code] ?? 0)) & ~(CLEAR_FLAGS[code] ?? 0);
  }
  return {
    fg: fg.startsWith('48') ? `38${fg.slice(2)}` : fg,
    bg: bg.startsWith('38') ? `48${bg.slice(2)}` : bg,
    flags,
  };
}

/** `38;5;n` and `38;2;r;g;b`, spread over several fields; how many fields after the first were used. */
function listColour(fields: readonly string[], index: number): { colour: string | undefined; used: number } {
  if (fields[index + 1] === '5') return { colour: extendedColour([fields[index + 2]]), used: 2 };
  if (fields[index + 1] === '2')
    return { colour: extendedColour(fields.slice(index + 2, index + 5)), used: 4 };
  return { colour: undefined, used: 1 };
}

/** `38:5:n`, `38:2:r:g:b` and `38:2:space:r:g:b`, in one field. */
function colonColour(field: string): string | undefined {
  const parts = field.split(':');
  if (parts[1] === '5') return extendedColour([parts[2]]);
  return parts[1] === '2' ? extendedColour(parts.slice(-3)) : undefined;
}

function extendedColour(channels: readonly (string | undefined)[]): string | undefined {
  const values = channels.map((channel) => Number.parseInt(channel || '0', 10));
  if (values.some((value) => !(value >= 0 && value <= 255))) return undefined;
  if (values.length === 1) return `38;5;${values[0]}`;
  return values.length === 3 ? `38;2;${values.join(';')}` : undefined;
}

/** The shortest SGR sequence that takes a terminal from one style to another. */
export function sgrBetween(from: CellStyle, to: CellStyle): string {
  const afresh = ['0', ...codesOf(to)].join(';');
  const change = changeCodes(from, to).join(';');
  if (change === '') return '';
  const shortest = change.length <= afresh.length ? change : afresh;
  return shortest === '0' ? '\x1b[m' : `\x1b[${shortest}m`;
}

function codesOf(style: CellStyle): string[] {
  const codes = FLAG_CODES.filter(([flag]) => (style.flags & flag) !== 0).map(([, code]) => code);
  if (style.fg !== '') codes.push(style.fg);
  if (style.bg !== '') codes.push(style.bg);
  return codes;
}

function changeCodes(from: CellStyle, to: CellStyle): string[] {
  const codes: string[] = [];
  let flags = from.flags;
  for (const [code, mask] of Object.entries(CLEAR_FLAGS)) {
    if ((flags & mask & ~to.flags) === 0) continue;
    codes.push(code);
    flags &= ~mask;
  }
  for (const [flag, code] of FLAG_CODES) if ((to.flags & ~flags & flag) !== 0) codes.push(code);
  if (from.fg !== to.fg) codes.push(to.fg === '' ? '39' : to.fg);
  if (from.bg !== to.bg) codes.push(to.bg === '' ? '49' : to.bg);
  return codes;
}
