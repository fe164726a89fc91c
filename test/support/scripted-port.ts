import type { AccountFacts, BatchPort, ListQuery, Page, TaskCounts } from '../../src/api/port.ts';
import { ServiceError } from '../../src/lib/errors.ts';
import { resourceNamed } from '../../src/resources/registry.ts';
import type { Entity, Scope } from '../../src/resources/types.ts';
import { NOW, SAMPLES } from './samples.ts';

/** What was asked of the port: the method's name and its arguments without the signal. */
export interface Call {
  readonly method: keyof BatchPort;
  readonly args: readonly unknown[];
  readonly signal: AbortSignal;
}

export interface ScriptedPort extends BatchPort {
  readonly calls: readonly Call[];
  /** The arguments of all calls of one method. */
  asked(method: keyof BatchPort): (readonly unknown[])[];
  /** Replaces what some methods do, from now on. */
  play(script: Partial<BatchPort>): void;
}

export const ACCOUNT: AccountFacts = {
  name: 'contoso',
  endpoint: 'https://contoso.westeurope.batch.azure.com',
  region: 'westeurope',
  auth: 'shared key',
  source: 'environment',
};

export const NO_COUNTS = { active: 0, running: 0, completed: 0, succeeded: 0, failed: 0 };

/**
 * A service that a test writes itself. What the script leaves out is answered from the samples; nothing is
 * ever really changed.
 */
export function scriptedPort(script: Partial<BatchPort> = {}): ScriptedPort {
  const calls: Call[] = [];
  let played: BatchPort = { ...DEFAULTS, ...script };
  const record = (name: keyof BatchPort) =>
    (async (...args: unknown[]) => {
      const signal = args[args.length - 1] as AbortSignal;
      calls.push({ method: name, args: args.slice(0, -1), signal });
      signal.throwIfAborted();
      return (played[name] as (...all: unknown[]) => unknown)(...args);
    }) as never;
  return {
    account: ACCOUNT,
    storage: script.storage,
    calls,
    asked: (method) => calls.filter((call) => call.method === method).map((call) => call.args),
    play: (next) => {
      played = { ...played, ...next };
    },
    listPage: record('listPage'),
    get: record('get'),
    add: record('add'),
    addTasks: record('addTasks'),
    update: record('update'),
    act: record('act'),
    ask: record('ask'),
    statFile: record('statFile'),
    readFile: record('readFile'),
    taskCounts: record('taskCounts'),
  };
}

/** One whole list as a page. */
export function page(rows: readonly Entity[], next?: string, serverTime = NOW): Page {
  return { rows, next, serverTime };
}

/** What the service says when something is not there. */
export function notFound(code: string, message = 'The specified resource does not exist.'): ServiceError {
  return new ServiceError({ status: 404, code, message });
}

/** Never answers, but obeys its signal as the real port does. */
export function noAnswer(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Counts that agree with a list of tasks. */
export function countsOf(tasks: readonly Entity[]): TaskCounts {
  const states = tasks.map((task) => (task as { state?: string }).state ?? '');
  const results = tasks.map(
    (task) => (task as { executionInfo?: { result?: string } }).executionInfo?.result,
  );
  const count = (...wanted: string[]) => states.filter((state) => wanted.includes(state)).length;
  const counts = {
    active: count('active'),
    running: count('running', 'preparing'),
    completed: count('completed'),
    succeeded: results.filter((result) => result === 'success').length,
    failed: results.filter((result) => result === 'failure').length,
  };
  return { tasks: counts, slots: counts };
}

function samplesOf(resource: string): readonly Entity[] {
  return SAMPLES[resource] ?? [];
}

const DEFAULTS: BatchPort = {
  account: ACCOUNT,
  listPage: async (resource: string, _scope: Scope, query: ListQuery) => {
    const pool = /^poolId eq '(.*)'$/.exec(query.filter ?? '')?.[1];
    const rows = samplesOf(resource);
    return page(
      pool === undefined ? rows : rows.filter((row) => (row as { poolId?: string }).poolId === pool),
    );
  },
  get: async (resource: string, _scope: Scope, id: string) => {
    const found = samplesOf(resource).find((row) => resourceNamed(resource).idOf(row) === id);
    if (found === undefined) throw notFound(`${resource}NotFound`);
    return found;
  },
  add: async () => undefined,
  addTasks: async (_job: string, bodies: readonly Entity[]) =>
    bodies.map((body) => ({ id: String((body as { id?: unknown }).id), ok: true as const })),
  update: async () => undefined,
  act: async () => undefined,
  ask: async () => ({}),
  statFile: async () => ({
    size: 0,
    lastModified: undefined,
    isDirectory: false,
    contentType: 'text/plain',
  }),
  readFile: async () => new Uint8Array(),
  taskCounts: async () => countsOf(samplesOf('tasks')),
};
