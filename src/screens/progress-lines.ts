import type { Palette } from '../components/palette.ts';
import type { Prices } from '../lib/prices.ts';
import { visible } from '../lib/sanitise.ts';
import type { JobProgress } from '../resources/progress.ts';
import { progressText } from '../resources/progress-text.ts';

/**
 * Remembers how far a job is, in the lines that were shown last: on thousands of nodes they are long in the making, and
 * every key and every second asks for them.
 */
export class ProgressLines {
  #inputs: readonly unknown[] = [];
  #lines: string[] = [];

  /** How far a job is, in lines for a pane of that width. */
  of(palette: Palette, progress: JobProgress, width: number, prices?: Prices): string[] {
    const inputs = [progress, width, palette.skin, prices];
    if (this.#inputs.length > 0 && inputs.every((input, at) => input === this.#inputs[at]))
      return this.#lines;
    this.#inputs = inputs;
    this.#lines = progressText(progress, width, prices).map(({ kind, text }) =>
      palette.ink(kind, visible(text)),
    );
    return this.#lines;
  }
}
