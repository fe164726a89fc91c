import { type Colour, type ColourDepth, colourCode } from './colour.ts';
import { eachGrapheme } from './width.ts';

export type { Colour, ColourDepth } from './colour.ts';

/** How a stretch of text looks. */
export interface Style {
  readonly fg?: Colour | undefined;
  readonly bg?: Colour | undefined;
  readonly bold?: boolean | undefined;
  readonly dim?: boolean | undefined;
  readonly italic?: boolean | undefined;
  readonly underline?: boolean | undefined;
  readonly inverse?: boolean | undefined;
}

const RESET = '\x1b[0m';
const SGR = /\x1b\[[\d;:]*m/g;

/**
 * The SGR sequence that turns a style on, or an empty string. Where a terminal has no colours a background is
 * shown as inverse, so that a cursor row or a badge can still be seen.
 */
export function openStyle(style: Style, depth: ColourDepth): string {
  if (depth === 'none') return '';
  const codes: string[] = [];
  if (style.bold) codes.push('1');
  if (style.dim) codes.push('2');
  if (style.italic) codes.push('3');
  if (style.underline) codes.push('4');
  if (style.inverse || (depth === 'mono' && style.bg !== undefined)) codes.push('7');
  pushColour(codes, style.fg, 'foreground', depth);
  pushColour(codes, style.bg, 'background', depth);
  return codes.length === 0 ? '' : `\x1b[${codes.join(';')}m`;
}

function pushColour(
  codes: string[],
  colour: Colour | undefined,
  layer: 'foreground' | 'background',
  depth: ColourDepth,
): void {
  const code = colour === undefined ? undefined : colourCode(colour, layer, depth);
  if (code !== undefined) codes.push(code);
}

/** Plain text in a style: the text between an SGR sequence and a reset, or unchanged where nothing applies. */
export function paint(text: string, style: Style, depth: ColourDepth): string {
  const open = openStyle(style, depth);
  return open === '' || text === '' ? text : open + text + RESET;
}

/** The text of a styled line. */
export function stripSgr(line: string): string {
  return line.includes('\x1b') ? line.replace(SGR, '') : line;
}

/**
 * The cells `start` to `start + width` of a styled line, not padded, with the styles that hold there. Wide
 * characters cut by an edge become spaces.
 */
export function sliceStyled(line: string, start: number, width: number): string {
  const end = start + width;
  let out = '';
  let at = 0;
  for (const part of line.split(/(\x1b\[[\d;:]*m)/)) {
    if (part.startsWith('\x1b[')) {
      if (at < end) out += part;
      continue;
    }
    eachGrapheme(part, (cluster, cells) => {
      const from = at;
      at += cells;
      if (cells === 0 || at <= start) return true;
      if (from >= end) return false;
      out += from >= start && at <= end ? cluster : ' '.repeat(Math.min(at, end) - Math.max(from, start));
      return true;
    });
  }
  return out.includes('\x1b') ? out + RESET : out;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the terminal can show, from the environment. FORCE_COLOR (0 to 3) wins over everything, also over a
 * stream that is no terminal; NO_COLOR leaves attributes only.
 * @see https://no-color.org
 */
export function colourDepth(env: Environment, isTTY: boolean): ColourDepth {
  const forced = forcedDepth(env.FORCE_COLOR, isTTY);
  if (forced !== undefined) return forced;
  const term = env.TERM ?? '';
  if (!isTTY) return 'none';
  // What draws on a terminal moves its cursor, so it may as well show where the row is that keys are about.
  if ((env.NO_COLOR ?? '') !== '' || term === 'dumb') return 'mono';
  if (/^(truecolor|24bit)$/i.test(env.COLORTERM ?? '') || env.WT_SESSION !== undefined) return 'true';
  if (/^(iTerm\.app|vscode|WezTerm|ghostty)$/.test(env.TERM_PROGRAM ?? '')) return 'true';
  if (/-direct|kitty|alacritty|foot|ghostty|wezterm/.test(term)) return 'true';
  if (/256/.test(term)) return 256;
  return /^vt\d|-mono$/.test(term) ? 'mono' : 16;
}

/**
 * Whether the terminal says that its background is light. Many say nothing: then it counts as dark.
 * `COLORFGBG` is `foreground;background` or `foreground;default;background`, in the sixteen colours.
 */
export function hasLightBackground(env: Environment): boolean {
  const background = env.COLORFGBG?.split(';').pop();
  return background === '7' || background === '15';
}

function forcedDepth(value: string | undefined, isTTY: boolean): ColourDepth | undefined {
  switch (value) {
    case undefined:
      return undefined;
    case '0':
    case 'false':
      return isTTY ? 'mono' : 'none';
    case '2':
      return 256;
    case '3':
      return 'true';
    default:
      return 16;
  }
}
