/** Frame and title. */
const FRAME = 3;
/** The blank line, and the line of keys. */
const GAP = 1;
const HINT = 1;

/** Lines that the parts of a form take. */
export interface FormSizes {
  /** Of the terminal. */
  readonly rows: number;
  /** A number for each field: itself, and what is said below it. */
  readonly fields: readonly number[];
  /** Number of the field with the focus; beyond the last where a button has it. */
  readonly focus: number;
  readonly note: number;
  readonly az: number;
  readonly error: number;
  readonly buttons: number;
}

/** What of a form is shown: fields `from` up to `to`, and what only explains, where there is room for it. */
export interface FormLayout {
  readonly from: number;
  readonly to: number;
  readonly hasGap: boolean;
  readonly hasAz: boolean;
  readonly hasHint: boolean;
}

/** On a low terminal what only explains gives way first; then the fields around the focus are shown. */
export function formLayout(sizes: FormSizes): FormLayout {
  const { rows, fields, note, error, buttons, az } = sizes;
  const wanted = FRAME + note + sum(fields) + error + buttons;
  let spare = rows - wanted;
  const take = (lines: number): boolean => {
    if (spare < lines) return false;
    spare -= lines;
    return true;
  };
  if (spare >= 0) {
    const hasHint = take(HINT);
    const hasGap = take(GAP);
    return { from: 0, to: fields.length, hasHint, hasGap, hasAz: take(az) };
  }
  // One line says which of the fields are shown.
  const room = rows - (FRAME + note + error + buttons) - 1;
  return { ...fieldsAround(sizes, room), hasHint: false, hasGap: false, hasAz: false };
}

/** As many fields as there is room for, the one with the focus among them, and at least that one. */
function fieldsAround({ fields, focus }: FormSizes, room: number): Pick<FormLayout, 'from' | 'to'> {
  const at = Math.min(focus, fields.length - 1);
  let from = Math.max(0, at);
  let to = from + 1;
  let left = room - (fields[from] ?? 0);
  while (from > 0 && left >= (fields[from - 1] ?? 0)) left -= fields[--from] ?? 0;
  while (to < fields.length && left >= (fields[to] ?? 0)) left -= fields[to++] ?? 0;
  return { from, to };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
