import { stateFilterNamed } from './state-filter.ts';
import type { CellKind, Column, Entity, Resource } from './types.ts';

const OPERATORS = ['!=', '>=', '<=', '=', ':', '>', '<'] as const;

/** What a filter asks of one column: `exit!=0`, `took>10m`. */
export interface Condition {
  readonly column: Column<Entity>;
  /** `:` is another way to write `=`. */
  readonly operator: Exclude<(typeof OPERATORS)[number], ':'>;
  readonly wanted: string;
}

const CONDITION = new RegExp(`^([A-Za-z][\\w-]*)(${OPERATORS.join('|')})(.+)$`);

/** The conditions of a filter that consists of nothing else, all of which must hold; undefined for any other filter. */
export function conditionsIn(text: string, resource: Resource<Entity>): readonly Condition[] | undefined {
  const conditions = text.split(/\s+/).map((word) => conditionOf(word, resource));
  return conditions.every((condition) => condition !== undefined) ? conditions : undefined;
}

function conditionOf(word: string, resource: Resource<Entity>): Condition | undefined {
  const [, name = '', operator = '', wanted = ''] = CONDITION.exec(word) ?? [];
  const column = columnNamed(resource, name) ?? stateColumn(resource, name, wanted);
  if (column === undefined) return undefined;
  return { column, operator: operator === ':' ? '=' : (operator as Condition['operator']), wanted };
}

/** The column that a user calls so: by its id or by its title, in any case. */
export function columnNamed(resource: Resource<Entity>, name: string): Column<Entity> | undefined {
  const wanted = name.toLowerCase();
  return resource.columns.find(
    ({ id, title }) => id.toLowerCase() === wanted || title.toLowerCase() === wanted,
  );
}

/** `state` may be asked for by the names of the state filters, whatever the columns are called. */
function stateColumn(resource: Resource<Entity>, name: string, wanted: string): Column<Entity> | undefined {
  const isState = name.toLowerCase() === 'state' && stateFilterNamed(resource, wanted) !== undefined;
  return isState
    ? { id: 'state', title: 'STATE', kind: 'state', select: [], value: () => undefined }
    : undefined;
}

const LENGTHS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const SIZES: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, pb: 1e15 };

/** What columns with an order are compared with, as users write it. */
const EXAMPLES: Partial<Record<CellKind, string>> = {
  number: '3',
  bytes: '10MB',
  duration: '10m',
  age: '2h',
};

/** The number that a text stands for in a column of a kind: bytes, milliseconds, or the number itself. */
export function amountIn(kind: CellKind, text: string): number | undefined {
  switch (kind) {
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
    case 'bytes':
      return sizeIn(text.toLowerCase());
    case 'duration':
    case 'age':
      return lengthIn(text.toLowerCase());
    default:
      return undefined;
  }
}

function sizeIn(text: string): number | undefined {
  const [, amount = '', unit = 'b'] = /^(\d+(?:\.\d+)?)([kmgtp]?b)?$/.exec(text) ?? [];
  return amount === '' ? undefined : Number(amount) * (SIZES[unit] ?? 1);
}

/** A number alone is seconds, as in CSV. */
function lengthIn(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit = ''] of text.matchAll(/([\d.]+)(ms|s|m|h|d)/g))
    sum += Number(amount) * (LENGTHS[unit] ?? 0);
  return sum;
}

/** The amount that a condition compares with; throws an Error that says how such a column is compared. */
export function amountOf({ column: { kind, title }, wanted }: Condition): number {
  const amount = amountIn(kind, wanted);
  if (amount !== undefined) return amount;
  const example = EXAMPLES[kind];
  throw new Error(
    example === undefined
      ? `${title} has no order: ${title.toLowerCase()}=PATTERN and ${title.toLowerCase()}!=PATTERN`
      : `${title} is not compared with ${wanted}, but as in ${title.toLowerCase()}>${example}`,
  );
}

/** Whether a value stands to another one as an operator says. */
export function holds(value: number, operator: Condition['operator'], other: number): boolean {
  switch (operator) {
    case '=':
      return value === other;
    case '!=':
      return value !== other;
    case '>':
      return value > other;
    case '>=':
      return value >= other;
    case '<':
      return value < other;
    case '<=':
      return value <= other;
  }
}
