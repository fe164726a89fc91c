/**
 * Building `$filter` text. Names go in as they are; values are quoted here, so that no value can end its
 * quotes.
 * @see https://learn.microsoft.com/rest/api/batchservice/odata-filters-in-batch
 */

/** How the service compares a property with a value. */
export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

/** A value as OData writes it: text in single quotes (a quote doubled), times as `DateTime'…'`. */
export function literal(value: string | number | boolean | Date): string {
  if (value instanceof Date) return `DateTime'${value.toISOString()}'`;
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

/** `name op value`. */
export function compare(name: string, op: Comparison, value: string | number | boolean | Date): string {
  return `${name} ${op} ${literal(value)}`;
}

/** `name eq value`. */
export function equals(name: string, value: string | number | boolean | Date): string {
  return compare(name, 'eq', value);
}

/** Filters of which all must hold; undefined when there is none. */
export function allOf(filters: readonly (string | undefined)[]): string | undefined {
  const given = filters.filter((filter) => filter !== undefined);
  if (given.length < 2) return given[0];
  return given
    .map((filter) => (/ or /.test(filter) && !filter.startsWith('(') ? `(${filter})` : filter))
    .join(' and ');
}
