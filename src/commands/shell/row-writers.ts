import { visible } from '../../lib/sanitise.ts';
import { cellWidth } from '../../lib/width.ts';
import { exactCell, formatCell } from '../../resources/format.ts';
import type { Column, Entity, Resource } from '../../resources/types.ts';
import type { Output } from './context.ts';

/** Prints pages of rows as they come. */
export interface RowWriter {
  page(rows: readonly Entity[]): Promise<void>;
  end(): Promise<void>;
}

const GAP = '   ';
const DEFAULT_WIDTH = 40;
const NUMERIC: ReadonlySet<string> = new Set(['number', 'bytes', 'duration', 'age']);

/**
 * A table whose widths come from the first page, so that later pages can be printed as they arrive; a wider
 * cell on a later page pushes its row. `cut` shortens cells to their column's limit.
 */
export function tableWriter(
  output: Output,
  columns: readonly Column<Entity>[],
  cut: boolean,
  now: () => number = Date.now,
): RowWriter {
  let widths: readonly number[] | undefined;

  function cells(row: Entity): string[] {
    return columns.map((column) => {
      const text = visible(formatCell(column.value(row), column.kind, now()));
      return cut ? shorten(text, column.maxWidth ?? DEFAULT_WIDTH) : text;
    });
  }

  function line(texts: readonly string[], sizes: readonly number[]): string {
    const padded = texts.map((text, index) => {
      const gap = ' '.repeat(Math.max(0, (sizes[index] ?? 0) - cellWidth(text)));
      return NUMERIC.has(columns[index]?.kind ?? '') ? gap + text : text + gap;
    });
    return `${padded.join(GAP).trimEnd()}\n`;
  }

  return {
    async page(rows) {
      if (rows.length === 0) return;
      const texts = rows.map(cells);
      if (widths === undefined) {
        const titles = columns.map(({ title }) => title.toUpperCase());
        widths = titles.map((title, index) =>
          Math.max(cellWidth(title), ...texts.map((row) => cellWidth(row[index] ?? ''))),
        );
        await output.write(line(titles, widths));
      }
      const sizes = widths;
      await output.write(texts.map((row) => line(row, sizes)).join(''));
    },
    end: async () => {},
  };
}

function shorten(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (cellWidth(kept + character) >= width) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Comma-separated values with a header of column ids. @see https://www.rfc-editor.org/rfc/rfc4180 */
export function csvWriter(output: Output, columns: readonly Column<Entity>[]): RowWriter {
  let started = false;
  return {
    async page(rows) {
      const lines = rows.map((row) => columns.map((column) => exactCell(column.value(row), column.kind)));
      if (!started) lines.unshift(columns.map(({ id }) => id));
      started = true;
      await output.write(lines.map((line) => `${line.map(csvField).join(',')}\r\n`).join(''));
    },
    end: async () => {},
  };
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A JSON array, one element a row; or the one row alone. */
export function jsonWriter(output: Output, alone: boolean): RowWriter {
  let count = 0;
  return {
    async page(rows) {
      const texts = rows.map((row) => JSON.stringify(row, null, 2));
      if (alone) return output.write(texts.map((text) => `${text}\n`).join(''));
      const items = texts.map((text) => text.replace(/^/gm, '  '));
      const before = count === 0 ? '[\n' : ',\n';
      count += rows.length;
      if (rows.length > 0) await output.write(before + items.join(',\n'));
    },
    async end() {
      if (!alone) await output.write(count === 0 ? '[]\n' : '\n]\n');
    },
  };
}

/** One id a line, as it is for a program, made harmless for a terminal. */
export function nameWriter(output: Output, resource: Resource<Entity>): RowWriter {
  return {
    async page(rows) {
      const ids = rows.map((row) => resource.idOf(row));
      const safe = output.isTerminal ? ids.map(visible) : ids;
      await output.write(safe.map((id) => `${id}\n`).join(''));
    },
    end: async () => {},
  };
}
