import { simpleWidth } from './width.ts';

/** A grapheme cluster and where it begins. */
export type Segment = Pick<Intl.SegmentData, 'segment' | 'index'>;

/** The clusters of a text, and the one that a place is in. */
export interface Segments extends Iterable<Segment> {
  containing(index: number): Segment | undefined;
}

/**
 * Stands in for `Intl.Segmenter` in the packages that draw the chrome: the build puts it there. A text of characters that
 * are clusters of their own needs no segmenter, which takes twelve milliseconds to make, and then more than this for each
 * text.
 */
export class QuickSegmenter {
  readonly #options: Intl.SegmenterOptions | undefined;
  #real: Intl.Segmenter | undefined;

  constructor(_locales?: string, options?: Intl.SegmenterOptions) {
    this.#options = options;
  }

  segment(text: string): Segments {
    if (standsAlone(text)) return new Characters(text);
    // Not by its own name, which the build would replace here too.
    this.#real ??= new globalThis.Intl.Segmenter(undefined, this.#options);
    return this.#real.segment(text);
  }
}

const CARRIAGE_RETURN = 0x0d;

/** Whether each character is a cluster: simple ones are, and so is what controls, but for the two that end a line. */
function standsAlone(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const controls = code < 0x20 && code !== CARRIAGE_RETURN;
    if (!controls && simpleWidth(code) === 0) return false;
  }
  return true;
}

class Characters implements Segments {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  *[Symbol.iterator](): Iterator<Segment> {
    for (let index = 0; index < this.#text.length; index += 1) yield this.#at(index);
  }

  containing(index = 0): Segment | undefined {
    return index >= 0 && index < this.#text.length ? this.#at(Math.trunc(index)) : undefined;
  }

  #at(index: number): Segment {
    return { segment: this.#text.charAt(index), index };
  }
}
