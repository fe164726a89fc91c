import { boxLines, centred } from '../components/box.ts';
import type { GridCell } from '../components/grid-lines.ts';
import type { Palette, Role } from '../components/palette.ts';
import { visible } from '../lib/sanitise.ts';
import { stripSgr } from '../lib/style.ts';
import { ageText, countText } from '../lib/units.ts';
import { cellWidth, fit } from '../lib/width.ts';
import { type ComputeNode, nodeFault } from '../resources/node.ts';
import { type NodeCounts, usedSlots } from '../resources/node-map.ts';
import type { Pool } from '../resources/pool.ts';
import { time } from '../resources/wire.ts';
import { documentKey, feedKey } from '../store/keys-of.ts';
import { cursorIndex } from '../store/list-moves.ts';
import type { Listing } from '../store/listing.ts';
import type { AppState, ListView } from '../store/state.ts';
import { emptyPicture } from './list-paint.ts';
import { freshness, listTitle } from './list-title.ts';
import { cellWidthFor, LEGEND_LINES, nodesOf, type ViewSize, windowIn } from './list-window.ts';
import type { Paint, Painting } from './painting.ts';

/** The nodes of a pool, a cell each: what state they are in, and how busy they are. */
export const paintNodeMap: Paint<ListView> = (painting, state, view, width, height) => {
  const { palette } = painting;
  const listing = painting.listings.of(state, view);
  const inner = width - 2;
  const content =
    listing.rows.length > 0
      ? mapLines(painting, state, view, listing, { width, height })
      : centred(emptyPicture(painting, state, view, listing, inner), inner, height - 2);
  const titles = {
    title: listTitle(palette, view, listing, width),
    right: freshness(palette, listing.feed, painting.now()),
  };
  return boxLines(palette, width, height, titles, content, painting.boxed);
};

function mapLines(
  painting: Painting,
  state: AppState,
  view: ListView,
  listing: Listing,
  size: ViewSize,
): string[] {
  const { palette, nodeCells } = painting;
  const nodes = listing.rows as readonly ComputeNode[];
  const width = size.width - 2;
  const cursor = cursorIndex(view, listing);
  const known = slotsOf(state, view.scope.pool);
  const slots = known ?? nodeCells.mostUsed(listing.feed.rows as readonly ComputeNode[]);
  const here = nodes[cursor];
  return [
    ...gridLines(painting, view, listing, { size, cursor, slots }),
    palette.ink('border', ` ${'─'.repeat(Math.max(0, width - 2))} `),
    ...legendLines(palette, nodeCells.counts(nodes), width),
    ...(here === undefined ? [] : nodeLines(painting, listing.resource.tone(here), here, known, width)),
  ];
}

interface Look {
  readonly size: ViewSize;
  /** Row number of the node under the cursor. */
  readonly cursor: number;
  readonly slots: number;
}

function gridLines(
  { palette, nodeCells, gridLines: lines }: Painting,
  view: ListView,
  listing: Listing,
  { size, cursor, slots }: Look,
): string[] {
  const nodes = listing.rows as readonly ComputeNode[];
  const window = windowIn(size)(view, listing);
  const cell = cellWidthFor(nodesOf(listing), size);
  const cursorLine = window.lineOf(cursor);
  return Array.from({ length: window.height }, (_, index) => {
    const number = view.top + index;
    const [from, to] = window.rowsOf(number);
    const here = number === cursorLine ? cursor : undefined;
    const inputs = [listing.rows, from, to, here, view.marks, slots, cell];
    return lines.line(palette, number, inputs, size.width - 2, () =>
      nodes.slice(from, to).map((node, at) => {
        const plain = nodeCells.of(node, slots, cell);
        const marked = view.marks.has(node.id) ? markedCell(plain) : plain;
        return from + at === here ? cursorCell(marked) : marked;
      }),
    );
  });
}

/** The mark stands beside the sign of the node, or in its place where cells have one column. */
function markedCell({ text }: GridCell): GridCell {
  return { text: text.length > 1 ? `${text.slice(0, 1)}•` : '•', role: 'mark' };
}

/** Signs that fill their cell, which would leave nothing to see of the cursor's colour, and what stands for them. */
const FILLING = /[░▒▓█]/;
const UNDER_CURSOR = '■';

function cursorCell({ text }: GridCell): GridCell {
  return { text: text.replace(FILLING, UNDER_CURSOR), role: 'focus' };
}

/** Task slots of a node, where a list or a description of the pool says it. */
function slotsOf({ feeds, documents }: AppState, id: string | undefined): number | undefined {
  if (id === undefined) return undefined;
  const pools = (feeds[feedKey('pools', {})]?.rows ?? []) as readonly Pool[];
  const described = documents[documentKey({ resource: 'pools', scope: {}, id })]?.entity as Pool | undefined;
  return (pools.find((pool) => pool.id === id) ?? described)?.taskSlotsPerNode;
}

/** What the signs mean that are there, and how many nodes each stands for. */
function legendLines(palette: Palette, counts: NodeCounts, width: number): string[] {
  const entry = (role: Role, text: string, count: number) =>
    `${palette.ink(role, text)} ${palette.ink('count', countText(count))}`;
  const entries = counts.states.map(({ glyphs, tone, state, count }) =>
    entry(tone, `${glyphs} ${visible(state)}`, count),
  );
  if (counts.closed > 0) entries.push(entry('waiting', 'scheduling off', counts.closed));
  if (counts.spot > 0) entries.push(entry('label', 'Spot: ○ and capitals', counts.spot));
  return wrapEntries(palette, entries, width);
}

/** Entries one after the other, on as many lines as the legend has; where that is not enough it says so. */
function wrapEntries(palette: Palette, entries: readonly string[], width: number): string[] {
  let rest = entries;
  return Array.from({ length: LEGEND_LINES }, (_, index) => {
    const isLast = index === LEGEND_LINES - 1;
    const fitting = countFitting(rest, width - (isLast ? 4 : 2));
    const sign = isLast && fitting < rest.length ? palette.ink('key', ' ›') : '';
    const line = ` ${rest.slice(0, fitting).join(ENTRY_GAP)}${sign}`;
    rest = rest.slice(fitting);
    return line + ' '.repeat(Math.max(0, width - cellWidth(stripSgr(line))));
  });
}

/** How many of the entries, from the first one on, stand in so many columns. */
function countFitting(entries: readonly string[], width: number): number {
  let room = width + ENTRY_GAP.length;
  const first = entries.findIndex((entry) => {
    room -= cellWidth(stripSgr(entry)) + ENTRY_GAP.length;
    return room < 0;
  });
  return first < 0 ? entries.length : first;
}

const ENTRY_GAP = '  ';

/** The node under the cursor: its whole id, and below it what an operator asks about it first. */
function nodeLines(
  painting: Painting,
  tone: Role,
  node: ComputeNode,
  slots: number | undefined,
  width: number,
): string[] {
  const { palette } = painting;
  const since = time(node.stateTransitionTime);
  const tasks = node.runningTasksCount ?? 0;
  const onSlots = slots === undefined ? '' : ` on ${usedSlots(node)} of ${slots} slots`;
  const facts = [
    node.state ?? 'no state',
    nodeFault(node) ?? '',
    `${countText(tasks)} ${tasks === 1 ? 'task' : 'tasks'}${onSlots}`,
    `scheduling ${node.schedulingState ?? 'unknown'}`,
    since === undefined ? '' : `since ${ageText(painting.serviceNow() - since.getTime())}`,
    node.isDedicated === false ? 'Spot' : 'dedicated',
  ].filter((fact) => fact !== '');
  return [
    palette.ink('value', fit(` ${visible(node.id)}`, width)),
    palette.ink(tone, fit(` ${visible(facts.join('   '))}`, width)),
  ];
}
