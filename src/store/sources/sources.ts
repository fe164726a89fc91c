import { resourceNamed } from '../../resources/registry.ts';
import { topView } from '../app-store.ts';
import { sourceKey } from '../keys-of.ts';
import type { AppState, ListView, View } from '../state.ts';
import { DocumentSource } from './document-source.ts';
import { FeedSource } from './feed-source.ts';
import { LineSource } from './line-source.ts';
import { OnceSource } from './once-source.ts';
import { ProgressSource } from './progress-source.ts';
import type { Source, SourceContext } from './source.ts';
import { TailSource } from './tail-source.ts';
import { WhySource } from './why-source.ts';

/** Sources that are remembered after their view was left. */
const REMEMBERED = 12;

/**
 * What has to be asked for while a view is on the screen. Who comes back to a view finds its source as it was:
 * a list goes on with what changed, and a tail with the lines it holds.
 */
export class Sources {
  readonly #context: SourceContext;
  readonly #known = new Map<string, Source>();
  #latest: Source | undefined;

  constructor(context: SourceContext) {
    this.#context = context;
  }

  of(state: AppState): Source | undefined {
    const view = topView(state);
    const key = sourceKey(view);
    // Every move of a cursor asks.
    if (key === this.#latest?.key) return this.#latest;
    const known = key === undefined ? undefined : this.#known.get(key);
    this.#latest = known ?? makeSource(this.#context, view);
    const source = this.#latest;
    if (source === undefined) return undefined;
    this.#known.delete(source.key);
    this.#known.set(source.key, source);
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#drop(oldest);
    return source;
  }

  /** Lists of thousands of rows add up over a day. */
  #drop(key: string): void {
    const source = this.#known.get(key);
    this.#known.delete(key);
    source?.forget();
  }
}

function makeSource(context: SourceContext, view: View): Source | undefined {
  switch (view.kind) {
    case 'list':
      return listSource(context, view);
    case 'text':
      if (view.format === 'progress') return new ProgressSource(context, view);
      return view.format === 'why' ? new WhySource(context, view) : new DocumentSource(context, view);
    case 'tail':
      return new TailSource(context, view);
    default:
      return undefined;
  }
}

function listSource(context: SourceContext, view: ListView): Source {
  if (view.resource === 'lines') return new LineSource(context, view);
  return resourceNamed(view.resource).once === true
    ? new OnceSource(context, view)
    : new FeedSource(context, view);
}
