import { Box } from 'ink';
import { Table } from 'ink-table';
import { topView } from '../store/app-store.ts';
import { documentKey } from '../store/keys-of.ts';
import type { AppState, DocumentState } from '../store/state.ts';
import { useAppState, useUi } from './ui-context.ts';

/** Below this the text needs the rows more than the table does. */
const MIN_ROWS = 20;

/** The small ruled table above a description: a pool's node counts, a job's task counts. */
export function Summary() {
  const { columns, rows } = useUi();
  const summary = useAppState(summaryOf);
  if (summary === undefined || summary.length === 0 || rows < MIN_ROWS) return null;
  return (
    <Box paddingLeft={1}>
      <Table data={fitting(summary, columns - 2)} />
    </Box>
  );
}

/** The columns that fit a width; those before the last go first, because the last is the total. */
function fitting(
  rows: NonNullable<DocumentState['summary']>,
  width: number,
): Record<string, string | number>[] {
  const names = Object.keys(rows[0] ?? {});
  const cells = (name: string) =>
    Math.max(name.length, ...rows.map((row) => String(row[name] ?? '').length)) + 3;
  while (names.length > 2 && names.reduce((sum, name) => sum + cells(name), 1) > width) names.splice(-2, 1);
  return rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name] ?? ''])));
}

function summaryOf(state: AppState): DocumentState['summary'] {
  const view = topView(state);
  if (view.kind !== 'text' || view.format !== 'describe' || view.pane.full) return undefined;
  return state.documents[documentKey(view)]?.summary;
}
