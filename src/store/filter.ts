import { Fzf } from 'fzf';
import { formatCell } from '../resources/format.ts';
import { stateFilterNamed } from '../resources/push-down.ts';
import type { Column, Entity, Resource } from '../resources/types.ts';

/** Compiles a case-insensitive pattern that runs in linear time; throws when the pattern is bad. */
export type PatternCompiler = (pattern: string) => (text: string) => boolean;

export type RowFilter =
  | { readonly kind: 'none' }
  | { readonly kind: 'rows'; keep(rows: readonly Entity[]): readonly Entity[] }
  | { readonly kind: 'bad'; readonly problem: string };

/**
 * What stands behind `/`: a pattern over all columns, `!pattern` for rows without it, `-f text` for a fuzzy
 * match of the id, `column:value` or `column=value` for one column.
 */
export function parseRowFilter(
  text: string,
  resource: Resource<Entity>,
  compile: PatternCompiler,
): RowFilter {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'none' };
  if (/^-f(?:\s|$)/.test(trimmed)) return fuzzyFilter(trimmed.slice(2).trim(), resource);
  const inverse = trimmed.startsWith('!');
  const body = (inverse ? trimmed.slice(1) : trimmed).trim();
  if (body === '') return { kind: 'none' };
  try {
    const test =
      stateTest(body, resource) ??
      columnTest(body, resource, compile) ??
      wholeRowTest(body, resource, compile);
    return { kind: 'rows', keep: (rows) => rows.filter((row) => test(row) !== inverse) };
  } catch (error) {
    return { kind: 'bad', problem: error instanceof Error ? error.message : String(error) };
  }
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
  const name = match?.[1]?.toLowerCase();
  const column = resource.columns.find(
    (candidate) => candidate.id.toLowerCase() === name || candidate.title.toLowerCase() === name,
  );
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
