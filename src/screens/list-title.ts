import type { Palette } from '../components/palette.ts';
import { CredentialError, isMissing, isTurnedAway, NotConfiguredError, ServiceError } from '../lib/errors.ts';
import { visible } from '../lib/sanitise.ts';
import { shortId } from '../lib/short-id.ts';
import { stripSgr } from '../lib/style.ts';
import { ageText, countText } from '../lib/units.ts';
import { cellWidth, fitMiddle } from '../lib/width.ts';
import type { PushDown } from '../resources/push-down.ts';
import type { Scope } from '../resources/types.ts';
import type { Listing } from '../store/listing.ts';
import { pushableParts } from '../store/push-filter.ts';
import type { AppState, Feed, ListView } from '../store/state.ts';

/** Cells beside a title, but for a note: corners, lines, and the age of the data. */
const BESIDE = 14;
/** Cells that still tell where a list lives. */
const LEAST_SCOPE = 16;

/**
 * `tasks(myjob)[9,990/10,000] </mytask>`, as k9s titles its tables. In a frame of `width` cells the ids of where
 * the list lives give way before its count and its filters.
 */
export function listTitle(palette: Palette, view: ListView, listing: Listing, width: number): string {
  const name = ` ${listName(view)}`;
  const count = counts(listing);
  const narrowing = filters(palette, view, listing).join('');
  const scope = scopeText(view.scope);
  const rest = name.length + count.length + cellWidth(stripSgr(narrowing)) + '()[] '.length;
  const { note } = listing.feed;
  const beside = BESIDE + (note === undefined ? 0 : cellWidth(note) + 2);
  const room = Math.max(LEAST_SCOPE, width - beside - rest);
  const where = cellWidth(scope) > room ? fitMiddle(scope, room) : scope;
  const parts = [
    palette.ink('title', name),
    where === ''
      ? ''
      : palette.ink('border', '(') + palette.ink('filter', where) + palette.ink('border', ')'),
    palette.ink('border', '[') + palette.ink('count', count) + palette.ink('border', ']'),
    narrowing,
  ];
  return `${parts.join('')} `;
}

/** What a list is called: after what it lists, or how it shows it. */
export function listName({ layout, resource }: ListView): string {
  return layout ?? resource;
}

/** `myjob/mytask`: where a list lives. */
export function scopeText(scope: Scope): string {
  const { account, pool, node, job, task, application, container, folder, file, pattern } = scope;
  const parts = [account, pool, node, job, task, application, container, folder].filter(
    (part) => part !== undefined,
  );
  const place = [...parts.map(shortId), ...(file === undefined ? [] : [file])].join('/');
  return visible(pattern === undefined ? place : `${place} "${pattern}"`);
}

function counts(listing: Listing): string {
  const { feed, rows } = listing;
  if (feed.updatedAt === undefined) return '…';
  const held = countText(feed.rows.length) + placeText(listing);
  const all = feed.complete ? held : `${held} of ${totalText(feed)}`;
  return rows.length === feed.rows.length ? all : `${countText(rows.length)}/${all}`;
}

/** Where in a long list the rows held are, when that is not its beginning. */
function placeText({ feed: { rows, cutStart, cutEnd }, resource }: Listing): string {
  const [first] = rows;
  if (!cutStart || first === undefined) return '';
  return cutEnd ? ` from ${visible(shortId(resource.idOf(first)))}` : ' last';
}

function totalText(feed: Feed): string {
  return feed.total === undefined ? 'more' : `~${countText(feed.total)}`;
}

function filters(palette: Palette, view: ListView, listing: Listing): string[] {
  const texts: string[] = [];
  const parts = pushableParts(view);
  const state = listing.resource.stateFilters[view.stateFilter - 1];
  const open = listing.unjudged === 0 ? '' : `, ${countText(listing.unjudged)} still to be asked about`;
  if (state !== undefined) texts.push(state.label + byWhom(view, listing, parts.state) + open);
  if (view.faults) texts.push(`faults${open}`);
  if (view.filter !== '') texts.push(`/${visible(view.filter)}${byWhom(view, listing, parts.text)}`);
  const shown = texts.map((text) => ` ${palette.ink('filter', `<${text}>`)}`);
  if (listing.problem !== undefined)
    shown.push(palette.ink('error', ` bad pattern: ${visible(listing.problem)}`));
  if (view.marks.size > 0) shown.push(palette.ink('mark', ` ${countText(view.marks.size)} marked`));
  return shown;
}

/** Which part of a filter the service did; where not all rows are held, azb's own part says what it looked at. */
function byWhom(view: ListView, { feed }: Listing, part: PushDown | undefined): string {
  if (part !== undefined && view.pushedFilter?.includes(part.odata) === true)
    return part.isPart === true ? ', partly by the service' : ', by the service';
  return feed.updatedAt === undefined || feed.complete ? '' : ', of those held';
}

/** What rings when it is over: ` ♪ render `, ` ♪ 3 watched `. */
export function watchesText(palette: Palette, { watches }: Pick<AppState, 'watches'>): string {
  const [first, ...others] = watches;
  if (first === undefined) return '';
  const name = others.length === 0 ? fitMiddle(visible(first.id), 16).trimEnd() : `${watches.length} watched`;
  return palette.ink('mark', ` ♪ ${name} `);
}

/** What an answer may take before its absence is worth a word, in milliseconds. */
const PATIENCE = 10_000;

/**
 * The age of what is shown, or why it does not get younger. Stands in the border, where it costs few bytes. Where
 * the seconds between two refreshes are given, an answer that is long overdue is told of before it is given up.
 */
export function freshness(
  palette: Palette,
  feed: Pick<Feed, 'status' | 'updatedAt' | 'error'> & {
    readonly retryAt?: number | undefined;
    readonly note?: string | undefined;
    readonly isAtRest?: boolean | undefined;
  },
  now: number,
  refreshSeconds = Number.POSITIVE_INFINITY,
): string {
  if (feed.updatedAt === undefined) return '';
  const note = feed.note === undefined ? '' : palette.ink('count', ` ${feed.note} `);
  const due = feed.isAtRest === true ? Number.POSITIVE_INFINITY : refreshSeconds;
  return note + ageOf(palette, feed, feed.updatedAt, now, due);
}

function ageOf(
  palette: Palette,
  feed: Pick<Feed, 'status' | 'error'> & { readonly retryAt?: number | undefined },
  updatedAt: number,
  now: number,
  refreshSeconds: number,
): string {
  const age = ageText(now - updatedAt);
  if (feed.error === undefined) {
    const isOverdue = now - updatedAt > refreshSeconds * 1000 + PATIENCE;
    return isOverdue ? palette.ink('warn', ` waiting: data ${age} old `) : palette.ink('dim', ` ${age} `);
  }
  const next = feed.retryAt === undefined ? '' : `, ${nextTry(feed.retryAt - now)}`;
  const why = troubleText(feed.error);
  return palette.ink('warn', ` ${why}: data ${age} old${next} `);
}

/** What a failure comes down to, in a word or two. */
export function troubleText(error: unknown): string {
  if (isTurnedAway(error)) return 'service busy';
  if (isMissing(error)) return 'not there';
  if (error instanceof ServiceError && error.status >= 500) return 'service failing';
  return error instanceof ServiceError || error instanceof CredentialError ? 'refused' : 'no connection';
}

/** What a failure comes down to, where there is nothing else to show. */
export function troubleTitle(error: unknown): string {
  if (isTurnedAway(error)) return 'the service is busy';
  if (error instanceof NotConfiguredError) return 'nothing to ask yet';
  if (isMissing(error)) return 'there is no such thing';
  if (error instanceof ServiceError && error.status >= 500) return 'the service failed';
  return error instanceof ServiceError || error instanceof CredentialError
    ? 'the service refused'
    : 'the service cannot be reached';
}

/** Counts down to the next try, in milliseconds: the last second is not 0. */
export function nextTry(milliseconds: number): string {
  return milliseconds <= 0 ? 'trying now' : `next try in ${ageText(Math.ceil(milliseconds / 1000) * 1000)}`;
}
