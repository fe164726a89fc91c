import { type Definition, definitionOf, type PropertySchema, propertyOf } from './definitions.ts';
import { scalarFault } from './scalars.ts';

/** What is wrong with a request body: an error code of the service and the values that go with it. */
export interface BodyFault {
  readonly code:
    | 'MissingRequiredProperty'
    | 'InvalidPropertyValue'
    | 'UnsupportedProperty'
    | 'InvalidRequestBody';
  readonly values: readonly { readonly key: string; readonly value: string }[];
}

/**
 * Checks a request body, as parsed from JSON, against the service's definition of that name. Answers the first fault,
 * required members before values. Annotations (`odata.…`, `…@…`) and nulls count as absent; enumerations are matched
 * without regard to case. Throws RangeError when there is no such definition.
 */
export function validateBody(definition: string, body: unknown): BodyFault | undefined {
  if (!isObject(body)) return invalidBody('The request body must be a JSON object.');
  return objectFault(definitionOf(definition), body);
}

/** Ids of pools, jobs, tasks and schedules: 1 to 64 letters, digits, hyphens and underscores. */
export function validateId(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

/** Whether a member of a JSON object is an annotation of the protocol rather than a property. */
export function isAnnotation(name: string): boolean {
  return name.startsWith('odata.') || name.includes('@');
}

/** Whether a JSON value is an object, neither null nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectFault(definition: Definition, body: Record<string, unknown>): BodyFault | undefined {
  for (const name of definition.required ?? []) {
    if (!Object.hasOwn(body, name) || body[name] === null) {
      return { code: 'MissingRequiredProperty', values: [{ key: 'PropertyName', value: name }] };
    }
  }
  for (const [name, value] of Object.entries(body)) {
    if (value === null || isAnnotation(name)) continue;
    const schema = propertyOf(definition, name);
    if (schema === undefined) {
      return { code: 'UnsupportedProperty', values: [{ key: 'PropertyName', value: name }] };
    }
    const fault = valueFault(name, schema, value);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function valueFault(name: string, schema: PropertySchema, value: unknown): BodyFault | undefined {
  if (schema.type === 'array') return listFault(name, schema, value);
  const definition = schema.ref === undefined ? undefined : definitionOf(schema.ref);
  if (definition !== undefined && definition.enum === undefined) {
    if (!isObject(value)) return invalidBody(`The property ${name} must be an object.`);
    return objectFault(definition, value);
  }
  const reason = scalarFault(schema, value);
  return reason === undefined ? undefined : invalidValue(name, value, reason);
}

function listFault(name: string, schema: PropertySchema, value: unknown): BodyFault | undefined {
  if (!Array.isArray(value)) return invalidBody(`The property ${name} must be a list.`);
  const { item, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  if (value.length > maxItems)
    return invalidValue(name, value.length, `The list must have at most ${maxItems} items.`);
  if (value.length < minItems)
    return invalidValue(name, value.length, `The list must have at least ${minItems} items.`);
  if (item === undefined) return undefined;
  for (const each of value) {
    const fault = valueFault(name, item, each);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function invalidBody(reason: string): BodyFault {
  return { code: 'InvalidRequestBody', values: [{ key: 'Reason', value: reason }] };
}

function invalidValue(name: string, value: unknown, reason: string): BodyFault {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return {
    code: 'InvalidPropertyValue',
    values: [
      { key: 'PropertyName', value: name },
      { key: 'PropertyValue', value: shown },
      { key: 'Reason', value: reason },
    ],
  };
}
