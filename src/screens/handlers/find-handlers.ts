import type { Handlers, ScreenContext } from '../context.ts';
import { nextMatch, showMatch } from './next-match.ts';
import { openPrompt } from './prompt-handlers.ts';
import { textHere, updatePane } from './text-here.ts';

export const FIND_HANDLERS: Handlers = {
  'text.next': (context) => nextMatch(context, 1),
  'text.previous': (context) => nextMatch(context, -1),
  'text.only': toggleOnly,
};

/** Leaves out the lines without what is looked for, or shows them again around the match that is under the eye. */
function toggleOnly(context: ScreenContext): void {
  updatePane(context.services.store, (pane) => ({ ...pane, only: pane.only !== true }));
  const here = textHere(context);
  if (here === undefined) return;
  const { find, only, match } = here.pane;
  if (find === '' && only === true) openPrompt(context, 'filter', '');
  else if (match !== undefined && here.tail?.following !== true) showMatch(context, here, match);
}
