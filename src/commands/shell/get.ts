import type { BatchPort, ListQuery } from '../../api/port.ts';
import { isMissing, UsageError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import { literal } from '../../lib/odata.ts';
import type { Prices } from '../../lib/prices.ts';
import { withCost } from '../../resources/cost.ts';
import type { Column, Entity, Resource, Scope } from '../../resources/types.ts';
import type { Arguments } from '../command-line.ts';
import type { ShellContext } from './context.ts';
import { failureTeller } from './failures.ts';
import { csvWriter, jsonWriter, nameWriter, type RowWriter, tableWriter } from './row-writers.ts';
import { pages, selectedProperties } from './rows.ts';
import { requireResource, scopeFrom } from './scope.ts';

export const FORMATS = ['table', 'wide', 'json', 'yaml', 'csv', 'name'] as const;
type Format = (typeof FORMATS)[number];

/** `azb get`: prints a list page by page, or single entities by id. */
export async function get(args: Arguments, context: ShellContext): Promise<number> {
  const [word = '', ...ids] = args.operands;
  const resource = requireResource(word);
  const format = formatFrom(args);
  const scope = scopeFrom(args, resource);
  const columns = columnsOf(resource, format, context.configuration.settings.prices);
  const port = await context.connect(resource.name);
  const writer = await writerFor(format, resource, columns, context, port, ids.length === 1);
  const tell = failureTeller(context);
  let missing = 0;
  const onMissing = async (error: unknown, id: string): Promise<void> => {
    missing += 1;
    await tell(error, `${resource.singular}/${id}`);
  };
  const source =
    ids.length > 0
      ? entities(port, resource, scope, ids, context.signal, onMissing)
      : pages(
          port,
          resource,
          scope,
          queryFrom(args, resource, format, columns),
          limitFrom(args),
          context.signal,
          (note) => void context.stderr.write(`azb: ${resource.name} ${note}\n`),
        );
  const count = await print(source, writer);
  if (missing > 0) return 1;
  if (count === 0 && format !== 'json' && format !== 'yaml') {
    await context.stderr.write(`no ${resource.name} found\n`);
  }
  return 0;
}

async function print(source: AsyncIterable<readonly Entity[]>, writer: RowWriter): Promise<number> {
  let count = 0;
  for await (const rows of source) {
    count += rows.length;
    await writer.page(rows);
  }
  await writer.end();
  return count;
}

/** Of several ids one that is not there does not keep the others; one alone is an error by itself. */
async function* entities(
  port: BatchPort,
  resource: Resource<Entity>,
  scope: Scope,
  ids: readonly string[],
  signal: AbortSignal,
  onMissing: (error: unknown, id: string) => Promise<void>,
): AsyncGenerator<readonly Entity[]> {
  for (const id of ids) {
    try {
      yield [await port.get(resource.name, scope, id, signal)];
    } catch (error) {
      if (ids.length === 1 || !isMissing(error)) throw error;
      await onMissing(error, id);
    }
  }
}

function formatFrom(args: Arguments): Format {
  const text = args.text('output') ?? 'table';
  const format = FORMATS.find((candidate) => candidate === text);
  if (format !== undefined) return format;
  const meant = nearest(text, FORMATS);
  throw new UsageError(`there is no output format ${text}`, {
    next: meant === undefined ? `-o ${FORMATS.join('|')}` : `-o ${meant}`,
  });
}

/** The CSV has every column, the table those that the screen shows. */
function columnsOf(
  resource: Resource<Entity>,
  format: Format,
  prices: Prices | undefined,
): readonly Column<Entity>[] {
  const listed = withCost(resource, prices).filter(({ detail }) => detail !== true);
  if (format === 'wide' || format === 'csv') return listed;
  return listed.filter(({ wide }) => wide !== true);
}

function limitFrom(args: Arguments): number {
  const limit = args.number('limit') ?? Number.POSITIVE_INFINITY;
  if (limit >= 1) return Math.floor(limit);
  throw new UsageError('--limit must be at least 1');
}

/** Lists of what can lie in folders. */
const WITH_FOLDERS: readonly string[] = ['files', 'blobs'];

function queryFrom(
  args: Arguments,
  resource: Resource<Entity>,
  format: Format,
  columns: readonly Column<Entity>[],
): ListQuery {
  const filter = filterFrom(args, resource);
  if (args.flag('recursive') && !WITH_FOLDERS.includes(resource.name))
    throw new UsageError(`${resource.name} have no --recursive`, { next: `azb get ${resource.name}` });
  const whole = format === 'json' || format === 'yaml' || !resource.selectable;
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(whole ? {} : { select: selectedProperties(resource, columns) }),
    ...(args.flag('recursive') ? { recursive: true } : {}),
  };
}

/** What the service filters by: OData, or the beginning of a name where that is all that it knows. */
function filterFrom(args: Arguments, { name, unfiltered }: Resource<Entity>): string | undefined {
  const prefix = args.text('prefix');
  const filter = args.text('filter');
  const isStored = name === 'containers' || name === 'blobs';
  if (unfiltered === true && (filter ?? prefix) !== undefined) {
    const option = filter === undefined ? '--prefix' : '--filter';
    throw new UsageError(`${name} have no ${option}`, { next: `azb get ${name} … | grep TEXT` });
  }
  if (!isStored && prefix === undefined) return filter;
  if (!isStored)
    throw new UsageError(`${name} have no --prefix`, { next: '--filter "startswith(id,\'…\')"' });
  if (filter !== undefined) throw new UsageError(`${name} have no --filter`, { next: '--prefix P' });
  return prefix === undefined ? undefined : `startswith(name,${literal(prefix)})`;
}

async function writerFor(
  format: Format,
  resource: Resource<Entity>,
  columns: readonly Column<Entity>[],
  context: ShellContext,
  port: BatchPort,
  alone: boolean,
): Promise<RowWriter> {
  switch (format) {
    case 'json':
      return jsonWriter(context.stdout, alone);
    case 'yaml':
      return (await import('./yaml-writer.ts')).yamlWriter(context.stdout, alone);
    case 'csv':
      return csvWriter(context.stdout, columns);
    case 'name':
      return nameWriter(context.stdout, resource);
    default:
      return tableWriter(context.stdout, columns, format === 'table', port.now);
  }
}
