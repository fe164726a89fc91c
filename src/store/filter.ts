import { Fzf } from 'fzf';
import {
  amountIn,
  amountOf,
  type Condition,
  columnNamed,
  conditionsIn,
  holds,
} from '../resources/condition.ts';
import { formatCell } from '../resources/format.ts';
import { stateFilterNamed } from '../resources/state-filter.ts';
import type { Column, Entity, Resource } from '../resources/types.ts';

/** Compiles a case-insensitive pattern that runs in linear time; throws when the pattern is bad. */
export type PatternCompiler = (pattern: string) => (text: string) => boolean;

export type RowFilter =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'rows';
      /** Goes by ages: what it keeps changes by itself. */
      readonly ages?: boolean;
      keep(rows: readonly Entity[]): readonly Entity[];
    }
  | { readonly kind: 'bad'; readonly problem: string };

/**
 * What stands behind `/`: a pattern over all columns, `!pattern` for rows without it, `-f text` for a fuzzy
 * match of the id, `column:pattern` or `column=pattern` for one column, or conditions such as `exit>1 took>=10m`, all of
 * which must hold. `now` (ms) is what ages are counted from.
 */
export function parseRowFilter(
  text: string,
  resource: Resource<Entity>,
  compile: PatternCompiler,
  now: () => number = Date.now,
): RowFilter {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'none' };
  if (/^-f(?:\s|$)/.test(trimmed)) return fuzzyFilter(trimmed.slice(2).trim(), resource);
  const inverse = trimmed.startsWith('!');
  const body = (inverse ? trimmed.slice(1) : trimmed).trim();
  if (body === '') return { kind: 'none' };
  try {
    const conditions = conditionsIn(body, resource);
    const test =
      (conditions && conditionsTest(conditions, { resource, compile, now })) ??
      stateTest(body, resource) ??
      columnTest(body, resource, compile) ??
      wholeRowTest(body, resource, compile);
    const ages = conditions?.some(({ column, operator }) => column.kind === 'age' && isOrder(operator));
    return {
      kind: 'rows',
      ages: ages === true,
      keep: (rows) => rows.filter((row) => test(row) !== inverse),
    };
  } catch (error) {
    return { kind: 'bad', problem: error instanceof Error ? error.message : String(error) };
  }
}

type RowTest = (row: Entity) => boolean;

/** What conditions are read with. */
interface Reading {
  readonly resource: Resource<Entity>;
  readonly compile: PatternCompiler;
  readonly now: () => number;
}

function conditionsTest(conditions: readonly Condition[], reading: Reading): RowTest {
  const tests = conditions.map((condition) => conditionTest(condition, reading));
  return (row) => tests.every((test) => test(row));
}

function conditionTest(condition: Condition, { resource, compile, now }: Reading): RowTest {
  const { column, operator, wanted } = condition;
  const isNumber = column.kind === 'number' && amountIn('number', wanted) !== undefined;
  if (isOrder(operator) || isNumber) {
    const amount = amountOf(condition);
    return (row) => {
      const value = amountAt(column, row, now);
      return value !== undefined && holds(value, operator, amount);
    };
  }
  const state = column.id === 'state' ? stateFilterNamed(resource, wanted) : undefined;
  const matches = compile(wanted);
  const test: RowTest = state?.test.bind(state) ?? ((row) => matches(cellText(column, row)));
  return operator === '!=' ? (row) => !test(row) : test;
}

function isOrder(operator: Condition['operator']): boolean {
  return operator !== '=' && operator !== '!=';
}

/** What can be compared of a cell; undefined where there is nothing: neither more nor less than anything. */
function amountAt(column: Column<Entity>, row: Entity, now: () => number): number | undefined {
  const value = column.value(row);
  if (value instanceof Date) return column.kind === 'age' ? now() - value.getTime() : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** `state=failed`: a state filter by its name, also where no column says that word. */
function stateTest(body: string, resource: Resource<Entity>): ((row: Entity) => boolean) | undefined {
  const name = /^state\s*[:=]\s*(\w+)$/i.exec(body)?.[1];
  const filter = name === undefined ? undefined : stateFilterNamed(resource, name);
  return filter === undefined ? undefined : (row) => filter.test(row);
}

function columnTest(
  body: string,
  resource: Resource<Entity>,
  compile: PatternCompiler,
): ((row: Entity) => boolean) | undefined {
  const match = /^([A-Za-z][\w-]*)[:=](.*)$/.exec(body);
  const column = columnNamed(resource, match?.[1] ?? '');
  if (column === undefined) return undefined;
  const test = compile(match?.[2]?.trim() ?? '');
  return (row) => test(cellText(column, row));
}

function wholeRowTest(
  body: string,
  resource: Resource<Entity>,
  compile: PatternCompiler,
): (row: Entity) => boolean {
  const test = compile(body);
  // Ages change by themselves, so a pattern that met them would make rows come and go.
  const columns = resource.columns.filter((column) => column.kind !== 'age');
  return (row) => test(columns.map((column) => cellText(column, row)).join(' '));
}

function cellText(column: Column<Entity>, row: Entity): string {
  const value = column.value(row);
  return value === undefined ? '' : formatCell(value, column.kind, 0);
}

function fuzzyFilter(query: string, resource: Resource<Entity>): RowFilter {
  if (query === '') return { kind: 'none' };
  return {
    kind: 'rows',
    keep: (rows) =>
      new Fzf(rows, {
        selector: (row: Entity) => resource.idOf(row),
        casing: 'case-insensitive',
        fuzzy: 'v1',
      })
        .find(query)
        .map((entry: { item: Entity }) => entry.item),
  };
}
