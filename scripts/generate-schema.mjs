// Boils the service's OpenAPI 2.0 description down to what the emulator checks request bodies with:
//   node scripts/generate-schema.mjs BatchService.json
// writes emulator/schema/schema.generated.json, one definition a line, and for the tests which parameters each operation
// has and what it answers with, one operation a line. The description is published at
// https://github.com/Azure/azure-rest-api-specs (specification/batch/data-plane).
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const SCHEMA = join(root, 'emulator/schema/schema.generated.json');
const OPERATIONS = join(root, 'test/contract/operations.generated.json');

function compactProperty(property) {
  if (property.$ref !== undefined) {
    return { ref: property.$ref.replace('#/definitions/', ''), readOnly: property.readOnly };
  }
  const { type, format, enum: values, items, readOnly, minimum, maximum, minItems, maxItems } = property;
  const item = items === undefined ? undefined : compactProperty(items);
  return { type, format, enum: values, item, readOnly, minimum, maximum, minItems, maxItems };
}

function compactDefinition(definition) {
  if (definition.enum !== undefined) return { enum: definition.enum };
  const properties = {};
  for (const [name, property] of Object.entries(definition.properties ?? {})) {
    properties[name] = compactProperty(property);
  }
  return { properties, required: definition.required };
}

const [source] = process.argv.slice(2);
if (source === undefined) {
  console.error('usage: node scripts/generate-schema.mjs PATH_TO_OPENAPI.json');
  process.exit(2);
}
const { definitions, paths, parameters } = JSON.parse(readFileSync(source, 'utf8'));

/** The names of the parameters of an operation that stand in one place: its query, or its headers. */
function namesIn(place, { parameters: own = [] }) {
  return own
    .map((each) => (each.$ref === undefined ? each : parameters[each.$ref.replace('#/parameters/', '')]))
    .filter((each) => each.in === place)
    .map(({ name }) => name);
}

function operationsOf(path, methods) {
  return Object.entries(methods).map(([method, operation]) => [
    operation.operationId,
    {
      method: method.toUpperCase(),
      path,
      query: namesIn('query', operation),
      headers: namesIn('header', operation),
      success: Object.keys(operation.responses)
        .filter((status) => status !== 'default')
        .map(Number),
      answer: operation.responses[200]?.schema?.$ref?.replace('#/definitions/', ''),
    },
  ]);
}

/** One member a line, in the order of their names. */
function writeLines(file, entries) {
  const lines = entries
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
}

writeLines(
  SCHEMA,
  Object.entries(definitions).map(([name, definition]) => [name, compactDefinition(definition)]),
);
writeLines(
  OPERATIONS,
  Object.entries(paths).flatMap(([path, methods]) => operationsOf(path, methods)),
);
