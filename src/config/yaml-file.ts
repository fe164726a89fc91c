import * as v from 'valibot';
import { type Document, LineCounter, parseDocument } from 'yaml';

type Path = readonly (string | number)[];

/** A YAML file whose top level is a map, and where everything in it stands. */
export interface YamlFile {
  readonly entries: Readonly<Record<string, unknown>>;
  /** What keeps the file from being read at all, a line each. */
  readonly problems: readonly string[];
  /** `path:line` of an entry or a part of one. */
  place(path: Path): string;
  /** `path:line` of an entry's name. */
  placeOfName(name: string): string;
}

/** Reads the text of a file; `path` is for messages. */
export function parseYamlFile(text: string, path: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number | undefined) =>
    offset === undefined ? path : `${path}:${lines.linePos(offset).line}`;
  const file = {
    place: (way: Path) => at(offsetOf(document, way)),
    placeOfName: (name: string) => at(nameOffset(document, name)),
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`);
    return { entries: {}, problems, ...file };
  }
  const value: unknown = document.toJS() ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { entries: {}, problems: [`${at(0)}: must be settings in the form "name: value"`], ...file };
  }
  return { entries: value as Readonly<Record<string, unknown>>, problems: [], ...file };
}

/** What of a file is good. */
export interface TakenEntries<T> {
  readonly values: ReadonlyMap<string, T>;
  readonly problems: readonly string[];
  /** Lists and maps of which something is left out. */
  readonly partly: readonly string[];
}

/**
 * The entries that their schema accepts, and a line about each that it does not. Of a list or a map only what is wrong
 * in it is left out. `schemaOf` gives an entry's schema, or what is wrong with its name.
 */
export function takeEntries<T>(
  file: YamlFile,
  schemaOf: (name: string) => v.GenericSchema<unknown, T> | string,
): TakenEntries<T> {
  const values = new Map<string, T>();
  const problems = [...file.problems];
  const partly: string[] = [];
  for (const [name, value] of Object.entries(file.entries)) {
    const schema = schemaOf(name);
    if (typeof schema === 'string') {
      problems.push(`${file.placeOfName(name)}: ${schema}`);
      continue;
    }
    const result = v.safeParse(schema, value);
    if (result.success) {
      values.set(name, result.output);
      continue;
    }
    problems.push(...result.issues.map((issue) => describeIssue(file, name, issue)));
    const rest = v.safeParse(schema, withoutBad(schema, value, result.issues.map(pathOf)));
    if (!rest.success) continue;
    values.set(name, rest.output);
    partly.push(name);
  }
  return { values, problems, partly };
}

/** A list or a map without the items that its schema does not accept, also one in a section; anything else as it is. */
function withoutBad(schema: v.GenericSchema, value: unknown, wrong: readonly Path[]): unknown {
  const bad = new Set(wrong.map(([key]) => key));
  if (schema.type === 'array' && Array.isArray(value)) return value.filter((_, index) => !bad.has(index));
  if (typeof value !== 'object' || value === null) return value;
  const items = Object.entries(value);
  if (schema.type === 'record') return Object.fromEntries(items.filter(([key]) => !bad.has(key)));
  if (!('entries' in schema)) return value;
  const parts = schema.entries as Readonly<Record<string, v.GenericSchema | undefined>>;
  return Object.fromEntries(
    items.map(([key, item]) => {
      const inside = wrong.filter((path) => path[0] === key && path.length > 1).map((path) => path.slice(1));
      const part = parts[key];
      return [key, part === undefined || inside.length === 0 ? item : withoutBad(part, item, inside)];
    }),
  );
}

function pathOf(issue: v.BaseIssue<unknown>): Path {
  return (issue.path ?? []).map((item) => item.key as string | number);
}

function describeIssue(file: YamlFile, name: string, outer: v.BaseIssue<unknown>): string {
  const { issue, path: way } = innermost(outer);
  const path = [name, ...way];
  const label = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .slice(1);
  return `${file.place(path)}: ${label} ${explain(issue)}`;
}

/** Of a choice of forms, what is wrong inside the one that was meant: the one that has such parts at all. */
function innermost(issue: v.BaseIssue<unknown>): {
  readonly issue: v.BaseIssue<unknown>;
  readonly path: readonly (string | number)[];
} {
  const path = pathOf(issue);
  const inner = issue.issues?.find((candidate) => (candidate.path?.length ?? 0) > 0);
  if (inner === undefined) return { issue, path };
  const deeper = innermost(inner);
  return { issue: deeper.issue, path: [...path, ...deeper.path] };
}

function explain(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === 'Object') return 'must be a section of names and values';
  if (issue.type !== 'strict_object') return issue.message;
  return issue.expected === 'never' ? 'is not known' : 'is missing';
}

/** Where a part stands; one that is missing stands where its parent does. */
function offsetOf(document: Document.Parsed, path: Path): number | undefined {
  return (
    rangeStart(document.getIn(path, true)) ??
    rangeStart(document.getIn(path.slice(0, -1), true)) ??
    nameOffset(document, String(path[0]))
  );
}

function nameOffset(document: Document.Parsed, name: string): number | undefined {
  const contents: unknown = document.contents;
  if (typeof contents !== 'object' || contents === null || !('items' in contents)) return undefined;
  const items = contents.items as readonly { key?: { value?: unknown } }[];
  return rangeStart(items.find(({ key }) => String(key?.value) === name)?.key);
}

function rangeStart(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  return Array.isArray(node.range) ? Number(node.range[0]) : undefined;
}
