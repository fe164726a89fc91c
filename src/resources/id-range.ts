/** One id, or a range such as `mytask{1..10}` or `t{001..500}`: what stands around the number, and the number. */
export interface IdRange {
  readonly prefix: string;
  readonly suffix: string;
  readonly first: number;
  readonly last: number;
  /** Digits to pad with zeros, from the width in which the first number was written; 0 without padding. */
  readonly digits: number;
}

export interface NumberedId {
  readonly id: string;
  /** The number as it stands in the id, to put in place of `{}` in a command line; empty for a single id. */
  readonly number: string;
}

const RANGE = /^([^{}]*)\{(\d{1,15})\.\.(\d{1,15})\}([^{}]*)$/;
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** What is wrong with a single id, or undefined. @see https://learn.microsoft.com/rest/api/batchservice/task/add */
export function checkId(id: string): string | undefined {
  if (id === '') return 'an id is needed';
  if (id.length > 64) return 'at most 64 characters';
  return ID.test(id) ? undefined : 'letters, digits, - and _ only';
}

/** What is wrong with the id of a pool that a job names, or undefined. */
export function checkPool(id: string): string | undefined {
  return id === '' ? 'a pool is needed: enter picks one' : checkId(id);
}

/** The range that the text describes, or undefined when it holds no braces. */
export function parseRange(text: string): IdRange | undefined {
  const match = RANGE.exec(text);
  if (match === null) return undefined;
  const [, prefix = '', first = '', last = '', suffix = ''] = match;
  const digits = first.length > 1 && first.startsWith('0') ? first.length : 0;
  return { prefix, suffix, first: Number(first), last: Number(last), digits };
}

/** What is wrong with an id or a range of ids, or undefined. */
export function checkIds(text: string): string | undefined {
  const range = parseRange(text);
  if (range === undefined) {
    return /[{}]/.test(text) ? 'a range is written like mytask{1..10}' : checkId(text);
  }
  if (range.last < range.first) return `the range ends at ${range.last}, before ${range.first}`;
  return checkId(idAt(range, range.last).id);
}

/** How many ids the text stands for; 1 when it is no range. */
export function countIds(text: string): number {
  const range = parseRange(text);
  return range === undefined ? 1 : Math.max(0, range.last - range.first + 1);
}

/** The ids that the text stands for, one by one. */
export function* expandIds(text: string): Generator<NumberedId> {
  const range = parseRange(text);
  if (range === undefined) {
    yield { id: text, number: '' };
    return;
  }
  for (let number = range.first; number <= range.last; number += 1) yield idAt(range, number);
}

function idAt(range: IdRange, number: number): NumberedId {
  const text = String(number).padStart(range.digits, '0');
  return { id: `${range.prefix}${text}${range.suffix}`, number: text };
}
