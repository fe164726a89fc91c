/**
 * Finding places in a list too long to read, which the service lists in the ordinal order of ids and filters by
 * comparing them: it can say what comes next after an id, but neither what is last nor what comes before.
 */

/** The characters of ids, in ordinal order. @see https://learn.microsoft.com/rest/api/batchservice/task/add */
const ALPHABET = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
/** Digits, capitals, small letters: ids seldom mix them at one place. */
const CLASS_ENDS = ['9', 'Z', 'z'].map((last) => ALPHABET.indexOf(last) + 1);
const LONGEST_ID = 64;
const PAGE = 1000;
/** How far back to try first where ids end in numbers: the second one for numbers of different widths. */
const NEAR = [PAGE, PAGE / 2];
/** Rows that are enough to show; more are taken where they come with one request. */
const ENOUGH = 200;

/** What can be asked of the list. */
export interface IdList {
  /** The first id that is greater than `id` (`gt`) or not less (`ge`); undefined when there is none. */
  first(op: 'gt' | 'ge', id: string): Promise<string | undefined>;
  /** How many ids there are from `from` up to the end given, and whether a page is too small for them. */
  count(from: string, end: End): Promise<{ readonly rows: number; readonly isMore: boolean }>;
}

/** Where rows end: before this id, or with it. */
export interface End {
  readonly op: 'lt' | 'le';
  readonly id: string;
}

/**
 * The greatest id of the list: letter by letter, a handful of requests each. `known` is an id of the list; of
 * `guesses`, ids that may well be the last one, each costs one request, and a right one saves most others.
 */
export async function findLastId(
  list: IdList,
  known: string,
  guesses: readonly string[] = [],
): Promise<string> {
  let best = known;
  for (const guess of guesses) {
    const found = guess > best ? await list.first('ge', guess) : undefined;
    if (found !== undefined) best = found;
  }
  const after = await list.first('gt', best);
  if (after === undefined) return best;
  best = after;
  for (let at = 0; at < LONGEST_ID; at += 1) {
    const grown = await greatestAt(list, best, at);
    if (grown === undefined) return best;
    best = grown;
  }
  return best;
}

/**
 * An id with the greatest letter at this place, among those that begin as `best` does up to it, where the greatest
 * id begins so too; undefined when `best` ends there and nothing longer follows.
 */
async function greatestAt(list: IdList, best: string, at: number): Promise<string | undefined> {
  const prefix = best.slice(0, at);
  let found = best;
  let low = letterAt(best, at);
  let high = ALPHABET.length;
  let probe = low + 1;
  while (high - low > 1) {
    const id = await list.first('ge', prefix + ALPHABET[probe]);
    if (id === undefined) high = probe;
    else {
      found = id;
      low = Math.max(probe, letterAt(id, at));
    }
    const classEnd = CLASS_ENDS.find((end) => end > low && end < high);
    probe = classEnd ?? (low + high) >> 1;
  }
  return low < 0 ? undefined : found;
}

/** Place in the alphabet of an id's letter; -1 behind its end. */
function letterAt(id: string, at: number): number {
  return at < id.length ? ALPHABET.indexOf(id.charAt(at)) : -1;
}

/**
 * From where on to read so that one page ends where it should: as many rows as possible, enough to fill a screen
 * where there are. Undefined when one page reaches back to the beginning of the list.
 */
export async function findPageStart(list: IdList, end: End): Promise<string | undefined> {
  const last = end.op === 'le' ? 1 : 0;
  for (const distance of NEAR) {
    const near = numberedBefore(end.id, distance - last);
    if (near === undefined) continue;
    const { rows, isMore } = await list.count(near, end);
    if (!isMore && rows >= ENOUGH) return near;
  }
  let start = end.id;
  for (let length = end.id.length - 1; length >= 0; length -= 1) {
    const prefix = end.id.slice(0, length);
    const { rows, isMore } = await list.count(prefix, end);
    if (isMore) return narrowed(list, prefix, start, end);
    start = prefix;
    if (rows >= ENOUGH) return start === '' ? undefined : start;
  }
  return undefined;
}

/**
 * From `tooFar` on there are too many rows, from `fits` on too few: looks for a place in between, one letter more at
 * a time.
 */
async function narrowed(list: IdList, tooFar: string, fits: string, end: End): Promise<string> {
  let best = { start: fits, rows: 0 };
  for (let base = tooFar; base.length < LONGEST_ID; ) {
    let low = -1;
    let high = ALPHABET.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const start = base + ALPHABET[middle];
      // Behind what fits there is nothing to gain.
      const { rows, isMore } =
        start >= best.start ? { rows: 0, isMore: false } : await list.count(start, end);
      if (isMore) low = middle;
      else high = middle;
      if (!isMore && start < best.start) best = { start, rows };
    }
    if (best.rows >= ENOUGH || low < 0) break;
    base += ALPHABET[low];
  }
  return best.start;
}

/** The id with a number smaller by `by`, of ids that end in numbers of one width: `t-1000` before `t-2000`. */
export function numberedBefore(id: string, by: number): string | undefined {
  return renumbered(id, (number) => number - BigInt(by));
}

/** What the last id is when ids end in numbers of one width and none is missing. */
export function guessLast(first: string, total: number | undefined): string[] {
  const guess = total === undefined ? undefined : renumbered(first, (number) => number + BigInt(total - 1));
  return guess === undefined ? [] : [guess];
}

function renumbered(id: string, change: (number: bigint) => bigint): string | undefined {
  const digits = /\d+$/.exec(id)?.[0];
  if (digits === undefined) return undefined;
  const number = change(BigInt(digits));
  if (number < 0n) return undefined;
  const text = String(number).padStart(digits.length, '0');
  return text.length === digits.length ? id.slice(0, -digits.length) + text : undefined;
}
