import type { Services } from '../store/services.ts';
import type { Painting } from './painting.ts';

/** What a key handler works with. */
export interface ScreenContext {
  readonly services: Services;
  readonly painting: Painting;
  /** Runs what was typed behind `:`; throws an AzbError when it is not understood. */
  runCommand(text: string): void;
  /** What could be meant by what was typed so far, best first. */
  suggest(text: string): readonly string[];
}

/** Does what a binding of the key table says. Keyed by the binding's id. */
export type Handlers = Readonly<Record<string, (context: ScreenContext) => void>>;
