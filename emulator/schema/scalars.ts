import { parseDuration } from '../duration.ts';
import { parseTicks } from '../odata/ticks.ts';
import { enumerationOf, type PropertySchema } from './definitions.ts';

/** Says why `value` is no value of the scalar `schema`; nothing when it is one. */
export function scalarFault(schema: PropertySchema, value: unknown): string | undefined {
  const choices = enumerationOf(schema);
  if (choices !== undefined) return enumFault(choices, value);
  if (schema.type === 'boolean')
    return typeof value === 'boolean' ? undefined : 'The value must be true or false.';
  if (schema.type === 'integer') return integerFault(schema, value);
  if (schema.type === 'number') return rangeFault(schema, value) ?? numberFault(value);
  if (schema.type === 'string') return stringFault(schema, value);
  return undefined;
}

function enumFault(choices: readonly string[], value: unknown): string | undefined {
  const known =
    typeof value === 'string' && choices.some((choice) => choice.toLowerCase() === value.toLowerCase());
  return known ? undefined : `The value must be one of ${choices.join(', ')}.`;
}

function numberFault(value: unknown): string | undefined {
  return typeof value === 'number' ? undefined : 'The value must be a number.';
}

function integerFault(schema: PropertySchema, value: unknown): string | undefined {
  const bits = schema.format === 'int64' ? 64n : 32n;
  const integer = integerOf(value, bits);
  if (integer === undefined) return `The value must be an integer of ${bits} bits.`;
  return rangeFault(schema, Number(integer));
}

/** On the wire an integer of 64 bits is a string, as JSON numbers cannot hold it; a plain number passes too. */
function integerOf(value: unknown, bits: 32n | 64n): bigint | undefined {
  const isText = bits === 64n && typeof value === 'string' && /^-?\d{1,20}$/.test(value);
  if (!isText && !Number.isInteger(value)) return undefined;
  const integer = BigInt(value as string | number);
  const limit = 1n << (bits - 1n);
  return integer >= -limit && integer < limit ? integer : undefined;
}

function rangeFault({ minimum, maximum }: PropertySchema, value: unknown): string | undefined {
  if (typeof value !== 'number') return undefined;
  if (minimum !== undefined && value < minimum) return `The value must be at least ${minimum}.`;
  return maximum !== undefined && value > maximum ? `The value must be at most ${maximum}.` : undefined;
}

/** Whatever the service measures, it never lasts less than no time. */
function durationFault(text: string): string | undefined {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) return 'The value must be a duration as defined by ISO 8601.';
  return milliseconds < 0 ? 'The value cannot be negative.' : undefined;
}

function stringFault(schema: PropertySchema, value: unknown): string | undefined {
  if (typeof value !== 'string') return 'The value must be a string.';
  if (schema.format === 'duration') return durationFault(value);
  if (schema.format === 'date-time' && parseTicks(value) === undefined) {
    return 'The value must be a date and time as defined by ISO 8601.';
  }
  return undefined;
}
