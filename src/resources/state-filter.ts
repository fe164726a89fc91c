import type { Entity, Resource, StateFilter } from './types.ts';
import { sameWord } from './wire.ts';

/** The state filter whose label was typed, as in `state=failed`. */
export function stateFilterNamed(resource: Resource<Entity>, name: string): StateFilter<Entity> | undefined {
  return resource.stateFilters.find(({ label }) => sameWord(label, name));
}
