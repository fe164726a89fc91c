import { ageText, bytesText, durationText } from '../lib/units.ts';
import type { Cell, CellKind } from './types.ts';

/** What an absent value looks like in a table. */
const ABSENT = '–';

/** Text of a cell for people. `now` (ms) is what ages count from. */
export function formatCell(cell: Cell, kind: CellKind, now: number): string {
  if (cell === undefined || cell === '') return ABSENT;
  if (cell instanceof Date) return kind === 'age' ? ageText(now - cell.getTime()) : timeText(cell);
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell === 'number') {
    if (kind === 'bytes') return bytesText(cell);
    return kind === 'duration' ? durationText(cell) : String(cell);
  }
  return cell;
}

/** Text of a cell for machines (CSV): exact values, times in ISO 8601, durations in seconds. */
export function exactCell(cell: Cell, kind: CellKind): string {
  if (cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString();
  if (typeof cell === 'number' && kind === 'duration') return String(cell / 1000);
  return String(cell);
}

/** A cell for JSON: numbers stay numbers, durations are in seconds; null where there is nothing. */
export function exactValue(cell: Cell, kind: CellKind): string | number | boolean | null {
  if (typeof cell === 'boolean') return cell;
  if (typeof cell === 'number') return kind === 'duration' ? cell / 1000 : cell;
  return cell === undefined ? null : exactCell(cell, kind);
}

function timeText(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ');
}
