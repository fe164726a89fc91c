import type { BatchPort, TaskAddOutcome } from '../../api/port.ts';
import { askedWait, ServiceError, UnreachableError } from '../../lib/errors.ts';
import type { Entity } from '../../resources/types.ts';
import type { Failure } from '../dialogs.ts';
import { allFailed, type Unit } from './bulk.ts';

/** The service takes this many tasks in one call. */
const TASKS_A_CALL = 100;
/** Tries of one call, when the service is busy or its answer got lost. */
const TRIES = 5;

/** The bodies as calls of at most 100 tasks. */
export function* addTaskUnits(
  port: BatchPort,
  job: string,
  bodies: Iterable<Entity>,
  wait: (milliseconds: number) => Promise<void>,
): Generator<Unit> {
  let chunk: Entity[] = [];
  for (const body of bodies) {
    chunk.push(body);
    if (chunk.length < TASKS_A_CALL) continue;
    yield unitOf(port, job, chunk, wait);
    chunk = [];
  }
  if (chunk.length > 0) yield unitOf(port, job, chunk, wait);
}

function unitOf(
  port: BatchPort,
  job: string,
  bodies: readonly Entity[],
  wait: (ms: number) => Promise<void>,
): Unit {
  return {
    size: bodies.length,
    ids: bodies.map(idOf),
    run: (signal) => addAll({ port, job, wait, signal }, bodies, 1, false),
  };
}

interface Context {
  readonly port: BatchPort;
  readonly job: string;
  readonly signal: AbortSignal;
  wait(milliseconds: number): Promise<void>;
}

/**
 * Adds the tasks of one call, in halves when the service finds the call too large, and again when it was busy.
 * `doubtful` says that an earlier try may have taken effect: a task that exists then counts as added. Gives what
 * failed, each task with its reason.
 */
async function addAll(
  context: Context,
  bodies: readonly Entity[],
  attempt: number,
  doubtful: boolean,
): Promise<readonly Failure[]> {
  let outcomes: readonly TaskAddOutcome[];
  try {
    outcomes = await context.port.addTasks(context.job, bodies, new AbortController().signal);
  } catch (error) {
    if (isTooLarge(error) && bodies.length > 1) return addHalves(context, bodies, attempt, doubtful);
    const isLast = attempt >= TRIES || !isPassing(error);
    if (isLast || (await isStopped(context, pause(error, attempt))))
      return allFailed(bodies.map(idOf), error);
    return addAll(context, bodies, attempt + 1, doubtful || !isThrottled(error));
  }
  const failed = outcomes.filter((outcome) => !outcome.ok && !(doubtful && outcome.code === 'TaskExists'));
  const again = failed.filter((outcome) => !outcome.ok && outcome.retryable && attempt < TRIES);
  const final = failed.filter((outcome) => !again.includes(outcome)).map(failureOf);
  if (again.length === 0) return final;
  if (await isStopped(context, pause(undefined, attempt))) return [...final, ...again.map(failureOf)];
  const ids = new Set(again.map((outcome) => outcome.id));
  const rest = bodies.filter((body) => ids.has(idOf(body)));
  return [...final, ...(await addAll(context, rest, attempt + 1, true))];
}

async function addHalves(
  context: Context,
  bodies: readonly Entity[],
  attempt: number,
  doubtful: boolean,
): Promise<readonly Failure[]> {
  const middle = Math.ceil(bodies.length / 2);
  const first = await addAll(context, bodies.slice(0, middle), attempt, doubtful);
  const rest = bodies.slice(middle);
  if (context.signal.aborted) {
    return [...first, ...rest.map((body) => ({ id: idOf(body), reason: 'stopped before it was sent' }))];
  }
  return [...first, ...(await addAll(context, rest, attempt, doubtful))];
}

/** Waits before another try; true when none is wanted any more. */
async function isStopped({ signal, wait }: Context, milliseconds: number): Promise<boolean> {
  if (signal.aborted) return true;
  const stop = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { signal: stop.signal });
  });
  await Promise.race([wait(milliseconds), aborted]);
  stop.abort();
  return signal.aborted;
}

function failureOf(outcome: TaskAddOutcome): Failure {
  return { id: outcome.id, reason: outcome.ok ? '' : `${outcome.message} (${outcome.code})` };
}

function isTooLarge(error: unknown): boolean {
  return error instanceof ServiceError && error.status === 413;
}

function isThrottled(error: unknown): boolean {
  return error instanceof ServiceError && error.status === 429;
}

function isPassing(error: unknown): boolean {
  return (
    error instanceof UnreachableError ||
    (error instanceof ServiceError && (error.status >= 500 || isThrottled(error)))
  );
}

function pause(error: unknown, attempt: number): number {
  return askedWait(error) ?? 500 * 2 ** (attempt - 1);
}

function idOf(body: Entity): string {
  const { id } = body as { id?: unknown };
  return typeof id === 'string' ? id : '';
}
