import { createInterface } from 'node:readline/promises';
import type { BatchPort } from '../../api/port.ts';
import { UsageError } from '../../lib/errors.ts';
import type { Entity, Operation, Resource } from '../../resources/types.ts';
import type { Arguments } from '../command-line.ts';
import { refuseReadOnly, type ShellContext } from './context.ts';
import { failureTeller } from './failures.ts';
import { requireResource, scopeFrom } from './scope.ts';

/** `azb delete`: deletes by id, after a question unless `--yes` answers it. */
export async function deleteByIds(args: Arguments, context: ShellContext): Promise<number> {
  const [word = '', ...ids] = args.operands;
  const resource = requireResource(word);
  if (!resource.actions.some(({ name }) => name === 'delete')) {
    throw new UsageError(`${resource.name} cannot be deleted`);
  }
  const scope = scopeFrom(args, resource, 'delete');
  const ofVersions = versionsFrom(args, resource);
  // Accounts are protected by their own names.
  if (resource.name === 'accounts') refuseReadOnly(args, context, ids);
  else refuseReadOnly(args, context);
  if (!args.flag('yes') && !(await confirmed(resource, ids, wordsOf(ofVersions), context))) return 1;
  const port = await context.connect(resource.name);
  const operations = operationsFor(resource, scope, ids).map((each) => ({ ...each, ...ofVersions }));
  return (await runAll(port, resource.singular, operations, context)) ? 0 : 1;
}

/** What is to be deleted of applications: themselves, with or without their versions, or one version. */
function versionsFrom(
  args: Arguments,
  { name }: Resource<Entity>,
): Pick<Operation, 'args'> & Partial<Operation> {
  const version = args.text('version');
  const all = args.flag('all-versions');
  if (version === undefined && !all) return {};
  if (name !== 'applications') throw new UsageError(`${name} have no versions`);
  if (version === undefined) return { args: { versions: 'go with it' } };
  if (all) throw new UsageError('--version and --all-versions exclude each other');
  return { action: 'deleteVersion', args: { version } };
}

function wordsOf({ args }: Pick<Operation, 'args'>): string {
  if (args === undefined) return '';
  return args.version === undefined ? ' with all versions' : `, the version ${args.version} only`;
}

/** Nodes go in one call: the pool resizes meanwhile and would refuse a second. */
function operationsFor(
  resource: Resource<Entity>,
  scope: Operation['scope'],
  ids: readonly string[],
): Operation[] {
  const operation = { resource: resource.name, action: 'delete', scope };
  if (resource.name === 'nodes') return [{ ...operation, id: ids.join(' '), args: { nodeList: ids } }];
  return ids.map((id) => ({ ...operation, id }));
}

async function confirmed(
  resource: Resource<Entity>,
  ids: readonly string[],
  more: string,
  context: ShellContext,
): Promise<boolean> {
  if (context.stdin.isTTY !== true) {
    throw new UsageError('azb delete cannot ask here whether it should', { next: 'the same with --yes' });
  }
  await context.stderr.write(`delete ${ids.length} of ${resource.name}${more}: ${ids.join(' ')}\n`);
  const terminal = createInterface({ input: context.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('really? [y/N] ', { signal: context.signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

/** Requests under way at a time, as many as on the screen: one after the other, thousands of tasks take minutes. */
const AT_ONCE = 8;

/** Goes on after a failure, so that one id that is gone already does not keep the others. Told in the order given. */
async function runAll(
  port: BatchPort,
  singular: string,
  operations: readonly Operation[],
  context: ShellContext,
): Promise<boolean> {
  const tell = failureTeller(context);
  let succeeded = true;
  for await (const { operation, failure } of inTurn(operations, (each) => run(port, each, context.signal))) {
    const name = [`${singular}/${operation.id}`, operation.args?.version].filter(Boolean).join(' ');
    if (failure === undefined) await context.stdout.write(`${name} deleted\n`);
    else {
      succeeded = false;
      await tell(failure.error, name);
    }
  }
  return succeeded;
}

interface Outcome {
  readonly operation: Operation;
  readonly failure?: { readonly error: unknown };
}

async function run(port: BatchPort, operation: Operation, signal: AbortSignal): Promise<Outcome> {
  try {
    await port.act(operation, signal);
    await port.settled?.(operation.resource, operation.id, signal);
    return { operation };
  } catch (error) {
    return { operation, failure: { error } };
  }
}

/** What comes of each, in order, with some of the next under way already. `work` must not reject. */
async function* inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  for (const item of items) {
    underWay.push(work(item));
    const [first] = underWay;
    if (underWay.length < AT_ONCE || first === undefined) continue;
    yield await first;
    underWay.shift();
  }
  for (const each of underWay) yield await each;
}
