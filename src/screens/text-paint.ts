import { boxLines, centred } from '../components/box.ts';
import { styledText, wrapWords } from '../components/pane-lines.ts';
import { describeError } from '../lib/errors.ts';
import { visible } from '../lib/sanitise.ts';
import type { JobProgress } from '../resources/progress.ts';
import { resourceNamed } from '../resources/registry.ts';
import { documentKey } from '../store/keys-of.ts';
import type { Explanation } from '../store/sources/why-source.ts';
import type { AppState, TextView } from '../store/state.ts';
import { describeLines, yamlLines } from './describe.ts';
import { freshness, scopeText, watchesText } from './list-title.ts';
import type { Paint, Painting } from './painting.ts';
import { paintPane, paneArea, paneTitle, seenText } from './pane.ts';
import { whyLines } from './why-lines.ts';

/** Describe and YAML of one entity. */
export const paintText: Paint<TextView> = (painting, state, view, width, height) => {
  const { palette } = painting;
  const lines = textLines(painting, state, view, paneArea(view.pane, width, height).width);
  const document = state.documents[documentKey(view)];
  const right =
    watchesText(palette, state) +
    (document === undefined ? '' : freshness(palette, document, painting.now()));
  const where = [scopeText(view.scope), visible(view.id)].filter((part) => part !== '').join('/');
  const { text, pane } = seenText(styledText(lines), view.pane);
  const title = paneTitle(palette, `${view.format}(${where})`, text, pane, { width, right });
  if (lines.length === 0)
    return boxLines(palette, width, height, { title, right }, missing(painting, state, view, width, height));
  return paintPane(palette, { title, right }, text, pane, width, height);
};

/** The whole text, styled; empty while nothing is known. Sentences are broken into lines of the width. */
export function textLines(painting: Painting, state: AppState, view: TextView, width: number): string[] {
  const entity = state.documents[documentKey(view)]?.entity;
  if (entity === undefined) return [];
  if (view.format === 'why') return whyLines(painting.palette, entity as Explanation, width);
  if (view.format === 'progress')
    return painting.progressLines.of(
      painting.palette,
      entity as JobProgress,
      width,
      state.preferences.prices,
    );
  if (view.format === 'yaml') return yamlLines(painting.palette, entity);
  const described = resourceNamed(view.resource).described?.(entity) ?? entity;
  return describeLines(painting.palette, described, painting.serviceNow());
}

function missing(
  painting: Painting,
  state: AppState,
  view: TextView,
  width: number,
  height: number,
): string[] {
  const { palette } = painting;
  const error = state.documents[documentKey(view)]?.error;
  if (error === undefined)
    return centred([palette.ink('busy', `loading ${visible(view.id)} …`)], width - 2, height - 2);
  const { message, next } = describeError(error);
  const room = Math.max(20, width - 10);
  const lines = [
    ...wrapWords(visible(message), room).map((line) => palette.ink('error', line)),
    ...(next === undefined ? [] : wrapWords(`try: ${next}`, room).map((line) => palette.ink('info', line))),
  ];
  return centred(lines, width - 2, height - 2);
}
