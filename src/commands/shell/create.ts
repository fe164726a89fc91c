import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { BatchPort } from '../../api/port.ts';
import { AzbError, ServiceError, UsageError } from '../../lib/errors.ts';
import { countText } from '../../lib/units.ts';
import { isManaged } from '../../resources/registry.ts';
import { withOutputContainers } from '../../store/forms/output-containers.ts';
import type { Arguments } from '../command-line.ts';
import { refuseReadOnly, type ShellContext } from './context.ts';
import { type NewEntity, readDocuments } from './documents.ts';
import { failureTeller, unreadable } from './failures.ts';
import { type PackageDocument, packageBody } from './package-document.ts';

/** The service's limit for one call. */
const TASKS_PER_CALL = 100;

/** `azb create`: creates what a file describes, in its order; tasks of one job go 100 a call. */
export async function create(args: Arguments, context: ShellContext): Promise<number> {
  const path = args.text('file');
  if (path === undefined) throw new UsageError('azb create needs a file', { next: 'azb create -f FILE' });
  const source = path === '-' ? 'standard input' : path;
  const described = readDocuments(await textOf(path, context.stdin), source);
  const entities = await Promise.all(described.map(withArchive));
  if (entities.length === 0) throw new AzbError(`${source} describes nothing`, { next: 'azb help create' });
  const isAccount = ({ resource: { name } }: NewEntity) => name === 'accounts';
  refuseReadOnly(
    args,
    context,
    entities.filter(isAccount).map(({ id }) => id),
  );
  if (!entities.every(isAccount)) refuseReadOnly(args, context);
  const portFor = portsOf(context);
  const tell = failureTeller(context);
  let failures = 0;
  let done = 0;
  for (const group of groups(entities)) {
    try {
      failures += await createGroup(await portFor(group[0] as NewEntity), group, context);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      failures += group.length;
      await tell(error, labelOf(group));
      if (!isThere(error)) {
        await context.stderr.write(notTried(entities.length - done - group.length));
        return 1;
      }
    }
    done += group.length;
  }
  return failures === 0 ? 0 : 1;
}

/** What each entity is created by, connected to when it is needed. */
function portsOf(context: ShellContext): (entity: NewEntity) => Promise<BatchPort> {
  const ports = new Map<string, BatchPort>();
  return async ({ resource: { name } }) => {
    const plane = isManaged(name) || name === 'applications' ? name : '';
    const port = ports.get(plane) ?? (await context.connect(name));
    ports.set(plane, port);
    return port;
  };
}

/** A file that is not there is said before anything is created. */
async function withArchive(entity: NewEntity): Promise<NewEntity> {
  if (entity.resource.name !== 'applications') return entity;
  return { ...entity, body: await packageBody(entity.body as PackageDocument) };
}

async function textOf(path: string, stdin: Readable): Promise<string> {
  if (path === '-') return readText(stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** Neighbouring tasks of one job together, everything else alone. */
function groups(entities: readonly NewEntity[]): NewEntity[][] {
  const result: NewEntity[][] = [];
  for (const entity of entities) {
    const group = result.at(-1);
    const first = group?.[0];
    const joins =
      first?.scope.job !== undefined &&
      first.scope.job === entity.scope.job &&
      (group?.length ?? 0) < TASKS_PER_CALL;
    if (joins) group?.push(entity);
    else result.push([entity]);
  }
  return result;
}

/** Creates a group and gives the number of those that failed; a failure of the whole call rejects. */
async function createGroup(
  port: BatchPort,
  given: readonly NewEntity[],
  context: ShellContext,
): Promise<number> {
  const written = await withOutputContainers(
    port,
    Date.now(),
    given.map(({ body }) => body),
  );
  const group = given.map((entity, at) => ({ ...entity, body: written[at] ?? entity.body }));
  const first = group[0];
  if (first === undefined) return 0;
  const { job } = first.scope;
  if (job === undefined || group.length === 1) {
    await port.add(first.resource.name, first.scope, first.body, context.signal);
    await port.settled?.(first.resource.name, first.id, context.signal);
    await context.stdout.write(`${label(first)} created\n`);
    return 0;
  }
  const bodies = group.map(({ body }) => body);
  const outcomes = await port.addTasks(job, bodies, context.signal);
  let failures = 0;
  for (const outcome of outcomes) {
    if (outcome.ok) {
      await context.stdout.write(`task/${outcome.id} created\n`);
    } else {
      failures += 1;
      await context.stderr.write(`azb: task/${outcome.id}: ${outcome.message} (${outcome.code})\n`);
    }
  }
  return failures;
}

function labelOf(group: readonly NewEntity[]): string | undefined {
  const [first] = group;
  if (first === undefined) return undefined;
  return group.length === 1 ? label(first) : `${label(first)} and ${group.length - 1} more`;
}

/** A pool or a container is there for whoever names it; a job that is there may be another one than is meant. */
function isThere({ code }: ServiceError): boolean {
  return code === 'PoolExists' || code === 'ContainerAlreadyExists';
}

/** What comes later may need what failed, so it is not tried. */
function notTried(rest: number): string {
  return rest === 0 ? '' : `azb: what comes after it was not created: ${countText(rest)} more\n`;
}

function label({ resource, id }: NewEntity): string {
  return `${resource.singular}/${id}`;
}
