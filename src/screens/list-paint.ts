import { boxLines, centred } from '../components/box.ts';
import type { Role } from '../components/palette.ts';
import { wrapWords } from '../components/pane-lines.ts';
import { describeError, isMissing } from '../lib/errors.ts';
import { visible } from '../lib/sanitise.ts';
import { countText } from '../lib/units.ts';
import { cursorIndex } from '../store/list-moves.ts';
import type { Listing } from '../store/listing.ts';
import type { AppState, ListView } from '../store/state.ts';
import { makerOf } from './invitation.ts';
import { keyFor } from './key-table.ts';
import { freshness, listTitle, nextTry, scopeText, troubleTitle, watchesText } from './list-title.ts';
import { meantPlace } from './meant-place.ts';
import { onceEmpty } from './once-empty.ts';
import { clockOf, type Paint, type Painting } from './painting.ts';
import { tableFrame } from './table-frame.ts';

/** Any table of resources: pools, tasks, files … */
export const paintList: Paint<ListView> = (painting, state, view, width, height) => {
  const listing = painting.listings.of(state, view);
  const refresh = Math.max(state.session.refreshSeconds, listing.resource.refreshEvery ?? 0);
  const right =
    watchesText(painting.palette, state) + freshness(painting.palette, listing.feed, painting.now(), refresh);
  if (listing.rows.length === 0) {
    const inner = width - 2;
    const content = centred(emptyPicture(painting, state, view, listing, inner), inner, height - 2);
    const titles = { title: listTitle(painting.palette, view, listing, width), right };
    return boxLines(painting.palette, width, height, titles, content, painting.boxed);
  }
  const { palette } = painting;
  const inputs = [listing, state.preferences, palette.skin, width, height];
  const moving = { top: view.top, cursor: cursorIndex(view, listing) - view.top, right };
  const make = () => tableFrame(painting, state, view, listing, width, height);
  return painting.listFrames.of(inputs, view, moving, clockOf(painting, listing), make);
};

/** Empty, loading, refused and unreachable are four different pictures. */
export function emptyPicture(
  painting: Painting,
  state: AppState,
  view: ListView,
  listing: Listing,
  width: number,
): string[] {
  const { palette } = painting;
  const { feed, resource } = listing;
  const where = scopeText(view.scope);
  const place = where === '' ? '' : ` in ${where}`;
  if (feed.error !== undefined && feed.updatedAt === undefined)
    return troublePicture(painting, state, view, listing, width);
  const wrapped = (role: Role, text: string) =>
    wrapWords(text, Math.max(20, width - 4)).map((line) => palette.ink(role, line));
  if (feed.updatedAt === undefined) return wrapped('busy', `loading ${resource.name}${place} …`);
  if (feed.rows.length > 0) {
    const hidden = `${countText(feed.rows.length)} ${feed.rows.length === 1 ? 'is' : 'are'} hidden by the filter`;
    const keys = `${keyFor(state, 'app.back')} clears the filter, ${keyFor(state, 'table.state0')} shows all states`;
    return [...wrapped('plain', `no ${resource.name} match: ${hidden}`), ...wrapped('dim', keys)];
  }
  if (resource.once === true) return onceEmpty(state, listing).flatMap(([role, text]) => wrapped(role, text));
  const [binding, does] = makerOf(resource) ?? [];
  // In read-only mode there is no such key.
  const hint =
    binding === undefined || state.session.readOnly
      ? 'they appear here as soon as there are some'
      : `${keyFor(state, binding)} ${does}`;
  return [...wrapped('plain', `no ${resource.name}${place}`), ...wrapped('dim', hint)];
}

function troublePicture(
  painting: Painting,
  state: AppState,
  view: ListView,
  listing: Listing,
  width: number,
): string[] {
  const { palette } = painting;
  const { feed } = listing;
  const { message, details, next: step } = describeError(feed.error);
  const next = (isMissing(feed.error) ? meantPlace(state, view) : undefined) ?? step;
  const title = troubleTitle(feed.error);
  const room = Math.max(20, width - 8);
  const wait =
    feed.retryAt === undefined
      ? ''
      : `${nextTry(feed.retryAt - painting.now())}, ${keyFor(state, 'app.refresh')} tries now`;
  const leave = isMissing(feed.error) ? [`${keyFor(state, 'app.command')} goes elsewhere`] : [];
  return [
    palette.ink(feed.status === 'refused' ? 'error' : 'warn', title),
    '',
    ...wrapWords(visible(message), room),
    ...details.flatMap((detail) => wrapWords(visible(detail), room)).map((line) => palette.ink('dim', line)),
    ...(next === undefined
      ? []
      : ['', ...wrapWords(`try: ${next}`, room).map((line) => palette.ink('info', line))]),
    '',
    ...[wait, ...leave].map((line) => palette.ink('dim', line)),
  ];
}
