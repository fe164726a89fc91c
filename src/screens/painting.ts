import { BoxedLines } from '../components/box.ts';
import { GridLines } from '../components/grid-lines.ts';
import { ListFrames } from '../components/list-frames.ts';
import type { Palette } from '../components/palette.ts';
import { RowCells } from '../components/row-cells.ts';
import { ColumnWidths, RowLines } from '../components/table-lines.ts';
import { PaintClock } from '../lib/paint-clock.ts';
import type { Listing, Listings } from '../store/listing.ts';
import type { AppState } from '../store/state.ts';
import { NodeCells } from './node-cells.ts';
import { ProgressLines } from './progress-lines.ts';

/** What the painters work with. What they remember is only ever a shortcut to the same lines. */
export interface Painting {
  readonly palette: Palette;
  readonly listings: Listings;
  readonly boxed: BoxedLines;
  readonly listFrames: ListFrames;
  readonly rowCells: RowCells;
  readonly rowLines: RowLines;
  readonly widths: ColumnWidths;
  readonly nodeCells: NodeCells;
  readonly gridLines: GridLines;
  readonly progressLines: ProgressLines;
  /** Our clock, in milliseconds: how old is what is shown. It stands still while keys come one upon the other. */
  now(): number;
  /** The service's clock, in milliseconds: what ages count from. It stands still as ours does. */
  serviceNow(): number;
  /** Says that keys have come. */
  holdClocks(): void;
}

/** Begins with nothing remembered; `now` is our clock, `serviceNow` that of the service, both in milliseconds. */
export function createPainting(
  palette: Palette,
  listings: Listings,
  now: () => number,
  serviceNow: () => number = now,
): Painting {
  const clock = new PaintClock(now);
  return {
    palette,
    listings,
    boxed: new BoxedLines(),
    listFrames: new ListFrames(),
    rowCells: new RowCells(),
    rowLines: new RowLines(),
    widths: new ColumnWidths(),
    nodeCells: new NodeCells(),
    gridLines: new GridLines(),
    progressLines: new ProgressLines(),
    now: clock.like(now),
    serviceNow: clock.like(serviceNow),
    holdClocks: () => clock.hold(),
  };
}

/** A view as styled lines, exactly `height` of them, each `width` cells wide. */
export type Paint<V> = (
  painting: Painting,
  state: AppState,
  view: V,
  width: number,
  height: number,
) => string[];

/** What the ages in a list count from, in milliseconds. */
export function clockOf(painting: Painting, { resource }: Listing): number {
  return resource.isLocal === true ? painting.now() : painting.serviceNow();
}
