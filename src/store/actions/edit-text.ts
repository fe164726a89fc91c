import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import { UsageError } from '../../lib/errors.ts';
import type { EditableProperty, Entity } from '../../resources/types.ts';
import { readBody } from '../forms/form-body.ts';

/** Begins the lines that say why the editor is open again; they are taken out when the text is read. */
const NOTE = '#! ';

/** One value that differs, for people: `constraints.maxTaskRetryCount: 0 → 3`. */
export interface Change {
  readonly path: string;
  /** Undefined where there was none. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What an edited text asks for. */
export interface Edit {
  /** The properties that differ, whole, as the service's PATCH wants them. */
  readonly patch: Readonly<Record<string, unknown>>;
  readonly changes: readonly Change[];
}

type Properties = Readonly<Record<string, unknown>>;

/** The properties that can be changed as YAML, with what each may hold, and examples of those not set. */
export function editText(
  name: string,
  entity: Entity,
  editable: readonly EditableProperty[],
  notes: readonly string[] = [],
): string {
  const head = [
    ...notes.map((note) => `${NOTE}${note}`),
    `# ${name}: all that the service lets you change.`,
    '# Save and leave: what differs is shown and asked about. Where nothing differs, nothing is done.',
  ];
  const blocks = editable.map((property) => propertyText(property, (entity as Properties)[property.name]));
  return `${[head.join('\n'), ...blocks].join('\n\n')}\n`;
}

function propertyText({ name, hint, example }: EditableProperty, value: unknown): string {
  const lines = [`# ${hint}`];
  if (value !== undefined && value !== null)
    lines.push(stringify({ [name]: value }, { lineWidth: 0 }).trimEnd());
  else if (example !== undefined) lines.push(...example.split('\n').map((line) => `# ${line}`));
  return lines.join('\n');
}

/** The text with other notes on top. */
export function withNotes(text: string, notes: readonly string[]): string {
  return [...notes.map((note) => `${NOTE}${note}`), withoutNotes(text)].join('\n');
}

/** The text as its writer left it, for comparing two attempts. */
export function withoutNotes(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith(NOTE))
    .join('\n');
}

/**
 * What differs between the entity and the edited text. Throws a UsageError when the text is no YAML, names a
 * property that cannot be changed, or takes one out that the service cannot take away.
 */
export function readEdit(text: string, entity: Entity, editable: readonly EditableProperty[]): Edit {
  const body = readEdited(text);
  const stranger = Object.keys(body).find((name) => !editable.some((property) => property.name === name));
  if (stranger !== undefined) {
    throw new UsageError(
      `${stranger} cannot be changed here, only ${editable.map(({ name }) => name).join(', ')}`,
    );
  }
  const patch: Record<string, unknown> = {};
  const changes: Change[] = [];
  for (const property of editable) {
    const before = (entity as Properties)[property.name] ?? undefined;
    const after = body[property.name] ?? undefined;
    if (isDeepStrictEqual(before, after)) continue;
    if (after === undefined && !('cleared' in property)) {
      throw new UsageError(`${property.name} cannot be taken away, only changed`);
    }
    patch[property.name] = after === undefined ? property.cleared : after;
    changes.push(...changesOf(property.name, before, after));
  }
  return { patch, changes };
}

/** A text of comments alone takes out everything. */
function readEdited(text: string): Properties {
  const isEmpty = text.split('\n').every((line) => /^\s*(#.*)?$/.test(line));
  return isEmpty ? {} : (readBody(text) as Properties);
}

/** The entity with some of its properties replaced. */
export function patched(entity: Entity, patch: Properties): Entity {
  return { ...entity, ...patch };
}

/** The leaves that differ between two values, by their dotted path. */
export function changesOf(path: string, before: unknown, after: unknown): Change[] {
  const old = new Map(leavesOf(path, before));
  const young = new Map(leavesOf(path, after));
  return [...new Set([...old.keys(), ...young.keys()])]
    .map((leaf) => ({ path: leaf, before: old.get(leaf), after: young.get(leaf) }))
    .filter((change) => change.before !== change.after);
}

function leavesOf(path: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [[path, JSON.stringify(value)]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, Array.isArray(value) ? 'none' : 'nothing']];
  return entries.flatMap(([key, member]) =>
    leavesOf(Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, member),
  );
}
