import { applySgr, type CellStyle, INVERSE, PLAIN, STRIKE, sgrBetween, UNDERLINE } from './sgr.ts';

/** The id of the terminal's own style: no colours, no attributes. */
export const PLAIN_ID = 0;

/** Attributes that show on a cell without a glyph. */
const SEEN_ON_BLANK = INVERSE | UNDERLINE | STRIKE;

/**
 * Gives each distinct style a small number, so that cells compare by number, and remembers the sequences
 * between any two. One table serves one surface; a surface that has met too many styles starts a new one.
 */
export class StyleTable {
  readonly #styles: CellStyle[] = [PLAIN];
  readonly #ids = new Map<string, number>([[keyOf(PLAIN), PLAIN_ID]]);
  readonly #applied = new Map<string, number>();
  readonly #between = new Map<number, string>();
  readonly #blanks: number[] = [PLAIN_ID];

  /** Distinct styles and parameter lists met so far: what the memory of the table grows with. */
  get size(): number {
    return this.#styles.length + this.#applied.size;
  }

  /** The style that holds after an SGR sequence with these parameters. */
  apply(id: number, parameters: string): number {
    const key = `${id}m${parameters}`;
    const known = this.#applied.get(key);
    if (known !== undefined) return known;
    const next = this.#intern(applySgr(this.#style(id), parameters));
    this.#applied.set(key, next);
    return next;
  }

  /**
   * The style of a blank cell written in this style, reduced to what can be seen on it: a red space and a
   * bold space look like any other.
   */
  blank(id: number): number {
    const known = this.#blanks[id];
    if (known !== undefined) return known;
    const { bg, flags } = this.#style(id);
    const seen = (flags & SEEN_ON_BLANK) === 0 ? this.#intern({ fg: '', bg, flags: 0 }) : id;
    this.#blanks[id] = seen;
    return seen;
  }

  /**
   * Whether erasing in this style leaves the cells as a space in it would: always with no background; with
   * one only on terminals that erase with the current background (`bce`); never when inverse or underlined.
   */
  erasable(id: number, bce: boolean): boolean {
    const { bg, flags } = this.#style(id);
    return (flags & SEEN_ON_BLANK) === 0 && (bg === '' || bce);
  }

  /** The shortest sequence from one style to another. */
  between(from: number, to: number): string {
    if (from === to) return '';
    const key = from * 65_536 + to;
    const known = this.#between.get(key);
    if (known !== undefined) return known;
    const sequence = sgrBetween(this.#style(from), this.#style(to));
    this.#between.set(key, sequence);
    return sequence;
  }

  #style(id: number): CellStyle {
    return this.#styles[id] ?? PLAIN;
  }

  #intern(style: CellStyle): number {
    const key = keyOf(style);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#styles.length;
    this.#styles.push(style);
    this.#ids.set(key, id);
    return id;
  }
}

function keyOf(style: CellStyle): string {
  return `${style.fg}/${style.bg}/${style.flags}`;
}
