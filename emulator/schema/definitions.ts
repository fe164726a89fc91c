import generated from './schema.generated.json' with { type: 'json' };

/** A property, or an item of a list: a scalar with its format, a list of items, or another definition by name. */
export interface PropertySchema {
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array';
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly ref?: string;
  readonly item?: PropertySchema;
  readonly readOnly?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** A named schema: an object with its properties, or an enumeration. */
export interface Definition {
  readonly properties?: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
}

const DEFINITIONS = generated as Readonly<Record<string, Definition>>;

/** The service's definition called `name`, as its OpenAPI description spells it. Throws when there is none. */
export function definitionOf(name: string): Definition {
  const definition = Object.hasOwn(DEFINITIONS, name) ? DEFINITIONS[name] : undefined;
  if (definition === undefined) throw new RangeError(`There is no definition called ${name}.`);
  return definition;
}

/** The property called `name`, exactly so written, of a definition. */
export function propertyOf(definition: Definition, name: string): PropertySchema | undefined {
  const { properties } = definition;
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** The values an enumerated property takes, whether listed in place or by reference; nothing for other properties. */
export function enumerationOf(schema: PropertySchema): readonly string[] | undefined {
  return schema.enum ?? (schema.ref === undefined ? undefined : definitionOf(schema.ref).enum);
}

/** Whether entities of `definition` have a property at `path`, such as `['executionInfo', 'exitCode']`. */
export function hasProperty(definition: string, path: readonly string[]): boolean {
  let current: Definition | undefined = definitionOf(definition);
  for (const segment of path) {
    const schema: PropertySchema | undefined =
      current === undefined ? undefined : propertyOf(current, segment);
    if (schema === undefined) return false;
    const ref: string | undefined = schema.ref ?? schema.item?.ref;
    current = ref === undefined ? undefined : definitionOf(ref);
  }
  return path.length > 0;
}
