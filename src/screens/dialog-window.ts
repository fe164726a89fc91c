import { wrapWords } from '../components/pane-lines.ts';
import { visible } from '../lib/sanitise.ts';
import { countText } from '../lib/units.ts';
import { cellWidth, fit, fitMiddle, sliceCells } from '../lib/width.ts';
import type { BulkDialog, ConfirmDialog, Failure, Overlay, PanelDialog } from '../store/dialogs.ts';
import { azLines } from '../store/equivalents.ts';

/** The part of a dialog's list that is shown. */
export interface DialogWindow {
  readonly first: number;
  /** How many are shown. */
  readonly height: number;
  readonly total: number;
}

/** Below this a dialog has no room for what only explains. */
const LOW = 20;
/** Frame, title and buttons. */
const FRAME = 4;

/** What a question says besides its list, as far as a terminal has room for it. */
export interface ConfirmParts {
  readonly width: number;
  readonly facts: readonly string[];
  readonly warnings: readonly string[];
  readonly hidden: string | undefined;
  readonly az: readonly string[];
  /** A blank line above the buttons. */
  readonly hasGap: boolean;
  /** Undefined where the title names the only one. */
  readonly list: DialogWindow | undefined;
}

/** Lays out a question; what it touches comes before what only explains. */
export function confirmParts(dialog: ConfirmDialog, columns: number, rows: number): ConfirmParts {
  const width = Math.min(78, columns - 2);
  const cells = width - 4;
  const wrapped = (lines: readonly string[]) => lines.flatMap((line) => wrapWords(visible(line), cells));
  const facts = wrapped(dialog.facts);
  const warnings = wrapped(dialog.lines);
  const hidden = dialog.hidden === 0 ? undefined : fit(hiddenText(dialog), cells);
  const az = rows < LOW ? [] : equivalents(dialog, cells, rows);
  const hasGap = rows >= LOW - 4;
  const isListed = dialog.targets.length > 1 || cellWidth(dialog.title) > cells;
  const fixed = FRAME + dialog.options.length + az.length + (hidden === undefined ? 0 : 1) + (hasGap ? 1 : 0);
  // A target, and a row that says how many more there are.
  const room = rows - fixed - (isListed ? 2 : 0);
  const warned = warnings.slice(0, Math.max(0, room));
  const told = facts.slice(0, Math.max(0, room - warned.length));
  const left = room + 1 - warned.length - told.length;
  const height = Math.max(1, Math.min(left, Math.max(3, rows - 16)));
  const list = isListed ? windowAt(dialog.first, height, dialog.targets.length) : undefined;
  return { width, facts: told, warnings: warned, hidden, az, hasGap, list };
}

/** The same as lines for `az`: one line is there to be read whole; of several, the beginnings tell what is done. */
function equivalents(dialog: ConfirmDialog, room: number, rows: number): string[] {
  const { operations, chosen } = dialog;
  const az = azLines(operations, chosen, rows < 30 ? 1 : 3);
  const others = operations.length - az.length;
  const lines = az.flatMap((line) =>
    operations.length === 1 ? wrapWords(visible(line), room) : [fit(visible(line), room)],
  );
  return az.length > 0 && others > 0 ? [...lines, `… and ${countText(others)} more like it`] : lines;
}

function hiddenText({ targets, hidden }: ConfirmDialog): string {
  if (targets.length === 1) return 'The filter hides it.';
  return hidden === 1
    ? '1 of them is hidden by the filter.'
    : `${countText(hidden)} of them are hidden by the filter.`;
}

/** The lines of a panel that are shown; an error and the buttons have their place below. */
export function panelWindow({ lines, first }: PanelDialog, rows: number): DialogWindow {
  return windowAt(first, Math.max(2, rows < LOW ? rows - FRAME - 4 : rows - 12), lines.length);
}

/** The failures of bulk work that are shown. */
export function bulkWindow({ failures, first }: BulkDialog, rows: number): DialogWindow {
  return windowAt(
    first,
    Math.max(2, rows < LOW ? rows - FRAME - 5 : Math.max(6, rows - 16)),
    failures.length,
  );
}

/**
 * What failed, as lines: the only one whole and with its next step; of several a line each, and the next step where it is
 * the same for all.
 */
export function failureLines(
  { failures }: BulkDialog,
  { first, height }: DialogWindow,
  width: number,
  rows: number,
): string[] {
  const [one] = failures;
  if (one === undefined) return [];
  const hasOneStep = failures.every(({ next }) => next === one.next);
  const step = one.next === undefined || !hasOneStep ? [] : wrapWords(visible(`try: ${one.next}`), width);
  if (failures.length === 1) {
    const lines = [...wrapWords(failureText(one), width), ...step];
    if (lines.length <= height) return lines;
    return [...lines.slice(0, height - 1), `${sliceCells(lines[height - 1] ?? '', 0, width - 1)}…`];
  }
  const listed = failures.slice(first, first + height).map((failure) => failureLine(failure, width));
  return rows < LOW ? listed : [...listed, ...step];
}

/** The reason is what the line is for: an id of 64 characters gives way to it. */
function failureLine({ id, reason }: Failure, width: number): string {
  const room = Math.max(Math.floor(width / 3), width - cellWidth(visible(reason)) - '✗ : '.length);
  const name = visible(id);
  return fit(failureText({ id: cellWidth(name) > room ? fitMiddle(name, room) : name, reason }), width);
}

function failureText({ id, reason }: Pick<Failure, 'id' | 'reason'>): string {
  return visible(`✗ ${id}: ${reason}`);
}

/** The list of whatever dialog is open; undefined where it has none. */
export function windowOfDialog(
  dialog: Overlay | undefined,
  columns: number,
  rows: number,
): DialogWindow | undefined {
  switch (dialog?.kind) {
    case 'confirm':
      return confirmParts(dialog, columns, rows).list;
    case 'panel':
      return panelWindow(dialog, rows);
    case 'bulk':
      return bulkWindow(dialog, rows);
    default:
      return undefined;
  }
}

function windowAt(first: number | undefined, height: number, total: number): DialogWindow {
  const last = Math.max(0, total - height);
  return { first: Math.min(Math.max(first ?? 0, 0), last), height, total };
}

/** How many there are besides those shown, and the keys that show them; undefined where all are. */
export function restText(
  { first, height, total }: DialogWindow,
  keys: string,
  noun = '',
): string | undefined {
  if (total <= height) return undefined;
  if (first === 0) return `… and ${countText(total - height)} more${noun}: ${keys}`;
  return `${countText(first + 1)} to ${countText(Math.min(first + height, total))} of ${countText(total)}${noun}: ${keys}`;
}
