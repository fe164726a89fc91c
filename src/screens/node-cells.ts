import type { GridCell } from '../components/grid-lines.ts';
import type { ComputeNode } from '../resources/node.ts';
import { countNodes, mostUsed, type NodeCounts, nodeSign } from '../resources/node-map.ts';

interface Remembered {
  readonly slots: number;
  readonly width: number;
  readonly cell: GridCell;
}

/** Remembers what the cells of a node map look like, and what was counted: a move of the cursor does neither again. */
export class NodeCells {
  readonly #cells = new WeakMap<ComputeNode, Remembered>();
  readonly #counts = new WeakMap<readonly ComputeNode[], NodeCounts>();
  readonly #most = new WeakMap<readonly ComputeNode[], number>();
  /** Cells that were really made; tests count it. */
  made = 0;

  /** The cell of a node, `width` wide, where a node has `slots` slots. */
  of(node: ComputeNode, slots: number, width: number): GridCell {
    const known = this.#cells.get(node);
    if (known?.slots === slots && known.width === width) return known.cell;
    this.made += 1;
    const { glyph, tone } = nodeSign(node, slots);
    const cell = { text: glyph.padEnd(width), role: tone };
    this.#cells.set(node, { slots, width, cell });
    return cell;
  }

  counts(all: readonly ComputeNode[]): NodeCounts {
    const known = this.#counts.get(all) ?? countNodes(all);
    this.#counts.set(all, known);
    return known;
  }

  mostUsed(all: readonly ComputeNode[]): number {
    const known = this.#most.get(all) ?? mostUsed(all);
    this.#most.set(all, known);
    return known;
  }
}
