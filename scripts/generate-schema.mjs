// Boils the service's OpenAPI 2.0 description down to what the emulator checks request bodies with:
//   node scripts/generate-schema.mjs BatchService.json
// writes emulator/schema/schema.generated.json, one definition a line. The description is published at
// https://github.com/Azure/azure-rest-api-specs (specification/batch/data-plane).
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const output = join(dirname(fileURLToPath(import.meta.url)), '../emulator/schema/schema.generated.json');

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
const { definitions } = JSON.parse(readFileSync(source, 'utf8'));
const lines = Object.keys(definitions)
  .sort()
  .map((name) => `${JSON.stringify(name)}: ${JSON.stringify(compactDefinition(definitions[name]))}`);
writeFileSync(output, `{\n${lines.join(',\n')}\n}\n`);
