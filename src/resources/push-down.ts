import { allOf, equals, literal } from '../lib/odata.ts';
import type { Entity, Resource, StateFilter } from './types.ts';
import { sameWord } from './wire.ts';

/** A filter that the service can apply, and the same one for rows that are held. */
export interface PushDown {
  readonly odata: string;
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
 * `state=failed`, `!state=active`) or the beginning of an id (`^mytask`, `id=^mytask`). Undefined for patterns
 * that only azb understands.
 */
export function pushDownText(resource: Resource<Entity>, text: string): PushDown | undefined {
  const trimmed = text.trim();
  const state = /^(!?)\s*state\s*[:=]\s*\^?([A-Za-z]+)\$?$/i.exec(trimmed);
  if (state !== null) return pushDownState(resource, state[2] ?? '', state[1] === '!');
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

/** The state filter whose label was typed, as in `state=failed`. */
export function stateFilterNamed(resource: Resource<Entity>, name: string): StateFilter<Entity> | undefined {
  return resource.stateFilters.find(({ label }) => sameWord(label, name));
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
