import { csvLine } from '../../lib/csv.ts';
import { countText } from '../../lib/units.ts';
import { exactCell, exactValue } from '../../resources/format.ts';
import type { Column, Entity } from '../../resources/types.ts';
import { topView } from '../app-store.ts';
import { flash, flashError } from '../flash.ts';
import type { Services } from '../services.ts';
import { shownColumns } from '../table-view.ts';

/** How rows can be saved. */
export const ROW_FORMATS = ['csv', 'json'] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

/** Writes the rows of the list on the screen, as it is filtered and sorted, with the columns that it shows. */
export function saveRows({ host, store, listings }: Services, format: RowFormat): void {
  const state = store.getState();
  const view = topView(state);
  if (view.kind !== 'list') {
    flash(store, 'warn', 'rows are saved of a list: ctrl-s saves a text');
    return;
  }
  if (view.resource === 'accountkeys') {
    flash(store, 'warn', 'keys are put in no file: c copies one');
    return;
  }
  const { rows, feed } = listings.of(state, view);
  const columns = shownColumns(state, view);
  const text = format === 'csv' ? csvText(columns, rows) : jsonText(columns, rows);
  try {
    const path = host.saveFile(`${view.resource}.${format}`, text);
    const rest = feed.complete ? '' : '; more are not loaded: azb get … -o csv prints all';
    const count = `${countText(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}`;
    flash(store, 'info', `saved ${count} in ${path}${rest}`);
  } catch (error) {
    flashError(store, error);
  }
}

function csvText(columns: readonly Column<Entity>[], rows: readonly Entity[]): string {
  const lines = [
    csvLine(columns.map((column) => column.title)),
    ...rows.map((row) => csvLine(columns.map((column) => exactCell(column.value(row), column.kind)))),
  ];
  return lines.join('');
}

/** A row a line, so that it can be read without a reader of JSON too. */
function jsonText(columns: readonly Column<Entity>[], rows: readonly Entity[]): string {
  const lines = rows.map((row) =>
    JSON.stringify(
      Object.fromEntries(columns.map(({ id, kind, value }) => [id, exactValue(value(row), kind)])),
    ),
  );
  return `[\n${lines.join(',\n')}\n]\n`;
}
