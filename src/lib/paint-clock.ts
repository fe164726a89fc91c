/** How long after a key (ms) nothing is painted only because it has become older. */
const PAUSE = 200;
/** How far (ms) a clock may stay behind while keys keep coming. */
const MOST_BEHIND = 5000;

/**
 * Clocks for what is painted, which stand still while keys come one upon the other: the ages of a screenful of rows take longer
 * to paint than all that a key does, and nobody reads them meanwhile. All times in milliseconds.
 */
export class PaintClock {
  readonly #now: () => number;
  #keyAt = Number.NEGATIVE_INFINITY;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Keys have come. */
  hold(): void {
    this.#keyAt = this.#now();
  }

  /** A clock like the one given, but for standing still. */
  like(clock: () => number): () => number {
    let shown = Number.NEGATIVE_INFINITY;
    return () => {
      const time = clock();
      const isHeld = this.#now() - this.#keyAt < PAUSE;
      if (!isHeld || time < shown || time - shown > MOST_BEHIND) shown = time;
      return shown;
    };
  }
}
