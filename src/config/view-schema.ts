import * as v from 'valibot';
import { hint, unionMessage, type Vocabulary } from './schema.ts';

/** The columns of a resource, as a file may name them. */
interface NamedColumns {
  readonly resource: string;
  /** By id or title. */
  find(text: string): string | undefined;
  readonly names: readonly string[];
}

function namedColumns(vocabulary: Vocabulary, resource: string): NamedColumns {
  const known = vocabulary.columns[resource] ?? [];
  return {
    resource,
    find: (text) =>
      known.find(({ id, title }) => id === text || title.toLowerCase() === text.toLowerCase())?.id,
    names: known.flatMap(({ id, title }) => [id, title.toLowerCase()]),
  };
}

function columnSchema({ resource, find, names }: NamedColumns) {
  return v.pipe(
    v.string('must be the name of a column'),
    v.check(
      (text) => find(text) !== undefined,
      (issue) => `is no column of ${resource}${hint(String(issue.input), names)}`,
    ),
    v.transform((text) => find(text) ?? text),
    v.title('column'),
  );
}

function sortSchema({ resource, find, names }: NamedColumns) {
  return v.pipe(
    v.string('must be a column, or column:desc'),
    v.check(
      (text) => /^[^:]+(:(asc|desc))?$/.test(text) && find(text.replace(/:.*$/, '')) !== undefined,
      (issue) =>
        `must be a column of ${resource}, or column:desc${hint(String(issue.input).replace(/:.*$/, ''), names)}`,
    ),
    v.transform((text) => ({
      column: find(text.replace(/:.*$/, '')) ?? text,
      descending: text.endsWith(':desc'),
    })),
    v.title('column or column:desc'),
  );
}

const COLUMN_WIDTH = v.pipe(
  v.number('must be a number of cells'),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be at least 1'),
  v.maxValue(500, 'must be at most 500'),
);

/** `views.yaml`: the entry of a resource. */
export function viewSchema(vocabulary: Vocabulary, resource: string) {
  const columns = namedColumns(vocabulary, resource);
  const column = columnSchema(columns);
  const entry = v.pipe(
    v.union([column, v.strictObject({ column, width: v.optional(COLUMN_WIDTH) })], (issue) =>
      unionMessage(issue, 'must be a column, or column and width'),
    ),
    v.transform((value) => (typeof value === 'string' ? { column: value, width: undefined } : value)),
    v.title('columns'),
  );
  return v.strictObject({
    columns: v.pipe(
      v.optional(
        v.pipe(v.array(entry, 'must be a list of columns'), v.minLength(1, 'must name a column at least')),
      ),
      v.description(
        'The columns in their order, by id or title; `{ column: command, width: 60 }` gives one more or less room. `ctrl-w` appends the others.',
      ),
    ),
    sort: v.pipe(
      v.optional(sortSchema(columns)),
      v.description('`column` or `column:desc`; sorting by a key is remembered and comes before it.'),
    ),
  });
}
