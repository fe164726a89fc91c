import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchPort } from '../../api/port.ts';
import {
  AzbError,
  describeError,
  formatError,
  isTurnedAway,
  ServiceError,
  UnreachableError,
  UsageError,
} from '../../lib/errors.ts';
import { findResource } from '../../resources/registry.ts';
import { type Notice, noticeOf } from '../../store/notice.ts';
import { type Awaited, type Sighting, sight } from '../../store/sighting.ts';
import type { Arguments } from '../command-line.ts';
import type { ShellContext } from './context.ts';

/** Seconds between two looks, unless told otherwise, and after a lost connection. */
const INTERVAL = 10;
const AFTER_FAILURE = 30;
/** A timer of Node's for longer than this, some 25 days, ends at once. */
const LONGEST_PAUSE_MS = 2 ** 31 - 1;
const WAITED_FOR: Readonly<Record<string, readonly Awaited['until'][]>> = {
  jobs: ['done'],
  pools: ['ready', 'idle'],
  tasks: ['done'],
};

/** `azb wait`: waits until a job or a task is done, or a pool ready or idle. Exits with 1 when it went badly. */
export async function wait(args: Arguments, context: ShellContext): Promise<number> {
  const awaited = awaitedFrom(args);
  const port = await context.connect();
  const end = deadline(args);
  let told = '';
  for (;;) {
    const seen = await look(port, awaited, context);
    if (seen?.isOver === true) {
      await context.stdout.write(`${seen.text}\n`);
      await post(context, noticeOf(awaited, seen, port.account.name, Date.now()));
      return seen.isBad ? 1 : 0;
    }
    if (seen !== undefined && seen.text !== told) {
      told = seen.text;
      await context.stderr.write(`azb: ${told}\n`);
    }
    const usual = seen === undefined ? AFTER_FAILURE : seconds(args, 'interval', INTERVAL);
    const pause = Math.min(usual * 1000, end - Date.now(), LONGEST_PAUSE_MS);
    if (pause <= 0)
      throw new AzbError(
        told === '' ? 'the service has not told how far it is' : `it is not over yet: ${told}`,
        { next: 'the same again, or a longer --timeout' },
      );
    await sleep(pause, undefined, { signal: context.signal });
  }
}

/** That it is over is known all the same: exit codes tell how it went. */
async function post(context: ShellContext, notice: Notice): Promise<void> {
  try {
    await context.post(notice);
  } catch (error) {
    await context.stderr.write(formatError(error));
  }
}

/** Neither a lost connection nor a service that fails for a while ends the waiting: exit code 1 says that what is waited for failed. */
async function look(port: BatchPort, awaited: Awaited, context: ShellContext): Promise<Sighting | undefined> {
  try {
    return await sight(port, awaited, context.signal);
  } catch (error) {
    if (!isPassing(error)) throw error;
    await context.stderr.write(`azb: ${describeError(error).message}; still waiting\n`);
    return undefined;
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError || isTurnedAway(error)) return true;
  return error instanceof ServiceError && error.status >= 500;
}

function awaitedFrom(args: Arguments): Awaited {
  const [kind = '', name = ''] = args.operands;
  const resource = findResource(kind)?.name;
  const states = resource === undefined ? undefined : WAITED_FOR[resource];
  if (states === undefined || (resource !== 'jobs' && resource !== 'pools' && resource !== 'tasks'))
    throw new UsageError(`azb cannot wait for ${kind}`, {
      next: 'azb wait job JOB, pool POOL or task JOB/TASK',
    });
  const until = states.find((state) => state === (args.text('for') ?? states[0]));
  if (until === undefined)
    throw new UsageError(`a ${kind} is not waited for until it is ${args.text('for')}`, {
      next: `--for ${states.join(' or ')}`,
    });
  if (resource !== 'tasks') return { resource, scope: {}, id: name, until };
  const [job = '', id = '', ...rest] = name.split('/');
  if (job === '' || id === '' || rest.length > 0)
    throw new UsageError(`${name} does not name a task`, { next: 'azb wait task JOB/TASK' });
  return { resource, scope: { job }, id, until };
}

function deadline(args: Arguments): number {
  const limit = seconds(args, 'timeout', Number.POSITIVE_INFINITY);
  return Date.now() + limit * 1000;
}

function seconds(args: Arguments, name: string, usual: number): number {
  const value = args.number(name) ?? usual;
  if (value > 0) return value;
  throw new UsageError(`--${name} takes seconds, not ${value}`, { next: 'azb help wait' });
}
