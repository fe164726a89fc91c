/** The sixteen colours that every colour terminal has; a terminal's own theme decides how they look. */
const ANSI_NAMES = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'gray',
  'brightred',
  'brightgreen',
  'brightyellow',
  'brightblue',
  'brightmagenta',
  'brightcyan',
  'brightwhite',
] as const;

export type AnsiName = (typeof ANSI_NAMES)[number];

/** `#rrggbb`, one of the sixteen names, or an index of the 256-colour palette. */
export type Colour = `#${string}` | AnsiName | number;

/**
 * What a terminal can show: nothing at all (`none`: no escape sequence may be written), attributes without
 * colours (`mono`), 16 or 256 colours, or 24 bits.
 */
export type ColourDepth = 'none' | 'mono' | 16 | 256 | 'true';

type Rgb = readonly [red: number, green: number, blue: number];

/** xterm's default values of the first sixteen colours, used only to find the nearest one. */
const BASIC: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];

/** Black, white and what is between them. */
const GREYS: readonly number[] = [0, 7, 8, 15];

/** The six levels of each channel in the 256-colour cube. */
const LEVELS = [0, 95, 135, 175, 215, 255] as const;

const HEX = /^#[0-9a-f]{6}$/i;

/** Whether a word from a skin or a configuration names a colour. */
export function isColour(value: string | number): value is Colour {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value <= 255;
  return HEX.test(value) || (ANSI_NAMES as readonly string[]).includes(value);
}

/**
 * The SGR parameters that select a colour as foreground or background at a depth, such as `31` or
 * `48;5;17`, or undefined when the depth has no colours or the value is no colour.
 */
export function colourCode(
  colour: Colour,
  layer: 'foreground' | 'background',
  depth: ColourDepth,
): string | undefined {
  if (depth === 'none' || depth === 'mono') return undefined;
  if (!isColour(colour)) return undefined;
  const extended = layer === 'foreground' ? '38' : '48';
  if (typeof colour === 'string' && colour.startsWith('#')) {
    const rgb = parseHex(colour);
    if (depth === 'true') return `${extended};2;${rgb.join(';')}`;
    return depth === 256 ? `${extended};5;${nearest256(rgb)}` : basicCode(nearestBasic(rgb), layer);
  }
  const index = typeof colour === 'number' ? colour : ANSI_NAMES.indexOf(colour as AnsiName);
  if (index < 16) return basicCode(index, layer);
  return depth === 16 ? basicCode(nearestBasic(paletteColour(index)), layer) : `${extended};5;${index}`;
}

function basicCode(index: number, layer: 'foreground' | 'background'): string {
  const base = (index < 8 ? 30 : 82) + (layer === 'foreground' ? 0 : 10);
  return String(base + index);
}

function parseHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function nearestLevel(value: number): number {
  if (value < 48) return 0;
  return value < 115 ? 1 : Math.floor((value - 35) / 40);
}

function level(step: number): number {
  return LEVELS[step] ?? 0;
}

/** The nearest of the cube's 216 colours and the 24 greys. */
function nearest256(rgb: Rgb): number {
  const [red, green, blue] = [nearestLevel(rgb[0]), nearestLevel(rgb[1]), nearestLevel(rgb[2])];
  const cube: Rgb = [level(red), level(green), level(blue)];
  const mean = (rgb[0] + rgb[1] + rgb[2]) / 3;
  const grey = Math.min(23, Math.max(0, Math.round((mean - 8) / 10)));
  const shade = 8 + grey * 10;
  if (distance(rgb, [shade, shade, shade]) < distance(rgb, cube)) return 232 + grey;
  return 16 + 36 * red + 6 * green + blue;
}

/**
 * The nearest of the sixteen. Colours with a hue keep it: by distance alone the soft reds and greens of a skin
 * would all become grey, and a failed row would look like any other.
 */
function nearestBasic(rgb: Rgb): number {
  const spread = Math.max(...rgb) - Math.min(...rgb);
  const isGrey = spread < 40;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  BASIC.forEach((candidate, index) => {
    if (isGrey !== GREYS.includes(index)) return;
    const far = isGrey ? distance(rgb, candidate) : hueDistance(rgb, candidate);
    if (far < least) {
      least = far;
      best = index;
    }
  });
  return best;
}

/** How far apart two hues are in degrees; between a colour and its bright form the lightness decides. */
function hueDistance(a: Rgb, b: Rgb): number {
  const apart = Math.abs(hueOf(a) - hueOf(b));
  return Math.min(apart, 360 - apart) * 1000 + Math.abs(Math.max(...a) - Math.max(...b));
}

function hueOf([red, green, blue]: Rgb): number {
  const most = Math.max(red, green, blue);
  const spread = most - Math.min(red, green, blue);
  if (most === red) return (((green - blue) / spread) * 60 + 360) % 360;
  return most === green ? ((blue - red) / spread) * 60 + 120 : ((red - green) / spread) * 60 + 240;
}

function paletteColour(index: number): Rgb {
  if (index >= 232) {
    const shade = 8 + (index - 232) * 10;
    return [shade, shade, shade];
  }
  const cube = index - 16;
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
}

function distance(a: Rgb, b: Rgb): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
}
