/** Request bodies against the service's OpenAPI description, which scripts/generate-schema.mjs boils down. */
export { canonicalBody } from './canonical.ts';
export { hasProperty } from './definitions.ts';
export { type BodyFault, validateBody, validateId } from './validate.ts';
