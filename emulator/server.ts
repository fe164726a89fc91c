import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ACCOUNT, createKey, keptKey } from './account-key.ts';
import { type Clock, SystemClock } from './clock.ts';
import { answerControl, isControl } from './control/answer.ts';
import { Engine } from './engine/engine.ts';
import type { Quotas } from './engine/world.ts';
import { HANDLERS } from './handlers/index.ts';
import { checkPoolDefinition } from './handlers/pools.ts';
import { notYet } from './handlers/service.ts';
import { Faults, parseFaults } from './http/faults.ts';
import { type Answered, answer, type PipelineOptions } from './http/pipeline.ts';
import type { BatchRequest } from './http/request.ts';
import { createTaskToken, readTaskToken, type TokenScope } from './http/task-token.ts';
import { ApplicationCatalog } from './packages/application-catalog.ts';
import { notesOfRun, Watchdog } from './runner/index.ts';
import { parseConnectionString } from './storage/auto-storage.ts';
import { Database, DatabaseFailure } from './store/database.ts';

export interface EmulatorOptions {
  /** Address to listen on; the loopback when not given. */
  readonly host?: string;
  /** Port to listen on; any free one when not given or 0. */
  readonly port?: number;
  /** Directory that keeps the state; without it the state is in a temporary one that goes at the end. */
  readonly data?: string | undefined;
  /** Divides every simulated delay. */
  readonly speed?: number;
  readonly quotas?: Partial<Quotas>;
  /** Whether any bearer token is taken in place of a signature. */
  readonly entra?: boolean;
  /** What is to go wrong on purpose, as `--fault` takes it. Throws FaultSpecError when it cannot be read. */
  readonly fault?: string | undefined;
  /** Connection string of the storage account that is linked to the Batch account. */
  readonly autoStorage?: string | undefined;
  /** Milliseconds without a byte after which a download or an upload is given up. */
  readonly transferIdleMs?: number;
  /** Most bytes that a task may write to stdout and stderr together; it is ended beyond that. */
  readonly outputBytes?: number;
  /** Most connections at a time; one more is closed at once. */
  readonly connections?: number;
  readonly clock?: Clock;
  /** Hears of every request once it is answered. */
  readonly onAnswered?: (answered: Answered) => void;
  /** Hears of what went wrong inside. Without a listener it is written to stderr. */
  readonly onProblem?: (problem: unknown) => void;
}

/** A running emulator. */
export interface Emulator {
  /** `http://host:port`, no slash at the end. */
  readonly endpoint: string;
  readonly account: string;
  /** The account's key in Base64. */
  readonly key: string;
  /** Resolves with the reason if it has to stop by itself, since its state cannot be kept any more. */
  readonly failed: Promise<Error>;
  /** Stops listening, kills all tasks, and removes the temporary directory, if there is one. */
  close(): Promise<void>;
}

/** What a new Batch account may have, as the service sets it; nodes are limited by the machine instead. */
const QUOTAS: Quotas = {
  dedicatedCores: 500,
  lowPriorityCores: 500,
  pools: 100,
  activeJobsAndSchedules: 300,
  nodes: 100,
};

const TRANSFER_IDLE_MS = 60_000;

const OUTPUT_BYTES = 2 ** 30;

const MOST_CONNECTIONS = 1_000;

/** Most bytes of a request's line and headers together; a longer one is answered with 431. */
const MOST_HEADER_BYTES = 32 * 1024;

/** Starts the Batch service in this process. Rejects when the port is taken or the data cannot be opened. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const faults = options.fault === undefined ? new Faults() : parseFaults(options.fault);
  const autoStorage =
    options.autoStorage === undefined ? undefined : parseConnectionString(options.autoStorage);
  const temporary = options.data === undefined;
  const directory =
    options.data === undefined ? await mkdtemp(join(tmpdir(), 'azb-emulator-')) : resolve(options.data);
  await mkdir(directory, { recursive: true });
  const key = temporary ? createKey() : await keptKey(directory);
  const clock = options.clock ?? new SystemClock();
  const tell = options.onProblem ?? ((problem: unknown) => console.error('azb emulator:', problem));
  const reportProblem = (problem: unknown) => {
    // Whatever was under way fails with the database; it is told once, by `failed`.
    if (!(problem instanceof DatabaseFailure)) tell(problem);
  };
  let endpoint = '';
  const processNotes = notesOfRun(join(directory, 'processes'));
  const watchdog = new Watchdog({ processes: processNotes, temporary: temporary ? directory : undefined });
  const server = createServer({ maxHeaderSize: MOST_HEADER_BYTES });
  server.maxConnections = options.connections ?? MOST_CONNECTIONS;
  try {
    await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
    endpoint = endpointOf(server, options.host ?? '127.0.0.1');
    const database = new Database(join(directory, 'state'), !temporary);
    const engine = await Engine.start({
      database,
      applications: await ApplicationCatalog.open(join(directory, 'applications')),
      clock,
      directory,
      processNotes,
      account: ACCOUNT,
      accountUrl: () => endpoint,
      speed: options.speed ?? 1,
      quotas: { ...QUOTAS, ...options.quotas },
      checkPool: checkPoolDefinition,
      autoStorage,
      transferIdleMs: options.transferIdleMs ?? TRANSFER_IDLE_MS,
      outputBytes: options.outputBytes ?? OUTPUT_BYTES,
      taskToken: (scope) => createTaskToken(key, scope),
      reportProblem,
    });
    serve(
      server,
      engine,
      {
        account: ACCOUNT,
        keys: [key],
        acceptsTokens: options.entra ?? false,
        scopeOf: (token) => scopeOf(engine, key, token),
        clock,
        endpoint: () => endpoint,
        handle: (request) => handle(engine, request),
        settled: () => engine.world.database.committed(),
        reportProblem,
        faults,
      },
      options.onAnswered,
    );
    const failed = new Promise<Error>((resolve) => {
      database.onFailure((failure) => {
        // What memory says may never have been kept: nobody is to see it.
        engine.world.close();
        server.close();
        server.closeAllConnections();
        resolve(failure);
      });
    });
    const close = async () => {
      await stopListening(server);
      await engine.close();
      if (temporary) await rm(directory, { recursive: true, force: true });
      watchdog.dismiss();
    };
    return { endpoint, account: ACCOUNT, key, failed, close };
  } catch (error) {
    server.close();
    if (temporary) await rm(directory, { recursive: true, force: true });
    watchdog.dismiss();
    throw error;
  }
}

function handle(engine: Engine, request: BatchRequest) {
  const handler = HANDLERS[request.route.id];
  if (handler === undefined) throw notYet(`the operation ${request.route.id}`);
  return handler(engine, request);
}

/** A task's token is worth something as long as its job is there. */
function scopeOf(engine: Engine, key: string, token: string): TokenScope | undefined {
  const scope = readTaskToken(key, token);
  const job = scope === undefined ? undefined : engine.world.jobs.get(scope.jobId);
  return job?.number === scope?.jobNumber ? scope : undefined;
}

function serve(
  server: Server,
  engine: Engine,
  options: PipelineOptions,
  onAnswered: ((answered: Answered) => void) | undefined,
): void {
  // Clients keep connections open between polls; closing first would race with their next request.
  server.keepAliveTimeout = 65_000;
  server.on('request', (message, response) => {
    engine.world.guard(async () => {
      const answered = isControl(message)
        ? await answerControl(options, engine, message, response)
        : await answer(options, message, response);
      onAnswered?.(answered);
    });
  });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((fulfil, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      fulfil();
    });
  });
}

function endpointOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  // Nobody can connect to "any address"; clients on this machine use the loopback.
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function stopListening(server: Server): Promise<void> {
  return new Promise((fulfil) => {
    server.close(() => fulfil());
    server.closeAllConnections();
  });
}
