import type { TableCell } from '../components/table-lines.ts';
import type { Cell, CellKind } from '../resources/types.ts';

/** How a cell shows that it changed with the last refresh; undefined when it did not, or changes by itself. */
export function changeOf(
  kind: CellKind,
  before: Cell,
  now: Cell,
): Pick<TableCell, 'role' | 'mark'> | undefined {
  if (kind === 'age' || kind === 'time' || before === now) return undefined;
  if (typeof before === 'number' && typeof now === 'number') {
    return now > before ? { role: 'up', mark: '↑' } : { role: 'down', mark: '↓' };
  }
  return String(before ?? '') === String(now ?? '') ? undefined : { role: 'changed', mark: 'Δ' };
}
