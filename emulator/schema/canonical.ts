import { normaliseDuration } from '../duration.ts';
import {
  type Definition,
  definitionOf,
  enumerationOf,
  type PropertySchema,
  propertyOf,
} from './definitions.ts';
import { isAnnotation, isObject } from './validate.ts';

/** The service answers these enumerations in another case than it documents. */
const ANSWERED_AS: Readonly<Record<string, string>> = {
  spread: 'Spread',
  pack: 'Pack',
  localmachine: 'LocalMachine',
  currentuser: 'CurrentUser',
};

/**
 * A copy of a valid body as the service would keep it: without nulls and annotations, enumerations in the service's
 * own spelling, durations normalised, 64-bit integers as strings. Members without a definition are kept as they are.
 */
export function canonicalBody(
  definition: string,
  body: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return canonicalObject(definitionOf(definition), body);
}

function canonicalObject(
  definition: Definition,
  body: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (value === null || isAnnotation(name)) continue;
    const schema = propertyOf(definition, name);
    result[name] = schema === undefined ? value : canonicalValue(schema, value);
  }
  return result;
}

function canonicalValue(schema: PropertySchema, value: unknown): unknown {
  const { item, ref } = schema;
  if (Array.isArray(value))
    return item === undefined ? value : value.map((each) => canonicalValue(item, each));
  if (isObject(value)) return ref === undefined ? value : canonicalObject(definitionOf(ref), value);
  if (typeof value === 'number' && schema.format === 'int64') return String(value);
  return typeof value === 'string' ? canonicalText(schema, value) : value;
}

function canonicalText(schema: PropertySchema, text: string): string {
  if (schema.format === 'duration') return normaliseDuration(text) ?? text;
  const choice = enumerationOf(schema)?.find((each) => each.toLowerCase() === text.toLowerCase());
  return choice === undefined ? text : (ANSWERED_AS[choice] ?? choice);
}
