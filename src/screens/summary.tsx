import { Box } from 'ink';
import { Table } from 'ink-table';
import { topView } from '../store/create.ts';
import { documentKey } from '../store/keys-of.ts';
import type { AppState, DocumentState } from '../store/state.ts';
import { useAppState, useUi } from './ui-context.ts';

/** Below this the text needs the rows more than the table does. */
const MIN_ROWS = 20;

/** The small ruled table above a description: a pool's node counts, a job's task counts. */
export function Summary() {
  const { rows } = useUi();
  const summary = useAppState(summaryOf);
  if (summary === undefined || summary.length === 0 || rows < MIN_ROWS) return null;
  return (
    <Box paddingLeft={1}>
      <Table data={summary.map((row) => ({ ...row }))} />
    </Box>
  );
}

function summaryOf(state: AppState): DocumentState['summary'] {
  const view = topView(state);
  if (view.kind !== 'text' || view.format !== 'describe' || view.pane.full) return undefined;
  return state.documents[documentKey(view)]?.summary;
}
