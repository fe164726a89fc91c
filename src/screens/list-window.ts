import type { Listing, WindowOf } from '../store/listing.ts';
import { gridWindow, tableWindow } from '../store/row-window.ts';

/** Cells of a view, with its frame. */
export interface ViewSize {
  readonly width: number;
  readonly height: number;
}

/** Lines of a table that hold no resource: two borders and the column titles. */
const TABLE_FRAME = 3;
/** Lines below a map inside its borders: a rule, the legend, and what is said of the node under the cursor. */
export const LEGEND_LINES = 2;
const NODE_LINES = 2;
const MAP_FRAME = 3 + LEGEND_LINES + NODE_LINES;
/** Columns of a map's line that hold no node: the borders, and a blank beside each. */
const MAP_MARGIN = 4;

/** How many resources a table shows in an area of this height. */
export function rowsShown(height: number): number {
  return Math.max(0, height - TABLE_FRAME);
}

/** Lines of nodes that a map shows in an area of this height. */
function mapHeight(height: number): number {
  return Math.max(1, height - MAP_FRAME);
}

/** Columns to a line in terminals of usual proportions, the lines around a map left out. */
const COLUMNS_TO_A_LINE = 6;

/**
 * Columns that a node takes in a map: a blank stands between nodes as long as that does not make them more than
 * a screen full. The height has no say in it: a prompt that opens must not move every node.
 */
export function cellWidthFor(nodes: number, { width }: Pick<ViewSize, 'width'>): number {
  const apart = Math.max(1, Math.floor((width - MAP_MARGIN) / 2));
  return Math.ceil(nodes / apart) <= width / COLUMNS_TO_A_LINE ? 2 : 1;
}

/** Nodes that a map has to have room for, the hidden ones and those that are not loaded yet included. */
export function nodesOf({ feed }: Listing): number {
  return Math.max(feed.rows.length, feed.total ?? 0);
}

/** Where the rows of lists stand in a view of this size. */
export function windowIn(size: ViewSize): WindowOf {
  return (view, listing) => {
    if (view.layout !== 'map') return tableWindow(rowsShown(size.height));
    const { rows, sort } = listing;
    const columns = Math.floor((size.width - MAP_MARGIN) / cellWidthFor(nodesOf(listing), size));
    const starts = sort?.column === 'state' ? listing.starts() : [0];
    return gridWindow(rows.length, starts, columns, mapHeight(size.height));
  };
}
