import { type ColourDepth, openStyle, paint, type Style } from '../lib/style.ts';

/** Everything that has a look of its own. A skin gives each a style. */
export type Role =
  | 'plain'
  | 'good'
  | 'busy'
  | 'waiting'
  | 'bad'
  | 'done'
  | 'dim'
  | 'border'
  | 'title'
  | 'count'
  | 'filter'
  | 'heading'
  | 'label'
  | 'value'
  | 'key'
  | 'logo'
  | 'prompt'
  | 'ghost'
  | 'crumb'
  | 'crumbLast'
  | 'info'
  | 'warn'
  | 'error'
  | 'match'
  | 'focus'
  | 'danger'
  | 'mark'
  | 'property';

export type Skin = Readonly<Record<Role, Style>>;

/** Legible on dark backgrounds; the default. */
export const DARK_SKIN: Skin = {
  plain: { fg: '#87cefa' },
  good: { fg: '#7ee787' },
  busy: { fg: '#ffcc5c' },
  waiting: { fg: '#be93d9' },
  bad: { fg: '#ff6b5e' },
  done: { fg: '#8b949e' },
  dim: { fg: '#6e7681' },
  border: { fg: '#3f7fa6' },
  title: { fg: '#4fd1ff', bold: true },
  count: { fg: '#f5f5f5', bold: true },
  filter: { fg: '#7ee787' },
  heading: { fg: '#f5f5f5', bold: true },
  label: { fg: '#ffa657' },
  value: { fg: '#f5f5f5' },
  key: { fg: '#4fd1ff', bold: true },
  logo: { fg: '#4fd1ff', bold: true },
  prompt: { fg: '#4fd1ff' },
  ghost: { fg: '#6e7681' },
  crumb: { fg: '#0d1117', bg: '#8b949e' },
  crumbLast: { fg: '#0d1117', bg: '#4fd1ff', bold: true },
  info: { fg: '#7ee787' },
  warn: { fg: '#ffcc5c' },
  error: { fg: '#ff6b5e', bold: true },
  match: { fg: '#0d1117', bg: '#ffcc5c' },
  focus: { fg: '#0d1117', bg: '#4fd1ff' },
  danger: { fg: '#0d1117', bg: '#ff6b5e' },
  mark: { fg: '#ffa657', bold: true },
  property: { fg: '#79c0ff' },
};

/** A skin on a terminal of a certain colour depth. */
export class Palette {
  readonly depth: ColourDepth;
  readonly #skin: Skin;
  readonly #open: ReadonlyMap<Role, string>;

  constructor(depth: ColourDepth, skin: Skin = DARK_SKIN) {
    this.depth = depth;
    this.#skin = skin;
    this.#open = new Map((Object.keys(skin) as Role[]).map((role) => [role, openStyle(skin[role], depth)]));
  }

  /** Text in the look of a role. */
  ink(role: Role, text: string): string {
    const open = this.#open.get(role) ?? '';
    return open === '' || text === '' ? text : `${open}${text}\x1b[0m`;
  }

  style(role: Role): Style {
    return this.#skin[role];
  }

  /** Text on the cursor's row: the row's own colour as background, so that what it says is not lost. */
  cursor(role: Role, text: string): string {
    const colour = this.#skin[role].fg;
    return paint(text, { fg: '#0d1117', bg: colour ?? 'white' }, this.depth);
  }
}
