import { allOf, type Comparison, compare, equals, literal } from '../lib/odata.ts';
import { amountIn, type Condition, conditionsIn, holds } from './condition.ts';
import { stateFilterNamed } from './state-filter.ts';
import type { Entity, Resource } from './types.ts';

/** A filter that the service can apply, and the same one for rows that are held. */
export interface PushDown {
  readonly odata: string;
  /** There is more to the filter, which only azb understands. */
  readonly isPart?: boolean;
  test(row: Entity): boolean;
}

/**
 * Lists whose ids the service compares with `startswith`.
 * @see https://learn.microsoft.com/rest/api/batchservice/odata-filters-in-batch
 */
const BY_PREFIX: readonly string[] = ['pools', 'jobs', 'tasks', 'jobschedules'];

/** Lists whose names the storage service finds by their beginning: to the letter, and whatever the letter. */
const BY_NAME: readonly string[] = ['containers', 'blobs'];

/**
 * What the service can do of a filter that was typed behind `/`: a state by its name (`state=completed`,
 * `state=failed`, `!state=active`), a column that it compares (`exit>1`), or the beginning of an id (`^mytask`,
 * `id=^mytask`). Undefined for patterns that only azb understands.
 */
export function pushDownText(resource: Resource<Entity>, text: string): PushDown | undefined {
  const trimmed = text.trim();
  const state = /^(!?)\s*state\s*[:=]\s*\^?([A-Za-z]+)\$?$/i.exec(trimmed);
  if (state !== null) return pushDownState(resource, state[2] ?? '', state[1] === '!');
  const conditions = trimmed === '' ? undefined : conditionsIn(trimmed, resource);
  const pushed = conditions?.flatMap((condition) => pushDownCondition(resource, condition) ?? []) ?? [];
  if (pushed.length > 0) {
    const all = joined(pushed);
    return all === undefined || pushed.length === conditions?.length ? all : { ...all, isPart: true };
  }
  if (isFoundByName(resource)) return pushDownName(resource, trimmed);
  const prefix = /^(?:id\s*[:=]\s*)?\^([A-Za-z0-9_-]+)$/i.exec(trimmed)?.[1];
  if (prefix === undefined || !BY_PREFIX.includes(resource.name)) return undefined;
  return {
    odata: `startswith(id,${literal(prefix)})`,
    test: (row) => resource.idOf(row).toLowerCase().startsWith(prefix.toLowerCase()),
  };
}

/** Whether the service finds what begins with some letters, and can skip to nothing else. */
export function isFoundByName({ name }: Resource<Entity>): boolean {
  return BY_NAME.includes(name);
}

/** The beginning of a name as the list shows it, which inside a folder is without the folder. */
function pushDownName(resource: Resource<Entity>, text: string): PushDown | undefined {
  const typed = /^(?:name\s*[:=]\s*)?\^((?:[^\\^$.*+?()[\]{}|]|\\\W)+)$/i.exec(text)?.[1];
  if (typed === undefined) return undefined;
  const prefix = typed.replace(/\\(\W)/g, '$1');
  const [column] = resource.columns;
  return {
    odata: `startswith(name,${literal(prefix)})`,
    test: (row) => String(column?.value(row) ?? '').startsWith(prefix),
  };
}

/** The operators as the service calls them. */
const COMPARISONS: Readonly<Record<Exclude<Condition['operator'], '!='>, Comparison>> = {
  '=': 'eq',
  '>': 'gt',
  '>=': 'ge',
  '<': 'lt',
  '<=': 'le',
};

function pushDownCondition(
  resource: Resource<Entity>,
  { column, operator, wanted }: Condition,
): PushDown | undefined {
  if (column.id === 'state' && (operator === '=' || operator === '!='))
    return pushDownState(resource, wanted, operator === '!=');
  const amount = amountIn(column.kind, wanted);
  if (column.odata === undefined || amount === undefined) return undefined;
  return {
    odata:
      operator === '!='
        ? otherThan(column.odata, amount)
        : compare(column.odata, COMPARISONS[operator], amount),
    test: (row) => {
      const value = column.value(row);
      return typeof value === 'number' && holds(value, operator, amount);
    },
  };
}

/** For the service, what has no value is other than any: of a job of which most still wait, most would match. */
function otherThan(name: string, amount: number): string {
  return `(${compare(name, 'lt', amount)} or ${compare(name, 'gt', amount)})`;
}

function pushDownState(resource: Resource<Entity>, name: string, inverse: boolean): PushDown | undefined {
  const filter = stateFilterNamed(resource, name);
  if (filter?.odata === undefined) return undefined;
  if (!inverse) return { odata: filter.odata, test: (row) => filter.test(row) };
  // OData of the service knows no "not": only a single comparison can be turned around.
  if (filter.odata !== equals('state', name.toLowerCase())) return undefined;
  return { odata: filter.odata.replace(' eq ', ' ne '), test: (row) => !filter.test(row) };
}

/** Several filters as one; all must hold. */
export function joined(parts: readonly PushDown[]): PushDown | undefined {
  const odata = allOf(parts.map((part) => part.odata));
  return odata === undefined ? undefined : { odata, test: (row) => parts.every((part) => part.test(row)) };
}
