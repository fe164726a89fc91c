import { topView } from './create.ts';
import { DocumentSource } from './document-source.ts';
import { FeedSource } from './feed-source.ts';
import type { Source, SourceContext } from './source.ts';
import type { AppState } from './state.ts';
import { TailSource } from './tail-source.ts';

/** What has to be asked for while a view is on the screen. */
export function sourceFor(context: SourceContext, state: AppState): Source | undefined {
  const view = topView(state);
  switch (view.kind) {
    case 'list':
      return new FeedSource(context, view);
    case 'text':
      return new DocumentSource(context, view);
    case 'tail':
      return new TailSource(context, view);
    default:
      return undefined;
  }
}
