import { type ColourDepth, openStyle, type Style } from '../lib/style.ts';
import { DARK_SKIN, type Role, type Skin } from './skins.ts';

export type { Role, Skin } from './skins.ts';

/** A skin on a terminal of a certain colour depth. */
export class Palette {
  readonly depth: ColourDepth;
  #skin: Skin;
  #open: ReadonlyMap<Role, string>;
  /** The same on the cursor's row. */
  #openCursor: ReadonlyMap<Role, string>;

  constructor(depth: ColourDepth, skin: Skin = DARK_SKIN) {
    this.depth = depth;
    this.#skin = skin;
    this.#open = opened(skin, depth);
    this.#openCursor = openedOnCursor(skin, depth);
  }

  /** The skin that is worn; another object after {@link wear}, so that remembered lines can be told stale. */
  get skin(): Skin {
    return this.#skin;
  }

  /** Puts on another skin; roles that it leaves out look as in the dark one. */
  wear(skin: Readonly<Partial<Skin>>): void {
    this.#skin = { ...DARK_SKIN, ...skin };
    this.#open = opened(this.#skin, this.depth);
    this.#openCursor = openedOnCursor(this.#skin, this.depth);
  }

  /** Text in the look of a role. */
  ink(role: Role, text: string): string {
    return painted(text, this.#open.get(role));
  }

  style(role: Role): Style {
    return this.#skin[role];
  }

  /**
   * Text on the cursor's row: the row's own colour as background, so that what it says is not lost, unless the
   * skin gives the cursor a background of its own.
   */
  cursor(role: Role, text: string): string {
    return painted(text, this.#openCursor.get(role));
  }
}

function painted(text: string, open = ''): string {
  return open === '' || text === '' ? text : `${open}${text}\x1b[0m`;
}

function opened(skin: Skin, depth: ColourDepth): ReadonlyMap<Role, string> {
  return new Map((Object.keys(skin) as Role[]).map((role) => [role, openStyle(skin[role], depth)]));
}

function openedOnCursor(skin: Skin, depth: ColourDepth): ReadonlyMap<Role, string> {
  const { cursor } = skin;
  const styleOf = (role: Role) => ({ ...cursor, bg: cursor.bg ?? skin[role].fg ?? 'white' });
  return new Map((Object.keys(skin) as Role[]).map((role) => [role, openStyle(styleOf(role), depth)]));
}
